# SPDX-License-Identifier: MIT
"""The mutants: every entry fits the sources, a tenth is killed as said, and the runner tells
when one is not."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
RUNNER = os.path.join(TOP, "tests", "mutants", "mutants.py")


def run(*args, tree=TOP, **env):
    return subprocess.run([sys.executable, RUNNER, "--tree", str(tree), *args], capture_output=True, text=True,
                          env={**os.environ, **env}, check=False)


def test_no_entry_is_stale():
    result = run("--check")
    assert result.returncode == 0, result.stdout
    assert int(re.search(r"mutants: (\d+) in the lists, 0 stale", result.stdout).group(1)) >= 120


def test_those_that_must_never_survive_are_there():
    """Six changes with which the race never reports failure."""
    with open(os.path.join(TOP, "tests", "mutants", "race.list"), encoding="utf-8") as f:
        text = f.read()
    for new in ("+ \treturn EXIT_OK;", "+ \t\t\t;\ntest pytest tests/sim/test_sim_failure.py", "+ \t\t;",
                "&& !v->unexpected;", "as_expected", "halves * 32"):
        assert new in text


@pytest.mark.skipif(os.environ.get("EMU", "qemu") != "qemu", reason="once is enough")
def test_a_tenth_is_killed():
    result = run("--part", "10")
    print(result.stdout)
    assert result.returncode == 0, result.stdout


# ---- The runner, on a tree of its own: one program, one test. ----

SOURCE = "int twice(int n)\n{\n\tint unused = 7;\n\n\t(void)unused;\n\treturn n + n;\n}\n"
TEST = ("int twice(int n);\nint main(void)\n{\n\tif (twice(3) != 6)\n\t\treturn 1;\n"
        "\tfor (volatile int n = twice(5); n != 10;)\n\t\t;\n\treturn 0;\n}\n")
MAKEFILE = ("CFLAGS := -Wall -Werror\nbuild/unit/test_twice: twice.c tests/unit/test_twice.c\n"
            "\t@mkdir -p build/unit\n\t@cc $(WARN) $(CFLAGS) -o $@ $^\n")


@pytest.fixture
def tree(tmp_path):
    """write(LIST) -> the tree with that list; it is built."""
    for name, text in (("twice.c", SOURCE), ("tests/unit/test_twice.c", TEST), ("Makefile", MAKEFILE)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "tests" / "mutants").mkdir()
    subprocess.run(["make", "-s", "build/unit/test_twice"], cwd=tmp_path, check=True)

    def write(text):
        (tmp_path / "tests" / "mutants" / "a.list").write_text("file twice.c\ntest unit test_twice\n\n" + text)
        return tmp_path
    return write


def contents(directory):
    return {os.path.join(where, name): (os.stat(os.path.join(where, name)).st_mtime_ns,
                                        open(os.path.join(where, name), "rb").read())
            for where, _, names in os.walk(directory) for name in names}


@pytest.mark.parametrize("entry, status, says", [
    ("- n + n\n+ n\n", 0, "1 killed, 0 survive"),
    ("- n + n\n+ 2 * n\n", 1, "1 SURVIVED"),
    ("- n + n\n+ 2 * n\nsurvives equivalent: the same\n", 0, "0 killed, 1 survive for the reason given"),
    ("- n + n\n+ n\nsurvives equivalent: wrong\n", 1, "1 killed though said to survive"),
    ("- n + n\n+ n +\n", 1, "1 broken"),
    ("- n + n\n+ n == 3 ? 6 : 1\n", 0, "hung (3 s)"),
    ("- n - n\n+ n\n", 1, "this is 0 times in twice.c"),
    ("- unused\n+ used\n", 1, "this is 2 times in twice.c"),
    ("- n + n\n+ n\ntest unit test_other\n", 1, "there is no tests/unit/test_other.c"),
    ("- n + n\n+ n + n\n", 1, "that differs"),
    ("- n + n\n+ n\nkill unit test_twice\n", 1, "expected '- TEXT'"),
    ("- n + n\n+ n\ntest unity test_twice\n", 1, "must begin with one of"),
], ids=["killed", "survived", "equivalent", "not-equivalent", "no-program", "hung", "absent", "twice", "no-test",
        "no-change", "no-key", "no-kind"])
def test_what_the_runner_tells(tree, entry, status, says):
    """And the tree is as it was: contents and times, objects too."""
    where = tree(entry)
    before = contents(where)
    result = run(tree=where, MUTANT_GUARD="3")
    assert says in result.stdout and result.returncode == status, result.stdout + result.stderr
    assert contents(where) == before


def test_a_test_that_fails_anyway_kills_nothing(tree):
    where = tree("- n + n\n+ n\n")
    (where / "tests" / "unit" / "test_twice.c").write_text(TEST.replace("!= 6", "!= 7"))
    result = run(tree=where)
    assert "1 broken" in result.stdout and "fails without it" in result.stdout and result.returncode == 1


def test_each_is_tried_on_sound_objects(tree):
    """The second and third must not be tested with what the first one has built."""
    result = run("--jobs", "1", tree=tree("- n + n\n+ n\n\n- n + n\n+ n * 2\nsurvives equivalent: the same\n\n"
                                          "- n + n\n+ n - n\n"))
    assert "2 killed, 1 survive for the reason given" in result.stdout and result.returncode == 0, result.stdout


def test_objects_may_be_elsewhere(tree, tmp_path_factory):
    where, other = tree("- n + n\n+ n\n"), tmp_path_factory.mktemp("objects")
    shutil.move(str(where / "build"), str(other / "build"))
    result = run(tree=where, MURPHY_BUILD=str(other / "build"))
    assert "1 killed" in result.stdout and result.returncode == 0
    assert not (where / "build").exists()


def working_directories():
    for process in os.listdir("/proc"):
        try:
            yield os.readlink(f"/proc/{process}/cwd") if process.isdigit() else ""
        except OSError:
            pass  # it has ended, or is another user's


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing(tree, tmp_path_factory, number):
    where, tmp = tree("- n + n\n+ n == 3 ? 6 : 1\n"), tmp_path_factory.mktemp("tmp")
    with subprocess.Popen([sys.executable, RUNNER, "--tree", str(where)], stdout=subprocess.PIPE,
                          env={**os.environ, "TMPDIR": str(tmp)}) as process:
        while not list(tmp.glob("*/0/build/unit/test_twice")):
            time.sleep(0.05)
        # The endless program runs, or will in a moment: both must end.
        time.sleep(1)
        process.send_signal(number)
        assert process.wait(300) == 130
    assert not list(tmp.iterdir())
    assert not [place for place in working_directories() if place.startswith(str(tmp))]
