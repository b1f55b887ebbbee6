# SPDX-License-Identifier: MIT
"""The emulators that can run the image, each as a command line with the same meaning."""

import os
import re
import shlex
import shutil

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def board_words(board, variable):
    """The words of a variable of boards/BOARD/board.mk: how the emulators run that board."""
    with open(os.path.join(TOP, "boards", board, "board.mk"), encoding="utf-8") as f:
        found = re.search(rf"(?m)^{variable}\s*:=(.*)$", f.read())
    if not found:
        raise ValueError(f"boards/{board}/board.mk has no {variable}")
    return shlex.split(found[1])


def with_memory(words, option, text):
    """The words with another amount of memory, if text is given."""
    if text is None:
        return words
    if option not in words:
        raise ValueError(f"this board's memory cannot be chosen: {' '.join(words)}")
    at = words.index(option)
    return words[:at + 1] + [text] + words[at + 2:]


class Qemu:
    """Stock QEMU. The UART is on standard input and output."""

    name = "qemu"
    can_qmp = True  # a control socket, through which a hung guest can be asked for its PC

    def __init__(self, board="versatilepb"):
        self.board = board
        self.program = os.environ.get("QEMU", "qemu-system-arm")

    def environment(self):
        return dict(os.environ, QEMU_AUDIO_DRV="none")

    def command(self, kernel, append="", mem=None, icount=False, extra=(), qmp=None, gdb=None):
        """mem: MiB, else the board's. qmp, gdb: paths of unix sockets to offer; with gdb the CPU
        waits for the debugger."""
        if not shutil.which(self.program):
            raise FileNotFoundError(f"{self.program} is not there: 'tools/setup qemu' installs it")
        # -display none and not -nographic: that one would put QEMU's own monitor on the
        # UART's standard input, where ctrl-A bytes of a test would reach it.
        cmd = [self.program,
               *with_memory(board_words(self.board, "BOARD_QEMU"), "-m", mem and str(mem)),
               "-display", "none", "-monitor", "none", "-parallel", "none", "-serial", "stdio",
               "-no-reboot", "-semihosting-config", "enable=on,target=native"]
        if icount:
            # sleep=off: virtual time never waits for the host, so two runs are identical.
            cmd += ["-icount", "shift=0,sleep=off"]
        if qmp:
            cmd += ["-qmp", f"unix:{qmp},server=on,wait=off"]
        if gdb:
            cmd += ["-S", "-gdb", f"unix:{gdb},server=on,wait=off"]
        cmd += ["-kernel", str(kernel)]
        if append:
            cmd += ["-append", append]
        return cmd + [str(word) for word in extra]


class Sim:
    """murphy-sim: the board emulator whose caches hold data."""

    name = "sim"
    can_qmp = False

    def __init__(self, board="versatilepb"):
        self.board = board
        self.program = os.path.join(TOP, "build", "murphy-sim")

    def environment(self):
        return dict(os.environ)

    def command(self, kernel, append="", mem=None, icount=False, extra=(), qmp=None, gdb=None):
        """icount: nothing to ask for, time is always counted in instructions."""
        if not os.path.exists(self.program):
            raise FileNotFoundError(f"{self.program} is not there: 'make sim' builds it")
        if qmp:
            raise ValueError("murphy-sim has no QMP")
        cmd = [self.program,
               *with_memory(board_words(self.board, "BOARD_SIM"), "--mem", mem and f"{mem}M"),
               "--serial", "stdio", "--semihosting", "--kernel", str(kernel)]
        if gdb:
            cmd += ["--gdb", f"unix:{gdb}"]
        if append:
            cmd += ["--append", append]
        return cmd + [str(word) for word in extra]


EMULATORS = {"qemu": Qemu, "sim": Sim}


def emulator(name=None, board="versatilepb"):
    """The emulator called name, else the one $EMU names, else QEMU."""
    name = name or os.environ.get("EMU") or "qemu"
    if name not in EMULATORS:
        raise ValueError(f"EMU={name}: no such emulator; expected one of: {' '.join(EMULATORS)}")
    return EMULATORS[name](board)


def image(suffix, board="versatilepb", cpu=None):
    """build/BOARD/murphy.SUFFIX, or build/BOARD-CPU/... of another core; $MURPHY_BUILD replaces build/."""
    build = os.environ.get("MURPHY_BUILD") or os.path.join(TOP, "build")
    path = os.path.join(build, f"{board}-{cpu}" if cpu else board, "murphy." + suffix)
    if not os.path.exists(path):
        how = f"make BOARD={board}" + (f" CPU={cpu}" if cpu else "")
        raise FileNotFoundError(f"{path} is not there: '{how}' builds it")
    return path
