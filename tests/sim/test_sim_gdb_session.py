# SPDX-License-Identifier: MIT
"""A debugger's coming and going: the wait for it says so and can be left, and one that goes away
without a word leaves the machine standing for the next."""
import os
import re
import signal
import socket
import subprocess

import pytest

from test_sim_gdb import free_port
from test_sim_serial import connect
from test_sim_signals import OnTerminal


@pytest.fixture(scope="module")
def echo(guests):
    return guests.bare("echo", "irq.S", "echo.c")


def packet(s, text):
    s.sendall(b"$%s#%02x" % (text, sum(text) & 0xFF))


def answer(s):
    """The next packet, acknowledged."""
    got = b""
    while not (m := re.search(rb"\$([^#]*)#..", got)):
        more = s.recv(1000)
        assert more, got
        got += more
    s.sendall(b"+")
    return m[1]


def ask(s, text):
    packet(s, text)
    return answer(s)


def waits(t, port, leave=b"Ctrl-A X"):
    line = t.process.stderr.readline()
    assert re.fullmatch(rb"murphy-sim: --gdb: the machine stands at pc [0-9a-f]{8} and waits for a debugger: "
                        rb"target remote 127.0.0.1:%d \(%s leaves\)\n" % (port, leave), line), line


LEAVE = pytest.mark.parametrize("keys, status", [(b"\x01x", 0), (b"\x03", -signal.SIGINT), (b"abc\x01X", 0)])


@LEAVE
def test_wait_can_be_left(sim, echo, keys, status):
    port = free_port()
    with OnTerminal(sim, "--kernel", echo, "--gdb", str(port)) as t:
        waits(t, port)
        os.write(t.master, keys)
        t.ends(status)


@LEAVE
def test_standing_machine_can_be_left(sim, echo, keys, status):
    """The debugger is there, and asks nothing."""
    port = free_port()
    with OnTerminal(sim, "--kernel", echo, "--gdb", str(port)) as t:
        waits(t, port)
        with connect(port, t.process) as s:
            assert ask(s, b"?") == b"S05"
            os.write(t.master, keys)
            t.ends(status)


def test_running_machine_can_be_left(sim, echo):
    port = free_port()
    with OnTerminal(sim, "--kernel", echo, "--gdb", str(port)) as t:
        waits(t, port)
        os.write(t.master, b"k")  # kept for the image, which does not run yet
        with connect(port, t.process) as s:
            packet(s, b"c")
            assert t.process.stdout.readline() == b"ready\n"
            assert t.process.stdout.readline() == b"6b\n"
            os.write(t.master, b"\x03")  # while it runs, Ctrl-C is the image's
            assert t.process.stdout.readline() == b"03\n"
            os.write(t.master, b"\x01x")
            t.ends(0)


@pytest.mark.parametrize("running", [False, True])
@pytest.mark.parametrize("abrupt", [False, True])
def test_debugger_that_goes_away(sim, echo, running, abrupt):
    """In the middle of answers to it. The machine stands where it was, and the next one finds it."""
    port = free_port()
    p = subprocess.Popen([sim, "--kernel", echo, "--semihosting", "--gdb", str(port)], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        with connect(port, p) as s:
            assert ask(s, b"Z0,0,4") == b"OK"  # a breakpoint that must not outlive its debugger
            if running:
                packet(s, b"c")
                assert p.stdout.readline() == b"ready\n"
            else:
                for _ in range(2000):
                    packet(s, b"g")
            if abrupt:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        with connect(port, p) as s:
            assert ask(s, b"?") == b"S05"
            packet(s, b"c")
            if not running:
                assert p.stdout.readline() == b"ready\n"
            p.stdin.write(b"q")
            p.stdin.flush()
            assert answer(s) == b"W03"
        out, err = p.communicate(timeout=300)
    finally:
        p.kill()
    assert p.returncode == 3 and out == b"71\n"
    assert err.count(b"waits for a debugger: target remote 127.0.0.1:%d (Ctrl-C leaves)\n" % port) == 2


def test_sleeping_machine_can_be_interrupted(sim, echo):
    port = free_port()
    p = subprocess.Popen([sim, "--kernel", echo, "--semihosting", "--gdb", str(port)], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        with connect(port, p) as s:
            packet(s, b"c")
            assert p.stdout.readline() == b"ready\n"
            s.sendall(b"\x03")
            assert answer(s) == b"S05"
            packet(s, b"k")
            assert p.wait(300) == 0
    finally:
        p.kill()
        p.communicate()


def test_detached_machine_runs_to_its_end(sim, echo):
    port = free_port()
    p = subprocess.Popen([sim, "--kernel", echo, "--semihosting", "--gdb", str(port)], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        with connect(port, p) as s:
            assert ask(s, b"D") == b"OK"
        out, _ = p.communicate(b"q", timeout=300)
    finally:
        p.kill()
    assert p.returncode == 3 and out == b"ready\n71\n"


def test_input_at_its_end_does_not_end_a_debugged_run(sim, echo):
    port = free_port()
    p = subprocess.Popen([sim, "--kernel", echo, "--semihosting", "--gdb", str(port)], stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        with connect(port, p) as s:
            packet(s, b"c")
            assert p.stdout.readline() == b"ready\n"
            assert answer(s) == b"S05"  # it stands: only the debugger can get it out of its sleep
            assert ask(s, b"D") == b"OK"
        p.communicate(timeout=300)
    finally:
        p.kill()
    assert p.returncode == 123
