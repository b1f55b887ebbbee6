# SPDX-License-Identifier: MIT
"""No image and no option crashes the emulator (under ASan and UBSan) or outlives
--max-insns. MURPHY_LONG=1 fuzzes for ten minutes."""
import os
import random
import subprocess
import time

import pytest

import fuzzcases

SECONDS = 600 if os.environ.get("MURPHY_LONG") else 8
SEED = int(os.environ["MURPHY_SEED"])


@pytest.fixture(scope="module")
def elf(guests):
    return open(guests.bare("cache", "cache.c"), "rb").read()


def test_fuzzed_images_and_options(sim_asan, elf, tmp_path):
    env = dict(os.environ, UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1", ASAN_OPTIONS="exitcode=77")
    end, n = time.monotonic() + SECONDS, 0
    while time.monotonic() < end or n < 50:
        rng = random.Random(SEED * 1000003 + n)
        data = fuzzcases.mutated(rng, elf) if rng.random() < 0.3 else fuzzcases.image(rng)
        (tmp_path / "image").write_bytes(data)
        cmd = [sim_asan, "--kernel", str(tmp_path / "image"), "--max-insns", "200000", *fuzzcases.options(rng)]
        try:
            r = subprocess.run(cmd, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, env=env)
        except subprocess.TimeoutExpired:
            pytest.fail(f"seed {SEED} case {n}: still running after 300 s: {cmd}")
        bad = r.returncode < 0 or b"Sanitizer" in r.stderr or b"runtime error" in r.stderr
        assert not bad, f"seed {SEED} case {n}: status {r.returncode}\n{cmd}\n{r.stderr.decode()[-3000:]}"
        n += 1
    print(f"seed {SEED}: {n} cases")
