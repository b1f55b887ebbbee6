# SPDX-License-Identifier: MIT
"""The command line, the loaders, repeatability, counters."""
import os
import re
import shlex
import subprocess

import pytest

from kernelimage import TOP


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
    (["--kernel", "K", "--max-insns"], "--max-insns: its value is missing"),
    (["--kernel", "K", "--max-insns", "many"], "--max-insns many: must be a number"),
    (["--kernel", "--stats"], "--kernel: its value is missing"),
    (["--kernel"], "--kernel: its value is missing"),
    (["--kernl", "K"], "--kernl: no such option"),
    (["K"], "K: not an option; an image is given as --kernel FILE"),
    (["--kernel", "K", "--semihosting=yes"], "--semihosting: takes no value"),
    (["--kernel", "/tmp"], "--kernel /tmp: not a regular file"),
    (["--kernel", "/dev/null"], "--kernel /dev/null: the file is empty"),
    (["--kernel", "K", "--cpu", "arm926foo"], "--cpu arm926foo: no such core; there are: arm926 "),
    (["--kernel", "K", "--mem", "0"], "--mem 0: at least 1M"),
    (["--kernel", "K", "--mem", "5G"], "--mem 5G: must be a number from 0 to 1073741824"),
    (["--kernel", "K", "--mem=1025K"], "--mem: 1049600 bytes; at least 1M and whole pages"),
    (["--kernel", "K", "--cache", ""], "--cache : cache must start with vivt, vipt or pipt"),
    (["--kernel", "K", "--mutant", ""], "--mutant : no such mutant; there are: inv-writes-back"),
    (["--kernel", "K", "--mutant-after", ""], "--mutant-after: the text must not be empty"),
    (["--kernel", "K", "--mutant-after", "truth"], "--mutant-after: there is no --mutant"),
    (["--kernel", "K", "--serial", "file:/nonexistent/x"], "--serial file:/nonexistent/x: No such file"),
    (["--kernel", "K", "--symbols", "/nonexistent"], "--symbols /nonexistent: "),
    (["--kernel", "K", "--gdb", "70000"], "--gdb: the port must be 1..65535, not \"70000\""),
    (["--kernel", "K", "--trace", "/nonexistent/x"], "--trace /nonexistent/x: "),
    (["--kernel", "K", "--symbols", "/etc/hostname"], "--symbols /etc/hostname: not a readable ELF"),
])
def test_bad_option_is_named(sim, cache_elf, args, says):
    says = says.replace("K:", cache_elf + ":") if args == ["K"] else says
    args = [cache_elf if a == "K" else a for a in args]
    r = subprocess.run([sim, *args], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    assert r.returncode == 2
    assert r.stderr.startswith("murphy-sim: " + says)
    assert r.stderr.count("\n") == 1


def test_help_has_examples(sim):
    r = subprocess.run([sim, "--help"], capture_output=True, text=True, timeout=300)
    assert r.returncode == 0 and "Examples:" in r.stdout and not r.stderr
    assert max(map(len, r.stdout.splitlines())) < 100


def test_help_names_every_option(sim):
    """What is parsed is in the help, and what is in the help is parsed."""
    parsed = set(re.findall(r'"(--[a-z-]+)"', open(os.path.join(TOP, "sim", "options.c")).read()))
    text = subprocess.run([sim, "--help"], capture_output=True, text=True, timeout=300).stdout
    assert set(re.findall(r"^  (--[a-z-]+)", text, re.M)) == parsed


def test_examples_of_the_help_are_accepted(sim, cache_elf):
    """Each is run with the image that is at hand, to its second instruction."""
    image = cache_elf.replace(".elf", ".bin")
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", cache_elf, image], check=True)
    text = subprocess.run([sim, "--help"], capture_output=True, text=True, timeout=300).stdout
    examples = re.findall(r"^  murphy-sim (.*?)(?: *#.*)?$", text, re.M)
    assert len(examples) >= 4
    for line in examples:
        at_hand = {"murphy.bin": image, "murphy.elf": cache_elf}
        args = [at_hand.get(os.path.basename(a), a) for a in shlex.split(line)]
        if "--gdb" in args:  # waits for a debugger: tests/sim/test_sim_gdb.py
            continue
        r = subprocess.run([sim, *args, "--max-insns", "2"], capture_output=True, text=True,
                           stdin=subprocess.DEVNULL, timeout=300)
        assert r.returncode == 124, r.stderr


def test_max_insns_ends_an_endless_image(sim, tmp_path):
    (tmp_path / "loop.bin").write_bytes(bytes.fromhex("feffffea"))
    r = subprocess.run([sim, "--kernel", tmp_path / "loop.bin", "--max-insns", "1000000"],
                       capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    assert r.returncode == 124
    assert "--max-insns was reached (pc 00010000, 1000000 instructions)" in r.stderr


def test_sleep_that_nothing_can_end_is_reported(sim, tmp_path):
    # mcr p15, 0, r0, c7, c0, 4; b .
    (tmp_path / "wfi.bin").write_bytes(bytes.fromhex("900f07ee" "feffffea"))
    r = subprocess.run([sim, "--kernel", tmp_path / "wfi.bin"], capture_output=True, text=True,
                       stdin=subprocess.DEVNULL, timeout=300)
    assert r.returncode == 1
    assert "waits for an interrupt that cannot come" in r.stderr


def test_image_whose_vectors_cannot_be_fetched_is_reported(sim, tmp_path):
    """The MMU goes on with an empty table at 1M: nothing is mapped, the vectors neither."""
    code = ["0136a0e3",  # mov r3, #0x100000
            "103f02ee",  # mcr p15, 0, r3, c2, c0, 0
            "101f11ee",  # mrc p15, 0, r1, c1, c0, 0
            "011081e3",  # orr r1, r1, #1
            "101f01ee"]  # mcr p15, 0, r1, c1, c0, 0
    (tmp_path / "dead.bin").write_bytes(bytes.fromhex("".join(code)))
    r = subprocess.run([sim, "--kernel", tmp_path / "dead.bin"], capture_output=True, text=True,
                       stdin=subprocess.DEVNULL, timeout=300)
    assert r.returncode == 1
    assert "the vector of a prefetch abort cannot be fetched: the image is lost (pc 0000000c," in r.stderr


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
    slow = re.sub(r"^check: .*\n", "", run_sim(elf, "--stats", "--check").stderr.decode(), flags=re.M)
    assert "stats cpu=arm926 insns=" in plain
    # as hunter mode does, which takes the full path at first
    assert plain.replace("findings=0", "") == slow.replace("findings=0", "")


def test_stats_count_icache_hits(sim, tmp_path):
    """A loop that goes from one line to the next and back, 100 times."""
    code = ["100f11ee",  # mrc p15, 0, r0, c1, c0, 0
            "010a80e3",  # orr r0, r0, #0x1000
            "100f01ee",  # mcr p15, 0, r0, c1, c0, 0
            "6410a0e3",  # mov r1, #100
            "010000ea",  # b 1f
            "0000a0e1" * 2,
            "0000a0e1",  # 1: nop, the first line's last word
            "011051e2",  # subs r1, r1, #1
            "fcffff1a",  # bne 1b
            "feffffea"]  # b .
    (tmp_path / "loop.bin").write_bytes(bytes.fromhex("".join(code)))
    r = subprocess.run([sim, "--kernel", tmp_path / "loop.bin", "--max-insns", "1000", "--stats"],
                       capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    n = {k: int(v) for k, v in re.findall(r" (loads|hits|misses)=(\d+)",
                                          re.search("stats icache=.*", r.stderr).group())}
    assert n["misses"] == 2 and n["loads"] == n["hits"] + 2
    assert 198 <= n["hits"] <= 200  # the first way in may be on the line already
