# SPDX-License-Identifier: MIT
"""The benchmark's figures repeat, and the hot paths stay as short as the README says."""

import importlib.machinery
import importlib.util
import os

import pytest

import emulators
import irqoff

pytestmark = pytest.mark.skipif(emulators.emulator().name != "qemu",
                                reason="counts are QEMU's, under -icount")


@pytest.fixture(scope="module")
def bench():
    path = os.path.join(emulators.TOP, "tools", "bench")
    spec = importlib.util.spec_from_loader("bench", importlib.machinery.SourceFileLoader("bench", path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_counts_repeat_and_stay_below_half_of_linux(bench):
    first, second = bench.counts(), bench.counts()
    assert first == second
    assert abs(first["calibration:1000-instructions", 512] - 1000) < 3
    for name, linux in bench.LINUX.items():
        assert first[name] <= linux / 2, name


def test_the_pin_costs_less_than_a_twentieth_of_the_loop(bench):
    found = bench.counts()
    pin, none = (found[f"dma_map_page:mapped:fix={f}:FROM_DEVICE", 512] for f in ("pin", "none"))
    assert 0 < pin - none < found["dcache_inv_range:page", 512] / 20


def test_irq_off_stretches():
    found = {m.label: m for m in irqoff.measure("exit=semihost cache=native bench=marks")}
    assert found["dma_map_page fix=none"].longest_irqoff == 0
    assert 0 < found["dma_map_page fix=pin"].longest_irqoff < 60
    assert found["dma_map_page fix=irqoff"].longest_irqoff > 512  # four instructions a line
    assert found["dma_map_page fix=lock"].longest_irqoff > 512
