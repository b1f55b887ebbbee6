# SPDX-License-Identifier: MIT
"""A private copy of the tree in which one mutant at a time is built and tested.

The tree itself is never written to. A copy keeps the time stamps, so that make builds only
what a mutant touches; afterwards sources and objects are put back as they were.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import threading
import time

import mutantlist

# The most that a test may take. Only a mutant that hangs meets it, and it counts as killed.
GUARD = float(os.environ.get("MUTANT_GUARD", "180"))
BUILD_GUARD = 900.0
# In murphy-sim time is counted in instructions: there a hang ends the same way everywhere.
MAX_INSNS = "1000M"
BOARD = os.environ.get("BOARD", "versatilepb")
LEFT_OUT = {"build", "__pycache__", ".git", ".pytest_cache"}
# For emulator tests under ASan; they are large, so they are copied for those only.
ASAN = {"sim-asan-obj", "murphy-sim-asan"}
# What warns of a mutant is its test and not the compiler.
QUIET = ["WARN=-std=gnu11 -w", "SIM_WARN=-std=gnu11 -w"]


class Processes:
    """All that run, so that an interrupt leaves none behind. Each has a group of its own."""

    def __init__(self):
        self.lock, self.live, self.stopped = threading.Lock(), set(), False

    def run(self, command, cwd, env, guard):
        """(status or None if it hung, what it printed)"""
        with self.lock:
            if self.stopped:
                raise InterruptedError
            process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                       start_new_session=True)
            self.live.add(process)
        late = False
        try:
            out, _ = process.communicate(timeout=guard)
        except subprocess.TimeoutExpired:
            late = True
            self._end(process)
            out, _ = process.communicate()
        finally:
            with self.lock:
                self.live.discard(process)
            self._end(process)  # what it has started and left
        if self.stopped:
            raise InterruptedError
        return None if late else process.returncode, out.decode("utf-8", "replace")

    @staticmethod
    def _end(process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def stop(self):
        with self.lock:
            self.stopped = True
            for process in self.live:
                self._end(process)


def environment():
    """The caller's, without what would lead a test out of the copy or change what it does. The
    seeds are fixed, for a mutant must not be killed by one and survive another; random
    instructions are few, since a mutant is many times wrong in them."""
    env = {key: value for key, value in os.environ.items()
           if key not in ("MURPHY_BUILD", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "ARGS", "V",
                          "EMU", "MURPHY_LONG", "CMOCKA_XML_FILE", "PYTEST_ADDOPTS")
           and not key.startswith("PYTEST_")}
    return dict(env, SEED="1", MURPHY_SEED="1", MURPHY_INSNS="100000", MURPHY_CASES="2000", CMOCKA_MESSAGE_OUTPUT="STDOUT", PYTHONDONTWRITEBYTECODE="1")


def copy_tree(tree, build, to, asan):
    left_out = LEFT_OUT | set() if asan else LEFT_OUT | ASAN
    shutil.copytree(tree, to, symlinks=True, ignore=lambda d, names: [n for n in names if n in LEFT_OUT])
    if os.path.isdir(build):
        shutil.copytree(build, os.path.join(to, "build"), symlinks=True,
                        ignore=lambda d, names: [n for n in names if n in left_out or n.endswith(".sock")])


def stamps(directory):
    """Size and time of every file below directory."""
    found = {}
    for where, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(where, name)
            s = os.lstat(path)
            found[os.path.relpath(path, directory)] = (s.st_mtime_ns, s.st_size)
    return found


class BuildFailed(Exception):
    pass


class Workshop:
    """One copy. pristine: another, built, that nobody changes."""

    def __init__(self, where, pristine, processes):
        self.where, self.pristine, self.processes = where, pristine, processes
        shutil.copytree(pristine, where, symlinks=True)
        self.built = stamps(os.path.join(pristine, "build"))

    def make(self, targets):
        status, out = self.processes.run(["make", "-s", *QUIET, *targets], self.where, environment(),
                                         BUILD_GUARD)
        if status != 0:
            raise BuildFailed(out.strip()[-1500:])

    def change(self, mutant):
        path = os.path.join(self.where, mutant.file)
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text.replace(mutant.old, mutant.new))

    def put_back(self, mutant):
        shutil.copy2(os.path.join(self.pristine, mutant.file), os.path.join(self.where, mutant.file))
        build, good = os.path.join(self.where, "build"), os.path.join(self.pristine, "build")
        now = stamps(build)
        for name in now.keys() - self.built.keys():
            os.unlink(os.path.join(build, name))
        for name, stamp in self.built.items():
            if now.get(name) != stamp:
                os.makedirs(os.path.dirname(os.path.join(build, name)), exist_ok=True)
                shutil.copy2(os.path.join(good, name), os.path.join(build, name))

    def test(self, words, guard):
        """Builds what the test needs and runs it, for guard seconds at most. (passed, what it said
        in a few words)"""
        self.make(targets_of(words))
        kind = words.split()[0]
        start = time.monotonic()
        status, out = self.processes.run(command_of(words), self.where, environment(), guard)
        self.took = time.monotonic() - start
        if status is None:
            return False, f"hung ({guard:.0f} s)"
        wanted = mutantlist.parse_boot("", words)[1] if kind == "boot" else 0
        return status == wanted, {"unit": said_unit, "pytest": said_pytest, "boot": said_boot}[kind](status, out)


def targets_of(words):
    kind, what = words.split(maxsplit=1)
    if kind == "unit":
        return [f"build/unit/{what}"]
    targets = [image_of(words), "sim"]
    if "-arm1" in targets[0]:
        targets.insert(0, "CPU=arm1176jzf-s")
    if "test_uartboot" in what:
        targets.insert(0, f"build/{BOARD}/uartboot.bin")
    if "test_core" in what:
        targets.insert(0, "test-cores")
    return targets[:-1] if kind == "boot" and what.startswith("qemu") else targets


def image_of(words):
    """That of the board; with an ARM11 in its place, that of those."""
    return f"build/{BOARD}{'-arm1176jzf-s' if re.search(r'-cpu arm11', words) else ''}/murphy.bin"


def command_of(words):
    kind, what = words.split(maxsplit=1)
    if kind == "unit":
        return [f"build/unit/{what}"]
    if kind == "pytest":
        return ["tools/python", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *shlex.split(what)]
    emulator, _, options, parameters = mutantlist.parse_boot("", words)
    append = f"{parameters} exit=semihost"
    image = image_of(words)
    if emulator == "sim":
        return ["build/murphy-sim", "--board", BOARD, "--semihosting", "--max-insns", MAX_INSNS, *options,
                "--kernel", image, "--append", append]
    return [os.environ.get("QEMU", "qemu-system-arm"), "-M", BOARD, "-display", "none", "-monitor", "none",
            "-serial", "stdio", "-no-reboot", "-semihosting", "-audiodev", "none,id=silent", "-global",
            "pl041.audiodev=silent", *options, "-kernel", image, "-append", append]


def said_unit(status, out):
    failed = list(dict.fromkeys(re.findall(r"^\[  FAILED  \] ([a-z]\w+)$", out, re.M)))
    crash = re.search(r"(AddressSanitizer: [\w-]+|runtime error: [^\n]{0,60})", out)
    return " ".join(failed[:3]) or (crash.group(1) if crash else f"status {status}")


def said_pytest(status, out):
    failed = re.search(r"^(?:FAILED|ERROR) \S*?::(\S+)", out, re.M)
    return failed.group(1) if failed else f"status {status}"


def said_boot(status, out):
    found = re.findall(r"status=\w+", out)
    return f"status {status}" + (f", {found[-1]}" if found else "")
