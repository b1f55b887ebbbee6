# SPDX-License-Identifier: MIT
"""Consistent memory on a cache that holds data and a TLB that keeps entries: what is flushed, and
that it is missed."""
import pytest

import kernelimage as k


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")))


@pytest.fixture(scope="module")
def selftest(stem, run_sim):
    def run(*options, path=stem + ".bin"):
        return run_sim(path, "--append", "selftest=consistent exit=semihost", "--max-insns", "300M", *options,
                       timeout=300).stdout.decode().replace("\r", "")
    return run


@pytest.mark.parametrize("cache", ["vivt,16k,4way,32b", "vivt,128k,4way,32b", "vivt,16k,4way,32b,wa"])
def test_zeroed_and_without_aliases(selftest, cache):
    out = selftest("--cache", cache)
    assert "consistent: 9 lives of blocks of 1, 2 and 4 pages; 0 faults\n" in out
    assert out.rstrip().endswith("status=OK")


@pytest.mark.parametrize("function, callee, says", [
    ("consistent_alloc", "dcache_clean_inv_range", "consistent: it is not zero\n"),
    ("consistent_alloc", "dcache_clean_inv_range", "consistent: its linear address still has lines from before\n"),
    ("consistent_free", "tlb_flush_range", "consistent: its address does not lead to its page\n"),
])
def test_without_a_flush(selftest, stem, tmp_path, function, callee, says):
    path = str(tmp_path / "image.bin")
    k.without_call(stem, function, callee, -1, path)
    out = selftest(path=path)
    assert says in out and out.rstrip().endswith("status=FAIL"), out[-600:]
