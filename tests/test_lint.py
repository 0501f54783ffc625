# SPDX-License-Identifier: BSD-2-Clause
"""test_lint.py - tools/lint accepts good images and rejects each kind of broken one, saying what is wrong."""

import subprocess

import pytest
from image import MCOUNT, TARGETS, TOP, Image, function, pg_function


@pytest.fixture(params=TARGETS)
def image(request, tmp_path):
    return Image(tmp_path, request.param)


def rejected(image, *words, args=()):
    """The image is rejected by one line that has all the words; every line reads `lint: FILE: symbol: what`."""
    status, output = image.lint(*args)
    lines = output.splitlines()
    assert status == 1, output
    assert all(line.startswith("lint: ") and line.count(": ") >= 2 for line in lines), output
    assert any(all(word in line for word in words) for line in lines), output


def folders(image):
    return "--objects", image.folder / "obj", "--traced", "kernel init"


def test_good_image_is_accepted_with_its_count(image):
    image.functions("one", "two").add(function(image.target, "three", section=".init.text"), "init/main").link()
    assert image.lint(*folders(image)) == (0, "lint: 3 sites, ok\n")


def test_what_the_riscv_compiler_makes_is_accepted(tmp_path):
    image = Image(tmp_path, "riscv64")
    image.compile("int x; void f(void) { x++; } static __attribute__((noinline)) void g(void) { x--; }"
                  "void h(void) { g(); f(); }", "kernel/a", "-fpatchable-function-entry=8", "-mcmodel=medany")
    image.compile("int y; void untraced(void) { y++; }", "lib/b", "-mcmodel=medany").link()
    assert image.lint(*folders(image)) == (0, "lint: 3 sites, ok\n")


def test_nops_before_the_label_are_rejected(image):
    nops = "\n".join([image.target.nop] * 8)
    image.functions("good").add(function(image.target, "late", before=f"sled: {nops}", sled="", site="sled")).link()
    rejected(image, "good+", "not the start of a function")


def test_misaligned_site_is_rejected(image):
    image.add(function(image.target, "crooked", before=".2byte 0")).link()
    rejected(image, "crooked: ", "not aligned")


def test_another_instruction_among_the_nops_is_rejected(image):
    nops = [image.target.nop] * 8
    nops[5] = image.target.ret
    image.functions("good").add(function(image.target, "patched", sled="\n".join(nops))).link()
    rejected(image, "patched: ", "expected 8 NOPs")


def test_one_nop_too_few_is_rejected(image):
    image.add(function(image.target, "short", sled="\n".join([image.target.nop] * 7))).link()
    rejected(image, "short: ", "expected 8 NOPs")


def test_riscv_nops_of_four_bytes_are_rejected(tmp_path):
    image = Image(tmp_path, "riscv64")
    image.add(function(image.target, "wide", sled="\n".join([".4byte 0x00000013"] * 8))).link()
    rejected(image, "wide: ", "expected 8 NOPs (0001), found 0013 0000")


def test_function_smaller_than_its_site_is_rejected(image):
    image.add(function(image.target, "tiny", sled="", body="")).link()
    rejected(image, "tiny: ", "no room")


def test_site_listed_twice_is_rejected(image):
    image.functions("once").add(f'.section __patchable_function_entries, "aw"\n{image.target.pointer} once').link()
    rejected(image, "once: ", "listed twice")


def test_site_inside_a_function_is_rejected(image):
    image.add(function(image.target, "inside", site="inside + 8", body="\n".join([image.target.nop] * 8))).link()
    rejected(image, "inside+0x8: ", "not the start of a function")


def test_site_that_is_a_label_of_data_is_rejected(image):
    image.functions("good").add(function(image.target, "table", kind="@object")).link()
    rejected(image, "not the start of a function")


def test_site_outside_the_text_sections_is_rejected(image):
    image.add(function(image.target, "astray", section=".other")).link()
    rejected(image, "astray: ", ".other")


def test_site_of_an_overridden_weak_function_is_rejected(image):
    image.add(function(image.target, "hook", bind=".weak"), "kernel/weak")
    image.add(function(image.target, "hook"), "kernel/strong").link()
    rejected(image, "weak", "not the start of a function")


def test_weak_function_that_nobody_overrides_is_accepted(image):
    image.add(function(image.target, "hook", bind=".weak"), "kernel/weak").link()
    assert image.lint() == (0, "lint: 1 sites, ok\n")


def test_no_sites_at_all_are_rejected(image):
    image.add(".text\n.globl f\nf: nop").link()
    rejected(image, "no patch sites")


def test_torn_table_is_rejected(image):
    image.functions("good").link(table_end="BYTE(0)")
    rejected(image, "__start_mcount_loc", "whole entries")


def test_site_in_an_untraced_folder_is_rejected(image):
    image.functions("good").add(function(image.target, "memcpy"), "lib/string").link()
    rejected(image, "lib/string.o", "1 sites in a folder that is not traced", args=folders(image))


