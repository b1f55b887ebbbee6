# SPDX-License-Identifier: MIT
"""The seed of all random tests: another one in each run, or MURPHY_SEED= (SEED=) as given; printed
at the start and with each failure of a test that draws."""
import os
import time
import zlib

import pytest

if "MURPHY_SEED" not in os.environ:
    # All processes of one run take the same: pytest-xdist's workers know the run by this.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{time.time_ns()} {os.getpid()}"
    os.environ["MURPHY_SEED"] = os.environ.get("SEED") or str(zlib.crc32(run.encode()) or 1)
SEED = os.environ["MURPHY_SEED"]


def pytest_configure():
    if not SEED.isdigit():
        raise pytest.UsageError(f"MURPHY_SEED={SEED}: must be a number, decimal and not negative")


def pytest_report_header():
    return f"random tests: MURPHY_SEED={SEED} repeats"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.failed and hasattr(item.module, "SEED"):
        report.sections.append(("random seed", f"MURPHY_SEED={SEED} repeats"))
