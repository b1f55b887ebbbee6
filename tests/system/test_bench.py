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


def test_counts_repeat_and_stay_below_half_of_linux(bench, counts):
    first, second = counts, bench.counts()
    assert first == second
    assert abs(first["calibration:1000-instructions", 512] - 1000) < 3
    for name, linux in bench.LINUX.items():
        assert first[name] <= linux / 2, name


@pytest.fixture(scope="module")
def counts(bench):
    return bench.counts()


@pytest.fixture(scope="module")
def marks():
    return {m.label: m for m in irqoff.measure("exit=semihost cache=native bench=marks")}


LINES = 128
DIRECTIONS = ("TO_DEVICE", "FROM_DEVICE", "BIDIRECTIONAL")


def test_a_page_takes_two_instructions_a_line(counts):
    """Each operation and the address it needs; what stands around them is for the whole page."""
    assert 2 * LINES <= counts["dcache_inv_range:page", 512] < 2 * LINES + 40


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_mapping_a_page_beyond_its_loop(counts, direction):
    loop = counts["dcache_inv_range:page", 512]
    assert counts[f"dma_map_page:mapped:fix=none:{direction}", 512] - loop <= 60
    assert counts[f"dma_map_page:lowmem:{direction}", 512] - loop <= 60


def test_the_pin_costs_less_than_a_tenth_of_the_loop(counts):
    pin, none = (counts[f"dma_map_page:mapped:fix={f}:FROM_DEVICE", 512] for f in ("pin", "none"))
    assert 0 < pin - none < counts["dcache_inv_range:page", 512] / 10


def test_irq_off_stretches(marks):
    assert marks["dma_map_page fix=none"].longest_irqoff == 0
    assert 0 < marks["dma_map_page fix=pin"].longest_irqoff < 60
    assert marks["dma_map_page fix=irqoff"].longest_irqoff > 2 * LINES
    assert marks["dma_map_page fix=lock"].longest_irqoff > 2 * LINES


def test_irq_off_at_a_wrap(marks):
    assert marks["kmap with wrap, pkmap=512"].longest_irqoff <= 3500
    assert marks["kmap with wrap, pkmap=8"].longest_irqoff <= 250
