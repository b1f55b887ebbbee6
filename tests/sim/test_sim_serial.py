# SPDX-License-Identifier: MIT
"""The serial line: keys on a terminal, TCP clients, a file."""
import os
import pty
import socket
import subprocess
import termios
import time

import pytest


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
        out, err = p.communicate(timeout=300)
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
        assert p.wait(300) == 0
    finally:
        p.kill()
    os.close(master)
    os.close(slave)


def connect(port, process):
    for _ in range(6000):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=300)
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
                               capture_output=True, text=True, timeout=300)
            assert r.returncode == 2 and "--serial tcp: port" in r.stderr and "in use" in r.stderr
            s.sendall(b"q")
            assert f.read() == b"71\n"
        out, err = p.communicate(timeout=300)
    finally:
        p.kill()
    assert (p.returncode, out) == (3, b"")
    assert err == b"murphy-sim: --serial tcp:%d: waiting for a client on 127.0.0.1\n" % port


def reset(s):
    """The client goes away at once, as if its process had been killed."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    s.close()


@pytest.mark.parametrize("leave", [socket.socket.close, reset])
def test_client_that_goes_away_may_come_again(sim, echo, leave):
    """The machine goes on, without taking a whole CPU of the host; no signal kills it."""
    p, s, port = start_tcp(sim, echo)
    try:
        s.sendall(b"a" * 200)
        leave(s)
        for _ in range(2):
            with connect(port, p) as s, s.makefile("rb") as f:
                s.sendall(b"z")
                while (line := f.readline()) == b"61\n":  # of the first client's, echoed to the next
                    pass
                assert line == b"7a\n"
        used = os.times().children_user
        time.sleep(1)
        with connect(port, p) as s:
            s.sendall(b"q")
            out, err = p.communicate(timeout=300)
    finally:
        p.kill()
    assert p.returncode == 3 and out == b""
    assert err.decode().count("the client went away; the next may come\n") == 3, err
    assert os.times().children_user - used < 0.5, "it sleeps while nobody is there"


def test_serial_to_a_file(run_sim, echo, tmp_path):
    r = run_sim(echo, "--serial", f"file:{tmp_path}/out")
    assert (tmp_path / "out").read_bytes() == b"ready\n"
    assert r.stdout == b"" and r.returncode == 123
    assert b"the input is at its end, and the image waits for more" in r.stderr


def test_key_that_nobody_takes_does_not_hide_the_leaving(sim, tmp_path):
    """Hundreds of keys to an image that never looks at its UART, then Ctrl-A X."""
    (tmp_path / "loop.bin").write_bytes(bytes.fromhex("feffffea"))
    master, slave = terminal()
    p = subprocess.Popen([sim, "--kernel", tmp_path / "loop.bin"], stdin=slave)
    try:
        for _ in range(10):
            os.write(master, b"k" * 60)
            time.sleep(0.05)
        os.write(master, b"\x01x")
        assert p.wait(300) == 0
    finally:
        p.kill()
    os.close(master)
    os.close(slave)
