# SPDX-License-Identifier: MIT
"""Caches of every shape, in QEMU's model and in the emulator: no run ends other than expected, and
every loss is explained by what was seen. Shapes on which nothing can be shown are refused."""
import os
import random

import pytest

import kernelimage as k

SEED = int(os.environ.get("MURPHY_SEED") or random.randrange(1, 10**6))
CASES = 200 if os.environ.get("MURPHY_LONG") else 8
FIXES = k.STRATEGIES


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")))


@pytest.fixture(scope="module")
def boot(stem, run_sim, run_qemu):
    def run(where, shape, parameters):
        if where == "qemu":
            return run_qemu(stem + ".bin", "-m", "256", "-append", f"cache={shape} {parameters} exit=semihost", timeout=300)
        return run_sim(stem + ".bin", "--cache", shape, "--append", parameters + " exit=semihost", timeout=300)
    return run


def shape_of(r):
    while True:
        index, size, ways = r.choice(["vivt", "vipt", "pipt"]), 1024 << r.randrange(7), 1 << r.randrange(7)
        if size >= ways * 32 and not (index == "vipt" and size // ways > 4096):
            return f"{index},{size // 1024}k,{ways}way,32b" + r.choice(["", ",wa"]) + r.choice(["", ",random"])


def run_of(r):
    pkmap = 2 << r.randrange(9)
    at = f"preempt=at:{r.randrange(129)}"
    how = r.choice(["preempt=off", at, "preempt=irq runs=12", "sweep=at" if pkmap <= 32 else at + " runs=3"])
    return (f"exhibit=kmap-race fix={r.choice(FIXES)} pkmap={pkmap} victim={r.choice(['rw', 'rw', 'w', 'r', 'none'])} "
            f"{how} seed={r.randrange(1, 10**6)} trace=off")


def as_expected(result, shape):
    out = result.stdout.decode()
    said = k.verdicts(result.stdout)
    assert result.returncode == 0 and said, out[-600:]
    for v in said:
        assert v["status"] in v["expect"].split("|") and v["unexpected"] == "0" and v["other_lines"] == "0", v
        assert v["cache"] == shape, v
        # what is wrong is explained, and what is not wrong has no reason
        assert "unexplained" not in v["why"] and (v["why"] == "-") == (v["bad"] == "0"), v
    return said


@pytest.mark.parametrize("where", ["qemu", "sim"])
@pytest.mark.parametrize("n", range(CASES))
def test_any_shape_ends_as_expected(boot, where, n):
    r = random.Random(f"{SEED} {where} {n}")
    shape, parameters = shape_of(r), run_of(r)
    print(f"MURPHY_SEED={SEED}: {where} cache={shape} {parameters}")
    as_expected(boot(where, shape, parameters), shape)


# what once ended UNEXPECTED, or in a panic
@pytest.mark.parametrize("where, shape, parameters, status", [
    ("qemu", "vivt,16k,4way,32b,wa", "fix=none victim=r", "OK"),
    ("qemu", "vivt,16k,4way,32b,wa", "fix=none victim=none pkmap=4", "OK"),
    ("sim", "vivt,4k,4way,32b", "fix=none", None),
    ("sim", "vivt,1k,1way,32b", "fix=none pkmap=8", None),
    ("sim", "vivt,16k,1way,32b", "fix=none", None),
    ("qemu", "vipt,16k,4way,32b", "fix=none victim=none pkmap=2", "STALE"),
    ("sim", "vipt,16k,4way,32b", "fix=none victim=none pkmap=2", "STALE"),
    ("sim", "pipt,16k,4way,32b", "fix=cleaninv pkmap=2", "STALE"),
])
def test_every_position(boot, where, shape, parameters, status):
    *each, whole = as_expected(boot(where, shape, f"exhibit=kmap-race sweep=at list=verdicts {parameters}"), shape)
    assert len(each) == 129 and (status is None or whole["status"] == status)
    if shape.startswith("vivt") and "victim" not in parameters:
        assert int(whole["lost_lines"]) + int(whole["saved_lines"]) == 129 * 128 // 2


@pytest.mark.parametrize("where", ["qemu", "sim"])
@pytest.mark.parametrize("fix", ["irqoff", "lock", "cleaninv"])
def test_a_page_without_an_address_is_missed_where_lines_are_found_by_physical_address(boot, where, fix):
    """The timer comes before the loop as well: then there is no address to loop at. (docs/strategies.md)"""
    shape = "pipt,64k,16way,32b"
    (v,) = as_expected(boot(where, shape, f"exhibit=kmap-race fix={fix} preempt=irq runs=40 pkmap=2"), shape)
    assert set(v["expect"].split("|")) == {"OK", "STALE"}


@pytest.mark.parametrize("where", ["qemu", "sim"])
@pytest.mark.parametrize("pkmap", [2, 8])
def test_demo_with_few_slots(boot, where, pkmap):
    r = boot(where, "vivt,16k,4way,32b", f"demo=on pkmap={pkmap}")
    assert r.returncode == 0 and k.verdicts(r.stdout)[-1]["status"] == "OK", r.stdout[-1500:]


@pytest.mark.parametrize("shape, reason", [
    ("vipt,16k,2way,32b", "a way of a vipt cache must be 4k or less"),
    ("vipt,8k,1way,32b", "a way of a vipt cache must be 4k or less"),
    ("vivt,16k,4way,64b", "lines are 32 bytes"),
    ("vivt,16k,4way,16b", "lines are 32 bytes"),
])
def test_refused_shapes(boot, shape, reason):
    for where in "qemu", "sim":
        r = boot(where, shape, "exhibit=kmap-race fix=pin")
        assert reason in r.stdout.decode() and r.returncode not in (0, 1), (where, r.stdout[-400:])
        assert [v["status"] for v in k.verdicts(r.stdout)] == ["ERROR"]


@pytest.mark.parametrize("shape", ["vivt,256,4way,32b", "vivt,512,1way,32b", "vipt,16k,4way,32b,random",
                                   "pipt,32k,2way,32b,wa", "vivt,128k,4way,32b,wa,random"])
def test_the_emulators_verdict_names_its_cache(boot, shape):
    as_expected(boot("sim", shape, "exhibit=kmap-race fix=pin preempt=at:41"), shape)
