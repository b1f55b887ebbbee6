# SPDX-License-Identifier: MIT
"""An output that cannot be written ends the run with a message and a status: nothing is cut in
silence."""
import os
import subprocess

import pytest

FULL = "/dev/full"
STATUS = 125

pytestmark = pytest.mark.skipif(not os.path.exists(FULL), reason="no /dev/full here")


@pytest.fixture(scope="module")
def hosted(guests):
    return guests.newlib("semihost", "semihost.c")


@pytest.fixture(scope="module")
def lines(guests):
    """Writes 100,000 lines to its UART, then ends with status 0."""
    return guests.bare("lines", "lines.c")


@pytest.fixture(scope="module")
def cache_elf(guests):
    return guests.bare("cache", "cache.c")


def run(sim, image, *options, stdout=subprocess.PIPE):
    return subprocess.run([sim, "--kernel", image, "--semihosting", *options], stdin=subprocess.DEVNULL,
                          stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=300)


def cut(r, what):
    assert r.stderr == f"murphy-sim: {what}: No space left on device; what it holds is cut short\n"
    return r.returncode == STATUS


@pytest.mark.parametrize("option", ["--trace", "--events"])
def test_short_log(sim, cache_elf, option):
    """All of it fits the buffer: it fails when the run is over."""
    assert cut(run(sim, cache_elf, "--append", "halves", option, FULL), option)
    assert run(sim, cache_elf, "--append", "halves", option, "/dev/null").returncode != STATUS


@pytest.mark.parametrize("option, image", [("--trace", "lines"), ("--events", "lines")])
def test_long_log_ends_the_run_early(sim, request, option, image):
    """A run of hours must not go on for a log that ends at its first minute."""
    r = run(sim, request.getfixturevalue(image), option, FULL, "--stats")
    assert r.returncode == STATUS and f"murphy-sim: {option}: No space left on device" in r.stderr
    assert int(r.stderr.split(" insns=")[1].split()[0]) < 1000000


def test_serial_file(sim, lines):
    assert cut(run(sim, lines, "--serial", f"file:{FULL}"), "--serial file")


def test_stdout_of_the_uart(sim, lines):
    with open(FULL, "w") as full:
        assert cut(run(sim, lines, stdout=full), "stdout")


def test_stdout_of_semihosting(sim, hosted):
    with open(FULL, "w") as full:
        assert cut(run(sim, hosted, stdout=full), "stdout")


def test_help(sim):
    with open(FULL, "w") as full:
        r = subprocess.run([sim, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=300)
    assert (r.returncode, r.stderr) == (2, "murphy-sim: stdout: No space left on device\n")
