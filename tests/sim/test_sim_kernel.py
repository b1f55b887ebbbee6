# SPDX-License-Identifier: MIT
"""The unmodified versatilepb image in the emulator: the same verdicts as the modelled run
in QEMU, mutants of the cache, and operations left out."""
import re

import pytest

import kernelimage as k

# what a verdict says about the run; the rest (cache=, truth=) tells where it ran
SAYS = ["exhibit", "fix", "preempt", "seed", "runs", "bad", "lost_lines", "lost_bytes", "stale_dma", "why", "status"]


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")))


@pytest.fixture(scope="module")
def boot(stem, run_sim, run_qemu):
    """boot("sim" or "qemu", parameters, *options) -> CompletedProcess; of the image as it is, each
    such run once, for all tests that look at it."""
    done = {}

    def run(where, parameters, *options, path=stem + ".bin"):
        text = parameters + " exit=semihost"
        if where == "qemu":
            return run_qemu(path, "-append", text, *options, timeout=300)
        return run_sim(path, "--append", text, "--symbols", stem + ".elf", *options, timeout=300)

    def once(*words, path=None):
        if path:
            return run(*words, path=path)
        if words not in done:
            done[words] = run(*words)
        return done[words]
    return once


def said(result):
    return [{key: v.get(key) for key in SAYS} for v in k.verdicts(result.stdout)]


@pytest.mark.parametrize("fix", k.STRATEGIES)
def test_every_position_gives_qemus_verdict(boot, fix):
    """All 129 positions of at:N in one boot. The kernel's own data shares the emulator's
    cache; a 128 KiB one (the largest ARM926) keeps it from pushing the victim page's lines out."""
    parameters = f"exhibit=kmap-race fix={fix} sweep=at list=verdicts pkmap=64"
    want, have = boot("qemu", parameters), boot("sim", parameters, "--cache", "vivt,128k,4way,32b")
    assert "truth=simulated" in have.stdout.decode()
    assert len(said(want)) >= 129
    assert said(have) == said(want)
    assert have.returncode == want.returncode


@pytest.mark.parametrize("position", [0, 1, 41, 64, 100, 112])
def test_with_16k_each_difference_is_an_eviction(boot, tmp_path, position):
    """Lost in QEMU and kept here: only where the log shows that the line had been evicted when
    the invalidate came: dirty, and so written back, or between T2's read and its
    write, which then went to memory."""
    parameters = f"exhibit=kmap-race fix=none preempt=at:{position} list=on"
    log = tmp_path / "events"
    want = k.lost_lines(boot("qemu", parameters).stdout)
    have = k.lost_lines(boot("sim", parameters, "--events", str(log)).stdout)
    events = re.findall(r"^(\d+) (\S+) op=(\S+) va=(\w+) pa=(\w+) dirty=(\d)", log.read_text(), re.M)
    assert len(want) == 128 - position
    assert have or position > 100, "nothing was lost at all"
    assert not have - want, "lost here but not in QEMU"
    for page, line, va, pa in want - have:
        loop_end = max(int(t) for t, kind, op, _, p, _ in events
                       if kind == "discard" and op == "inv-mva" and p[:5] == pa[:5])
        before = [kind for t, kind, _, v, p, _ in events
                  if (v, p) == (va, pa) and int(t) < loop_end + 200]
        assert before[-2:] in (["writeback", "evict"], ["fill", "evict"]), (page, line, va, pa, before)


