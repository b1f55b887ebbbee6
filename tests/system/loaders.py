# SPDX-License-Identifier: MIT
"""The far ends of a serial line for tests: what answers tools/uart_boot, and what runs it."""

import os
import re
import select
import struct
import subprocess
import sys
import threading
import tty

import emulators

TOOL = os.path.join(emulators.TOP, "tools", "uart_boot")
PATIENCE = 120.0  # only a hang meets it


class Pty:
    """A pseudo-terminal: uart_boot has the device, a test plays the loader at this end."""

    def __init__(self, device=None):
        """device: the other end is already there, an emulator's; this one plays the host."""
        if device:
            self.fd, self.slave = os.open(device, os.O_RDWR | os.O_NOCTTY), -1
            tty.setraw(self.fd)
        else:
            self.fd, self.slave = os.openpty()
            tty.setraw(self.slave)
        self.device = device or os.ttyname(self.slave)

    def read(self, count):
        data = b""
        while len(data) < count:
            assert select.select([self.fd], [], [], PATIENCE)[0], f"only {data!r} of {count} bytes came"
            data += os.read(self.fd, count - len(data))
        return data

    def write(self, data):
        os.write(self.fd, data)

    def hang_up(self):
        for fd in (self.fd, self.slave):
            if fd >= 0:
                os.close(fd)
        self.fd = self.slave = -1


def loader(line, most=0x1000000, greeting=b"", images=1, words=b"booting...\r\n"):
    """As raspbootin's main.cc: asks once; a size that is too long gets SE and another request.
    Returns the images that it was sent."""
    got = []
    line.write(greeting)
    while len(got) < images:
        line.write(b"\x03\x03\x03")
        length = struct.unpack("<I", line.read(4))[0]
        if length > most:
            line.write(b"SE")
            continue
        line.write(b"OK")
        got.append(line.read(length))
        line.write(words)
    return got


def ask(read, write, length):
    """The beginning of raspbootcom.cc: three 03 in a row, the length, two bytes. Returns what the
    loader printed before, and the two."""
    text = b""
    while not text.endswith(b"\x03\x03\x03"):
        text += read(1)
    write(struct.pack("<I", length))
    first = read(1)
    while first == b"\x03":  # on a busy machine the loader has asked once more meanwhile
        first = read(1)
    return text[:-3], first + read(1)


class Run:
    """tools/uart_boot as a process; returns when it listens, or has ended. errors: where its own
    lines go (a Pty), else a pipe. keys: a Pty to type at, else a pipe."""

    def __init__(self, device, image, *options, errors=None, keys=None):
        self.err, self.listens = b"", threading.Event()
        inner = errors.slave if errors else subprocess.PIPE
        self.process = subprocess.Popen([sys.executable, TOOL, "--device", device, *options, str(image)],
                                        stdin=keys.slave if keys else subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=inner)
        self.reader = threading.Thread(target=self._read, daemon=True,
                                       args=(errors.fd if errors else self.process.stderr.fileno(),))
        self.reader.start()
        assert self.listens.wait(PATIENCE), "uart_boot says nothing"

    def _read(self, fd):
        while select.select([fd], [], [], 0.05)[0] or self.process.poll() is None:
            chunk = os.read(fd, 4096) if select.select([fd], [], [], 0)[0] else b""
            self.err += chunk
            if b"for a loader; Ctrl-C leaves" in self.err:
                self.listens.set()
            if not chunk and self.process.poll() is not None:
                break
        self.listens.set()

    def type(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def end(self):
        """(exit status, what the guest said, uart_boot's own lines)"""
        try:
            if self.process.stdin:
                self.process.stdin.close()
            out = InBackground(self.process.stdout.read).result()
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
        self.reader.join(PATIENCE)
        return self.process.returncode, out.decode("latin1").replace("\r", ""), self.err.decode()


class InBackground(threading.Thread):
    """Calls a function meanwhile; result() waits, and raises what it raised."""

    def __init__(self, function, *arguments, **named):
        super().__init__(daemon=True)
        self.call, self.value, self.error = (function, arguments, named), None, None
        self.start()

    def run(self):
        function, arguments, named = self.call
        try:
            self.value = function(*arguments, **named)
        except BaseException as e:  # pylint: disable=broad-except
            self.error = e

    def result(self):
        self.join(PATIENCE)
        assert not self.is_alive(), "the other end hangs"
        if self.error:
            raise self.error
        return self.value


class Board:
    """An emulator that runs an image with its serial line at a device for uart_boot."""

    def __init__(self, kernel, append, emu, tmp_path, board="versatilepb"):
        emulator = emulators.emulator(emu, board)
        command = emulator.command(kernel, append)
        at = command.index("-serial" if emu == "qemu" else "--serial") + 1
        self.log = tmp_path / f"{emu}.log"
        command[at] = "pty" if emu == "qemu" else f"tcp:{free_port()}"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=emulator.environment())
        if emu == "qemu":
            self.device = self.said(r"redirected to (/dev/pts/\d+)")[1]
        else:
            self.device = "tcp:127.0.0.1:" + self.said(r"tcp:(\d+): waiting for a client")[1]

    def said(self, pattern):
        for _ in range(int(PATIENCE * 20)):
            match = re.search(pattern, self.log.read_text(errors="replace"))
            if match:
                return match
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            select.select([], [], [], 0.05)
        raise AssertionError(f"'{pattern}' is not in: {self.log.read_text(errors='replace')}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
