# SPDX-License-Identifier: MIT
"""The kernel's page tables in the emulator: where stores allocate lines, a level-1 table that was
not cleaned is not the one that the walk reads; and what was mapped one to one at boot is gone."""
import re

import pytest

import kernelimage as k

WA = ["--cache", "vivt,16k,4way,32b,wa"]
PIN = "exhibit=kmap-race fix=pin preempt=at:41"


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")))


@pytest.fixture(scope="module")
def boot(stem, run_sim):
    """boot(parameters, *options) -> CompletedProcess"""
    def run(parameters, *options, path=stem + ".bin"):
        return run_sim(path, "--append", parameters + " exit=semihost", "--symbols", stem + ".elf",
                       "--max-insns", "300M", *options, timeout=300)
    return run


def fine(result):
    return result.returncode == 0 and [v["status"] for v in k.verdicts(result.stdout)] == ["OK"]


@pytest.mark.parametrize("parameters", [
    PIN, PIN + " lowmem=64M", "exhibit=kmap-race fix=kunmapflush preempt=at:41 pkmap=4",
    "selftest=pkmap", "selftest=consistent", "selftest=sched", "selftest=dmatest runs=100"])
def test_runs_where_stores_allocate_lines(boot, parameters):
    assert fine(boot(parameters, *WA))


def test_an_uncleaned_level_1_table_is_fatal_there_and_only_there(boot, stem, tmp_path):
    """(What paging_map_lowmem() stores is first walked after the cache's probe, which cleans all.)"""
    path = str(tmp_path / "image.bin")
    k.without_call(stem, "paging_init", "dcache_clean_range", -1, path)  # the last: level 1
    assert fine(boot(PIN, path=path))  # read-allocate: the stores went to memory
    assert not fine(boot(PIN, *WA, path=path))


def test_a_null_pointer_faults(boot):
    """Translation fault of a section; the pointer's name, the place, and the callers."""
    r = boot("selftest=null")
    out = r.stdout.decode().replace("\r", "")
    assert r.returncode == 3
    assert re.search(r"(?m)^panic: cache/trap\.c:\d+: data_abort: data abort: address 00000010, "
                     r"fault status 0x5 \(NULL pointer\?\)$", out)
    names = re.findall(r"(?m)^  \[\w+\] [0-9a-f]{8} (\S+)$", out)
    assert [n.split(".")[0] for n in names] == ["read_through", "null_selftest", "selftest_command",
                                                "actions_run", "kmain"]


def test_without_the_tlb_flush_the_boot_map_lives_on(boot, stem, tmp_path):
    """The entry of the identity map is used for as long as nothing replaces it."""
    path = str(tmp_path / "image.bin")
    k.without(stem, ("paging_init", "paging_map_lowmem"), "c8,c7,0", path)
    r = boot("selftest=null", path=path)
    assert r.returncode == 1 and b"instead of a fault" in r.stdout
