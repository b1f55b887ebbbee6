# SPDX-License-Identifier: MIT
"""tools/uart_boot against loaders that speak as raspbootin and minipush's do, over pseudo-terminals:
what is sent, and one clear line for each thing that goes wrong."""

import os
import random
import termios

import pytest

import loaders

SEED = int(os.environ["MURPHY_SEED"])


@pytest.fixture
def line():
    pty = loaders.Pty()
    yield pty
    pty.hang_up()


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "image.bin"
    path.write_bytes(random.Random(SEED).randbytes(10_000) + b"\x03\x03\x03")
    return path


def failed(run, words):
    status, _, err = run.end()
    assert status == 1, err
    assert err.splitlines()[-1] == f"uart_boot: {words}"
    assert "Traceback" not in err


def test_the_image_arrives_and_the_terminal_follows(line, image):
    run = loaders.Run(line.device, image, "--until", "echo ok")
    got = loaders.loader(line, greeting=b"\r\nRaspbootin V1.0\r\n\x03")
    assert got == [image.read_bytes()]
    run.type(b"help\n")
    assert line.read(5) == b"help\n"
    line.write(b"echo ok")
    line.write(b"\n")
    status, out, err = run.end()
    assert (status, out) == (0, "\nRaspbootin V1.0\nbooting...\necho ok\n")
    assert "[#" not in err  # no bar where nobody looks


def test_a_reset_gets_the_image_again_as_it_then_is(line, image):
    run = loaders.Run(line.device, image, "--until", "third")
    first = image.read_bytes()
    assert loaders.loader(line) == [first]
    image.write_bytes(b"changed")
    assert loaders.loader(line, images=2, words=b"") == [b"changed", b"changed"]
    line.write(b"third\n")
    assert run.end()[0] == 0


def test_a_loader_that_was_there_before(line, image):
    """It has asked more than once before anybody listened."""
    run = loaders.Run(line.device, image, "--until", "up")
    line.write(b"\x03\x03\x03\x03\x03\x03\x03")
    assert loaders.loader(line) == [image.read_bytes()]
    line.write(b"up\n")
    assert run.end()[0] == 0


def test_the_bar(line, image):
    terminal = loaders.Pty()
    run = loaders.Run(line.device, image, "--until", "booting", errors=terminal)
    loaders.loader(line)
    status, _, shown = run.end()
    terminal.hang_up()
    assert status == 0
    assert "\r[" + "." * 40 + "] 0 of 10003 bytes" in shown
    assert "\r[" + "#" * 20 + "." * 20 + "] 5120 of 10003 bytes" in shown
    assert "\r[" + "#" * 40 + "] 10003 of 10003 bytes\n" in shown


def test_too_long_for_the_loader(line, image):
    run = loaders.Run(line.device, image)
    server = loaders.InBackground(loaders.loader, line, most=10_002)
    failed(run, f"the loader does not take 10003 bytes (SE): {image} is too long for it")
    assert server.is_alive()  # it asks again, as raspbootin does


def test_no_loader(line, image):
    run = loaders.Run(line.device, image, "--wait", "1")
    line.write(b"U-Boot 2023.01\r\n\x03\x03 \x03\r\n")
    failed(run, "no loader has asked for an image in 1 s; is one on the board? Reset it now")


def test_a_loader_that_does_not_answer(line, image):
    run = loaders.Run(line.device, image, "--wait", "1")
    line.write(b"\x03\x03\x03")
    failed(run, "the loader asked for an image, but has not taken its length in 1 s")


def test_a_wrong_answer(line, image):
    run = loaders.Run(line.device, image)
    line.write(b"\x03\x03\x03")
    line.read(4)
    line.write(b"KO")
    failed(run, "the loader answered b'KO' to the length; OK or SE was to come")


def test_the_device_goes_away(line, image, tmp_path):
    run = loaders.Run(line.device, image)
    line.write(b"\x03\x03\x03")
    line.read(4)
    line.hang_up()
    failed(run, f"{run.process.args[3]} is gone")

    big = tmp_path / "big.bin"  # more than a pseudo-terminal holds: the end comes in the middle
    big.write_bytes(bytes(1 << 20))
    again = loaders.Pty()
    run = loaders.Run(again.device, big)
    again.write(b"\x03\x03\x03")
    again.read(4)
    again.write(b"OK")
    again.read(1000)
    again.hang_up()
    status, _, err = run.end()
    assert status == 1
    assert f"uart_boot: {run.process.args[3]} is gone after " in err and err.endswith(" of 1048576 bytes\n")


def test_the_text_does_not_come(line, image):
    run = loaders.Run(line.device, image, "--until", "status=", "--wait", "1")
    loaders.loader(line)
    failed(run, "the guest has not said 'status=' in 1 s")


@pytest.mark.parametrize("options, words", [
    (["--device", "/dev/no-such-tty"], "/dev/no-such-tty: No such file or directory"),
    (["--device", "/dev/null"], "/dev/null is no serial device"),
    (["--device", "tcp:127.0.0.1:x"], "tcp:127.0.0.1:x: tcp:HOST:PORT with a number, please"),
    (["--device", "tcp:127.0.0.1:1"], "tcp:127.0.0.1:1: Connection refused"),
    (["--device", "unix:/no/such"], "unix:/no/such: No such file or directory"),
    (["--baud", "12345"], "--baud 12345: no such rate; 115200 is what loaders have"),
])
def test_a_line_that_cannot_be_had(line, image, options, words):
    failed(loaders.Run(line.device, image, *options), words)


@pytest.mark.parametrize("name, words", [
    ("none.bin", "{}: No such file or directory"),
    ("empty.bin", "{}: 0 bytes; there must be some, and less than 4 GiB"),
])
def test_an_image_that_cannot_be_sent(line, tmp_path, name, words):
    path = tmp_path / name
    if name == "empty.bin":
        path.write_bytes(b"")
    failed(loaders.Run(line.device, path), words.format(path))


def test_a_persons_terminal(line, image):
    """Keys go through one by one, Ctrl-A X leaves, and the terminal is as before."""
    person = loaders.Pty()
    before = termios.tcgetattr(person.slave)
    run = loaders.Run(line.device, image, keys=person)
    loaders.loader(line)
    person.write(b"x\x03y")
    assert line.read(3) == b"x\x03y"
    person.write(b"\x01\x01z\x01x")
    status, out, err = run.end()
    assert status == 0, err
    assert "Ctrl-A X leaves" in err and out == "booting...\n"
    assert line.read(2) == b"\x01z"
    assert termios.tcgetattr(person.slave) == before
    person.hang_up()
