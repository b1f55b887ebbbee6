# SPDX-License-Identifier: MIT
"""Boots with a device tree in r2: from every place, made by others, and broken."""

import re

import pytest

import devicetree
import emulators
import qemu
import shim
from test_boot import LINK, MIB, RUN, USAGE, enter, image_size, is_the_race, refused

pytestmark = pytest.mark.skipif(emulators.emulator().name != "qemu",
                                reason="the entry shim needs QEMU's ELF start")


def tree(cmdline=RUN, size=0, header=None, **kw):
    return devicetree.blob(devicetree.machine(cmdline, **kw), size, **(header or {}))


def test_qemus_own(tmp_path):
    """QEMU opens a tree up to more than twice its length, and puts memory and -append into it."""
    path = tmp_path / "versatile.dtb"
    root = devicetree.machine(reg=(0, 0), amba={"uart@101f1000": {"reg": [0x101F1000, 0x1000],
                                                                    "note": "x" * 30000}})
    path.write_bytes(devicetree.blob(root))
    result = qemu.boot(f"{RUN} uart0.note=1 -- runs=1", mem=128, extra=["-dtb", str(path)])
    is_the_race(result)
    assert re.search(r"(?m)^  loader   device tree at [0-9a-f]{8}, 1 word of the firmware skipped$",
                     result.out), result.out
    assert "memory   16384 KiB lowmem, 114688 KiB highmem" in result.out


# In the image's later place and its .bss, in the page table, behind the image where the mover and
# the copy go, and as high as it fits; small and as long as it may be.
@pytest.mark.parametrize("at, size", [(0x100, 0), (0x4000, 0), (0x9004, 128 << 10), (0x60000, 128 << 10),
                                      (0x200100, 128 << 10), (None, 128 << 10)])
def test_places(tmp_path, at, size):
    blob = tree(size=size)
    load = 0x200000 if at != 0x200100 else 0x800000
    at = 256 * MIB - ((len(blob) + 7) & ~7) if at is None else at
    is_the_race(enter(tmp_path, load=load, tags_at=at, tags=blob))


@pytest.mark.parametrize("load, gap", [(LINK, 0), (LINK, 256), (0x200000, 4), (0x200000, 1024)])
def test_behind_the_image(tmp_path, load, gap):
    end = load + ((image_size() + 31) & ~31) + gap
    result = enter(tmp_path, load=load, tags_at=end, tags=tree(size=0xA000))
    is_the_race(result)
    assert f"  loader   device tree at {end:08x}\n" in result.out


def test_memory(tmp_path):
    """Cells of 64 bits, two banks that join, one that does not."""
    reg = [0, 0x4000000, 0, 0x4000000, 0, 0, 0, 0x4000000, 0, 0x10000000, 0, 0x100000]
    result = enter(tmp_path, tags=tree(reg=reg, cells=(2, 2)))
    is_the_race(result)
    assert "memory   16384 KiB lowmem, 114688 KiB highmem" in result.out
    assert "bank of 1024 KiB at 10000000 left out" in result.out


# (All that can be wrong with one: tests/unit/test_fdt.c. Here: that it is said, and how it ends.)
@pytest.mark.parametrize("blob, words", [
    (tree(size=200 << 10), "longer than what may be read: 128 KiB"),
    (tree(header={"totalsize": 0xFFFFFFFF}), "longer than what may be read: 128 KiB"),
    (tree(header={"totalsize": 0}), "does not fit its header"),
    (tree(header={"size_dt_struct": 16}), "a property's header runs past"),
    (tree(reg=(0, 0x4000000, 0x1000000, 0x4000000)), "overlaps an earlier one"),
    (tree("x" * 1100 + " exit=semihost"), "longer than 1024 letters"),
], ids=lambda given: given.replace(" ", "-") if isinstance(given, str) else "")
def test_broken(tmp_path, blob, words):
    result = enter(tmp_path, tags=blob, tags_at=0x1000000)
    refused(result, USAGE, words, 'verdict reason="broken device tree" status=ERROR')
    assert re.search(r"(?m)^device tree: at \+0x[0-9a-f]+: .*$", result.out)
    assert "Murphy on" not in result.out


def test_it_runs_out_of_ram(tmp_path):
    """In the last words of RAM: no more is copied than there is."""
    blob = tree()
    is_the_race(enter(tmp_path, tags=blob, tags_at=256 * MIB - ((len(blob) + 3) & ~3)))
    result = enter(tmp_path, tags=blob[:40], tags_at=256 * MIB - 40)
    refused(result, USAGE, "longer than what may be read", 'reason="broken device tree" status=ERROR')
    result = enter(tmp_path, tags=blob[:4], tags_at=256 * MIB - 4)
    refused(result, USAGE, "cut short in its header", 'reason="broken device tree" status=ERROR')


def test_a_card_without_our_parameters(tmp_path):
    """The firmware's words alone: the monitor comes up, and says how many were skipped."""
    words = "dma.dmachans=0x7f35 bcm2708.boardrev=0x10 vc_mem.mem_base=0x1ec00000"
    elf = shim.entry_shim(tmp_path, emulators.image("bin"), tags=tree(words))
    with qemu.Console(kernel=elf) as console:
        console.expect(r"(?m)^  loader   device tree at 00000100, 3 words of the firmware skipped$")
        console.expect("truth=modelled")


def test_words_that_are_nobodys(tmp_path):
    result = enter(tmp_path, tags=tree(f"{RUN} dma.dmachans=1 console=ttyAMA0"))
    refused(result, USAGE, "parameter console=ttyAMA0: unknown")
    result = enter(tmp_path, tags=tree(f"{RUN} -- dma.dmachans=1"))
    refused(result, USAGE, "parameter dma.dmachans=1: unknown")
