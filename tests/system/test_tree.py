# SPDX-License-Identifier: MIT
"""The tree itself: lint, licence lines, and what a build puts out."""

import os
import re
import shutil
import subprocess

import pytest

import emulators


def run(*command):
    return subprocess.run(command, cwd=emulators.TOP, capture_output=True, text=True, check=False)


def tracked():
    listed = run("git", "ls-files")
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [f for f in listed.stdout.split("\n") if f and os.path.exists(os.path.join(emulators.TOP, f))]


@pytest.mark.skipif(not shutil.which("cppcheck") or not shutil.which("clang-format"),
                    reason="no cppcheck or clang-format ('tools/setup lint' installs them)")
def test_lint():
    version = re.search(r"version (\d+)", run("clang-format", "--version").stdout)[1]
    if version != "14":
        pytest.skip(f"clang-format {version} formats otherwise than 14, which the tree follows")
    lint = run("make", "lint")
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_every_source_names_its_licence():
    sources = [f for f in tracked() if f.endswith((".c", ".h", ".S", ".py", ".ld", ".mk", ".gdb"))]
    assert sources
    for name in sources + ["Makefile"]:
        with open(os.path.join(emulators.TOP, name), encoding="utf-8") as f:
            assert "SPDX-License-Identifier: MIT" in f.read(200), name


def test_the_build_puts_out_all_five():
    board = os.environ.get("BOARD", "versatilepb")
    for kind in ("elf", "bin", "map", "lst", "sym"):
        path = os.path.join(emulators.TOP, "build", board, f"murphy.{kind}")
        assert os.path.getsize(path) > 1000, path
