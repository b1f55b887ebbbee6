# SPDX-License-Identifier: MIT
"""What all system tests share: where the helpers are, and which emulator runs the image."""

import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "tools"))

import emulators  # noqa: E402  (tools/ had to be found first)


def pytest_addoption(parser):
    parser.addoption("--emu", default=None, metavar="NAME",
                     help="emulator to boot the image in (default: $EMU, else qemu)")


def pytest_configure(config):
    if config.getoption("--emu"):
        os.environ["EMU"] = config.getoption("--emu")
    try:
        emulators.emulator()
    except ValueError as e:
        raise pytest.UsageError(str(e)) from e


def pytest_report_header():
    return f"emulator: {emulators.emulator().name}"


@pytest.fixture
def monitor(request):
    """The monitor's console; its parameter is the kernel's command line."""
    from monitor import Monitor  # it asks which emulator: known once pytest is configured

    with Monitor(getattr(request, "param", "")) as console:
        yield console
