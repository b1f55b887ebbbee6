# SPDX-License-Identifier: MIT
"""Tests of tools/seeds: as many runs as asked for, each with its seed, and those that fail named."""

import os
import subprocess
import sys

import emulators

SEEDS = os.path.join(emulators.TOP, "tools", "seeds")


def seeds(*words):
    done = subprocess.run([sys.executable, SEEDS, *words], capture_output=True, text=True,
                          timeout=300, check=False)
    return done.returncode, done.stdout.splitlines()


def test_each_seed_runs_once_and_failures_are_named():
    odd = 'echo "seed is $SEED"; test $SEED = $MURPHY_SEED && test $((SEED % 2)) = 0'
    status, lines = seeds("--first", "6", "--jobs", "2", "5", "sh", "-c", odd)
    assert status == 1
    assert lines == ["seed 7: status 1", "  seed is 7", "seed 9: status 1", "  seed is 9",
                     "5 seeds, 2 failed 7 9"]


def test_drawn_seeds_differ(tmp_path):
    log = tmp_path / "log"
    status, lines = seeds("20", "sh", "-c", f"echo $SEED >> {log}")
    assert (status, lines) == (0, ["20 seeds, 0 failed"])
    assert len(set(log.read_text().split())) == 20


def test_no_run_is_no_success():
    assert seeds("0", "true")[0] == 2
    assert seeds("3")[0] == 2
