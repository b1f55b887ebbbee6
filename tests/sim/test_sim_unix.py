# SPDX-License-Identifier: MIT
"""--gdb unix:PATH: a socket of the file system, which two do not share by chance."""
import socket
import subprocess

import pytest


@pytest.fixture(scope="module")
def echo(guests):
    return guests.bare("echo", "irq.S", "echo.c")


def waiting(sim, echo, path):
    p = subprocess.Popen([sim, "--kernel", echo, "--semihosting", "--gdb", f"unix:{path}"],
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    line = p.stderr.readline()
    assert f"target remote {path} (" in line, line
    return p


def kill_by_debugger(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(str(path))
        s.sendall(b"$?#3f$k#6b")
        said = b""
        while not said.endswith(b"$S05#b8+"):  # the last +: the k has come
            more = s.recv(100)
            assert more, said
            said += more


def test_a_debugger_comes_and_the_socket_goes(sim, echo, tmp_path):
    path = tmp_path / "gdb"
    p = waiting(sim, echo, path)
    kill_by_debugger(path)
    assert p.wait(timeout=20) == 0 and not path.exists()
    p.stderr.close()


def test_a_dead_socket_is_replaced(sim, echo, tmp_path):
    path = tmp_path / "gdb"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    p = waiting(sim, echo, path)
    kill_by_debugger(path)
    assert p.wait(timeout=20) == 0
    p.stderr.close()


@pytest.mark.parametrize("path, says", [
    ("", "the path must have 1 to 107 letters"), ("x" * 108, "the path must have 1 to 107 letters"),
    ("/nowhere/at/all", "No such file or directory")])
def test_paths_that_cannot_be(run_sim, echo, path, says):
    r = run_sim(echo, "--gdb", f"unix:{path}")
    assert r.returncode == 2 and says in r.stderr.decode()


def test_what_is_in_use_is_left_alone(run_sim, echo, tmp_path):
    path = tmp_path / "gdb"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen(1)
        r = run_sim(echo, "--gdb", f"unix:{path}")
        assert r.returncode == 2 and "Address already in use" in r.stderr.decode()
    (tmp_path / "file").write_text("kept")
    r = run_sim(echo, "--gdb", f"unix:{tmp_path}/file")
    assert r.returncode == 2 and (tmp_path / "file").read_text() == "kept"
