# SPDX-License-Identifier: MIT
"""Every command that the documents show is run, and prints what they show."""

import functools
import glob
import os
import re
import signal
import subprocess
import tempfile
import threading
import time

import pytest

import qemu
import transcript

TOP = qemu.emulators.TOP
DOCS = ["README.md", "sim/README.md"] + sorted(
    os.path.relpath(path, TOP) for folder in ("docs", "boards/*")
    for path in glob.glob(os.path.join(TOP, folder, "*.md")))

pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                                reason="the documents say themselves which emulator they mean")

# command: why it is not run here. One that no document has any more makes the test fail.
NOT_RUN = {
    "make": "this tree is built",
    "make test": "this is a part of it",
    "make test-long": "takes an hour; it is `make test` with other figures",
    "make bench": "takes minutes; tests/system/test_bench.py runs its first half",
    "make test-seeds": "is `make test`, 20 times",
    "make mutants": "builds the tree once for each change; tests/mutants is a part of it",
    "make image": "tests/system/test_image.py does, for a board that has a card",
    "make lint": "tests/system/test_tree.py runs it",
    "make image BOARD=raspi": "tests/system/test_image.py runs it and reads the card",
    "make demo CPU=arm1176jzf-s": "tests/system/test_raspi.py tells the story of such a core",
    'make demo ARGS="cache=vipt,16k,4way,32b"': "tests/system/test_race_tagged.py has its table row by row",
    'make qemu EMU=sim CPU=arm1176jzf-s ARGS="exhibit=kmap-race fix=none preempt=irq runs=60 pkmap=8 '
    'leaf=block"': "tests/sim/test_sim_block.py boots the same",
    "make qemu-gdb": "waits for the other terminal; tests/system/test_gdb.py plays both",
    "make gdb": "the other terminal; tests/system/test_gdb.py plays both",
    'gdb-multiarch murphy.elf -ex "target remote :PORT"': "PORT is yours; tests/sim/test_sim_gdb.py "
                                                          "does it",
    'openocd -f interface/<adapter>.cfg -f boards/versatilepb/openocd.cfg '
    '-c "murphy_run build/versatilepb/murphy.elf"': "needs a board and an adapter",
    "python3 tests/sim/speed.py": "takes a minute; tests/sim/test_sim_speed.py runs it",
    "make -C docs/hunt PROGRAM=sound FLAGS=-DWITHOUT_CLEAN": "tests/sim/test_sim_hunt.py does, and "
                                                             "with each other operation",
    "build/murphy-sim --kernel firmware.elf --check": "firmware.elf is yours",
}

# What has a test of its own, which runs each command with "$ " in front.
ELSEWHERE = {"docs/hunt.md": "tests/sim/test_sim_hunt.py"}


def read(doc):
    with open(os.path.join(TOP, doc), encoding="utf-8") as f:
        return f.read()


@functools.cache
def sessions(doc):
    return transcript.sessions(read(doc))


class Shell(qemu.Console):
    """A shell command that may start the monitor. Its end is the end of what it started."""

    def __init__(self, command):  # pylint: disable=super-init-not-called
        self.timeout, self.qmp, self.text, self.at, self.ended = qemu.TIMEOUT, None, "", 0, False
        self.emulator = qemu.emulators.emulator()
        self.where = tempfile.mkdtemp(prefix="murphy-")
        open(os.path.join(self.where, "stderr"), "wb").close()
        self.news = threading.Condition()
        self.started = time.monotonic()
        # As a person's shell, which no make has started.
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("EMU", "ARGS", "V", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
        self.process = subprocess.Popen(["bash", "-c", command], cwd=TOP, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env=environment, start_new_session=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def close(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        super().close()


def start(shell):
    """What was printed before the first prompt, or up to the end."""
    try:
        return shell.expect(r"([\s\S]*?)^murphy> ")[1], True
    except qemu.Ended:
        return shell.text, False


def run(session):
    """(exit status, what the command printed, the answers to what was typed)"""
    with Shell(session.start.text) as shell:
        printed, prompt = start(shell)
        answers = []
        for typed in session.typed if prompt else ():
            shell.send(typed.text + "\r")
            answers.append(shell.expect(rf"{re.escape(typed.text)}\n([\s\S]*?)^murphy> ")[1])
        if prompt:
            shell.send("exit\r")
        return shell.wait().exit, printed, answers


def problems(session):
    """(line, what is wrong) of one session."""
    status, printed, answers = run(session)
    fails = session.start.fails
    if session.start.command == "make doctor":  # what `make test` does without may be missing here
        fails = "doctor: all well" not in printed
    if (status != 0) != fails:
        yield session.start.line, f"exit {status}\n{printed}"
    if len(answers) != len(session.typed):
        yield session.start.line, f"no monitor\n{printed}"
    for typed, said in zip([session.start] + session.typed, [printed] + answers):
        wrong = transcript.differs(typed.shown, said)
        refused = typed in session.typed and not typed.shown and re.match(r"command \w|\w+: ", said)
        if wrong or refused:
            yield typed.line, f"{typed.text}\n{wrong or said}"


@pytest.mark.parametrize("doc", [doc for doc in DOCS if doc not in ELSEWHERE])
def test_what_is_shown_is_printed(doc):
    """One document in its order: a command may need what one before it has built."""
    wrong = [f"{doc}:{line}: {text}" for session in sessions(doc)
             if session.start.command not in NOT_RUN for line, text in problems(session)]
    assert not wrong, "\n".join(wrong)


def test_what_is_run_elsewhere():
    for doc, test in ELSEWHERE.items():
        assert os.path.basename(doc) in read(test)
        assert {s.start.command for s in sessions(doc) if not s.prompted} <= set(NOT_RUN)
        assert not [typed for session in sessions(doc) for typed in session.typed]


def test_every_command_in_running_text_is_run_somewhere():
    known, wanted = set(NOT_RUN), []
    for doc in DOCS:
        for session in sessions(doc):
            known |= {session.start.command} | {typed.command for typed in session.typed}
        wanted += [(doc, number, text) for number, text in transcript.inline_commands(read(doc))]
    unknown = [f"{doc}:{number}: {text}" for doc, number, text in wanted if text not in known]
    assert not unknown, "neither in a code block nor in NOT_RUN:\n" + "\n".join(unknown)


def test_what_is_not_run_is_still_shown():
    shown = {text for doc in DOCS for _, text in transcript.inline_commands(read(doc))}
    shown |= {session.start.command for doc in DOCS for session in sessions(doc)}
    assert set(NOT_RUN) <= shown


def test_every_key_of_the_verdict_is_explained():
    verdict = qemu.boot("exhibit=kmap-race fix=none preempt=at:41").verdict
    text = read("docs/verdicts.md")
    explained = re.findall(r"(?m)^\| `([a-z_]+)` \|", text[:text.index("`why` is one of these")])
    assert sorted(explained) == sorted(verdict)
    with open(os.path.join(TOP, "race", "verdict.c"), encoding="utf-8") as f:
        source = f.read()
    names = re.search(r"mechanisms\[\] = \{([^}]*)\}", source)[1]
    for why in re.findall(r'"([^"]+)"', names):
        assert f"| `{why}` |" in text
    for status in re.findall(r'\[VERDICT_\w+\] = "(\w+)"', source):
        assert f"| `{status}` |" in text