def test_traced_folder_is_not_matched_by_a_part_of_its_name(image):
    image.functions("good").add(function(image.target, "f"), "kernelish/a").link()
    rejected(image, "kernelish/a.o", "not traced", args=folders(image))


def test_site_that_the_linker_lost_is_rejected(image):
    image.functions("good").link().add(function(image.target, "forgotten"), "kernel/lost")
    rejected(image, "1 sites, but the objects have 2", args=folders(image))


def test_named_objects_are_looked_at_instead_of_the_folder(image):
    image.functions("good").link()
    objects = list(image.objects)
    image.add(function(image.target, "stale"), "kernel/stale")
    assert image.lint(*folders(image), *objects) == (0, "lint: 1 sites, ok\n")


def test_segment_writable_and_executable_is_rejected(image):
    image.functions("good").link(text_flags=7)
    rejected(image, "segment at 0x80200000: ", "both writable and executable")


def registry(image, value):
    return image.functions("good").add(f""".data
        .globl thing
        .type thing, @object
        .size thing, 4
        thing: .4byte 0
        .section registry_things, "a"
        {image.target.pointer} thing
        {image.target.pointer} {value}""", "kernel/registry").link()


def test_registry_of_pointers_to_objects_is_accepted(image):
    assert registry(image, "thing").lint() == (0, "lint: 1 sites, ok\n")


@pytest.mark.parametrize("value", ["0", "0x12345678", "thing + 1", "good"])
def test_registry_entry_that_is_no_object_is_rejected(image, value):
    rejected(registry(image, value), "registry_things[1]: ", "not the address of an object")


LEVELS = (0, 1, 2, 3, 4, 5, "rootfs", 6, 7)
BOUNDS = ["__initcall_start", *(f"__initcall{level}_start" for level in LEVELS), "__initcall_end"]


def test_initcall_bounds_that_ascend_are_accepted(image):
    image.functions("good").link(initcalls=" ".join(f"{b} = .; . += 4;" for b in BOUNDS))
    assert image.lint() == (0, "lint: 1 sites, ok\n")


def test_initcall_bounds_out_of_order_are_rejected(image):
    order = [*BOUNDS[:8], BOUNDS[9], BOUNDS[8], BOUNDS[10]]
    image.functions("good").link(initcalls=" ".join(f"{b} = .; . += 4;" for b in order))
    rejected(image, "__initcall7_start: ", "below the bound before it")


def test_missing_initcall_bound_is_rejected(image):
    image.functions("good").link(initcalls=" ".join(f"{b} = .;" for b in BOUNDS if "rootfs" not in b))
    rejected(image, "__initcallrootfs_start: ", "missing")


def test_image_without_the_table_is_rejected(image):
    image.functions("good").link()
    subprocess.run([image.target.cross + "strip", image.elf], check=True)
    rejected(image, "__start_mcount_loc: ", "missing")


