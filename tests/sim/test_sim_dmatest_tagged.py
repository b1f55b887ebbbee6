# SPDX-License-Identifier: MIT
"""dmatest on an ARM1176 whose cache carries data, and on one that also fills lines by itself
(--mutant=prefetch): the cures that are right there, and each maintenance call left out."""
import os
import re

import pytest

import kernelimage as k

AHEAD = ["--mutant", "prefetch", "--mutant-after", "truth=simulated"]
RUNS = 10000 if os.environ.get("MURPHY_LONG") else 600


@pytest.fixture(scope="module")
def dmatest(run_sim, tmp_path_factory):
    """dmatest(words, *options) -> (failures, {(fault, region)}, its output, the emulator's report)."""
    stem = k.build(str(tmp_path_factory.mktemp("image")), "arm1176jzf-s")

    def run(words, *options):
        r = run_sim(stem + ".bin", "--cpu", "arm1176", "--symbols", stem + ".elf", *options,
                    "--append", f"selftest=dmatest {words} exit=semihost")
        out = r.stdout.decode().replace("\r", "")
        failures = int(re.search(r"^dmatest: \d+ tests, (\d+) failures", out, re.M)[1])
        assert r.returncode == (1 if failures else 0), out[-800:]
        places = {(fault, region) for fault, *counts in
                  re.findall(r"^dmatest: in all (.+): before=(\d+) inside=(\d+) after=(\d+)$", out, re.M)
                  for region, n in zip(("before", "inside", "after"), counts) if n != "0"}
        return failures, places, out, r.stderr.decode()
    return run


@pytest.mark.parametrize("ahead", [[], AHEAD], ids=["", "fills-by-itself"])
@pytest.mark.parametrize("fix", ["auto", "pin", "atomic"])
def test_right_cures(dmatest, fix, ahead):
    failures, _, out, err = dmatest(f"runs={RUNS} fix={fix}", *ahead)
    assert failures == 0, out[-800:]


@pytest.mark.parametrize("ahead", [[], AHEAD], ids=["", "fills-by-itself"])
def test_hunter_finds_nothing_in_the_default(dmatest, ahead):
    """fix= is not given: auto."""
    failures, _, out, err = dmatest("runs=200", "--check", *ahead)
    assert failures == 0 and "fix=auto" in out and "check: 0 findings" in err, err


# Without a temporary mapping a page that has no address is passed over.
@pytest.mark.parametrize("fix", ["none", "irqoff", "lock", "recheck", "percheck", "cleaninv"])
def test_wrong_cures(dmatest, fix):
    failures, places, _, err = dmatest(f"runs=300 fix={fix}", "--check")
    assert failures and places and {region for _, region in places} == {"inside"}
    assert re.search(r"check: [1-9]\d* findings", err), err


def test_a_page_that_kunmap_has_flushed_may_have_lines_again(dmatest):
    """kunmapflush counts on there being none; a cache that fills by itself does not keep to that."""
    assert dmatest("runs=300 fix=kunmapflush")[0] == 0
    assert dmatest("runs=300 fix=kunmapflush", *AHEAD)[0] > 0


NOT_COPIED, MISMATCH, SOURCE = ((fault, "inside") for fault in
                                ("dstbuf not copied", "dstbuf mismatch", "srcbuf overwritten"))
# What must be found when the call is left out, without and with a cache that fills by itself.
MISSED = {
    "map-to": (MISMATCH, MISMATCH),
    "map-from": (NOT_COPIED, NOT_COPIED),
    "map-bidi": (MISMATCH, MISMATCH),
    "sync-to": (MISMATCH, MISMATCH),
    "sync-from": (NOT_COPIED, NOT_COPIED),
    "sync-bidi": (MISMATCH, MISMATCH),
    "unmap-from": (None, NOT_COPIED),  # nothing has come back into a cache that does not fetch it
    "unmap-bidi": (NOT_COPIED, NOT_COPIED),
    "sync-cpu-from": (None, NOT_COPIED),
    "sync-cpu-bidi": (NOT_COPIED, NOT_COPIED),
}


@pytest.mark.parametrize("skip", MISSED)
def test_each_call_is_missed(dmatest, skip):
    for want, options in zip(MISSED[skip], ([], AHEAD)):
        failures, places, out, _ = dmatest(f"runs=600 skip={skip}", *options)
        assert bool(failures) == bool(want), out[-800:]
        assert not want or want in places, places
        assert {region for _, region in places} <= {"inside"}


def test_edges_are_missed(dmatest):
    failures, places, _, _ = dmatest("runs=600 skip=edge")
    assert failures and {("dstbuf mismatch", "before"), ("dstbuf mismatch", "after")} <= places
    assert not any(region == "inside" for _, region in places)
