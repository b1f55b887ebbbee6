# SPDX-License-Identifier: MIT
"""Loading images: the Linux boot protocol for a plain image and for an ELF file of one."""
import re
import subprocess

import pytest

from kernelimage import TOP


@pytest.fixture(scope="module")
def cache_elf(guests):
    return guests.bare("cache", "cache.c")


def test_linux_boot_protocol_is_qemus(guests, run_sim, run_qemu):
    """Registers at entry and all ATAGs, as an image sees them in QEMU."""
    elf = guests.bare("atags", "atags.c", start="linux_start.S")
    image = elf.replace(".elf", ".bin")
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", elf, image], check=True)
    for text in ["", "one", "a=1 b=2", "x" * 1000]:
        want = run_qemu(image, "-m", "64", "-append", text)
        have = run_sim(image, "--mem", "64M", "--append", text)
        assert want.stderr.startswith(b"r0 00000000 r1 00000183 r2 00000100")
        assert have.stdout == want.stderr


def test_elf_must_fit(sim, cache_elf, tmp_path):
    data = bytearray(open(cache_elf, "rb").read())
    for name, cut in [("short", data[:40]), ("half", data[:200])]:
        (tmp_path / name).write_bytes(cut)
        r = subprocess.run([sim, "--kernel", tmp_path / name], capture_output=True, text=True,
                           stdin=subprocess.DEVNULL, timeout=300)
        assert r.returncode == 2 and r.stderr.startswith("murphy-sim: --kernel ")


@pytest.fixture(scope="module")
def kernel():
    subprocess.run(["make", "-s", "build/versatilepb/murphy.bin"], cwd=TOP, check=True)
    return f"{TOP}/build/versatilepb/murphy"


@pytest.mark.parametrize("mem", ["128M", "64M"])
def test_elf_of_the_kernel_runs_like_its_bin(kernel, run_sim, mem):
    text = "exhibit=kmap-race preempt=at:41 list=on exit=semihost"
    runs = [run_sim(f"{kernel}.{form}", "--append", text, "--mem", mem) for form in ["bin", "elf"]]
    words = [re.sub(r"entered  at [0-9a-f]{8}", "entered", r.stdout.decode()) for r in runs]
    assert words[0] == words[1] and " preempt=at:41 " in words[0]
    assert runs[0].returncode == runs[1].returncode == 0 and not runs[1].stderr


def test_elf_of_the_kernel_gets_long_command_lines(kernel, run_sim):
    """What fits below it, and not more: it begins at 0x8000."""
    for length, status in [(1000, 2), (32300, 2), (32700, 2)]:
        r = run_sim(kernel + ".elf", "--append", "exit=semihost " + "x" * length)
        assert r.returncode == status
        assert (b"murphy-sim: --append: the tags, with 32714 characters, do not fit between RAM + 0x100 "
                b"and the image at RAM + 0x8000\n" == r.stderr) == (length == 32700)


def header_only(address, size=64):
    """An ELF file with one segment whose entry has the kernel's header."""
    import struct
    code = struct.pack("<I8s", 0xEAFFFFFE, b"MURPHY\0\0").ljust(size, b"\0")
    ident = b"\x7fELF\1\1\1".ljust(16, b"\0")
    head = ident + struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, address, 52, 0, 0x05000000, 52, 32, 1, 0, 0, 0)
    return head + struct.pack("<IIIIIIII", 1, 84, address, address, size, size, 7, 4) + code


@pytest.mark.parametrize("address, size", [(0, 64), (0x100, 64), (0x120, 64)])
def test_tags_never_overwrite_the_image(sim, tmp_path, address, size):
    (tmp_path / "k.elf").write_bytes(header_only(address, size))
    r = subprocess.run([sim, "--kernel", tmp_path / "k.elf", "--max-insns", "10"], capture_output=True,
                       text=True, stdin=subprocess.DEVNULL, timeout=300)
    assert r.returncode == 2 and f"the image at RAM + 0x{address:x}\n" in r.stderr


def test_elf_without_the_header_is_told_that_nobody_reads(sim, cache_elf):
    r = subprocess.run([sim, "--kernel", cache_elf, "--append", "halves"], capture_output=True, text=True,
                       stdin=subprocess.DEVNULL, timeout=300)
    assert r.returncode == 2 and r.stderr.startswith("murphy-sim: --append: this ELF file does not start with")
    assert r.stderr.count("\n") == 1


def test_elf_without_the_header_starts_with_registers_of_zero(sim, cache_elf, tmp_path):
    subprocess.run([sim, "--kernel", cache_elf, "--max-insns", "1", "--trace", tmp_path / "t"],
                   capture_output=True, stdin=subprocess.DEVNULL, timeout=300)
    assert not re.search(r" r[012]=", (tmp_path / "t").read_text())
