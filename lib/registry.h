/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * registry.h - arrays that files add themselves to at link time.
 *
 * An entry is a pointer in the section registry_NAME; the linker (our script in
 * the kernel, the host's own in unit tests) gives __start_/__stop_ symbols.
 * Pointers, not structs, so that no padding can slip between two entries.
 * Order inside a registry is link order: nothing may depend on it.
 */
#ifndef LIB_REGISTRY_H
#define LIB_REGISTRY_H

#include "lib/compiler.h"

/* Defines the const object `name` of `type` (initialiser follows) and registers it. */
#define REGISTRY_ENTRY(registry, type, name)                                              \
	static const type name;                                                           \
	static const type *const __reg_##registry##_##name __used __aligned(sizeof(void *)) \
		__section("registry_" #registry) = &name;                                 \
	static const type name

/* Once, in a header: declares the bounds.  Weak: a registry may be empty. */
#define REGISTRY_DECLARE(registry, type)                                \
	extern const type *const __start_registry_##registry[] __weak;  \
	extern const type *const __stop_registry_##registry[] __weak

/* for each entry: `pos` is a `const type *const *`. */
#define registry_for_each(registry, pos) \
	for ((pos) = __start_registry_##registry; (pos) < __stop_registry_##registry; (pos)++)

#endif
