/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_names.h - keeps lib/ and libc apart in host unit tests.
 *
 * Included before everything else in every host-built file: what lib/ defines
 * under a libc name is called kern_NAME there.  A test that compares with libc
 * says so: `#undef strtoul`, or calls the kern_ name itself.
 */
#ifndef UNIT_HOST_NAMES_H
#define UNIT_HOST_NAMES_H

#define bsearch kern_bsearch
#define memchr kern_memchr
#define memcmp kern_memcmp
#define memcpy kern_memcpy
#define memmove kern_memmove
#define memset kern_memset
#define snprintf kern_snprintf
#define sprintf kern_sprintf
#define strcasecmp kern_strcasecmp
#define strcat kern_strcat
#define strchr kern_strchr
#define strchrnul kern_strchrnul
#define strcmp kern_strcmp
#define strcpy kern_strcpy
#define strcspn kern_strcspn
#define strlcat kern_strlcat
#define strlcpy kern_strlcpy
#define strlen kern_strlen
#define strncasecmp kern_strncasecmp
#define strncat kern_strncat
#define strncmp kern_strncmp
#define strncpy kern_strncpy
#define strnlen kern_strnlen
#define strpbrk kern_strpbrk
#define strrchr kern_strrchr
#define strsep kern_strsep
#define strspn kern_strspn
#define strstr kern_strstr
#define vsnprintf kern_vsnprintf
#define vsprintf kern_vsprintf

#endif
