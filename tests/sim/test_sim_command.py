# SPDX-License-Identifier: MIT
"""The command line, the loaders, repeatability, counters."""
import os
import pty
import re
import shlex
import socket
import subprocess
import termios
import time

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
    r = subprocess.run([sim, *args], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=10)
    assert r.returncode == 2
    assert r.stderr.startswith("murphy-sim: " + says)
    assert r.stderr.count("\n") == 1


def test_help_has_examples(sim):
    r = subprocess.run([sim, "--help"], capture_output=True, text=True, timeout=10)
    assert r.returncode == 0 and "Examples:" in r.stdout and not r.stderr
    assert max(map(len, r.stdout.splitlines())) < 100


def test_help_names_every_option(sim):
    """What is parsed is in the help, and what is in the help is parsed."""
    parsed = set(re.findall(r'"(--[a-z-]+)"', open(os.path.join(TOP, "sim", "options.c")).read()))
    text = subprocess.run([sim, "--help"], capture_output=True, text=True, timeout=10).stdout
    assert set(re.findall(r"^  (--[a-z-]+)", text, re.M)) == parsed


def test_examples_of_the_help_are_accepted(sim, cache_elf):
    """Each is run with the image that is at hand, to its second instruction."""
    text = subprocess.run([sim, "--help"], capture_output=True, text=True, timeout=10).stdout
    examples = re.findall(r"^  murphy-sim (.*?)(?: *#.*)?$", text, re.M)
    assert len(examples) >= 4
    for line in examples:
        args = [cache_elf if re.search(r"murphy\.(bin|elf)$", a) else a for a in shlex.split(line)]
        if "--gdb" in args:  # waits for a debugger: tests/sim/test_sim_gdb.py
            continue
        r = subprocess.run([sim, *args, "--max-insns", "2"], capture_output=True, text=True,
                           stdin=subprocess.DEVNULL, timeout=10)
        assert r.returncode == 124, r.stderr


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


def test_image_whose_vectors_cannot_be_fetched_is_reported(sim, tmp_path):
    """The MMU goes on with an empty table at 1M: nothing is mapped, the vectors neither."""
    code = ["0136a0e3",  # mov r3, #0x100000
            "103f02ee",  # mcr p15, 0, r3, c2, c0, 0
            "101f11ee",  # mrc p15, 0, r1, c1, c0, 0
            "011081e3",  # orr r1, r1, #1
            "101f01ee"]  # mcr p15, 0, r1, c1, c0, 0
    (tmp_path / "dead.bin").write_bytes(bytes.fromhex("".join(code)))
    r = subprocess.run([sim, "--kernel", tmp_path / "dead.bin"], capture_output=True, text=True,
                       stdin=subprocess.DEVNULL, timeout=20)
    assert r.returncode == 1
    assert "the vector of a prefetch abort cannot be fetched: the image is lost (pc 0000000c," in r.stderr


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


@pytest.fixture(scope="module")
def echo(guests):
    """Prints "ready" to the UART, then each byte it gets in hex; "q" ends it with status 3."""
    return guests.bare("echo", "irq.S", "echo.c")


def terminal():
    """A pseudo-terminal, (master, slave)."""
    try:
        return pty.openpty()
    except OSError as e:  # a container without /dev/pts
        pytest.skip(f"no pseudo-terminals here: {e}")


@pytest.mark.parametrize("keys, shown, status", [
    (b"\x01x", "", 0),                # Ctrl-A X leaves
    (b"\x01Xq", "", 0),               # what comes after it is not read
    (b"\x01\x01q", "01 71", 3),       # Ctrl-A Ctrl-A is one Ctrl-A
    (b"\x01cq", "71", 3),             # any other key after it is dropped
    (b"\x03q", "03 71", 3),           # Ctrl-C belongs to the image
])
def test_keys_on_a_terminal(sim, echo, keys, shown, status):
    master, slave = terminal()
    before = termios.tcgetattr(slave)
    p = subprocess.Popen([sim, "--kernel", echo, "--semihosting"], stdin=slave, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    try:
        assert p.stdout.readline() == b"ready\n"
        os.write(master, b"a")
        assert p.stdout.readline() == b"61\n"
        os.write(master, keys)
        out, err = p.communicate(timeout=20)
    finally:
        p.kill()
    assert (p.returncode, out.decode().split(), err) == (status, shown.split(), b"")
    assert termios.tcgetattr(slave) == before, "the terminal is left as it was"
    os.close(master)
    os.close(slave)


def test_leaving_a_busy_image(sim, tmp_path):
    """An image that never looks at its UART, and masks everything."""
    (tmp_path / "loop.bin").write_bytes(bytes.fromhex("feffffea"))
    master, slave = terminal()
    p = subprocess.Popen([sim, "--kernel", tmp_path / "loop.bin"], stdin=slave)
    try:
        time.sleep(0.3)
        os.write(master, b"\x01x")
        assert p.wait(10) == 0
    finally:
        p.kill()
    os.close(master)
    os.close(slave)


def connect(port, process):
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
    raise AssertionError("nobody listens")


def start_tcp(sim, echo):
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    p = subprocess.Popen([sim, "--kernel", echo, "--semihosting", "--serial", f"tcp:{port}"],
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return p, connect(port, p), port


def test_serial_over_tcp(sim, echo):
    p, s, port = start_tcp(sim, echo)
    try:
        with s, s.makefile("rb") as f:
            assert f.readline() == b"ready\n"
            s.sendall(b"\x01x")  # not a terminal: both bytes are the image's
            assert [f.readline(), f.readline()] == [b"01\n", b"78\n"]
            r = subprocess.run([sim, "--kernel", echo, "--serial", "tcp:%d" % s.getsockname()[1]],
                               capture_output=True, text=True, timeout=10)
            assert r.returncode == 2 and "--serial tcp: port" in r.stderr and "in use" in r.stderr
            s.sendall(b"q")
            assert f.read() == b"71\n"
        out, err = p.communicate(timeout=20)
    finally:
        p.kill()
    assert (p.returncode, out, err) == (3, b"", b"")


def test_client_that_goes_away(sim, echo):
    """The image gets no more input, and ends as it likes; no signal kills the emulator."""
    p, s, _ = start_tcp(sim, echo)
    try:
        s.sendall(b"a" * 200 + b"q")
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.close()
        out, err = p.communicate(timeout=20)
    finally:
        p.kill()
    assert p.returncode in (1, 3), err  # 1: sleeps for a byte that cannot come


def test_serial_to_a_file(run_sim, echo, tmp_path):
    r = run_sim(echo, "--serial", f"file:{tmp_path}/out")
    assert (tmp_path / "out").read_bytes() == b"ready\n"
    assert r.stdout == b"" and r.returncode == 1
    assert b"waits for an interrupt that cannot come" in r.stderr
