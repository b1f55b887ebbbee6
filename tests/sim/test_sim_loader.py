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
    words = [re.sub(r"entered  at [0-9a-f]{8}|CRC ok.*|without a CRC.*", "", r.stdout.decode()) for r in runs]
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


def start_of(guests, run_sim, tmp_path, *options):
    """(r0, r1, r2) and the tags' words of a plain image on the Raspberry Pi."""
    elf = guests.bare("atags", "atags.c", start="linux_start.S")
    image = tmp_path / "atags.bin"
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", elf, image], check=True)
    r = run_sim(image, "--board", "raspi", *options)
    assert r.returncode == 0, r.stderr
    first, *tags = r.stdout.decode().splitlines()
    return [int(w, 16) for w in first.split()[1::2]], [[int(w, 16) for w in t.split()] for t in tags]


@pytest.mark.parametrize("more", [(), ("--load-at", "0x200000"), ("--mem", "256M")])
def test_raspberry_pi_firmwares_protocol(guests, run_sim, tmp_path, more):
    """Its own words, then cmdline.txt's; the GPU's share is not the ARM's."""
    regs, tags = start_of(guests, run_sim, tmp_path, "--append", "pkmap=16 victim=rw", *more)
    assert regs == [0, 3138, 0x100]
    assert [t[1] for t in tags[:3]] == [0x54410001, 0x54410002, 0x54410009]
    assert tags[1][2:] == [0x0C000000 if "--mem" in more else 0x1C000000, 0]
    words = b"".join(w.to_bytes(4, "little") for w in tags[2][2:]).split(b"\0")[0].decode().split()
    assert words[0] == "dma.dmachans=0x7f35" and words[-2:] == ["pkmap=16", "victim=rw"]
    assert all("." in w.split("=")[0] for w in words[:-2])


def test_load_at_must_be_in_ram(sim, cache_elf, tmp_path):
    (tmp_path / "k.bin").write_bytes(b"\0" * 64)
    for at in ["0x1c000000", "0x8001"]:
        r = subprocess.run([sim, "--kernel", tmp_path / "k.bin", "--board", "raspi", "--load-at", at],
                           capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
        assert r.returncode == 2
        assert r.stderr == (f"murphy-sim: --load-at {at}: must be a multiple of 4 in RAM, which is 469762048 bytes "
                            "from 0x0\n")


@pytest.mark.parametrize("board", ["raspi", "versatilepb"])
@pytest.mark.parametrize("size, at", [(0x400, 0x100), (0x20000, None)])
def test_device_tree_comes_as_it_is(guests, run_sim, tmp_path, board, size, at):
    """In r2, below the image if it fits there, else near the top of RAM."""
    tree = b"\xd0\x0d\xfe\xed" + bytes(range(256)) * (size // 256)
    (tmp_path / "t.dtb").write_bytes(tree)
    elf = guests.bare("tree", "tree.c", start="linux_start.S")
    image = tmp_path / "tree.bin"
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", elf, image], check=True)
    r = run_sim(image, "--board", board, "--dtb", tmp_path / "t.dtb")
    where, total = [int(w, 16) for w in r.stdout.split()]
    top = 0x1C000000 if board == "raspi" else 0x08000000
    assert where == at or (at is None and top - (4 << 20) < where < top and where % 4096 == 0)
    assert total == sum(tree) & 0xFFFFFFFF


def test_device_tree_and_append_do_not_go_together(sim, tmp_path):
    (tmp_path / "k.bin").write_bytes(b"\0" * 64)
    r = subprocess.run([sim, "--kernel", tmp_path / "k.bin", "--dtb", "x.dtb", "--append", "a=1"],
                       capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    assert r.returncode == 2 and r.stderr.startswith("murphy-sim: --append: with --dtb nothing would read it")
    r = subprocess.run([sim, "--kernel", tmp_path / "k.bin", "--dtb", tmp_path / "none"],
                       capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    assert r.returncode == 2 and r.stderr.endswith("none: No such file or directory\n") and "--dtb" in r.stderr
