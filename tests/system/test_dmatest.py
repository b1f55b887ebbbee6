# SPDX-License-Identifier: MIT
"""dmatest: random DMA copies are right, and each maintenance call left out makes them wrong."""

import os
import re

import pytest

import qemu

SUMMARY = re.compile(r"^dmatest: (\d+) tests, (\d+) failures, (\d+) KB/s, seed (\d+)$", re.M)
IN_ALL = re.compile(r"^dmatest: in all (.+): before=(\d+) inside=(\d+) after=(\d+)$", re.M)
FINDING = re.compile(r"^dmatest: test=\d+ (.+?): region=(\w+) zone=(high|low) page=[0-9a-f]{8} "
                     r"offset=0x[0-9a-f]+ bytes=\d+ want=[0-9a-f]{2} got=[0-9a-f]{2} "
                     r"map=(page|single|sg),(\w+) ", re.M)
SHAPES = re.compile(r"^dmatest: (\d+) transfers, (\d+) mappings used twice, (\d+) lists, (\d+) "
                    r"pieces across pages; high>high (\d+) high>low (\d+) low>high (\d+) "
                    r"low>low (\d+)$", re.M)
MODELLED = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                              reason="needs the model; here the D-cache is real")


class Run:
    """One boot with selftest=dmatest, and its lines as numbers."""

    def __init__(self, append, runs):
        self.result = qemu.boot(f"selftest=dmatest runs={runs} {append}")
        summary = SUMMARY.search(self.result.out)
        assert summary, self.result.out
        self.tests, self.failures, _, self.seed = (int(n) for n in summary.groups())
        self.regions = {}  # wrong areas by (fault, region)
        for fault, *counts in IN_ALL.findall(self.result.out):
            for region, n in zip(("before", "inside", "after"), counts):
                self.regions[fault, region] = int(n)
        self.findings = FINDING.findall(self.result.out)

    def must_pass(self, runs):
        assert (self.tests, self.failures) == (runs, 0), self.result.out
        assert self.result.verdict["status"] == "OK" and self.result.exit == 0
        assert not self.findings and not self.regions


def must_pass(append, runs):
    Run(append, runs).must_pass(runs)


def test_ten_thousand_copies():
    """The default: no runs= in the command line."""
    result = qemu.boot("selftest=dmatest")
    tests, failures, speed, seed = (int(n) for n in SUMMARY.search(result.out).groups())
    assert (tests, failures, seed) == (10000, 0, 1), result.out
    assert speed > 0
    assert result.verdict["status"] == "OK" and result.exit == 0
    shapes = [int(n) for n in SHAPES.search(result.out).groups()]
    transfers, twice, lists, across, *directions = shapes
    assert transfers == tests + twice
    # Nothing is tested that is not drawn: each of these is far above 1000 by its odds.
    assert min(twice, lists, across, *directions) > 1000, result.out


# What is missed when the call is left out: (fault, region) that must be found, and the buffers'
# directions in which alone anything may be wrong.
MISSED = {
    "map-to": [("dstbuf mismatch", "inside")],
    "map-from": [("dstbuf not copied", "inside")],
    "map-bidi": [("dstbuf not copied", "inside"), ("dstbuf mismatch", "inside")],
    "sync-to": [("dstbuf mismatch", "inside")],
    "sync-from": [("dstbuf not copied", "inside")],
    "sync-bidi": [("dstbuf not copied", "inside"), ("dstbuf mismatch", "inside")],
    "edge": [("dstbuf mismatch", "before"), ("dstbuf mismatch", "after")],
    "drain": [("dstbuf not copied", "inside"), ("dstbuf mismatch", "inside")],
}


# With a real write buffer another drain hides that this one is missing: the DMA driver's own,
# between writing its descriptors and starting the engine.
@pytest.mark.parametrize("skip", [pytest.param(skip, marks=MODELLED if skip == "drain" else ())
                                  for skip in MISSED])
