# SPDX-License-Identifier: MIT
"""The commands that a Markdown file shows, with what it says that they print.

In a code block (indented by four spaces, or fenced) a line that begins with "$ " is typed at a
shell, one that begins with "murphy> " at the monitor of the last "$" command above it, in the
same block or an earlier one. The lines below are what is printed: a line "..." stands for any
lines, "..." inside a line for any text. Nothing below: nothing is said of it. A command without
"$ " ends at two spaces, which an explanation follows.
"""

import dataclasses
import re

PROGRAMS = ("make", "build/murphy-sim", "python3", "gdb-multiarch", "openocd")
SHELL, MONITOR = "$ ", "murphy> "
FAILS = "ends with an error, as it should"  # in a comment behind a command

# Figures that depend on where the compiler puts things.
VARIES = (r"pc=c0[0-9a-f]{6}:", r"vaddr c0[0-9a-f]{6}", r"Makefile:\d+")


@dataclasses.dataclass
class Typed:
    line: int  # in the file
    text: str
    shown: list = dataclasses.field(default_factory=list)

    @property
    def fails(self):
        return FAILS in self.text

    @property
    def command(self):
        """Without the comment and in one line, to be looked up."""
        text = self.text.split("    #")[0].replace("\\\n", " ")
        return " ".join(text.split())


@dataclasses.dataclass
class Session:
    """A shell command, and what is typed at the monitor that it starts."""
    start: Typed
    prompted: bool  # it was shown with "$ "
    typed: list = dataclasses.field(default_factory=list)


def code_lines(text):
    """(line number, the line without its indentation, or None between two blocks)"""
    fenced, before = False, ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
            yield number, None
        elif fenced:
            yield number, line
        elif line.startswith("    "):
            yield number, line[4:]
        elif not line.strip() and before.startswith("    "):
            yield number, ""
        else:
            yield number, None
        before = line if line.strip() else before


def joined(lines):
    """The same with lines that end in a backslash and the next in one."""
    begin = None
    for number, line in lines:
        if begin:
            number, line = begin[0], begin[1] + "\n" + (line or "")
        begin = (number, line) if line and line.endswith("\\") else None
        if not begin:
            yield number, line


def is_program(line):
    return line.split(" ")[0] in PROGRAMS


def sessions(text):
    """The Sessions of a file, in its order."""
    found, last = [], None  # last: the command whose output may follow
    for number, line in joined(code_lines(text)):
        if line is None:
            last = None
        elif line.startswith(SHELL):
            last = Typed(number, line[len(SHELL):])
            found.append(Session(last, True))
        elif line.startswith(MONITOR):
            assert found, f"line {number}: no shell command has started a monitor"
            last = Typed(number, line[len(MONITOR):])
            found[-1].typed.append(last)
        elif is_program(line):
            words = line if "\n" in line else re.split(r"\s{2,}(?!#)", line)[0]
            found.append(Session(Typed(number, words), False))
            last = None
        elif last:
            last.shown.append(line)
    for session in found:
        for typed in [session.start] + session.typed:
            while typed.shown and not typed.shown[-1].strip():
                typed.shown.pop()
    return found


def inline_commands(text):
    """(line number, text) of each command in running text: `make demo`."""
    blocks = {number for number, line in code_lines(text) if line is not None}
    for number, line in enumerate(text.splitlines(), 1):
        if number not in blocks:
            for code in re.findall(r"`([^`]+)`", line):
                if is_program(code) and " " in code or code.startswith(("run kmap-race ", "line bfe")):
                    yield number, code


def pattern_of(shown):
    """A regular expression for what is shown."""
    lines = []
    for line in shown:
        if line.strip() == "...":
            lines.append(r"(?:.*\n)*?")
            continue
        at, text = 0, ""
        for figure in re.finditer("|".join(VARIES) + r"|\.\.\.", line.rstrip()):
            text += re.escape(line[at:figure.start()])
            text += ".*" if figure[0] == "..." else next(v for v in VARIES if re.fullmatch(v, figure[0]))
            at = figure.end()
        lines.append(text + re.escape(line.rstrip()[at:]) + r" *\n")
    return "".join(lines)


def differs(shown, printed):
    """None if what was printed is what is shown, else the two, for people."""
    printed = "".join(line + "\n" for line in printed.strip("\n").splitlines()
                      if not line.startswith(("make: ", "make[")))
    if not shown or re.fullmatch(pattern_of(shown), printed):
        return None
    for count in range(len(shown), -1, -1):  # where it goes wrong
        if re.match(pattern_of(shown[:count]), printed):
            break
    return (f"shown, but not printed: {shown[count] if count < len(shown) else '(it should end here)'}\n"
            f"printed:\n{printed}")
