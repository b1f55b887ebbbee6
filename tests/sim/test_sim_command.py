# SPDX-License-Identifier: MIT
"""The command line, the loaders, repeatability, counters."""
import subprocess

import pytest


@pytest.fixture(scope="module")
def cache_elf(guests):
    return guests.bare("cache", "cache.c")


@pytest.mark.parametrize("args, says", [
    ([], "--kernel FILE is missing"),
    (["--kernel", "/nonexistent"], "--kernel /nonexistent: No such file"),
    (["--kernel", "K", "--board", "pi"], "--board pi: no such board"),
    (["--kernel", "K", "--cpu", "z80"], "--cpu z80: no such core"),
    (["--kernel", "K", "--mem", "1x"], "--mem 1x: must be a number"),
    (["--kernel", "K", "--mem", ""], "--mem : must be a number"),
    (["--kernel", "K", "--seed", "-1"], "--seed -1: must be a number"),
    (["--kernel", "K", "--entry", "warm"], "--entry warm: must be cold, dirty or on"),
    (["--kernel", "K", "--gdb", "x"], "--gdb: the port must be"),
    (["--kernel", "K", "--events", "/nonexistent/x"], "--events /nonexistent/x: "),
    (["--kernel", "K", "--mem", "512M"], "--mem: 536870912 bytes are more"),
    (["--kernel", "K", "--mem", "4K"], "--mem: 4096 bytes; at least 1M"),
    (["--kernel", "K", "--cache", "vivt,15k,4way,32b"], "--cache"),
    (["--kernel", "K", "--icache", "vivt,16k,4way,64b"], "--icache: the line must be 32b"),
    (["--kernel", "K", "--mutant", "x"], "--mutant x: no such mutant"),
    (["--kernel", "K", "--serial", "usb"], "--serial usb: must be"),
    (["--kernel", "K", "--serial", "tcp:0"], "--serial tcp: the port must be"),
    (["--kernel", "K", "--nonsense", "1"], "--nonsense: no such option"),
    (["--kernel", "K", "--max-insns"], "--max-insns: unknown, or its value is missing"),
    (["--kernel", "K", "--trace", "/nonexistent/x"], "--trace /nonexistent/x: "),
    (["--kernel", "K", "--symbols", "/etc/hostname"], "--symbols /etc/hostname: not a readable ELF"),
])
def test_bad_option_is_named(sim, cache_elf, args, says):
    args = [cache_elf if a == "K" else a for a in args]
    r = subprocess.run([sim, *args], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=10)
    assert r.returncode == 2
    assert r.stderr.startswith("murphy-sim: " + says)
    assert r.stderr.count("\n") == 1


def test_help_has_examples(sim):
    r = subprocess.run([sim, "--help"], capture_output=True, text=True, timeout=10)
    assert r.returncode == 0 and "Examples:" in r.stdout and "--mutant" in r.stdout


def test_max_insns_ends_an_endless_image(sim, tmp_path):
    (tmp_path / "loop.bin").write_bytes(bytes.fromhex("feffffea"))
    r = subprocess.run([sim, "--kernel", tmp_path / "loop.bin", "--max-insns", "1000000"],
                       capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=20)
    assert r.returncode == 124
    assert "--max-insns was reached (pc 00010000, 1000000 instructions)" in r.stderr


def test_sleep_that_nothing_can_end_is_reported(sim, tmp_path):
    # mcr p15, 0, r0, c7, c0, 4; b .
    (tmp_path / "wfi.bin").write_bytes(bytes.fromhex("900f07ee" "feffffea"))
    r = subprocess.run([sim, "--kernel", tmp_path / "wfi.bin"], capture_output=True, text=True,
                       stdin=subprocess.DEVNULL, timeout=20)
    assert r.returncode == 1
    assert "waits for an interrupt that cannot come" in r.stderr


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
                           stdin=subprocess.DEVNULL, timeout=10)
        assert r.returncode == 2 and r.stderr.startswith("murphy-sim: --kernel ")


def test_same_seed_same_trace(cache_elf, run_sim, tmp_path):
    """Byte for byte, with a random replacement policy too; another seed differs."""
    traces = []
    for n, seed in enumerate([5, 5, 6]):
        path = tmp_path / f"trace{n}"
        run_sim(cache_elf, "--append", "dma-from-stale", "--seed", str(seed), "--trace", str(path),
                "--cache", "vivt,1k,4way,32b,random", "--stats")
        traces.append(path.read_bytes())
    assert len(traces[0]) > 100000
    assert traces[0] == traces[1]
    assert b" cpsr=" in traces[0]


def test_stats_count(guests, run_sim):
    elf = guests.bare("bench-small", "bench.c", defines=["ROUNDS=2", "EXPECT=0"])
    plain = run_sim(elf, "--stats").stderr.decode()
    slow = run_sim(elf, "--stats", "--check").stderr.decode()
    assert "stats cpu=arm926 insns=" in plain
    # the fast path of a hit counts as the full path does
    assert plain.replace("findings=0", "") == slow.replace("findings=0", "")
