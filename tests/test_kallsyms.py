# SPDX-License-Identifier: BSD-2-Clause
"""test_kallsyms.py - the symbol table that tools/kallsyms makes is that of the image, in every respect."""

import pytest
from image import TARGETS, Image

# All kinds of symbols; the names that start with . or $ and the absolute one must stay out.
SOURCE = """
    .text
    .globl schedule, alias
    .type schedule, @function
schedule: nop
    .set alias, schedule
    .type helper, @function
helper: nop
.Llocal: nop
$mapping: nop
    .weak hook
    .type hook, @function
hook: nop
    .section .rodata, "a"
    .type table, @object
table: .4byte 1
    .data
    .globl counter
    .type counter, @object
counter: .4byte 0
    .globl absolute
    .set absolute, 0x1234
"""


@pytest.fixture(params=TARGETS)
def image(request, tmp_path):
    return Image(tmp_path, request.param).add(SOURCE).link()


def table(image):
    status, output = image.run("kallsyms", image.elf)
    assert status == 0, output
    return output


def link_in(image, source):
    """Links with this table instead of the one before."""
    image.objects = [o for o in image.objects if o.stem != "kallsyms"]
    return image.add(source, "kallsyms").link()


def names(source):
    return [line.split('"')[1] for line in source.splitlines() if ".asciz" in line]


def test_symbols_have_nm_letters_and_stand_in_order_of_address(image):
    ours = ["Talias", "Tschedule", "thelper", "Whook", "rtable", "Dcounter"]
    assert [name for name in names(table(image)) if name in ours] == ours


def test_labels_and_absolute_symbols_stay_out(image):
    assert not [n for n in names(table(image)) if n[1:] in (".Llocal", "$mapping", "absolute")]


def test_functions_come_before_section_bounds_of_the_same_address(image):
    listed = names(table(image))
    assert listed.index("Tschedule") < listed.index("T_text")


def test_linking_the_table_in_converges_and_check_agrees(image):
    first = table(image)
    second = table(link_in(image, first))
    third = table(link_in(image, second))
    assert len(first.splitlines()) == len(second.splitlines())
    assert second == third
    assert image.run("kallsyms", "--check", image.elf) == (0, "")


def test_the_table_is_the_same_every_time(image):
    assert table(image) == table(image)


def test_check_rejects_a_table_of_other_names(image):
    good = table(link_in(image, table(image)))
    link_in(image, good.replace('"thelper"', '"thelped"'))
    status, output = image.run("kallsyms", "--check", image.elf)
    assert status == 1 and "thelped" in output and "thelper" in output


def test_check_rejects_a_table_of_other_addresses(image):
    link_in(image, table(link_in(image, table(image))))
    image.add("    .text\n    nop\n    nop\n", "earlier")
    image.objects.insert(0, image.objects.pop())
    image.link()
    assert image.run("kallsyms", "--check", image.elf)[0] == 1


def test_check_rejects_a_table_that_lacks_a_symbol(image):
    good = table(link_in(image, table(image)))
    link_in(image, good)
    image.add("    .data\n    .globl late\nlate: .4byte 0\n", "late").link()
    status, output = image.run("kallsyms", "--check", image.elf)
    assert status == 1 and output.startswith(f"kallsyms: {image.elf}: ")


def test_check_rejects_an_image_without_a_table(image):
    status, output = image.run("kallsyms", "--check", image.elf)
    assert status == 1 and "no symbol kallsyms_num_syms" in output


def test_what_is_no_elf_is_an_error_without_a_traceback(image):
    image.elf.write_text("hello")
    status, output = image.run("kallsyms", image.elf)
    assert (status, output) == (1, f"kallsyms: {image.elf}: not an ELF file\n")
