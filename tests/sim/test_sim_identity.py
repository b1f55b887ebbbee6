# SPDX-License-Identifier: MIT
"""What an image can learn of the emulator's caches: the cache type register and the words that
the emulator answers in the system registers, against the geometry on the command line."""
import pytest

INDEX = {"vivt": 0, "vipt": 1, "pipt": 2}
GEOMETRIES = ["vivt,16k,4way,32b", "vipt,16k,4way,32b", "pipt,32k,8way,32b", "vivt,4k,1way,32b,wa",
              "vivt,16k,4way,32b,random", "vivt,8k,2way,32b,wa,random", "vivt,16k,4way,16b",
              "pipt,16k,4way,64b", "vivt,256,4way,32b", "vivt,128,4way,32b", "vivt,512,1way,32b",
              "vivt,1m,64way,32b", "vipt,64k,4way,32b"]


@pytest.fixture(scope="module")
def guest(guests):
    return guests.bare("identity", "identity.c")


@pytest.fixture(scope="module")
def told(guest, run_sim):
    def ask(*options):
        r = run_sim(guest, *options)
        assert r.returncode == 0, r.stderr
        words = [line.split() for line in r.stdout.decode().split("\n") if line]
        return {w[0] if w[0] == "ctr" else int(w[0], 16): int(w[1], 16) for w in words}
    return ask


def parse(geometry):
    index, size, ways, line, *more = geometry.split(",")
    unit = {"k": 1 << 10, "m": 1 << 20}.get(size[-1], 1)
    return (index, int(size.rstrip("km")) * unit, int(ways.removesuffix("way")), int(line.removesuffix("b")), more)


def decode(field):
    """(bytes, ways, line, P) of one half of the register (ARM DDI0100I B6.2)."""
    m = field >> 2 & 1
    return ((2 + m) << ((field >> 6 & 15) + 8), ((2 + m) << (field >> 3 & 7)) >> 1, 8 << (field & 3), field >> 11)


@pytest.mark.parametrize("which", ["--cache", "--icache"])
@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_cache_is_as_the_command_line_gave_it(told, which, geometry):
    if which == "--icache" and ",32b" not in geometry:
        pytest.skip("the I-cache has lines of 32 bytes")
    index, size, ways, line, more = parse(geometry)
    t = told(which, geometry)
    at, shift = (0xE00, 12) if which == "--cache" else (0xE20, 0)
    colours = index == "vipt" and size // ways > 4096
    assert decode(t["ctr"] >> shift & 0xFFF) == (max(size, 512), ways, line, colours)
    assert (t[at], t[at + 4], t[at + 8]) == (size, ways, line)
    assert t[at + 12] & 0x73 == INDEX[index] | 0x10 * ("wa" in more) | 0x20 * ("random" in more)


def test_the_other_cache_stays_as_the_core_has_it(told):
    plain, other = told(), told("--cache", "pipt,256,1way,32b,wa")
    for off in range(0xE20, 0xE40, 4):
        assert plain.get(off) == other.get(off)
    assert plain["ctr"] & 0xFFF == other["ctr"] & 0xFFF


def test_marks_layout_and_kind(told):
    t = told()
    assert (t[0xFF0], t[0xFF4], t[0xFF8], t[0xFFC]) == (0x4D555250, 0x4853494D, 1, 0xE00)
    assert t["ctr"] >> 24 == 0x1D  # write-back, cleaned by c7, format C; separate caches
    assert t[0xE10] == 16 | 4 << 8 and t[0xE0C] >> 8 == 2 and t[0xE2C] >> 8 == 1


@pytest.mark.parametrize("mutant, word", [("coherent", 0x10), ("no-drain", 8), ("walk-in-cache", 1 << 31)])
def test_mutants_are_told(told, mutant, word):
    assert 0xE14 not in told()
    assert told("--mutant", mutant)[0xE14] == word
    assert 0xE14 not in told("--mutant", mutant, "--mutant-after", "never written")
