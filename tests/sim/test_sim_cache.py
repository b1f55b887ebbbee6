# SPDX-License-Identifier: MIT
"""Each effect of an incoherent cache shows in the emulator, and mutants of the cache
change just the effects they should: so the effects come from the cache and nothing else."""
import pytest

# effect seen: sound cache, then what each mutant changes (124: the image ran wild)
CASES = {
    "inv-after-read": (1, {"inv-writes-back": 0, "no-allocate": 0, "coherent": 0, "inv-keeps-dirty": 1}),
    "inv-write-only": (0, {}),  # read-allocate: a page that was only written holds no line
    "clean-inv": (0, {}),
    "pte-sound": (0, {"no-drain": 1}),
    "pte-unclean": (1, {"walk-in-cache": 0, "coherent": 0, "no-allocate": 0}),
    "pte-undrained": (1, {"walk-in-cache": 0, "coherent": 0}),
    "pte-drained": (0, {"no-drain": 1}),
    "tlb-stale": (1, {}),
    "tlb-flushed": (0, {"no-drain": 1}),
    "code-sound": (0, {}),
    "code-unclean": (1, {"coherent": 0}),
    "code-icache": (1, {}),
    "dma-from-stale": (1, {"no-allocate": 0}),
    "dma-from-inv": (0, {}),
    "dma-from-dirty": (0, {}),
    "dma-to-unclean": (1, {"no-allocate": 0, "coherent": 0}),
    "dma-to-undrained": (0, {}),  # the uncached write that starts the device waits for the buffer
    "dma-to-sound": (0, {}),
    "pa-tag": (1, {}),
    "rotated": (1, {}),
    "halves": (1, {}),
}


@pytest.fixture(scope="module")
def cache_elf(guests):
    return guests.bare("cache", "cache.c")


@pytest.mark.parametrize("case", CASES)
def test_effect(cache_elf, run_sim, case):
    assert run_sim(cache_elf, "--append", case).returncode == CASES[case][0]


@pytest.mark.parametrize("case, mutant", [(c, m) for c in CASES for m in CASES[c][1]])
def test_mutant_changes_it(cache_elf, run_sim, case, mutant):
    r = run_sim(cache_elf, "--append", case, "--mutant", mutant)
    assert r.returncode == CASES[case][1][mutant]


@pytest.mark.parametrize("case", ["inv-after-read", "pte-unclean", "code-icache", "dma-to-unclean"])
def test_qemu_notices_none(cache_elf, run_qemu, case):
    """The same image in QEMU, where caches hold nothing."""
    r = run_qemu(cache_elf, "-semihosting-config", f"enable=on,arg={case}")
    assert r.returncode == 0


def test_write_allocate_changes_what_is_lost(cache_elf, run_sim):
    r = run_sim(cache_elf, "--append", "inv-write-only", "--cache", "vivt,16k,4way,32b,wa")
    assert r.returncode == 1


CHECKS = {
    "inv-after-read": "discard",
    "dma-from-stale": "stale-read",
    "dma-to-unclean": "dma-reads-stale",
    "code-icache": "stale-code",
    "code-unclean": "stale-code",
    "pte-unclean": "walk-reads-stale",
    "pte-undrained": "walk-reads-stale",  # the clean is owed before the drain
}


@pytest.mark.parametrize("case", CHECKS)
def test_hunter_names_it(cache_elf, run_sim, case):
    r = run_sim(cache_elf, "--append", case, "--check")
    found = [l for l in r.stderr.decode().splitlines() if l.startswith(f"check {CHECKS[case]}")]
    assert found and " in=" in found[0] and "va=" in found[0] and "pa=" in found[0], r.stderr


@pytest.mark.parametrize("case", ["clean-inv", "pte-sound", "code-sound", "dma-from-inv", "dma-from-dirty", "dma-to-sound"])
def test_hunter_is_quiet_on_sound_code(cache_elf, run_sim, case):
    r = run_sim(cache_elf, "--append", case, "--check")
    assert r.returncode == 0
    assert b"check " not in r.stderr
