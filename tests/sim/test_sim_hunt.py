# SPDX-License-Identifier: MIT
"""docs/hunt.md: its commands print what it shows, and its tables are what the runs give."""
import os
import re
import subprocess

import pytest

import kernelimage as k

TOP = k.TOP
TEXT = open(os.path.join(TOP, "docs", "hunt.md")).read()


def commands():
    """(command, [lines shown]) of each "    $ command", in order."""
    found = []
    for line in TEXT.splitlines():
        if line.startswith("    $ "):
            found.append((line[6:], []))
        elif found and found[-1] is not None and line.startswith("    "):
            found[-1][1].append(line[4:])
        elif found:
            found.append(None)
    return [f for f in found if f]


def plain(text):
    """Without what another compiler may place elsewhere."""
    text = re.sub(r"\b(pc|va|pa|stored|filled|transfer|read)=[0-9a-f]{8}\b", r"\1=ADDR", text)
    return re.sub(r"\+0x[0-9a-f]+", "+OFF", text)


def rows(header):
    """The cells of the table that begins with that header."""
    at = TEXT.index(header)
    lines = TEXT[at:].splitlines()
    end = next(n for n, l in enumerate(lines) if not l.startswith("|"))
    return [[c.strip() for c in l.strip("|").split("|")] for l in lines[2:end]]


def kinds(stderr):
    return sorted(set(re.findall(r"^check ([\w-]+):", stderr, re.M)))


def shown(cell):
    return [] if cell == "silent" else re.findall(r"`([\w-]+)`", cell)


def test_each_command_prints_what_is_shown(sim):
    assert len(commands()) >= 9
    for command, want in commands():
        if command == "make sim":
            continue
        command = command.replace("build/murphy-sim", sim)
        r = subprocess.run(command, shell=True, cwd=TOP, stdin=subprocess.DEVNULL, timeout=120, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert plain(r.stdout).splitlines() == [plain(l) for l in want], command


def test_the_source_is_the_one_shown():
    """The loop in the text is that of copy.c."""
    squeeze = lambda text: re.sub(r"\s+", " ", text)
    body = re.search(r"( {4}for \(uint32_t packet.*?return 0;)", TEXT, re.S).group(1)
    source = open(os.path.join(TOP, "docs", "hunt", "copy.c")).read()
    assert squeeze(body).strip() in squeeze(source)


@pytest.mark.parametrize("row", rows("| left out |"), ids=lambda r: r[0])
def test_firmware_without_one_operation(run_sim, run_qemu, tmp_path, row):
    left_out, qemu, plain_run, busy, check = row
    have = []
    for flags in ["", " -DBUSY"]:
        flags = ("" if left_out == "nothing" else f"-DWITHOUT_{left_out}") + flags
        subprocess.run(["make", "-s", "-C", os.path.join(TOP, "docs", "hunt"), "PROGRAM=sound", f"FLAGS={flags}",
                        f"OUT={tmp_path}"], check=True)
        elf = str(tmp_path / "sound.elf")
        have.append(run_sim(elf).returncode)
        assert kinds(run_sim(elf, "--check").stderr.decode()) == shown(check)
        assert run_qemu(elf).returncode == 0
    assert qemu == "passes"
    assert [plain_run, busy] == ["fails" if s else "passes" for s in have]


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")))


@pytest.mark.parametrize("row", rows("| function | operation | run |"), ids=lambda r: "-".join(r[:3]).replace("`", ""))
def test_kernel_without_one_operation(stem, run_sim, run_qemu, tmp_path, row):
    function, operation, run = (c.strip("`") for c in row[:3])
    path = str(tmp_path / "image.bin")
    k.without(stem, function, operation, path)
    options = ["--symbols", stem + ".elf", "--max-insns", "300M", "--append", run + " exit=semihost"]
    status = run_sim(path, *options, timeout=120).returncode
    assert row[3] == ("fails" if status else "passes"), status
    assert kinds(run_sim(path, *options, "--check", timeout=300).stderr.decode()) == sorted(shown(row[4]))
    assert run_qemu(path, "-append", run + " exit=semihost", timeout=120).returncode == 0
