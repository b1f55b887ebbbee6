# SPDX-License-Identifier: MIT
"""The end of the input ends a run whose image waits for more, and no other run."""
import subprocess

import pytest

from kernelimage import TOP

OVER = "murphy-sim: the input is at its end, and the image waits for more (pc "
STATUS = 123


@pytest.fixture(scope="module")
def kernel():
    subprocess.run(["make", "-s", "build/versatilepb/murphy.bin"], cwd=TOP, check=True)
    return f"{TOP}/build/versatilepb/murphy.bin"


@pytest.fixture(scope="module")
def uart_in(guests):
    """guest/uart_in.c by what it does while it waits: WFI with a tick going, or polling."""
    return {how: guests.bare(f"uart-in-{how}", "irq.S", "uart_in.c", defines=[how.upper()])
            for how in ["tick", "poll", "other"]}


def run(sim, image, text, *options):
    # A run that does not end is the defect; the limit is far above what any of these needs.
    return subprocess.run([sim, "--kernel", image, "--semihosting", "--max-insns", "2000M", *options],
                          input=text, capture_output=True, timeout=300)


def over(r):
    assert r.stderr.decode().startswith(OVER) and r.stderr.count(b"\n") == 1
    return r.returncode == STATUS


@pytest.mark.parametrize("how", ["tick", "poll"])
def test_image_that_waits_for_more_is_ended(sim, uart_in, how):
    r = run(sim, uart_in[how], b"one\ntwo\n")
    assert over(r) and r.stdout == b"line: one\nline: two\n"


@pytest.mark.parametrize("how", ["tick", "poll"])
def test_last_line_without_its_end_counts(sim, uart_in, how):
    r = run(sim, uart_in[how], b"one\ntwo")
    assert over(r) and r.stdout == b"line: one\nline: two\n"
    r = run(sim, uart_in[how], b"one\nquit")
    assert r.returncode == 5 and r.stdout == b"line: one\n"


def test_last_line_of_a_file(sim, uart_in, tmp_path):
    (tmp_path / "in").write_bytes(b"one\r\ntwo\r\nquit")
    with open(tmp_path / "in", "rb") as f:
        r = subprocess.run([sim, "--kernel", uart_in["tick"], "--semihosting"], stdin=f,
                           capture_output=True, timeout=300)
    assert r.returncode == 5 and r.stdout == b"line: one\nline: two\n"


@pytest.mark.parametrize("where", ["none", "file"])
@pytest.mark.parametrize("how", ["tick", "poll"])
def test_input_that_never_was(sim, uart_in, tmp_path, how, where):
    assert over(run(sim, uart_in[how], b"", "--serial", f"file:{tmp_path}/out" if where == "file" else where))


def test_image_with_other_things_to_do_is_left_alone(sim, uart_in):
    """Its receiver is open and its input at an end, but it works between its ticks, and says so after
    more than the minute that a waiting image is given."""
    r = run(sim, uart_in["other"], b"")
    assert r.returncode == 6 and r.stdout == b"done\n" and not r.stderr


def test_quiet(sim, uart_in):
    r = run(sim, uart_in["tick"], b"", "--quiet")
    assert r.returncode == STATUS and not r.stderr


@pytest.mark.parametrize("text, ends", [(b"help pkmap", "  also by 'set'\nmurphy> "),
                                        (b"help pkmap\n", "  also by 'set'\nmurphy> "), (b"", "murphy> ")])
def test_kernels_monitor(sim, kernel, text, ends):
    r = run(sim, kernel, text)
    assert over(r) and r.stdout.decode().replace("\r", "").endswith(ends)


def test_halted_kernel_is_ended(sim, kernel):
    """It waits in a loop with interrupts masked and its tick pending: nothing can get it out."""
    r = run(sim, kernel, b"exit\n", "--append", "exit=halt")
    assert r.stdout.decode().replace("\r", "").endswith("halted (exit status 0)\n")
    assert r.returncode == 1 and b"waits for an interrupt that cannot come" in r.stderr
