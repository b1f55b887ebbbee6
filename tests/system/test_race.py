# SPDX-License-Identifier: MIT
"""kmap-race: exact losses at every position, every strategy, real preemption, geometries."""

import os
import re

import pytest

import qemu

LONG = bool(os.environ.get("MURPHY_LONG"))
RUNS = 1000 if LONG else 300
TRUTH = "modelled" if qemu.emulators.emulator().name == "qemu" else "simulated"
modelled_only = pytest.mark.skipif(TRUTH != "modelled", reason="needs the model's geometry or log")

FIXES = ("none", "pin", "irqoff", "lock", "recheck", "percheck", "atomic", "cleaninv", "kunmapflush")
KEYS = ("exhibit board cpu cache truth fix preempt seed runs bad lost_lines lost_bytes stale_dma "
        "pkmap victim detected other_lines unexpected why preempted expect saved_lines status").split()


def race(words, **how):
    return qemu.boot(f"exhibit=kmap-race {words}", **how)


def sweep(words, **how):
    """The verdicts of the positions 0..128, and the one of the whole sweep."""
    result = race(f"sweep=at list=verdicts {words}", **how)
    *each, whole = result.verdicts
    assert [v["preempt"] for v in each] == [f"at:{n}" for n in range(129)]
    assert whole["preempt"] == "at:0..128" and whole["runs"] == "129"
    assert sum(int(v["lost_lines"]) for v in each) == int(whole["lost_lines"])
    return result, each, whole


def lost(verdicts):
    return [int(v["lost_lines"]) for v in verdicts]


def test_the_verdict_line():
    result = race("fix=none preempt=at:41")
    v = result.verdict
    assert result.exit == 0
    assert list(v) == KEYS
    assert v["truth"] == TRUTH and v["cpu"] == "arm926ej-s" and v["cache"].startswith("vivt,")
    if TRUTH == "modelled":
        assert (v["lost_lines"], v["lost_bytes"], v["saved_lines"]) == ("87", "2784", "0")
    else:  # a line may have been evicted, and so saved, by the kernel's own data
        assert 60 < int(v["lost_lines"]) and int(v["lost_lines"]) + int(v["saved_lines"]) == 87
    assert (v["stale_dma"], v["bad"]) == ("0", "1")
    assert v["why"] == "dirty-lines-discarded" and v["status"] == "LOST"


@modelled_only
def test_the_bug_loses_exactly_128_minus_n_lines():
    result, each, whole = sweep("fix=none")
    assert lost(each) == [128 - n for n in range(129)]
    assert all(int(v["lost_bytes"]) == 32 * int(v["lost_lines"]) for v in each)
    assert all(v["stale_dma"] == "0" for v in each)
    assert [v["status"] for v in each] == ["LOST"] * 128 + ["OK"]
    assert whole["bad"] == "128" and whole["unexpected"] == "0" and result.exit == 0


@modelled_only
@pytest.mark.parametrize("victim", ["w", "r"])
def test_what_was_not_both_read_and_written_is_not_lost(victim):
    """Read-allocate: a page that was only written has no line; one only read has no dirty one."""
    result, each, _ = sweep(f"fix=none victim={victim} pkmap=8")
    assert lost(each) == [0] * 129 and result.exit == 0


@pytest.mark.parametrize("fix", ["pin", "irqoff", "lock", "cleaninv", "kunmapflush"])
def test_right_strategies_lose_nothing_anywhere(fix):
    result, each, whole = sweep(f"fix={fix} pkmap=8")
    assert all(v["status"] == "OK" for v in each)
    assert whole["status"] == "OK" and whole["other_lines"] == "0" and result.exit == 0
    # Every run was interrupted in its loop, or there was none: kunmap() had flushed the page.
    assert whole["preempted"] == ("0" if fix == "kunmapflush" else "129")
    assert race(f"fix={fix} pkmap=8 preempt=off").verdict["status"] == "OK"


