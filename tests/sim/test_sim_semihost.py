# SPDX-License-Identifier: MIT
"""Semihosting as a hosted program sees it: arguments and streams."""
import subprocess

import pytest


@pytest.fixture(scope="module")
def guest(guests):
    return guests.newlib("semihost", "semihost.c")


@pytest.mark.parametrize("text", ["", "one", "one two=2  three"])
def test_arguments_begin_with_the_image_as_in_qemu(guest, run_sim, run_qemu, text):
    have = run_sim(guest, "--append", text)
    want = run_qemu(guest, "-append", text)
    assert have.stdout.decode().splitlines() == \
        [f"argv[{n}] {word}" for n, word in enumerate([guest, *text.split()])]
    assert have.stdout.splitlines() == (want.stdout + want.stderr).splitlines()
    assert have.returncode == want.returncode == 1 + len(text.split())


def test_errors_go_to_stderr(guest, run_sim):
    r = run_sim(guest, "--append", "errors")
    assert (r.returncode, r.stderr) == (7, b"to errors\n")
    assert b"to errors" not in r.stdout


def test_standard_input(guest, sim):
    for text, got in [(b"A", 65), (b"", -1)]:
        r = subprocess.run([sim, "--kernel", guest, "--semihosting", "--append", "read"], input=text,
                           capture_output=True, timeout=300)
        assert r.stdout.endswith(b"reading\ngot %d\n" % got)


def test_command_line_that_does_not_fit(guests, run_sim):
    """The image's buffer has no room for it: the call fails, and nothing is cut."""
    r = run_sim(guests.bare("cache", "cache.c"), "--append", "x" * 600 + " halves")
    assert r.returncode == 99  # the guest has no name to look for
