# SPDX-License-Identifier: MIT
"""Hunter mode convicts independent of luck: each case's data is right because an eviction came
between (exit status 0), and the missing operation is named all the same."""
import os
import re
import shutil
import subprocess

import pytest

# case: (kind of finding, exit status, the roles whose PCs it names)
CASES = {
    "to-device": ("dma-reads-stale", 0, ["stored"]),
    "from-device": ("stale-read", 0, ["filled", "transfer"]),
    "under-dirty": ("dma-under-dirty", 0, ["stored", "transfer"]),
    "discard": ("discard", 0, ["stored", "read"]),
    "table": ("walk-reads-stale", 0, ["stored"]),
    "code": ("stale-code", 0, ["stored"]),            # the first fetch: no I-cache line is old
    "code-unlucky": ("stale-code", 1, ["stored"]),    # the same where the old code runs
    "code-uncached": ("stale-code", 1, ["stored"]),
    "code-icache": ("stale-code", 0, ["stored"]),
    "wrong-page": ("wrong-page", 0, ["filled"]),
    "overwritten": (None, 0, []),
    "again": ("dma-reads-stale", 0, ["stored"]),
    "setway": ("dma-reads-stale", 0, ["stored"]),
    "stored-only": (None, 0, []),
    "over-device": ("dma-under-dirty", 1, ["stored", "transfer"]),
    "alias": ("dirty-aliases", 0, ["stored"]),
    "alias-old": ("dirty-aliases", 0, ["stored"]),
}
SHAPES = ["vivt,16k,4way,32b", "vipt,16k,4way,32b", "pipt,16k,4way,32b", "vivt,16k,4way,32b,wa",
          "vivt,4k,1way,32b,random"]


@pytest.fixture(scope="module")
def debts(guests):
    return guests.bare("debts", "debts.c")


def findings(run):
    return [l for l in run.stderr.decode().splitlines() if l.startswith("check ")]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES)
def test_luck_does_not_pay_a_debt(debts, run_sim, case, shape):
    kind, status, roles = CASES[case]
    if case in ("wrong-page", "alias", "alias-old") and not shape.startswith("vivt"):
        kind = None  # a physical tag knows the page by whatever address
    if case == "stored-only" and shape.endswith("wa"):
        kind, status, roles = "discard", 1, ["stored", "read"]  # here the store fills a line
    if case == "setway" and "16k" not in shape:
        return  # its loop is that of one shape
    r = run_sim(debts, "--append", case, "--check", "--cache", shape)
    found = findings(r)
    assert r.returncode == status, r.stderr
    assert [re.match(r"check ([\w-]+):", l).group(1) for l in found] == ([kind] if kind else [])
    for role in roles if kind else []:
        assert re.search(rf" {role}=[0-9a-f]{{8}},\w+\+0x[0-9a-f]+,\S*debts\.c:\d+", found[0]), found[0]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", [c for c in CASES if c != "overwritten"])
def test_the_operation_that_is_due_pays_it(debts, run_sim, case, shape):
    if case == "setway" and "16k" not in shape:
        return
    r = run_sim(debts, "--append", case + "-sound", "--check", "--cache", shape)
    assert (r.returncode, findings(r)) == (0, [])
    assert b"check: 0 findings;" in r.stderr


def test_a_finding_says_both_values(debts, run_sim):
    """01d01d01 was in memory, 22222222 was stored: which is read is luck."""
    for case in ["to-device", "from-device", "discard", "wrong-page", "alias", "over-device"]:
        line = findings(run_sim(debts, "--append", case, "--check"))[0]
        values = {"00000007", "22222222"} if case == "over-device" else {"01d01d01", "22222222"}
        assert set(re.search(r" reads=(\w+) or=(\w+)", line).groups()) == values, line


def test_a_finding_has_file_and_line_and_a_remedy(debts, run_sim):
    out = run_sim(debts, "--append", "discard", "--check").stderr.decode().splitlines()
    at = re.search(r" in=discard\+0x\w+ at=(\S+):(\d+) ", out[0])
    source = open(os.path.join(os.path.dirname(__file__), "guest", "debts.c")).read().splitlines()
    assert at and at.group(1).endswith("guest/debts.c"), out[0]
    assert source[int(at.group(2)) - 1].strip() == "inv(va);"
    assert out[1].startswith("      remedy: clean and invalidate (c7,c14,1)")


def test_a_taint_that_is_stored_over_is_counted(debts, run_sim):
    r = run_sim(debts, "--append", "overwritten", "--check")
    assert b"check: 0 findings; lines in doubt that nobody read: 1 written anew, 0 at the end" in r.stderr


def test_without_addr2line_it_says_what_is_missing(debts, run_sim, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("CROSS_COMPILE", raising=False)
    out = run_sim(debts, "--append", "discard", "--check").stderr.decode()
    assert "check: no file:line: addr2line for ARM is missing (Debian: binutils-arm-none-eabi)" in out
    assert out.count("no file:line") == 1
    assert re.search(r"^check discard: .* in=discard\+0x\w+ va=", out, re.M)


def test_accesses_that_nothing_answers_are_listed(debts, run_sim):
    for option, prefix in [("--stats", "stats"), ("--check", "check:")]:
        out = run_sim(debts, "--append", "unmapped", option).stderr.decode()
        assert re.search(rf"^{prefix} unmapped pa=80000020 size=4 read pc=\w+ in=unmapped\+0x\w+ times=1$",
                         out, re.M), out
        writes = re.findall(rf"^{prefix} unmapped pa=80000010 size=1 write pc=\w+ in=unmapped\S+ times=(\d)$",
                            out, re.M)
        assert sum(map(int, writes)) == 3


def test_labels_of_assembly_are_names(tmp_path, run_sim):
    """The loop lies behind a function and has no type; $a is no name."""
    source, elf = tmp_path / "label.S", str(tmp_path / "label.elf")
    source.write_text("""
        .arm
        .global _start
        .type _start, %function
_start: mov r0, #0x80000000
        b far
inner:  nop
        .size _start, . - _start
        .word 0
far:    ldrb r1, [r0]
        b in2
        .type other, %function
other:  nop
in2:    strb r1, [r0]
        .size other, . - other
        mov r0, #0x18
        ldr r1, =0x20026
        svc 0x123456
""")
    cross = os.environ.get("CROSS_COMPILE", "arm-none-eabi-")
    subprocess.run([cross + "gcc", "-nostdlib", "-Wl,-Ttext=0x100000", "-o", elf, str(source)], check=True)
    out = run_sim(elf, "--stats").stderr.decode()
    assert re.search(r"unmapped pa=80000000 size=1 read pc=00100010 in=far\+0x0 ", out), out
    assert re.search(r"unmapped pa=80000000 size=1 write pc=0010001c in=other\+0x4 ", out), out


def test_repeats_are_counted_by_kind(debts, run_sim):
    out = run_sim(debts, "--append", "from-device", "--check").stderr.decode()
    assert re.search(r"^check: stale-read: 1 place, 1 line$", out, re.M), out


def test_lines_that_are_not_32_bytes_are_refused(debts, run_sim):
    r = run_sim(debts, "--check", "--cache", "vivt,16k,4way,64b")
    assert r.returncode == 2
    assert b"--check: the D-cache must have 32-byte lines, not 64" in r.stderr


def test_addr2line_is_found_here():
    """Else the tests above prove less than they say."""
    assert shutil.which(os.environ.get("CROSS_COMPILE", "arm-none-eabi-") + "addr2line")
