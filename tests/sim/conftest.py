# SPDX-License-Identifier: MIT
"""What the emulator's tests share: building it, building guests, running both emulators."""
import fcntl
import os
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, "..", ".."))
sys.path[:0] = [HERE, os.path.join(TOP, "tools")]

import emulators  # noqa: E402  (tools/ had to be found first)

BUILD = os.path.join(TOP, os.environ.get("MURPHY_BUILD", "build"))
# Seconds, far above any real run: it has to hold on a loaded machine, and only a hang meets it.
HUNG = 300
CROSS = os.environ.get("CROSS_COMPILE", "arm-none-eabi-")


def make(target):
    """One process at a time: each of pytest-xdist's has its own session."""
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, "tests.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # By the name that the top Makefile uses: dependencies are kept by name
        subprocess.run(["make", "-s", "-f", "sim/sim.mk", f"BUILD={os.path.relpath(BUILD, TOP)}", target],
                       cwd=TOP, check=True)


@pytest.fixture(scope="session")
def sim():
    """Path of murphy-sim."""
    make("sim")
    return os.path.join(BUILD, "murphy-sim")


@pytest.fixture(scope="session")
def sim_asan():
    """Path of murphy-sim under ASan and UBSan."""
    make("sim-asan")
    return os.path.join(BUILD, "murphy-sim-asan")


class Guests:
    def __init__(self, tmp):
        self.tmp = tmp

    def bare(self, name, *sources, defines=(), libs=(), start="start.S"):
        """A freestanding program at 1 MiB from files of guest/."""
        out = os.path.join(self.tmp, name + ".elf")
        files = [os.path.join(HERE, "guest", s) for s in ([start] if start else []) + list(sources)]
        cmd = [CROSS + "gcc", "-mcpu=arm926ej-s", "-marm", "-O2", "-g", "-ffreestanding", "-fno-builtin",
               "-Wall", "-Wno-main", "-nostartfiles", "--specs=nosys.specs", "-Wl,--no-warn-rwx-segments",
               "-Wl,-Ttext=0x100000", "-Wl,--section-start=.text.start=0x100000", "-Wl,-e,_start",
               "-o", out, *[f"-D{d}" for d in defines], *files, *libs]
        subprocess.run(cmd, check=True, capture_output=True)
        return out

    def newlib(self, name, source, *flags):
        """A hosted program with newlib's semihosting."""
        out = os.path.join(self.tmp, name + ".elf")
        subprocess.run([CROSS + "gcc", "-mcpu=arm926ej-s", "-O2", "--specs=rdimon.specs",
                        "-Wl,-Ttext=0x100000", *flags, "-o", out,
                        os.path.join(HERE, "guest", source), "-lm"], check=True, capture_output=True)
        return out


@pytest.fixture(scope="session")
def guests(tmp_path_factory):
    return Guests(str(tmp_path_factory.mktemp("guest")))


@pytest.fixture(scope="session")
def run_sim(sim):
    """run_sim(image, *options) -> CompletedProcess with bytes; stdin is empty."""
    def run(image, *options, timeout=HUNG, binary=sim):
        return subprocess.run([binary, "--kernel", image, "--semihosting", "--max-insns", "2000M", *options],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
    return run


@pytest.fixture(scope="session")
def qemu_command():
    """qemu_command(image, *options, board=...) -> the words that run it on that board in QEMU, with as much
    memory as murphy-sim gives it by itself."""
    def command(image, *options, board="versatilepb"):
        words = emulators.board_words(board, "BOARD_QEMU")
        if "-m" in words:
            words = emulators.with_memory(words, "-m", "128")
        return ["qemu-system-arm", *words, "-nographic", "-semihosting", "-kernel", image, *options]
    return command


@pytest.fixture(scope="session")
def run_qemu(qemu_command):
    """run_qemu(image, *options, board=...) -> CompletedProcess, on that board in QEMU."""
    def run(image, *options, board="versatilepb", timeout=HUNG):
        return subprocess.run(qemu_command(image, *options, board=board), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=timeout)
    return run
