# SPDX-License-Identifier: MIT
"""The lists of mutants: what is changed where, and which test is to notice (see README.md)."""

import dataclasses
import glob
import os
import shlex

KINDS = ("unit", "pytest", "boot")


class ListError(Exception):
    """A list that cannot be read: file, line, what is wrong and what would be right."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    place: str  # LIST:LINE, its name in every message
    file: str
    old: str
    new: str
    tests: tuple  # each as it is written in the list
    survives: str  # why it may: equivalent, or nothing can observe it; "" if it must be killed

    def line_in(self, text):
        return text.count("\n", 0, text.index(self.old)) + 1


def check_test(place, words):
    """A test is `unit PROGRAM`, `pytest NODE` or `boot EMULATOR STATUS [OPTIONS] PARAMETERS`."""
    kind = words.split(maxsplit=1)[:1]
    if not kind or kind[0] not in KINDS:
        raise ListError(f"{place}: test {words!r}: it must begin with one of: {' '.join(KINDS)}")
    if kind[0] == "boot":
        parse_boot(place, words)
    elif len(words.split()) < 2:
        raise ListError(f"{place}: test {words!r}: which one is missing")


def parse_boot(place, words):
    """(emulator, status, emulator's options, kernel parameters)"""
    _, *rest = words.split(maxsplit=3)
    if len(rest) < 3 or rest[0] not in ("sim", "qemu") or not rest[1].isdigit():
        raise ListError(f"{place}: test {words!r}: expected 'boot sim|qemu STATUS [OPTIONS] PARAMETERS'")
    options, parameters = [], rest[2]
    if parameters.startswith("["):
        inside, _, parameters = parameters[1:].partition("]")
        options = shlex.split(inside)
    return rest[0], int(rest[1]), options, parameters.strip()


class Paragraph:
    """Consecutive lines of a list, of which only some belong to an entry."""

    def __init__(self, place):
        self.place, self.old, self.new, self.keys, self.last = place, [], [], [], None

    def add(self, place, line):
        mark, text = line[:1], line[2:]
        if mark == "-":
            self.old.append(text)
        elif mark == "+":
            self.new.append(text)
        elif line.startswith("  ") and self.last:
            self.keys[-1][1] += " " + line.strip()
        else:
            key, _, value = line.partition(" ")
            if key not in ("file", "test", "survives") or not value.strip():
                raise ListError(f"{place}: {line!r}: expected '- TEXT', '+ TEXT', 'file PATH', "
                                "'test KIND ...' or 'survives REASON'")
            self.keys.append([key, value.strip()])
        self.last = mark not in "-+"

    def all(self, key):
        return tuple(value for k, value in self.keys if k == key)


def paragraphs(path, name):
    current = None
    with open(path, encoding="utf-8") as stream:
        for number, line in enumerate(stream.read().split("\n"), 1):
            if line.startswith("#"):
                continue
            if not line.strip():
                if current:
                    yield current
                current = None
                continue
            current = current or Paragraph(f"{name}:{number}")
            current.add(f"{name}:{number}", line)
    if current:
        yield current


def read(path):
    """The mutants of one list, in its order."""
    file, tests, found = None, (), []
    for p in paragraphs(path, os.path.basename(path)):
        if not p.old and not p.new:
            file = (p.all("file") or (file,))[-1]
            tests = p.all("test") or tests
            for words in tests:
                check_test(p.place, words)
            continue
        mine = p.all("test") or tests
        for words in mine:
            check_test(p.place, words)
        old, new = "\n".join(p.old), "\n".join(p.new)
        if not file or not mine or not old or old == new:
            raise ListError(f"{p.place}: an entry needs a file, a test, a text to change ('- ...') "
                            "and a text ('+ ...') that differs")
        found.append(Mutant(p.place, file, old, new, mine, " ".join(p.all("survives"))))
    return found


def read_all(directory):
    lists = sorted(glob.glob(os.path.join(directory, "*.list")))
    return [mutant for path in lists for mutant in read(path)]


def stale(mutants, tree):
    """What no longer fits the sources, in words. A text must be there exactly once, or nobody
    knows which place is changed; a test must exist."""
    wrong, texts = [], {}
    for m in mutants:
        path = os.path.join(tree, m.file)
        if m.file not in texts:
            texts[m.file] = open(path, encoding="utf-8").read() if os.path.isfile(path) else None
        text = texts[m.file]
        n = text.count(m.old) if text is not None else 0
        if text is None:
            wrong.append(f"{m.place}: there is no file {m.file}")
        elif n != 1:
            wrong.append(f"{m.place}: this is {n} times in {m.file}, it must be there once: {m.old!r}")
        for words in m.tests:
            kind, what = words.split(maxsplit=1)
            needs = {"unit": f"tests/unit/{what}.c", "pytest": shlex.split(what)[0].split("::")[0]}.get(kind)
            if needs and not os.path.isfile(os.path.join(tree, needs)):
                wrong.append(f"{m.place}: test {words!r}: there is no {needs}")
    return wrong
