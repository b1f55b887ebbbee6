# SPDX-License-Identifier: MIT
"""dma-debug: each mistake made through the mapping API is found, named and counted."""

import re

import pytest

import qemu

# Findings that the self-test's mistakes make, by kind.
FINDINGS = {"not mapped": 3, "double unmap": 1, "wrong size": 1, "wrong function": 3,
            "wrong direction": 2, "outside the mapping": 1, "overlap": 1, "leak": 1}


# It must not matter whether the checker was on already, nor what the strategy is.
@pytest.mark.parametrize("append", ["", "dma_debug=on", "fix=pin pkmap=2"])
def test_every_mistake_is_found(append):
    result = qemu.boot(f"selftest=dma-debug {append}")
    assert result.verdict["status"] == "OK" and result.exit == 0, result.out
    assert re.search(r"^dma-debug: (\d+) of \1 cases as expected$", result.out, re.M)
    report = re.search(r"^dma-debug: maps=(\d+) unmaps=(\d+) syncs=\d+ live=0 max=\d+ "
                       r"findings=(\d+), (.+)$", result.out, re.M)
    assert report, result.out
    assert report[1] == report[2]
    assert int(report[3]) == sum(FINDINGS.values())
    assert dict((kind, int(n)) for kind, n in
                (word.rsplit(": ", 1) for word in report[4].split(", "))) == FINDINGS
    for kind, count in FINDINGS.items():  # one line each
        lines = re.findall(rf"^dma-debug: {kind}: .+$", result.out, re.M)
        assert len(lines) == count, (kind, lines)


def test_each_line_says_what_would_be_right():
    out = qemu.boot("selftest=dma-debug").out
    for words in ("unmap all 4096 bytes", "use FROM_DEVICE", "use dma_unmap_page",
                  "use dma_unmap_sg", "coherent memory needs no sync", "unmap once",
                  "use what dma_map_* returned", "use its start", "bytes are left there",
                  "keep them in different 32-byte lines", "end it with dma_unmap_page"):
        assert words in out, words


def test_the_race_and_its_fix_use_the_api_rightly():
    """The findings of a run with the checker on: none (they would be printed as they come)."""
    for fix in ("none", "pin"):
        result = qemu.boot(f"exhibit=kmap-race pkmap=8 fix={fix} preempt=at:41 dma_debug=on")
        assert result.exit == 0, result.out
        assert "dma-debug:" not in result.out


def test_an_unknown_test_is_refused_with_the_names():
    result = qemu.boot("exit=semihost selftest=dma-debg")
    assert result.exit == 2
    refused = re.search(r"^parameter selftest=dma-debg: no such test; valid: (\S+)$", result.out,
                        re.M)
    assert refused, result.out
    assert {"ldst", "dmatest", "dmatest-faults", "dma-debug"} <= set(refused[1].split("|"))