def test_files_that_are_no_kernel_image_are_rejected(image, tmp_path):
    image.functions("good").link()
    whole = image.elf.read_bytes()
    for content in (b"", b"hello", whole[:40], whole[:len(whole) // 2]):
        image.elf.write_bytes(content)
        status, output = image.lint()
        assert status == 1 and output.startswith(f"lint: {image.elf}: ") and "Traceback" not in output, output
    image.elf = tmp_path / "absent"
    assert image.lint()[0] == 1


def test_image_for_another_machine_is_rejected(tmp_path):
    source, path = tmp_path / "a.c", tmp_path / "a.o"
    source.write_text("int x;")
    subprocess.run(["gcc", "-c", "-o", path, source], check=True)
    done = subprocess.run([TOP / "tools/lint", path], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "not one of ours" in done.stdout


MIPS_SOURCE = "int x; void f(void) { x++; } static __attribute__((noinline)) void g(void) { x--; } void h(void) { g(); f(); }"
MENDED = ("-wrapper", str(TOP / "tools/mips-as"))


@pytest.fixture(params=["mips", "mips64el"])
def mips_image(request, tmp_path):
    return Image(tmp_path, request.param)


def test_what_the_mips_compiler_makes_is_rejected(mips_image):
    """GCC puts the NOPs before the function's label: calls would never run them."""
    mips_image.compile(MIPS_SOURCE, "kernel/a", "-fpatchable-function-entry=8").link()
    rejected(mips_image, "not the start of a function")


def test_what_the_mips_compiler_makes_is_accepted_once_mended(mips_image):
    mips_image.compile(MIPS_SOURCE, "kernel/a", "-fpatchable-function-entry=8", *MENDED).link()
    assert mips_image.lint(*folders(mips_image)) == (0, "lint: 3 sites, ok\n")


def test_one_file_without_the_mending_among_others_is_rejected(mips_image):
    mips_image.compile(MIPS_SOURCE, "kernel/a", "-fpatchable-function-entry=8", *MENDED)
    mips_image.compile("int y; void forgotten(void) { y++; }", "kernel/b", "-fpatchable-function-entry=8").link()
    rejected(mips_image, "not the start of a function")


PG = ("--mcount", "pg")


@pytest.fixture
def pg_image(mips_image):
    return mips_image.add(MCOUNT, "lib/mcount")


def linked(image, *sites):
    """With a table of these sites, from an object that is not among the others: as tools/link does."""
    table = "".join(f"{image.target.pointer} {site}\n" for site in sites)
    return image.add(f'.section __mcount_loc, "aw"\n{table}', "../table").link()


def pg_functions(image, *names):
    return image.add("".join(pg_function(image.target, name) for name in names), "kernel/good")


def test_pg_calls_are_accepted_with_their_count(pg_image):
    linked(pg_functions(pg_image, "one", "two"), "site_one", "site_two")
    assert pg_image.lint(*PG, *folders(pg_image)) == (0, "lint: 2 sites, ok\n")


def test_pg_what_the_compiler_makes_is_accepted_with_the_table_of_recordmcount(pg_image):
    pg_image.compile(MIPS_SOURCE, "kernel/a", "-pg").link()
    status, table = pg_image.run("recordmcount", pg_image.elf)
    assert status == 0 and table.count(pg_image.target.pointer[1:]) == 3, table
    pg_image.add(table, "../table").link()
    assert pg_image.lint(*PG, *folders(pg_image)) == (0, "lint: 3 sites, ok\n")


def test_pg_call_without_the_move_is_no_site_for_recordmcount(pg_image):
    pg_image.add(pg_function(pg_image.target, "odd", move="nop"), "kernel/odd").link()
    status, output = pg_image.run("recordmcount", pg_image.elf)
    assert status == 1 and "the call of _mcount at 0x" in output and "is not as -pg makes it" in output


def test_pg_image_without_sites_is_rejected(pg_image):
    linked(pg_functions(pg_image, "good"))
    rejected(pg_image, "no patch sites", args=PG)


def test_pg_site_outside_of_functions_is_rejected(pg_image):
    lonely = pg_function(pg_image.target, "lonely").replace(".type lonely, @function", "").replace(".size", "#")
    linked(pg_functions(pg_image, "good").add(lonely, "kernel/lonely"), "site_good", "site_lonely")
    rejected(pg_image, "is not inside a function", args=PG)


def test_pg_site_that_does_not_fit_into_its_function_is_rejected(pg_image):
    cut = pg_function(pg_image.target, "cut", end=".size cut, . - cut - 4").replace(".size cut, . - cut\n", "")
    linked(pg_functions(pg_image, "good").add(cut, "kernel/cut"), "site_good", "site_cut")
    rejected(pg_image, "cut+0x4: ", "is not inside a function", args=PG)


def test_pg_second_site_of_a_function_is_rejected(pg_image):
    twice = pg_function(pg_image.target, "twice", end="site_again: move $1, $31\njal _mcount\nnop\n.globl site_again")
    linked(pg_image.add(twice), "site_twice", "site_again")
    rejected(pg_image, "twice: ", "the second one of the function", args=PG)


def test_pg_misaligned_site_is_rejected(pg_image):
    linked(pg_functions(pg_image, "crooked"), "site_crooked + 2")
    rejected(pg_image, "crooked: ", "not aligned to 4 bytes", args=PG)


def test_pg_site_outside_the_text_sections_is_rejected(pg_image):
    linked(pg_image.add(pg_function(pg_image.target, "astray", section=".other")), "site_astray")
    rejected(pg_image, "astray: ", ".other", args=PG)


@pytest.mark.parametrize("broken", [{"move": "nop"}, {"callee": "good"}, {"slot": "addiu $29, $29, -16"}])
def test_pg_site_that_is_not_the_call_of_mcount_is_rejected(pg_image, broken):
    pg_functions(pg_image, "good").add(pg_function(pg_image.target, "patched", **broken), "kernel/patched")
    linked(pg_image, "site_good", "site_patched")
    rejected(pg_image, "patched: ", "expected the compiler's call of _mcount, found", args=PG)


def test_pg_call_that_the_table_lacks_is_rejected(pg_image):
    linked(pg_functions(pg_image, "good", "forgotten"), "site_good")
    rejected(pg_image, "1 sites, but the objects have 2", args=(*PG, *folders(pg_image)))


def test_pg_call_in_an_untraced_folder_is_rejected(pg_image):
    pg_functions(pg_image, "good").add(pg_function(pg_image.target, "memcpy"), "lib/string")
    linked(pg_image, "site_good", "site_memcpy")
    rejected(pg_image, "lib/string.o", "1 sites in a folder that is not traced", args=(*PG, *folders(pg_image)))


def test_pg_image_without_mcount_is_rejected(image):
    status, output = image.functions("good").link().lint(*PG)
    assert status == 1 and output.endswith(": no _mcount, or not a MIPS image\n"), output


def test_pg_image_is_rejected_where_nops_are_expected(pg_image):
    linked(pg_functions(pg_image, "good"), "site_good")
    rejected(pg_image, "good+0x4: ", "not the start of a function")
