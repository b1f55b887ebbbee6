# SPDX-License-Identifier: MIT
"""The monitor, typed at over the UART: commands, parameters, runs, the line on the wire, the end."""

import re
import subprocess

import pytest

import qemu
from monitor import PROMPT, with_model

pytestmark = with_model

LEFT, RIGHT, UP, DOWN, HOME = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B", "\x1b[H"


# ---- commands, parameters and how they are refused ---------------------------------------


def test_help_lists_every_command_once_and_explains_each(monitor):
    text, rule = monitor("help").split("\n\n")
    assert rule.startswith("Numbers are typed as they are printed: addresses and words of memory")
    names = [line.split()[0] for line in text.splitlines()]
    assert names == sorted(set(names))
    assert set(names) >= {"cache", "dma", "exhibits", "exit", "halt", "help", "kmap", "kunmap",
                          "line", "mem", "pages", "peek", "pkmap", "poke", "quit", "reset",
                          "run", "set", "tasks", "test", "trace"}
    assert max(len(line) for line in text.splitlines()) < 80
    for line in text.splitlines():
        usage, what = re.fullmatch(r"(\S.*?) {2,}(\S.*)", line).groups()
        answer = monitor(f"help {line.split()[0]}")
        assert answer.startswith(f"{usage}\n  {what}\n")


@pytest.mark.parametrize("line, answer", [
    ("pkmpa", "command pkmpa: unknown; did you mean pkmap? (help lists all)"),
    ("zzzzz", "command zzzzz: unknown; help lists all"),
    ("k", "command k: could be kmap kunmap; type more of it"),
    ("pkmap some", "pkmap: nothing expected, or 'all' for every slot with a line of its own"),
    ("tasks 3", "tasks: no argument expected"),
    ("dma 3", "dma: no argument expected; set fix chooses the maintenance strategy"),
    ("mem 3", "mem: no argument expected; peek ADDRESS shows what is in memory"),
    ("exhibits 3", "exhibits: no argument expected; 'run NAME' runs one"),
    ("reset now", "reset: no argument expected"),
    ("halt now", "halt: no argument expected; exit STATUS ends the kernel with a status"),
    ("exit 256", "exit: one exit status expected, 0..255 (none: 0)"),
    ("run", "run: an exhibit's name expected; exhibits lists them"),
    ("run race", "run: there is no exhibit race; exhibits lists those there are"),
    ("test race", "test: there is no test race; test alone lists those there are"),
    ("trace 1", "trace: nothing expected, or one of on, off, clear"),
    ("pages 65", "pages: how many pages to keep expected, 0..64"),
    ("pages -1", "pages: how many pages to keep expected, 0..64"),
    ("kmap 5", "kmap: no pages to map; 'pages 4' takes four of high memory"),
    ("cache lanes", "cache: nothing, lines, discards, clean, inv or cleaninv expected, not lanes"),
    ("cache lines x", "cache: a virtual or physical address of a page expected, in hexadecimal"),
    ("cache inv", "cache: an address expected, and how many bytes, 1..4096 (none: 32, a line)"),
    ("cache inv bfe01000 4097",
     "cache: an address expected, and how many bytes, 1..4096 (none: 32, a line)"),
    ("cache inv c0100000",
     "cache: an address in the pkmap window expected; pkmap lists the pages there"),
    ("cache clean bfe01000", "cache: no page is mapped at bfe01000; pkmap lists those that are"),
    ("cache discards fffffff0", "cache: fffffff0 is neither RAM nor an address of a mapped page; "
     "pkmap lists both for each page"),
])
def test_refused(monitor, line, answer):
    assert monitor(line) == answer + "\n"


def test_set_shows_and_changes(monitor):
    assert "parameter fix=default\n" in monitor("set fix")
    assert monitor("set fix pin") == ""
    assert "parameter fix=pin\n" in monitor("set fix")
    assert monitor("set fix=irqoff") == ""
    assert re.search(r"^fix +irqoff +default\|auto\|none\|pin\|", monitor("set"), re.MULTILINE)
    assert monitor("set preempt at:7") == ""
    assert re.search(r"^preempt +at:7 ", monitor("set"), re.MULTILINE)


@pytest.mark.parametrize("line, wrong", [
    ("set fix pni", "parameter fix=pni: no such strategy; valid: default|auto|none|pin|"),
    ("set fxi pin", "unknown; did you mean fix?"),
    ("set preempt at:129", "must be a number from 0 to 128"),
    ("set pkmap 3", "not a power of two from 2 to 512"),
    ("set runs 1e6", "something else after the number; valid: 0..10000000"),
    ("set lowmem 8M", "can be set on the boot command line only"),
])
def test_a_bad_value_is_named_with_what_is_valid(monitor, line, wrong):
    before = monitor("set")
    answer = monitor(line)
    assert answer.count("\n") == 1 and answer.startswith("set: parameter ") and wrong in answer
    assert monitor("set") == before


# ---- running -----------------------------------------------------------------------------


def test_what_can_be_run_is_listed(monitor):
    assert re.search(r"^  kmap-race +\S", monitor("exhibits"), re.MULTILINE)
    assert re.search(r"^  ldst +\S", monitor("test"), re.MULTILINE)


def test_run_with_settings_for_once(monitor):
    before = monitor("set")
    lost = monitor("run kmap-race pkmap=8 preempt=at:100 fix=none")
    verdict, = qemu.parse_lines(lost, "verdict")
    assert (verdict["status"], verdict["lost_lines"], verdict["pkmap"]) == ("LOST", "28", "8")
    saved = monitor("run kmap-race pkmap=8 pkmap=16 preempt=at:100 fix=pin")
    verdict, = qemu.parse_lines(saved, "verdict")
    assert (verdict["status"], verdict["lost_lines"], verdict["pkmap"]) == ("OK", "0", "16")
    assert monitor("set") == before
    assert monitor.leave("exit 0").exit == 0


def test_run_takes_what_set_says(monitor):
    monitor("set pkmap 8")
    monitor("set fix pin")
    verdict, = qemu.parse_lines(monitor("run kmap-race"), "verdict")
    assert (verdict["fix"], verdict["pkmap"], verdict["status"]) == ("pin", "8", "OK")


@pytest.mark.parametrize("setting, wrong", [
    ("fix=pni", "no such strategy"), ("speed=9", "unknown"), ("fix", "no '=' and value after it"),
    ("cache=auto", "on the boot command line only"),
])
def test_a_bad_setting_runs_nothing_and_changes_nothing(monitor, setting, wrong):
    before = monitor("set")
    answer = monitor(f"run kmap-race pkmap=8 runs=3 {setting}")
    assert answer.startswith("run: parameter ") and wrong in answer and "verdict" not in answer
    assert monitor("set") == before


def test_a_selftest_with_settings(monitor):
    verdict, = qemu.parse_lines(monitor("test ldst runs=500 seed=9"), "verdict")
    assert (verdict["selftest"], verdict["seed"], verdict["status"]) == ("ldst", "9", "OK")
    assert re.search(r"^seed +1 ", monitor("set"), re.MULTILINE)


@pytest.mark.parametrize("monitor", ["pkmap=8"], indirect=True)
def test_nothing_runs_while_pages_are_mapped_by_hand(monitor):
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    for line in ("run kmap-race", "test ldst"):
        assert "pages are still mapped by hand; kunmap them first" in monitor(line)
    monitor(f"kunmap {frame}")
    assert qemu.parse_lines(monitor("run kmap-race"), "verdict")[0]["status"] == "LOST"


# ---- the line on the wire ----------------------------------------------------------------


def test_an_exhibit_shows_the_bug_and_all_else_has_the_cure(monitor):
    """fix=default, before and after an exhibit has had another strategy for once."""
    for words in ("", " fix=auto", ""):
        verdict, = qemu.parse_lines(monitor("run kmap-race pkmap=8 preempt=at:100" + words),
                                    "verdict")
        assert (verdict["fix"], verdict["status"]) == (("auto", "OK") if words else ("none", "LOST"))
        assert monitor("dma").startswith("fix=auto: ")
        assert "parameter fix=default" in monitor("set fix")


@pytest.mark.parametrize("monitor", ["cache=vipt,16k,4way,32b"], indirect=True)
def test_the_cure_follows_the_cache(monitor):
    """What auto and the upkeep at unmap are is chosen anew with the model's shape."""
    for cache in ("vipt,16k,4way,32b", "vivt,16k,4way,32b", "pipt,16k,4way,32b"):
        assert monitor(f"set cache {cache}") == ""
        assert "status=OK" in monitor("test dmatest runs=300 seed=5")
        assert "status=FAIL" in monitor("test dmatest runs=300 seed=5 fix=none") or "vivt" in cache


def test_cursor_keys_and_history(monitor):
    assert monitor("set fix pin") == ""
    monitor.send("st fx none" + LEFT * 6 + "i" + HOME + RIGHT + "e\r")
    assert monitor.answer("") == ""
    assert "parameter fix=none" in monitor("set fix")
    monitor.send(UP * 3 + "\r")  # back over the last two to "set fix pin"
    monitor.expect(PROMPT)
    assert "parameter fix=pin" in monitor("set fix")
    monitor.send("set seed 12" + UP + DOWN + "34\r")  # DOWN brings the unfinished line back
    monitor.expect(PROMPT)
    assert "parameter seed=1234" in monitor("set seed")


def test_tab_completes_commands_exhibits_and_settings(monitor):
    monitor.send("run k\tpkm\t8 fi\tpin\r")
    text = monitor.expect(rf"run kmap-race pkmap=8 fix=pin\n([\s\S]*?){PROMPT}").group(1)
    assert qemu.parse_lines(text, "verdict")[0]["status"] == "OK"
    frame, = monitor.take_pages(1)
    monitor.send("km\t\t\r")
    monitor.expect(rf"kmap 1 \nframe {frame} at bfe0")


def test_line_ends_of_all_kinds_and_a_line_that_is_too_long(monitor):
    for end in ("\r", "\n", "\r\n"):
        monitor.send("set fix" + end)
        monitor.expect(rf"parameter fix=default\n[\s\S]*?{PROMPT}")
    monitor.send("x" * 201 + "\r")
    monitor.expect(r"line not run: it is 1 letters too long; a line has at most 200")
    monitor.expect(PROMPT)
    monitor.send("x" * 30 + "\x03")  # Ctrl-C drops the line
    monitor.expect(rf"\^C\n{PROMPT}")
    assert "parameter fix=default" in monitor("set fix")


def test_each_line_on_the_wire_ends_in_cr_lf():
    emulator = qemu.emulators.emulator()
    command = emulator.command(qemu.emulators.image("bin"), "exit=semihost")
    typed = "set fix\rnonsense\rpkmap\rexit 9\r"
    done = subprocess.run(command, input=typed.encode(), capture_output=True, timeout=qemu.TIMEOUT,
                          env=emulator.environment(), check=False)
    assert done.returncode == 9
    assert done.stdout.count(b"murphy> ") == 4
    assert b"\n" not in done.stdout.replace(b"\r\n", b"")


def test_a_burst_is_not_lost(monitor):
    """As from a pipe or a paste: 40 commands at once, more than the UART's FIFO holds."""
    monitor.send("".join(f"set seed {n}\rset seed\r" for n in range(1, 21)))
    for n in range(1, 21):
        monitor.expect(rf"parameter seed={n}\n")


# ---- the end -----------------------------------------------------------------------------


@pytest.mark.parametrize("line, status", [
    ("exit", 0), ("exit 0", 0), ("exit 42", 42), ("quit 255", 255), ("\x04", 0)])
def test_the_exit_status_is_the_kernels(monitor, line, status):
    assert monitor.leave(line).exit == status


def test_halt_says_what_helps(monitor):
    monitor.send("halt\r")
    monitor.expect("halted; only a reset of the board helps now")
    with pytest.raises(qemu.Hang):
        monitor.wait(timeout=0.5)


def test_reset_restarts_the_board(monitor):
    result = monitor.leave("reset")  # the harness runs QEMU with -no-reboot: it ends
    assert result.exit == 0 and result.out.endswith("reset\n")


def test_without_semihosting_the_status_is_said():
    with qemu.Console("exit=halt") as console:
        console.expect(PROMPT)
        console.send("exit 3\r")
        console.expect(r"halted \(exit status 3\)")
