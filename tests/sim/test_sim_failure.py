# SPDX-License-Identifier: MIT
"""A kernel that is wrong says so: with the wrap's TLB flush taken out of the image, old entries
lead to other pages, and verdict and exit status must tell."""
import re

import pytest

import kernelimage as k


@pytest.fixture(scope="module")
def race(tmp_path_factory, run_sim):
    """race(parameters) -> (exit status, verdicts, output) of the image without the flush."""
    where = tmp_path_factory.mktemp("image")
    stem, path = k.build(str(where)), str(where / "without.bin")
    k.without(stem, "tlb_flush_range", "c8,c7,1", path)

    def run(parameters):
        r = run_sim(path, "--append", f"exhibit=kmap-race {parameters} exit=semihost", timeout=300)
        return r.returncode, k.verdicts(r.stdout), r.stdout.decode(errors="replace")
    return run


def expected(verdict):
    return verdict["status"] in verdict["expect"].split("|")


def test_pages_of_nobody_are_counted(race):
    """fix=pin is expected to lose nothing, and the pages of the race itself are not all there
    is: the pages that nobody had to do with were written over."""
    status, (verdict,), out = race("fix=pin preempt=off pkmap=8")
    assert int(verdict["other_lines"]) > 0
    named = re.findall(r"^lost page=F\d+ line=\d+ va=0000\w+", out.replace("\r", ""), re.M)
    assert len(named) == int(verdict["other_lines"])
    assert (verdict["expect"], verdict["status"], status) == ("OK", "LOST", 1)


def test_a_loss_that_is_expected_does_not_hide_another(race):
    """fix=none is expected to lose lines of its page, and does; what is wrong besides still makes
    the run fail."""
    status, (verdict,), _ = race("fix=none preempt=at:41 runs=20 pkmap=8")
    assert expected(verdict) and verdict["unexpected"] == "0"
    assert int(verdict["other_lines"]) > 0 and status == 1


def test_a_sweep_counts_the_positions_that_differ(race):
    status, (*_, whole), _ = race("fix=none sweep=at pkmap=8 trace=off")
    assert whole["preempt"] == "at:0..128" and whole["runs"] == "129"
    # Not interrupted before the end, nothing is lost by the race: position 128 at least differs.
    assert 0 < int(whole["unexpected"]) <= 129
    assert int(whole["other_lines"]) > 0 and status == 1


def test_a_sweep_that_only_differs_fails(race):
    """All in all fix=none loses lines, as expected; single positions do not end as expected."""
    status, (*each, whole), _ = race("fix=none sweep=at pkmap=4 list=on trace=off")
    assert expected(whole) and int(whole["unexpected"]) > 0 and status == 1
    assert len(each) == 129
    assert int(whole["unexpected"]) == sum(not expected(v) for v in each)