@modelled_only
def test_recheck_detects_but_loses_all_the_same():
    _, each, _ = sweep("fix=recheck pkmap=8")
    assert lost(each) == [128 - n for n in range(129)]
    assert all(v["detected"] == "1" for v in each)


@modelled_only
def test_percheck_leaves_a_window_of_one_line():
    _, each, _ = sweep("fix=percheck pkmap=8")
    assert lost(each) == [1] * 128 + [0]


@modelled_only
def test_atomic_fails_on_vivt_by_its_own_mechanism():
    """The dirty lines sit under the pkmap address, out of the loop's reach."""
    later = race("fix=atomic preempt=off").verdict
    assert (later["status"], later["stale_dma"]) == ("STALE", "128")
    assert later["why"] == "old-lines-written-over-dma"  # by the other task's wrap
    alone = race("fix=atomic preempt=off victim=none").verdict
    assert (alone["status"], alone["stale_dma"]) == ("STALE", "128")
    assert alone["why"] == "old-lines-hit"  # nothing wrote them back: the CPU goes on hitting them
    _, each, _ = sweep("fix=atomic victim=none")  # 512 slots: 129 pages do not wrap them
    assert all(v["stale_dma"] == "128" and v["why"] == "old-lines-hit" for v in each)
    # Let in at the end of the atomic section, the other task's wrap flushes them in time.
    _, each, _ = sweep("fix=atomic pkmap=8")
    assert all(v["status"] == "OK" for v in each)


@pytest.mark.parametrize("pkmap", [2, 4, 8, 16, 32, 64, 128, 256, 512])
def test_any_table_size(pkmap):
    bug = race(f"fix=none pkmap={pkmap} preempt=at:100").verdict
    assert bug["status"] == "LOST" and bug["pkmap"] == str(pkmap)
    if TRUTH == "modelled":
        assert bug["lost_lines"] == "28"
    assert race(f"fix=pin pkmap={pkmap} preempt=at:100").verdict["status"] == "OK"


@pytest.mark.parametrize("fix", ["none", "pin"])
def test_a_timer_preempts_the_unmodified_loop(fix):
    """Under -icount, so that the timer's moments are the same in every run of the test."""
    result = race(f"fix={fix} preempt=irq runs={RUNS} seed=1", icount=TRUTH == "modelled", timeout=300)
    v = result.verdict
    assert v["runs"] == str(RUNS) and result.exit == 0
    if fix == "none":
        assert int(v["bad"]) >= RUNS // 10 and v["status"] == "LOST"
    else:
        assert (v["bad"], v["lost_lines"], v["stale_dma"], v["status"]) == ("0", "0", "0", "OK")


@modelled_only  # the emulator has no other time than its own
def test_a_timer_in_real_time_loses_too():
    v = race(f"fix=none preempt=irq runs={RUNS} seed=2", timeout=300).verdict
    assert int(v["bad"]) >= 1 and v["status"] == "LOST"


@modelled_only
def test_lost_lines_are_named():
    result = race("fix=none preempt=at:125 list=on")
    assert [l["line"] for l in result.lost] == ["125", "126", "127"]
    for l in result.lost:
        va, pa = int(l["va"], 16), int(l["pa"], 16)
        assert va % 4096 == pa % 4096 == int(l["line"]) * 32
        assert 0xBFE00000 <= va < 0xC0000000
        assert int(l["want"], 16) == int(l["got"], 16) ^ 0xFFFFFFFF  # the page's old contents
        assert l["by"] == "T1-driver" and l["pc"].split(":")[1] in ("dcache_inv_range", "step_inv")


