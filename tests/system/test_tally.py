# SPDX-License-Identifier: MIT
"""Tests of tools/tally: whatever goes wrong in a test program, the sum must say so."""

import os
import re
import subprocess
import sys

import pytest

import emulators

TALLY = os.path.join(emulators.TOP, "tools", "tally")

# One program; what goes wrong in it is decided by the name it is called by.
PROGRAM = r"""
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const char *name;

static void fine(void **state)
{
	(void)state;
}
static void odd(void **state)
{
	volatile char *p = malloc(3);

	(void)state;
	assert_non_null(p);
	if (!strcmp(name, "overrun"))
		p[3] = 1;
	if (strcmp(name, "leak"))
		free((void *)p);
	p = NULL;
	if (!strcmp(name, "fails") || !strcmp(name, "forgets"))
		assert_int_equal(1, 2);
	if (!strcmp(name, "skips"))
		skip();
	if (!strcmp(name, "leaves"))
		exit(0);
	if (!strcmp(name, "killed"))
		raise(SIGKILL);
	if (!strcmp(name, "hangs"))
		sleep(100);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest first[] = {cmocka_unit_test(fine), cmocka_unit_test(odd)};
	const struct CMUnitTest second[] = {cmocka_unit_test(fine)};
	int failed;

	(void)argc;
	name = strrchr(argv[0], '/') + 1;
	if (!strcmp(name, "empty"))
		return 0;
	failed = cmocka_run_group_tests(first, NULL, NULL);
	failed += cmocka_run_group_tests(second, NULL, NULL);
	return strcmp(name, "forgets") ? failed : 0;
}
""".replace("#include <stddef.h>", "#include <signal.h>\n#include <stddef.h>", 1)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    where = tmp_path_factory.mktemp("tally")
    source, binary = where / "program.c", where / "program"
    source.write_text(PROGRAM)
    subprocess.run([os.environ.get("HOSTCC", "cc"), "-g", "-fsanitize=address", str(source),
                    "-o", str(binary), "-lcmocka"], check=True)

    def called(name):
        if not (where / name).exists():
            os.link(binary, where / name)
        return str(where / name)
    return called


def tally(*words):
    if "--jobs" not in words:  # quicker than pytest processes that are started for two tests
        words = ("--jobs", "1", *words)
    done = subprocess.run([sys.executable, TALLY, *words], capture_output=True, text=True,
                          timeout=600)
    lines = done.stdout.splitlines()
    assert done.returncode == (0 if lines[-1].endswith(" 0 failed") else 1), done.stdout
    return lines


@pytest.mark.parametrize("name, summary, fault", [
    ("good", "3 passed, 0 failed", None),
    ("fails", "2 passed, 1 failed", None),
    ("forgets", "2 passed, 1 failed", None),
    ("skips", "2 passed, 0 failed", None),
    ("overrun", "0 passed, 1 failed", "overrun ended with status 1"),
    ("leak", "3 passed, 1 failed", "leak ended with status 1"),
    ("leaves", "0 passed, 1 failed", "leaves announced 2 tests and finished 0"),
    ("killed", "0 passed, 1 failed", "killed died of SIGKILL"),
    ("hangs", "0 passed, 1 failed", "hangs hung: killed after 5 s"),
    ("empty", "0 passed, 1 failed", "empty ran no test"),
])
def test_unit(program, name, summary, fault):
    lines = tally("--timeout", "5" if name == "hangs" else "100", program(name), "--")
    assert lines[-1] == summary
    faults = [line for line in lines if line.startswith("FAULT: ")]
    assert len(faults) == (1 if fault else 0)
    assert not fault or faults[0].endswith(fault)
    assert ("1 skipped" in lines) == (name == "skips")


def test_the_output_of_several_at_a_time_is_not_mixed(program):
    """Each program's output in one piece, in the order given; a hung one holds up nobody."""
    names = ["hangs", "good", "fails", "killed", "skips"]
    lines = tally("--jobs", "5", "--timeout", "5", *map(program, names), "--")
    heads = [n for n, line in enumerate(lines) if line.startswith("--- ")]
    assert [lines[n].rsplit("/", 1)[1] for n in heads] == names
    pieces = [lines[a:b] for a, b in zip(heads, heads[1:] + [len(lines)])]
    for name, piece in zip(names, pieces):
        assert piece[1].startswith("[==========]"), piece
        assert sum("[ RUN      ] odd" in line for line in piece) == 1, piece
        assert any("[       OK ] odd" in line for line in piece) == (name == "good"), piece
    assert lines[-4:] == [f"FAULT: {os.path.relpath(program('hangs'))} hung: killed after 5 s",
                          f"FAULT: {os.path.relpath(program('killed'))} died of SIGKILL",
                          "1 skipped", "7 passed, 3 failed"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_test_that_ends_its_process_is_a_failure(tmp_path, jobs):
    path = tmp_path / "test_it.py"
    path.write_text("import os\ndef test_good(): pass\ndef test_dies(): os._exit(0)\n")
    lines = tally("--jobs", jobs, "--", str(path))
    assert int(re.fullmatch(r"\d+ passed, (\d+) failed", lines[-1])[1]) >= 1


def test_a_missing_program_is_a_failure(tmp_path):
    lines = tally(str(tmp_path / "absent"))
    assert lines[-1] == "0 passed, 1 failed"
    assert "cannot be run: No such file" in lines[-2]


def test_nothing_is_a_failure():
    assert tally()[-2:] == ["FAULT: nothing was tested", "0 passed, 1 failed"]


PYTEST = """
import pytest
def test_good(): pass
def test_bad(): assert 0
@pytest.mark.skip
def test_skipped(): pass
@pytest.fixture
def broken(): raise OSError
def test_no_setup(broken): pass
"""


@pytest.mark.parametrize("source, summary", [
    (PYTEST, "1 passed, 2 failed"),
    ("def test_good(): pass", "1 passed, 0 failed"),
    ("import no_such_module", "0 passed, 1 failed"),
    ("import sys; sys.exit(0)", "0 passed, 1 failed"),
    ("", "0 passed, 1 failed"),
])
def test_pytest(tmp_path, source, summary):
    path = tmp_path / "test_it.py"
    path.write_text(source)
    assert tally("--pytest-args", "-q", "--", str(path))[-1] == summary


def test_a_pytest_that_ends_in_error_is_a_failure(tmp_path):
    (tmp_path / "conftest.py").write_text("def pytest_sessionfinish(session):\n"
                                          "    session.exitstatus = 3\n")
    path = tmp_path / "test_it.py"
    path.write_text("def test_good(): pass")
    assert tally("--", str(path))[-2:] == ["FAULT: pytest ended with status 3",
                                           "1 passed, 1 failed"]


def test_both_are_added(program, tmp_path):
    path = tmp_path / "test_it.py"
    path.write_text(PYTEST)
    lines = tally("--pytest-args", "-q -p no:cacheprovider", program("good"), program("skips"),
                  "--", str(path))
    assert lines[-2:] == ["2 skipped", "6 passed, 2 failed"]
