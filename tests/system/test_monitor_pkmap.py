# SPDX-License-Identifier: MIT
"""The monitor's pages, kmap, kunmap and pkmap: what a person sees of the slots."""

import re

import pytest

from monitor import PAGE, SLOT1, rows, summary, with_model

pytestmark = with_model


@pytest.mark.parametrize("monitor", ["pkmap=4"], indirect=True)
def test_pkmap_shows_what_kmap_and_kunmap_did(monitor):
    assert summary(monitor("pkmap")) == (4, 4, 0, 0, 0, 0)
    one, two, three, four, five = monitor.take_pages(5)
    assert monitor(f"kmap {one}") == f"frame {one} at bfe01000, slot 1 (new), pkmap_count 2\n"
    assert monitor(f"kmap {two}") == f"frame {two} at bfe02000, slot 2 (new), pkmap_count 2\n"
    assert monitor(f"kmap {one}").endswith("slot 1 (which it had), pkmap_count 3\n")
    assert "pkmap_count 1: mapping, TLB entry and cache lines stay" in monitor(f"kunmap {two}")
    text = monitor("pkmap")
    assert summary(text) == (4, 2, 1, 1, 2, 0)
    assert rows(text) == {
        1: (SLOT1, 3, str(one), f"{one * PAGE:08x}", "trapped", "2 users"),
        2: (SLOT1 + PAGE, 1, str(two), f"{two * PAGE:08x}", "trapped",
            "unused, mapped until the wrap"),
    }
    assert set(rows(monitor("pkmap all"))) == {0, 1, 2, 3}
    # Slot 3, then the wrap frees two's slot; 0 comes first, then 1 is passed over.
    assert "slot 3 (new)" in monitor(f"kmap {three}")
    assert "slot 0 (new)" in monitor(f"kmap {four}")
    assert "slot 2 (new)" in monitor(f"kmap {five}")
    assert summary(monitor("pkmap")) == (4, 0, 0, 4, 2, 1)


@pytest.mark.parametrize("monitor", ["pkmap=2"], indirect=True)
def test_exhaustion_is_said_and_does_not_hang(monitor):
    one, two, three = monitor.take_pages(3)
    monitor(f"kmap {one}")
    monitor(f"kmap {two}")
    assert monitor(f"kmap {three}") == (
        "kmap: all 2 slots are pinned (see pkmap); kunmap one first\n")
    assert "pkmap_count 3" in monitor(f"kmap {one}")  # it has a slot, so this needs none
    assert "some pages are still mapped by a user" in monitor("set pkmap 4")
    monitor(f"kunmap {two}")
    assert "slot 0 (new)" in monitor(f"kmap {three}")
    assert summary(monitor("pkmap"))[3] == 2


def test_pages_that_are_mapped_cannot_be_given_back(monitor):
    one, two = monitor.take_pages(2)
    assert monitor(f"kunmap {one}") == (
        f"kunmap: frame {one} is not mapped by hand; kmap it first\n")
    for number in (0, 3, one - 1):
        assert monitor(f"kmap {number}") == (
            f"kmap: page {number} is none of the pages taken; pages lists them\n")
    assert "one page expected, by its number in the list" in monitor("kmap")
    monitor(f"kmap {two}")
    assert monitor("pages 1") == (
        f"pages: frame {two} would go, but it is mapped; 'kunmap {two}' first\n")
    assert monitor("pages 2").splitlines()[-1].split() == [
        "2", str(two), f"{two * PAGE:08x}", "bfe01000", "1"]
    assert monitor("kunmap 2").startswith(f"frame {two} at bfe01000, pkmap_count 1")
    assert monitor("pages 0").startswith("no pages")


def test_slots_without_a_user_are_told_together(monitor):
    for frame in monitor.take_pages(6):
        monitor(f"kmap {frame}")
        monitor(f"kunmap {frame}")
    text = monitor("pkmap")
    assert re.search(r"^ +1\.\.6 +bfe01000 +1 +6 pages +trapped +unused", text, re.MULTILINE)
    assert rows(text) == {}
    assert len(rows(monitor("pkmap all"))) == 512
