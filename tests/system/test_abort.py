# SPDX-License-Identifier: MIT
"""Accesses that the data-abort handler cannot serve: each ends in the panic that says why, with
the place and the registers of the access, and with status FAULT."""

import re

import pytest

import qemu

SIM = qemu.emulators.emulator().name != "qemu"
modelled = pytest.mark.skipif(SIM, reason="without the model the MMU serves the window")


def panics(name, words, function):
    """Runs selftest=NAME into its panic; returns the match of words in the panic's line."""
    result = qemu.boot(f"selftest={name}")
    assert result.exit == 3, result.out
    panic = re.search(rf"(?m)^panic: [a-z/]+\.c:\d+: data_abort: ({words})$", result.out)
    assert panic, result.out
    trace = re.search(r"(?m)^  \[pc\] ([0-9a-f]{8}) (\w+)$", result.out)
    assert trace and trace.group(2).startswith(function), result.out
    assert f" pc ={trace.group(1)}" in result.out  # the frame is the access's
    assert result.out.splitlines()[-1] == f'verdict reason="{panic.group(1)}" status=FAULT'
    return result, panic


@modelled
def test_thumb_code_cannot_be_served():
    result, panic = panics("abort-thumb", r"Thumb instruction 6800 at ([0-9a-f]{8}) touched the "
                           "highmem window", "thumb_selftest")
    assert f" pc ={panic.group(2)}" in result.out
    assert int(re.search(r"cpsr=(\w+)", result.out).group(1), 16) & 0x3F == 0x33  # T, SVC


@modelled
def test_only_svc_mode_is_served():
    result, _ = panics("abort-mode", "data abort in mode 0x1b, address bfe01000", "mode_selftest")
    assert int(re.search(r"cpsr=(\w+)", result.out).group(1), 16) & 0x1F == 0x1B


def test_another_fault_than_translation_is_none_of_ours():
    panics("abort-status", "data abort: address bfe01001, fault status 0x1", "load")


@modelled
def test_use_after_unmapping_is_said_to_be_that():
    panics("abort-unmapped", r"highmem address bfe01000 is not mapped: used after kunmap\(\), or "
           r"never given by kmap\(\)", "load")


@pytest.mark.skipif(not SIM, reason="with the model it is said in other words")
def test_use_after_unmapping_faults():
    panics("abort-unmapped", "data abort: address bfe01000, fault status 0x7", "load")
