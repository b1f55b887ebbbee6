# SPDX-License-Identifier: MIT
"""Signals end a run as a shell expects, with the terminal and the outputs in order."""
import os
import signal
import subprocess
import termios

import pytest

from test_sim_gdb import free_port
from test_sim_serial import terminal

ENDS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]


@pytest.fixture(scope="module")
def echo(guests):
    return guests.bare("echo", "irq.S", "echo.c")


@pytest.fixture
def loop(tmp_path):
    (tmp_path / "loop.bin").write_bytes(bytes.fromhex("feffffea"))
    return tmp_path / "loop.bin"


class OnTerminal:
    """murphy-sim with a terminal as its stdin."""

    def __init__(self, *command, **more):
        self.master, self.slave = terminal()
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(command, stdin=self.slave, stderr=subprocess.PIPE,
                                        **{"stdout": subprocess.PIPE, **more})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        os.close(self.master)
        os.close(self.slave)

    def wait_until_raw(self):
        while termios.tcgetattr(self.slave) == self.before:
            assert self.process.poll() is None, self.process.stderr.read()

    def ends(self, status):
        self.process.wait(300)
        assert self.process.returncode == status, self.process.stderr.read()
        assert termios.tcgetattr(self.slave) == self.before, "the terminal is left as it was"


@pytest.mark.parametrize("sig", ENDS)
def test_sleeping_image(sim, echo, sig):
    with OnTerminal(sim, "--kernel", echo) as t:
        assert t.process.stdout.readline() == b"ready\n"
        assert termios.tcgetattr(t.slave) != t.before
        t.process.send_signal(sig)
        t.ends(-sig)


@pytest.mark.parametrize("sig", ENDS)
def test_busy_image(sim, loop, sig):
    with OnTerminal(sim, "--kernel", loop) as t:
        t.wait_until_raw()
        t.process.send_signal(sig)
        t.ends(-sig)


def test_image_that_reads_by_semihosting(sim, guests):
    """newlib's getchar(): the emulator itself waits for stdin."""
    with OnTerminal(sim, "--kernel", guests.newlib("reads", "semihost.c"), "--semihosting",
                    "--append", "read") as t:
        assert t.process.stdout.readline().startswith(b"argv[0] ")
        while t.process.stdout.readline() != b"reading\n":
            pass
        t.process.send_signal(signal.SIGTERM)
        t.ends(-signal.SIGTERM)


@pytest.mark.parametrize("option, where", [("--gdb", "%d"), ("--serial", "tcp:%d")])
def test_while_nobody_has_come(sim, echo, option, where):
    p = subprocess.Popen([sim, "--kernel", echo, option, where % free_port()], stdin=subprocess.DEVNULL,
                         stderr=subprocess.PIPE)
    assert b"127.0.0.1" in p.stderr.readline()
    p.send_signal(signal.SIGTERM)
    try:
        assert p.wait(300) == -signal.SIGTERM
    finally:
        p.kill()
        p.stderr.close()


def test_trace_and_statistics_are_whole(sim, loop, tmp_path):
    p = subprocess.Popen([sim, "--kernel", loop, "--trace", tmp_path / "trace", "--stats"],
                         stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while not os.path.exists(tmp_path / "trace") or os.path.getsize(tmp_path / "trace") < 100000:
        assert p.poll() is None
    p.terminate()
    _, err = p.communicate(timeout=300)
    assert p.returncode == -signal.SIGTERM
    lines = (tmp_path / "trace").read_bytes().split(b"\n")
    assert lines.pop() == b"" and all(b" cpsr=" in line for line in lines)
    assert f"stats cpu=arm926 insns={len(lines)} " in err


def test_signal_that_was_ignored_stays_ignored(sim, echo):
    """As under nohup."""
    with OnTerminal(sim, "--kernel", echo, "--semihosting",
                    preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as t:
        assert t.process.stdout.readline() == b"ready\n"
        t.process.send_signal(signal.SIGHUP)
        os.write(t.master, b"aq")
        assert t.process.stdout.readline() == b"61\n"
        t.ends(3)


def test_reader_of_the_output_goes_away(sim, echo):
    """murphy-sim | head -1: the status of any filter, and the terminal in order."""
    r, w = os.pipe()
    with OnTerminal(sim, "--kernel", echo, stdout=w) as t:
        os.close(w)
        assert os.read(r, 6) == b"ready\n"
        os.close(r)
        os.write(t.master, b"a")
        t.ends(-signal.SIGPIPE)
        assert t.process.stderr.read() == b""