def test_each_call_is_missed(skip):
    run = Run(f"skip={skip}", 600)
    assert run.tests == 600 and run.failures > 0, run.result.out
    assert run.result.verdict["status"] == "FAIL" and run.result.exit == 1
    for place in MISSED[skip]:
        assert run.regions.get(place), f"no {place}:\n{run.result.out}"
    inside = {region == "inside" for (_, region), n in run.regions.items() if n}
    assert inside == {skip != "edge"}, run.regions
    assert not any(fault == "srcbuf overwritten" and n for (fault, _), n in run.regions.items())
    # Each printed finding names where it is; the rest is counted.
    wrong = sum(run.regions.values())
    assert len(run.findings) == min(wrong, 32)
    rest = re.search(r"^dmatest: (\d+) findings were counted and not printed$", run.result.out,
                     re.M)
    assert (int(rest[1]) if rest else 0) == wrong - len(run.findings)
    if skip in ("map-from", "sync-from", "edge"):
        assert {direction for *_, direction in run.findings} == {"FROM_DEVICE"}


def test_the_wraps_flush_is_missed():
    """Slots that are given to other pages with old lines under them: wrong everywhere."""
    run = Run("skip=wrap pkmap=8", 600)
    # The emulator's cache is shared with the kernel's data, whose evictions clear old lines away.
    least = 100 if qemu.emulators.emulator().name == "qemu" else 20
    assert run.failures > least and run.result.exit == 1
    assert {region for (_, region), n in run.regions.items() if n} == {"before", "inside", "after"}


def test_skip_names_what_is_valid():
    result = qemu.boot("exit=semihost selftest=dmatest skip=map")
    assert result.exit == 2
    assert "skip=map" in result.out and "map-to|map-from" in result.out


def test_skip_applies_to_exhibits():
    """Without its invalidate the loop of kmap-race cannot destroy anything, and what the device
    brings is not seen."""
    result = qemu.boot("exhibit=kmap-race pkmap=8 preempt=at:0 skip=map-from")
    assert result.verdict["lost_lines"] == "0", result.out
    assert int(result.verdict["stale_dma"]) > 0
    result = qemu.boot("exhibit=kmap-race pkmap=8 preempt=at:0")
    assert int(result.verdict["lost_lines"]) >= 100, result.out  # a real cache may save some


@pytest.mark.parametrize("append", ["fix=pin", "fix=kunmapflush", "fix=lock pkmap=4", "fix=none pkmap=2",
                                    "fix=pin pkmap=4", "fix=cleaninv pkmap=8", "fix=percheck"])
def test_strategies_without_a_race(append):
    """Nobody disturbs the loop here: each strategy that is right on VIVT must be right."""
    must_pass(f"{append} seed=7", 300)


@MODELLED
@pytest.mark.parametrize("cache", ["vivt,4k,4way,32b", "vivt,16k,4way,32b,wa",
                                   "vivt,16k,4way,32b,random", "vivt,64k,1way,32b,wa"])
def test_other_geometries(cache):
    must_pass(f"cache={cache} fix=pin seed=11", 500)


TAGGED = ["vipt,16k,4way,32b", "pipt,32k,4way,32b,wa,random"]


@MODELLED
@pytest.mark.parametrize("cache", TAGGED)
@pytest.mark.parametrize("fix", ["auto", "pin", "atomic", "kunmapflush"])
def test_physically_tagged(cache, fix):
    """Lines outlive the mapping there: a page without a pkmap address must be maintained too,
    by a temporary mapping (Linux 7e5a69e83ba)."""
    must_pass(f"cache={cache} fix={fix} seed=5", 400)


@MODELLED
@pytest.mark.parametrize("fix", ["none", "irqoff", "lock", "recheck", "percheck", "cleaninv"])
def test_without_a_temporary_mapping_lines_are_missed(fix):
    """Nobody disturbs the loop here, but pages without an address are passed over."""
    run = Run(f"cache={TAGGED[0]} fix={fix} seed=5", 400)
    assert run.failures > 0 and run.findings, run.result.out
    assert {region for (_, region), n in run.regions.items() if n} == {"inside"}


