# SPDX-License-Identifier: MIT
"""The file that --symbols gives must be an ELF file of the image that runs."""
import subprocess

import pytest

from kernelimage import TOP


@pytest.fixture(scope="module")
def kernel():
    subprocess.run(["make", "-s", "build/versatilepb/murphy.bin"], cwd=TOP, check=True)
    return f"{TOP}/build/versatilepb/murphy"


@pytest.fixture(scope="module")
def guest(guests):
    return guests.bare("cache", "cache.c")


def run(sim, image, symbols, *more):
    return subprocess.run([sim, "--kernel", image, "--symbols", symbols, "--max-insns", "100", *more],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)


def refused(r, symbols, why):
    assert r.returncode == 2 and r.stderr.startswith(f"murphy-sim: --symbols {symbols}: {why}"), r.stderr
    assert r.stderr.count("\n") == 1
    return True


def flat(elf, path):
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", elf, path], check=True)
    return path


def test_file_of_the_image_is_taken(sim, kernel, guest, tmp_path):
    assert run(sim, kernel + ".bin", kernel + ".elf").returncode == 124
    assert run(sim, kernel + ".elf", kernel + ".elf").returncode == 124
    assert run(sim, flat(guest, tmp_path / "guest.bin"), guest).returncode == 124
    assert run(sim, guest, guest).returncode == 124


@pytest.mark.parametrize("at", [0, 100001, -1])
@pytest.mark.parametrize("form", ["bin", "elf"])
def test_patched_image_is_told_and_taken(sim, kernel, tmp_path, at, form):
    """One byte differs: at the start, in the code, at the end. All names still hold."""
    data = bytearray(open(kernel + ".bin", "rb").read())
    where = 0xC0008000 + at % len(data)
    if form == "elf":
        elf = bytearray(open(kernel + ".elf", "rb").read())
        elf[elf.index(bytes(data[28:4096])) - 28 + at % len(data)] ^= 1  # (28: behind the CRC)
        (tmp_path / "other.elf").write_bytes(elf)
    else:
        data[at] ^= 1
        (tmp_path / "other.bin").write_bytes(data)
    r = run(sim, tmp_path / f"other.{form}", kernel + ".elf")
    assert r.stderr.startswith(f"murphy-sim: --symbols {kernel}.elf: 1 bytes of --kernel {tmp_path}/other.{form} "
                               f"differ, from 0x{where:08x} on: names are taken as if it was patched there\n")
    assert r.returncode in (1, 124)


def test_other_build_is_refused(sim, kernel, tmp_path):
    """A word more in the middle: all behind it has moved."""
    data = open(kernel + ".bin", "rb").read()
    (tmp_path / "other.bin").write_bytes(data[:100000] + b"\xff" * 4 + data[100000:])
    r = run(sim, tmp_path / "other.bin", kernel + ".elf")
    assert refused(r, kernel + ".elf", f"not of this image: --kernel {tmp_path}/other.bin has other bytes from "
                                       f"0x{0xC0008000 + 100000:08x} on; both must be of one build")


def test_image_that_is_cut_is_refused(sim, kernel, tmp_path):
    data = open(kernel + ".bin", "rb").read()
    (tmp_path / "cut.bin").write_bytes(data[:len(data) * 3 // 4])
    assert refused(run(sim, tmp_path / "cut.bin", kernel + ".elf"), kernel + ".elf", "not of this image")


def test_file_of_another_program_is_refused(sim, kernel, guest):
    assert refused(run(sim, kernel + ".bin", guest), guest, "not of this image")
    assert refused(run(sim, guest, kernel + ".elf"), kernel + ".elf", "not of this image")


def test_what_is_no_arm_elf_file_is_refused(sim, kernel, tmp_path):
    assert refused(run(sim, kernel + ".bin", sim), sim, "not a little-endian 32-bit ARM ELF file")
    assert refused(run(sim, kernel + ".bin", kernel + ".bin"), kernel + ".bin", "not a readable ELF file")
    big = bytearray(open(kernel + ".elf", "rb").read())
    big[5] = 2
    (tmp_path / "big.elf").write_bytes(big)
    assert refused(run(sim, kernel + ".bin", tmp_path / "big.elf"), tmp_path / "big.elf",
                   "not a little-endian 32-bit ARM ELF file")


def test_stripped_file_is_refused(sim, kernel, tmp_path):
    subprocess.run(["arm-none-eabi-strip", "-o", tmp_path / "s.elf", kernel + ".elf"], check=True)
    assert refused(run(sim, kernel + ".bin", tmp_path / "s.elf"), tmp_path / "s.elf",
                   "it has no names of functions")


def test_broken_file_is_refused_or_taken_but_never_read_past_its_end(sim_asan, kernel, tmp_path):
    """Each header field of the ELF file and of its first section and segment headers, made large."""
    import struct
    data = open(kernel + ".elf", "rb").read()
    phoff, shoff = struct.unpack_from("<II", data, 28)
    for base, size in [(24, 28), (phoff, 32), (shoff + 40, 40)]:
        for at in range(base, base + size, 4):
            bad = bytearray(data)
            bad[at:at + 4] = b"\xff\xff\xff\x7f"
            (tmp_path / "bad.elf").write_bytes(bad)
            r = run(sim_asan, kernel + ".bin", tmp_path / "bad.elf", "--mem", "4M")
            assert r.returncode in (2, 124) and "Sanitizer" not in r.stderr, r.stderr
