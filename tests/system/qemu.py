# SPDX-License-Identifier: MIT
"""Boots an image in an emulator, talks to it over its UART, and judges how it ended.

boot() is for a run that ends by itself; Console is for a dialogue with the monitor. A run
that does not end in time is asked for its PC before it is killed: the failure names the
function it hangs in.
"""

import dataclasses
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import emulators
from symbols import Symbols

# Far above any real run: it has to hold on a loaded machine, and only a hang meets it.
TIMEOUT = float(os.environ.get("TEST_TIMEOUT", "300"))
QMP_TIMEOUT = 60.0
LAST_LINES = 20


class Hang(AssertionError):
    """The guest gave no verdict (or not the expected text) in time."""


class Ended(AssertionError):
    """The guest ended before it had said what was expected."""


@dataclasses.dataclass
class Result:
    exit: int
    out: str  # what the guest sent to its UART
    err: str  # what the emulator itself had to say
    verdicts: list  # each "verdict k=v ..." line as a dict
    lost: list  # each "lost k=v ..." line as a dict
    seconds: float

    @property
    def verdict(self):
        """The verdict of a run that has exactly one."""
        assert len(self.verdicts) == 1, f"{len(self.verdicts)} verdicts, expected 1:\n{self.out}"
        return self.verdicts[0]


def parse_lines(out, kind):
    """The lines "KIND key=value ..." of out as dicts; every word must be key=value (a value with
    spaces in double quotes)."""
    found = []
    for line in out.splitlines():
        if line.split(maxsplit=1)[:1] != [kind]:
            continue
        words = shlex.split(line)
        fields = {}
        for word in words[1:]:
            key, equals, value = word.partition("=")
            assert equals and key, f"'{word}' is not key=value in this line: {line}"
            assert key not in fields, f"'{key}' is twice in this line: {line}"
            fields[key] = value
        found.append(fields)
    return found


def last_lines(title, out):
    lines = out.splitlines()[-LAST_LINES:]
    return "\n".join([title + ":"] + ["  " + line for line in lines]) if lines else ""


class Qmp:
    """QEMU's control socket: only what is needed to look at a guest's registers."""

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(QMP_TIMEOUT)
        self._connect(path)
        self.stream = self.sock.makefile("r", encoding="utf-8")
        self.stream.readline()  # the greeting
        self.execute("qmp_capabilities")

    def _connect(self, path):
        """On a busy machine QEMU may not have come so far as to make its socket."""
        end = time.monotonic() + QMP_TIMEOUT
        while True:
            try:
                return self.sock.connect(path)
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def execute(self, command, **arguments):
        self.sock.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        while line := self.stream.readline():
            answer = json.loads(line)
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise OSError(answer["error"].get("desc", str(answer)))
        raise OSError("QEMU has closed its control socket")

    def pcs(self):
        """PC of each CPU."""
        text = self.execute("human-monitor-command", **{"command-line": "info registers -a"})
        return [int(pc, 16) for pc in re.findall(r"\bR15=([0-9a-f]{8})", text)]


class Console:
    """A running guest. Use as a context manager: leaving it kills the emulator."""

    def __init__(self, append="", *, timeout=None, extra=(), icount=False, mem=None, kernel=None,
                 board="versatilepb", emu=None, symbols=None):
        self.kernel = str(kernel) if kernel else emulators.image("bin", board)
        self.symbols = str(symbols) if symbols else self.kernel
        self.timeout = TIMEOUT if timeout is None else timeout
        self.where = tempfile.mkdtemp(prefix="murphy-")  # short: a socket's path has 107 bytes
        self.emulator = emulators.emulator(emu, board)
        self.qmp = os.path.join(self.where, "qmp") if self.emulator.can_qmp else None
        self.text = ""
        self.at = 0  # how far expect() has read
        self.ended = False
        self.news = threading.Condition()
        self.started = time.monotonic()
        command = self.emulator.command(self.kernel, append, mem=mem, icount=icount, extra=extra,
                                        qmp=self.qmp)
        # Apart from the guest's words: an emulator may warn of sound modules and the like.
        with open(os.path.join(self.where, "stderr"), "wb") as stderr:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=stderr,
                                            stdout=subprocess.PIPE,
                                            env=self.emulator.environment())
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # bytes the guest never read
        shutil.rmtree(self.where, ignore_errors=True)

    def _read(self):
        while chunk := os.read(self.process.stdout.fileno(), 65536):
            with self.news:
                self.text += chunk.decode("utf-8", "replace").replace("\r", "")
                self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def err(self):
        with open(os.path.join(self.where, "stderr"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def _said(self):
        """The last lines of guest and emulator, for a failure's message."""
        said = last_lines("Last lines", self.text) or "No output."
        return said + last_lines("\nThe emulator's own", self.err())

    def send(self, text):
        """Types text at the guest's UART."""
        try:
            self.process.stdin.write(text.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Ended(f"the guest ended before it could be sent {text!r}\n"
                        + self._said()) from None

    def expect(self, pattern, timeout=None):
        """Waits for a regular expression after what was last expected; returns the match."""
        seconds = self.timeout if timeout is None else timeout
        end = time.monotonic() + seconds
        regex = re.compile(pattern, re.MULTILINE)
        with self.news:
            while not (match := regex.search(self.text, self.at)):
                if self.ended:
                    raise Ended(f"the guest ended (exit {self.process.wait()}) before it said "
                                f"'{pattern}'\n{self._said()}")
                if not self.news.wait(end - time.monotonic()):
                    raise self._hang(f"no '{pattern}' in {seconds:g} s")
            self.at = match.end()
        return match

    def wait(self, timeout=None):
        """Waits for the guest's end and returns the Result."""
        seconds = self.timeout if timeout is None else timeout
        end = self.started + seconds
        with self.news:
            while not self.ended:
                if not self.news.wait(max(0, end - time.monotonic())):
                    raise self._hang(f"no verdict in {seconds:g} s")
        code = self.process.wait()
        return Result(code, self.text, self.err(), parse_lines(self.text, "verdict"),
                      parse_lines(self.text, "lost"), time.monotonic() - self.started)

    def _hang(self, what):
        return Hang(f"{what}: hung at {self._place()}\n{self._said()}")

    def _place(self):
        if not self.qmp:
            return f"an unknown PC ({self.emulator.name} cannot be asked for it)"
        try:
            pcs = Qmp(self.qmp).pcs()
        except (OSError, ValueError) as e:
            return f"an unknown PC ({self.emulator.name} itself does not answer: {e})"
        try:
            symbols = Symbols(self.symbols)
        except (OSError, subprocess.CalledProcessError):
            symbols = None
        names = []
        for pc in pcs:
            function = symbols.function(pc) if symbols else None
            names.append(f"PC={pc:#010x} ({function or 'no function known there'})")
        return ", ".join(names)


def boot(append="", timeout=None, extra=(), icount=False, stdin=None, mem=None, kernel=None,
         board="versatilepb", emu=None):
    """Runs the image to its end by semihosting and returns the Result.

    stdin: text typed at the UART from the start. timeout: seconds before the run counts as
    hung. A given append that has no exit= is given exit=semihost.
    """
    if "exit=" not in append:
        append = f"{append} exit=semihost".strip()
    with Console(append, timeout=timeout, extra=extra, icount=icount, mem=mem, kernel=kernel,
                 board=board, emu=emu) as console:
        if stdin:
            console.send(stdin)
        return console.wait()
