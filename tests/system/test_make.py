# SPDX-License-Identifier: MIT
"""What `make demo`, `make qemu`, `make qemu-gdb` and `make gdb` do, by their own command lines."""

import os
import pty
import re
import shutil
import subprocess

import pytest

import emulators
import qemu

pytestmark = pytest.mark.skipif("MURPHY_BUILD" in os.environ, reason="make's own build is elsewhere")
GDB = next((g for g in ("gdb-multiarch", "arm-none-eabi-gdb") if shutil.which(g)), None)
needs_gdb = pytest.mark.skipif(not GDB, reason="no gdb for ARM here: 'tools/setup gdb'")


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A build of this tree's that nobody else uses: with its own sockets, and free to change."""
    where = tmp_path_factory.mktemp("make") / "b"
    shutil.copytree(os.path.join(emulators.TOP, "build"), where, symlinks=True,
                    ignore=shutil.ignore_patterns("unit*", "sim-asan*", "murphy-sim-asan", "gdb.*"))
    return where


def command(build, *words):
    return ["make", "-C", emulators.TOP, "--no-print-directory", f"BUILD={build}", *words]


# Not the settings of the make that runs the tests.
ENVIRONMENT = {key: value for key, value in os.environ.items()
               if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKE_TERMOUT", "MAKE_TERMERR", "EMU", "ARGS")}


def make(build, *words, stdin="", **how):
    return subprocess.run(command(build, *words), input=stdin, capture_output=True, text=True,
                          timeout=10 * qemu.TIMEOUT, env=ENVIRONMENT, **how)


def verdict(done):
    assert done.returncode in (0, 1), done.stderr
    return qemu.parse_lines(done.stdout, "verdict")[-1]


def test_a_seed_is_a_run(build):
    """preempt=irq: the interrupt comes at the same instruction of the loop, however busy the host is."""
    words = ["qemu", "ARGS=exhibit=kmap-race fix=none preempt=irq runs=50 pkmap=8 seed=7 exit=semihost"]
    first, second = (verdict(make(build, *words)) for _ in range(2))
    assert first == second
    assert 0 < int(first["bad"]) and first["runs"] == "50"
    assert verdict(make(build, words[0], words[1].replace("seed=7", "seed=8")))["lost_lines"] != first["lost_lines"]


def test_what_counts_instructions(build):
    """Runs do; the monitor and ICOUNT=off live in real time."""
    def line(*words):
        return make(build, "-n", *words).stdout
    counted = "-icount shift=0,sleep=off"
    assert counted in line("demo") and counted in line("qemu", "ARGS=selftest=pkmap")
    for real in (["qemu"], ["qemu", "ARGS=fix=pin"], ["qemu", "ARGS=exhibit=off"], ["demo", "ICOUNT=off"]):
        assert "-icount" not in line(*real)
    assert "-icount" not in line("demo", "EMU=sim")
    assert "ICOUNT=maybe: no such choice; valid: on off" in make(build, "ICOUNT=maybe", "qemu").stderr


def test_another_core_in_the_board(build):
    """CPU= builds beside the board's own image, and the emulators are told."""
    def said(*words):
        return make(build, "-n", *words).stdout.splitlines()[-1]
    assert "-cpu arm1176 " in said("CPU=arm1176jzf-s", "qemu")
    assert "--cpu arm1136 " in said("CPU=arm1136jf-s", "EMU=sim", "qemu")
    assert f"{build}/versatilepb-arm1176jzf-s/murphy.bin" in said("CPU=arm1176jzf-s", "qemu")
    own = said("CPU=arm926ej-s", "qemu")
    assert f"{build}/versatilepb/murphy.bin" in own and "-cpu" not in own
    refused = make(build, "CPU=arm7tdmi", "qemu")
    assert refused.returncode == 2 and re.search(
        r"CPU=arm7tdmi: no such core; valid: .*arm926ej-s", refused.stderr), refused.stderr


def test_the_demo_builds_in_one_line(build):
    done = make(build, "-W", "lib/exit.c", "-W", "lib/running.c", "demo", "ARGS=help")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()[:2]
    assert first == "building (V=1 shows what)" and second.startswith("parameter ")


def test_colour_is_a_terminals(build):
    ours, makes = pty.openpty()
    shown = b""
    with subprocess.Popen(command(build, "qemu", "ARGS=help"), stdin=subprocess.DEVNULL, stdout=makes,
                          env=ENVIRONMENT) as process:
        os.close(makes)
        try:
            while chunk := os.read(ours, 65536):
                shown += chunk
        except OSError:
            pass  # the other end is closed
    os.close(ours)
    assert process.returncode == 0
    on, off = (next(line.split()[1] for line in text.splitlines() if line.startswith("color "))
               for text in (shown.decode(), make(build, "qemu", "ARGS=help").stdout))
    assert (on, off) == ("on", "off")


@needs_gdb
def test_gdb_says_that_nothing_waits(build):
    done = make(build, "-s", "gdb")
    assert done.returncode != 0
    assert done.stdout.splitlines() == ["gdb: nothing waits here; start 'make qemu-gdb' in another terminal first"]


@needs_gdb
@pytest.mark.parametrize("emu, lines", [("qemu", "0 of 512 lines valid, 0 dirty"), ("sim", "vivt,16k,4way,32b: ")])
def test_gdb_stops_at_kmain(build, emu, lines):
    """And sees the cache that holds the data: the model's, or the emulated core's."""
    waiting = subprocess.Popen(command(build, "qemu-gdb", f"EMU={emu}"), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT)
    try:
        assert waiting.stdout.readline() == "waiting for 'make gdb' in another terminal\n"
        second = make(build, "qemu-gdb", f"EMU={emu}")
        assert second.returncode != 0 and "qemu-gdb: one is running in this tree already" in second.stdout
        done = make(build, "gdb", stdin="info registers pc\ntbreak actions_run\ncontinue\ncachelines\nkill\n")
        out = done.stdout + done.stderr  # where gdb puts what the stub says
        assert "kmain () at boot/kmain.c:" in out and "<kmain>" in out
        assert "Murphy's own: pkmap, cachelines" in out
        assert "actions_run () at boot/" in out
        assert lines in out, out[-3000:]
        waiting.wait(timeout=60)
    finally:
        waiting.kill()
        waiting.wait()
        waiting.stdout.close()