def test_the_timeline():
    out = race("fix=none preempt=at:41 trace=on").out
    told = ["T1-driver  dma_map_page(P, FROM_DEVICE)",
            "*** an interrupt in the middle of the loop, before line 41 ***",
            "pkmap_count 1: nobody holds this mapping",
            "T2-writer  last_pkmap_nr wraps to zero",
            "T2-writer  kmap(Q): a fresh pkmap entry",
            "the oracle reads page Q: 87 lines are wrong",
            "# kept: 41   X lost: 87"]
    if TRUTH != "modelled":
        told[-2:] = ["the oracle reads page Q: ", "# kept: "]
    places = [out.find(text) for text in told]
    assert -1 not in places and places == sorted(places), dict(zip(told, places))
    # By itself when a run went wrong, and only then.
    assert "dma_map_page(P, FROM_DEVICE)" in race("fix=none preempt=at:41").out
    assert "dma_map_page(P" not in race("fix=pin preempt=at:41").out
    assert "dma_map_page(P" not in race("fix=none preempt=at:41 trace=off").out
    assert "pkmap_count 2: the mapping is pinned" in race("fix=pin preempt=at:41 trace=on").out


@modelled_only
def test_the_same_seed_gives_the_same_run():
    words = "fix=none preempt=irq runs=20 seed=77 list=on pkmap=16"
    first, second = (race(words, icount=True).out for _ in range(2))
    assert first == second and "lost page=" in first


@modelled_only
@pytest.mark.parametrize("cache,fix,status", [
    ("vivt,32k,8way,32b", "none", "LOST"),
    ("vivt,16k,4way,32b,random", "none", "LOST"),
    ("vivt,16k,4way,32b,wa", "none", "LOST"),
    ("vivt,16k,4way,32b,wa", "pin", "OK"),
    ("vivt,4k,4way,32b", "pin", "OK"),
    ("vipt,16k,4way,32b", "none", "LOST"),
    ("vipt,16k,4way,32b", "pin", "OK"),
    ("vipt,16k,4way,32b", "atomic", "OK"),  # right where lines are found by physical address
    ("pipt,16k,4way,32b", "atomic", "OK"),
    ("vipt,16k,4way,32b", "cleaninv", "STALE"),  # the page's own lines are missed
])
def test_other_caches(cache, fix, status):
    result, _, whole = sweep(f"cache={cache} fix={fix} pkmap=8")
    assert whole["status"] == status and whole["unexpected"] == "0" and result.exit == 0
    assert whole["cache"] == cache


@modelled_only
def test_a_write_allocating_cache_loses_what_was_only_written():
    _, each, _ = sweep("cache=vivt,16k,4way,32b,wa fix=none victim=w pkmap=8")
    assert lost(each) == [128 - n for n in range(129)]


def strip(out):
    """The cells of the strip, the position of each row's first, and the legend's counts."""
    rows = re.findall(r"^    +(\d+)  ([.XS?]+)$", out, re.M)
    legend = dict(re.findall(r"  ([.XS]) \w+: (\d+)", out))
    return "".join(cells for _, cells in rows), [int(at) for at, _ in rows], legend


@modelled_only
@pytest.mark.parametrize("words, cells", [("fix=none", "X" * 128 + "."), ("fix=pin", "." * 129),
                                          ("fix=atomic victim=none", "S" * 129)])
def test_a_sweep_is_one_strip_and_one_verdict(words, cells):
    result = race(f"sweep=at {words}")
    shown, at, legend = strip(result.out)
    assert shown == cells and at == [0, 64, 128]
    assert legend == {c: str(cells.count(c)) for c in ".XS"}
    assert result.verdict["runs"] == "129"  # the only one
    assert max(map(len, result.out.splitlines()[-6:-1])) <= 80
    coloured = race(f"sweep=at color=on {words}").out
    assert strip(re.sub(r"\033\[[0-9;]*m", "", coloured))[0] == cells and "\033[" in coloured


@modelled_only
def test_without_a_cache_there_is_no_verdict():
    result = race("cache=native")
    assert result.exit == 2 and result.verdict["status"] == "ERROR"
    assert "the D-cache holds nothing" in result.out


@modelled_only
def test_a_trapped_window_behaves_as_memory():
    result = qemu.boot(f"selftest=ldst seed=3 runs={1000000 if LONG else 100000}", timeout=300)
    assert result.exit == 0 and result.verdict["status"] == "OK"