@pytest.mark.parametrize("state", ["dirty", "on"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_starts_from_what_a_loader_leaves(boot, state, seed):
    r = boot("sim", "exhibit=kmap-race fix=pin preempt=at:41", "--entry", state, "--seed", str(seed))
    assert [v["status"] for v in k.verdicts(r.stdout)] == ["OK"], r.stdout[-500:] + r.stderr[-500:]


PIN = "exhibit=kmap-race fix=pin preempt=at:41"
RACE = "exhibit=kmap-race fix=none preempt=at:41"


@pytest.mark.parametrize("mutant", ["inv-writes-back", "no-allocate", "coherent"])
def test_a_cache_that_cannot_lose_does_not(boot, mutant):
    """So the loss comes from the cache and nothing else. The kernel's probe would refuse
    such a cache: the mutant begins after the banner."""
    sound = boot("sim", RACE)
    r = boot("sim", RACE, "--mutant", mutant, "--mutant-after", "truth=simulated")
    assert int(k.verdicts(sound.stdout)[-1]["lost_lines"]) > 60
    assert int(k.verdicts(r.stdout)[-1]["lost_lines"]) == 0


@pytest.mark.parametrize("mutant, says", [
    ("inv-writes-back", "status=ERROR"),     # the probe: an invalidate writes back
    ("no-allocate", "truth=modelled"),       # the probe: the D-cache holds nothing
    ("coherent", None),                      # the same, or a refusal: never a simulated verdict
    ("no-drain", None),                      # page table entries stay in the write buffer
])
def test_a_mutant_from_the_start_is_found(boot, mutant, says):
    assert b"truth=simulated" in boot("sim", RACE).stdout
    r = boot("sim", RACE, "--mutant", mutant, "--max-insns", "50M")
    assert says is None or says in r.stdout.decode()
    assert not [v for v in k.verdicts(r.stdout) if v.get("truth") == "simulated"]


def test_walk_in_cache_hides_an_unclean_page_table(boot, stem, tmp_path):
    """What is fatal on the chip goes unseen if table walks look into the D-cache."""
    path = str(tmp_path / "image.bin")
    k.without(stem, "kmap_new", "c7,c10,1", path)
    assert boot("sim", PIN, "--max-insns", "80M", path=path).returncode != 0
    assert boot("sim", PIN, "--mutant", "walk-in-cache", path=path).returncode == 0


@pytest.mark.parametrize("parameters", [PIN, "exhibit=kmap-race fix=pin preempt=irq runs=10",
                                        "selftest=dmatest runs=100"])
def test_hunter_is_quiet_on_the_fixed_kernel(boot, parameters):
    r = boot("sim", parameters, "--check")
    assert r.returncode == 0
    assert not [l for l in r.stderr.decode().splitlines() if l.startswith("check ")]


def test_hunter_finds_the_race(boot):
    r = boot("sim", RACE, "--check")
    first = [l for l in r.stderr.decode().splitlines() if l.startswith("check discard")][0]
    assert " in=arm926_inv_lines+" in first and " va=bfe0" in first and " line=41 " in first


# operation left out -> run that shows it: emulator options, kernel parameters
REMOVED = [
    ("entry", "c7,c14,3", ["--entry", "on"], PIN),
    ("entry", "c7,c6,0", ["--entry", "dirty"], PIN),
    ("consistent_alloc", "c7,c10,1", [], PIN),
    ("kmap_atomic_slot", "c7,c10,1", [], PIN),
    ("kmap_atomic_slot", "c7,c10,4", [], PIN),
    ("kmap_new", "c7,c10,1", [], PIN),
    ("kmap_new", "c7,c10,4", [], PIN),
    ("tlb_flush_range", "c8,c7,0", [], "exhibit=kmap-race fix=atomic preempt=at:41"),
    ("tlb_flush_range", "c8,c7,1", [], "exhibit=kmap-race fix=pin preempt=irq runs=30 pkmap=4"),
    ("tlb_flush_page", "c8,c7,1", [], "selftest=dmatest runs=300"),
    ("arm926_inv_lines", "c7,c6,1", [], PIN),
    ("arm926_clean_lines", "c7,c10,1", [], "selftest=dmatest runs=300"),
    ("arm926_clean_inv_lines", "c7,c14,1", [], "selftest=dmatest runs=300"),
    ("arm926_clean_inv_all", "c7,c14,3", [], PIN),
]


@pytest.mark.parametrize("function, operation, options, parameters", REMOVED,
                         ids=[f"{f}-{o}" for f, o, _, _ in REMOVED])
def test_without_an_operation(boot, stem, tmp_path, function, operation, options, parameters):
    """The emulator notices; QEMU, whose caches hold nothing, does not."""
    path = str(tmp_path / "image.bin")
    k.without(stem, function, operation, path)
    sound, broken = (boot("sim", parameters, *options, "--max-insns", "80M", path=p) for p in (None, path))
    assert sound.returncode == 0, sound.stdout[-500:]
    assert (broken.returncode, said(broken)) != (0, said(sound)), "not noticed"
    sound, broken = (boot("qemu", parameters, path=p) for p in (None, path))
    assert (broken.returncode, said(broken)) == (sound.returncode, said(sound)) and said(sound)