@MODELLED
@pytest.mark.parametrize("fix", ["", "fix=pin"])
def test_ten_thousand_copies_on_physical_tags(fix):
    must_pass(f"cache={TAGGED[0]} {fix}", 10000 if os.environ.get("MURPHY_LONG") == "1" else 2000)


# As MISSED, on a core that invalidates again when the CPU gets the buffer back (and only cleans a
# BIDIRECTIONAL one at the way out). What dirty lines an invalidate at unmap discards is then the
# source's own, too.
MISSED_TAGGED = {
    "map-to": [("dstbuf mismatch", "inside")],
    "map-from": [("dstbuf not copied", "inside")],
    "map-bidi": [("dstbuf not copied", "inside"), ("dstbuf mismatch", "inside"),
                 ("srcbuf overwritten", "inside")],
    "sync-to": [("dstbuf mismatch", "inside")],
    "sync-from": [("dstbuf not copied", "inside")],
    "sync-bidi": [("dstbuf not copied", "inside"), ("srcbuf overwritten", "inside")],
    "unmap-bidi": [("dstbuf not copied", "inside")],
    "sync-cpu-bidi": [("dstbuf not copied", "inside")],
    "edge": [("dstbuf mismatch", "before"), ("dstbuf mismatch", "after")],
    "drain": [("dstbuf not copied", "inside"), ("dstbuf mismatch", "inside")],
}


@MODELLED
@pytest.mark.parametrize("skip", MISSED_TAGGED)
def test_each_call_is_missed_on_physical_tags(skip):
    run = Run(f"cache={TAGGED[0]} skip={skip}", 600)
    assert run.failures > 0 and run.result.exit == 1, run.result.out
    for place in MISSED_TAGGED[skip]:
        assert run.regions.get(place), f"no {place}:\n{run.result.out}"
    inside = {region == "inside" for (_, region), n in run.regions.items() if n}
    assert inside == {skip != "edge"}, run.regions


@pytest.mark.parametrize("skip", ["unmap-from", "unmap-bidi", "sync-cpu-from", "sync-cpu-bidi"])
def test_there_is_nothing_to_leave_out_on_vivt(skip):
    run = Run(f"skip={skip}", 30)
    assert f"skip={skip}: this core has nothing to leave out there\n" in run.result.out
    run.must_pass(30)


@MODELLED
def test_a_temporary_mapping_is_wrong_on_vivt():
    run = Run("fix=atomic", 300)
    assert run.failures > 0 and run.regions["dstbuf not copied", "inside"] > 0


def test_dma_debug_finds_nothing():
    run = Run("dma_debug=on seed=3", 1000)
    run.must_pass(1000)
    report = re.search(r"^dma-debug: maps=(\d+) unmaps=(\d+) syncs=(\d+) live=(\d+) .*"
                       r"findings=(\d+)$", run.result.out, re.M)
    maps, unmaps, syncs, live, findings = (int(n) for n in report.groups())
    assert findings == 0 and maps > 2000 and syncs > 0
    assert live == maps - unmaps == 1  # the engine's descriptors


def test_seeds_differ():
    runs = [Run(f"skip=map-to seed={seed}", 60) for seed in (1, 2, 1)]
    assert runs[0].findings == runs[2].findings != runs[1].findings
    assert [r.seed for r in runs] == [1, 2, 1]


def test_the_oracle_finds_wrong_transfers():
    result = qemu.boot("selftest=dmatest-faults")
    assert result.verdict["status"] == "OK" and result.exit == 0, result.out
    found = re.findall(r"^dmatest-faults: .*: (\d+) transfers spoilt, (\d+) tests failed, (\d+) "
                       r"missed, '(.+)' region=(\w+) (\d+) times$", result.out, re.M)
    assert [(fault, region) for *_, fault, region, _ in found] == [
        ("dstbuf was copied beyond", "after"), ("dstbuf not copied", "inside"),
        ("srcbuf overwritten", "inside"), ("dstbuf mismatch", "inside")]
    for spoilt, failed, missed, _, _, named in found:
        assert int(spoilt) > 100 and int(failed) > 100 and int(missed) == 0 and int(named) > 100
