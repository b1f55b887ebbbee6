# SPDX-License-Identifier: MIT
"""An image with a wrong byte says so and stops, wherever the byte is; in QEMU and murphy-sim."""

import os
import random
import re
import struct
import subprocess
import zlib

import pytest

import emulators
import qemu
from symbols import Symbols

SEED = int(os.environ["MURPHY_SEED"])
WORD = 24  # of the CRC


def content():
    with open(emulators.image("bin"), "rb") as f:
        return f.read()


def test_the_word_is_zlibs():
    image = bytearray(content())
    word = struct.unpack_from("<I", image, WORD)[0]
    image[WORD:WORD + 4] = bytes(4)
    assert word == zlib.crc32(image) != 0


def address_of(name):
    listing = subprocess.run([os.environ.get("CROSS_COMPILE", "arm-none-eabi-") + "nm", emulators.image("elf")],
                             capture_output=True, text=True, check=True).stdout
    return int(re.search(rf"(?m)^([0-9a-f]+) \w {name}$", listing)[1], 16)


def places():
    """Bytes of the image: in code, constants and data, its first and its last; not in the check
    itself and the little that runs before it, which cannot speak once it is damaged."""
    base, end = address_of("_image_start"), len(content())
    draw = random.Random(SEED)
    symbols = Symbols(emulators.image("elf"))
    found = [4, WORD, WORD + 3, end - 1, address_of("_etext") - base - 1, address_of("_etext") - base]
    while len(found) < 10:
        at = draw.randrange(0x1000, end)
        if (symbols.function(base + at) or "") not in ("image_check", "crc32_start", "crc32_add", "crc32_end"):
            found.append(at)
    return found


def is_named(image, emu):
    with qemu.Console("exit=semihost", kernel=image, symbols=emulators.image("elf"), emu=emu) as console:
        said = console.expect(r"(?m)^image: damaged: its CRC is ([0-9a-f]{8}) and should be ([0-9a-f]{8}); "
                              r"load it again\n"
                              r'verdict reason="damaged image" status=ERROR$')
        assert said[1] != said[2]
        assert console.text[:said.start()] == ""  # nothing was started before


@pytest.mark.parametrize("n", range(10))
def test_one_wrong_byte(tmp_path, n):
    image, at = bytearray(content()), places()[n]
    image[at] ^= 1 << SEED % 8
    path = tmp_path / "murphy.bin"
    path.write_bytes(image)
    is_named(path, "sim" if n % 3 == 0 else "qemu")


def test_a_sound_one_says_so():
    result = qemu.boot("exhibit=kmap-race pkmap=8 preempt=off")
    assert re.search(rf"(?m)^  image    {len(content())} bytes, CRC ok \([0-9a-f]{{8}}\)$", result.out)


def test_an_elf_is_not_checked():
    with qemu.Console(kernel=emulators.image("elf")) as console:
        console.expect(r"(?m)^  image    \d+ bytes, without a CRC: not checked$")


def test_the_tool_takes_only_an_image(tmp_path):
    tool = os.path.join(emulators.TOP, "tools", "image_crc")
    for name, data in [("filled.bin", content()), ("text.bin", b"x" * 1000), ("short.bin", b"x")]:
        (tmp_path / name).write_bytes(data)
        done = subprocess.run([tool, tmp_path / name], capture_output=True, text=True)
        assert (done.returncode, (tmp_path / name).read_bytes()) == (1, data)
        assert "no image of Murphy, or filled in already" in done.stderr
    assert subprocess.run([tool, tmp_path / "none"], capture_output=True).returncode == 2
