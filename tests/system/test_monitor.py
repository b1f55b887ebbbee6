# SPDX-License-Identifier: MIT
"""The monitor, typed at over the UART: what a person at the console sees, command by command."""

import re
import subprocess

import pytest

import qemu

# What is said here of lines and counters is the model's; a real or simulated cache has other rules.
pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                                reason="speaks of the cache model, which QEMU runs with")

PROMPT = r"^murphy> "
LEFT, RIGHT, UP, DOWN, HOME = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B", "\x1b[H"
POISON = 0xA7A7A7A7
PKMAP_BASE, PAGE = 0xBFE00000, 0x1000
SLOT1 = PKMAP_BASE + PAGE  # where the first kmap() after boot goes


class Monitor(qemu.Console):
    """A console that answers: monitor("set fix pin") -> what was printed."""

    def __init__(self, append="", **options):
        super().__init__(f"{append} exit=semihost".strip(), **options)
        try:
            self.expect(PROMPT)
        except AssertionError:
            self.close()
            raise

    def __call__(self, line):
        self.send(line + "\r")
        return self.answer(line)

    def answer(self, echo):
        """What was printed between the echo of a line and the next prompt."""
        return self.expect(rf"{re.escape(echo)}\n([\s\S]*?){PROMPT}").group(1)

    def leave(self, line="exit"):
        self.send(line + "\r")
        return self.wait()

    def take_pages(self, n):
        """The frame numbers of n highmem pages."""
        rows = re.findall(r"^ +(\d+)  [0-9a-f]{8}  ", self(f"pages {n}"), re.MULTILINE)
        assert len(rows) == n
        return [int(frame) for frame in rows]

    def peek(self, addr, words=1):
        text = re.sub(r"^  [0-9a-f]{8}:", "", self(f"peek {addr:x} {words}"), flags=re.MULTILINE)
        return [int(word, 16) for word in text.split()]


@pytest.fixture
def monitor(request):
    with Monitor(getattr(request, "param", "")) as m:
        yield m


def summary(text):
    """pkmap's last line: slots, free, unused, pinned, last_pkmap_nr, wraps."""
    return tuple(int(n) for n in re.findall(r"\d+", text.splitlines()[-1]))


def rows(text):
    """pkmap's rows: slot, address, count, frame, pa, PTE, the rest."""
    found = re.findall(r"^ +(\d+) +([0-9a-f]{8}) +(\d+) +(\d+|-) ([0-9a-f]{8}|-) +(\S+) +(.*)$",
                       text, re.MULTILINE)
    return {int(r[0]): (int(r[1], 16), int(r[2])) + r[3:] for r in found}


# ---- commands, parameters and how they are refused ---------------------------------------


def test_help_lists_every_command_once_and_explains_each(monitor):
    text = monitor("help")
    names = [line.split()[0] for line in text.splitlines()]
    assert names == sorted(set(names))
    assert set(names) >= {"cache", "dma", "exhibits", "exit", "halt", "help", "kmap", "kunmap",
                          "mem", "pages", "peek", "pkmap", "poke", "quit", "reset", "run", "set",
                          "tasks", "test", "trace"}
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
    assert "parameter fix=none\n" in monitor("set fix")
    assert monitor("set fix pin") == ""
    assert "parameter fix=pin\n" in monitor("set fix")
    assert monitor("set fix=irqoff") == ""
    assert re.search(r"^fix +irqoff +none\|pin\|", monitor("set"), re.MULTILINE)
    assert monitor("set preempt at:7") == ""
    assert re.search(r"^preempt +at:7 ", monitor("set"), re.MULTILINE)


@pytest.mark.parametrize("line, wrong", [
    ("set fix pni", "parameter fix=pni: no such strategy; valid: none|pin|"),
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


# ---- the pkmap table ---------------------------------------------------------------------


@pytest.mark.parametrize("monitor", ["pkmap=4"], indirect=True)
def test_pkmap_shows_what_kmap_and_kunmap_did(monitor):
    assert summary(monitor("pkmap")) == (4, 4, 0, 0, 0, 0)
    one, two, three, four, five = monitor.take_pages(5)
    assert monitor(f"kmap {one}") == f"frame {one} at bfe01000, slot 1 (new), pkmap_count 2\n"
    assert monitor(f"kmap {two}") == f"frame {two} at bfe02000, slot 2 (new), pkmap_count 2\n"
    assert monitor(f"kmap {one}").endswith("slot 1 (which it had), pkmap_count 3\n")
    assert "pkmap_count 1: mapping, TLB entry and cache lines stay" in monitor(f"kunmap {two}")
    text = monitor("pkmap")
    assert summary(text) == (4, 2, 1, 1, 2, 0)
    assert rows(text) == {
        1: (SLOT1, 3, str(one), f"{one * PAGE:08x}", "trapped", "2 users"),
        2: (SLOT1 + PAGE, 1, str(two), f"{two * PAGE:08x}", "trapped",
            "unused, mapped until the wrap"),
    }
    assert set(rows(monitor("pkmap all"))) == {0, 1, 2, 3}
    # Slot 3, then the wrap frees two's slot; 0 comes first, then 1 is passed over.
    assert "slot 3 (new)" in monitor(f"kmap {three}")
    assert "slot 0 (new)" in monitor(f"kmap {four}")
    assert "slot 2 (new)" in monitor(f"kmap {five}")
    assert summary(monitor("pkmap")) == (4, 0, 0, 4, 2, 1)


@pytest.mark.parametrize("monitor", ["pkmap=2"], indirect=True)
def test_exhaustion_is_said_and_does_not_hang(monitor):
    one, two, three = monitor.take_pages(3)
    monitor(f"kmap {one}")
    monitor(f"kmap {two}")
    assert monitor(f"kmap {three}") == (
        "kmap: all 2 slots are pinned (see pkmap); kunmap one first\n")
    assert "pkmap_count 3" in monitor(f"kmap {one}")  # it has a slot, so this needs none
    assert "some pages are still mapped by a user" in monitor("set pkmap 4")
    monitor(f"kunmap {two}")
    assert "slot 0 (new)" in monitor(f"kmap {three}")
    assert summary(monitor("pkmap"))[3] == 2


def test_pages_that_are_mapped_cannot_be_given_back(monitor):
    one, two = monitor.take_pages(2)
    assert monitor(f"kunmap {one}") == (
        f"kunmap: frame {one} is not mapped by hand; kmap it first\n")
    assert monitor("kmap 1") == "kmap: frame 1 is none of the pages taken; pages lists them\n"
    assert "one frame number expected" in monitor("kmap")
    monitor(f"kmap {two}")
    assert monitor("pages 1") == (
        f"pages: frame {two} would go, but it is mapped; 'kunmap {two}' first\n")
    assert monitor("pages 2").splitlines()[-1].split() == [
        str(two), f"{two * PAGE:08x}", "bfe01000", "1"]
    monitor(f"kunmap {two}")
    assert monitor("pages 0").startswith("no pages")


def test_slots_without_a_user_are_told_together(monitor):
    for frame in monitor.take_pages(6):
        monitor(f"kmap {frame}")
        monitor(f"kunmap {frame}")
    text = monitor("pkmap")
    assert re.search(r"^ +1\.\.6 +bfe01000 +1 +6 pages +trapped +unused", text, re.MULTILINE)
    assert rows(text) == {}
    assert len(rows(monitor("pkmap all"))) == 512


# ---- the cache ---------------------------------------------------------------------------


def test_lines_are_dirty_after_a_poke_and_lost_by_inv(monitor):
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    monitor(f"poke {SLOT1:x} 1")  # a write that misses allocates no line
    assert monitor("cache lines").endswith("valid lines: 0, of them dirty: 0\n")
    assert monitor.peek(SLOT1, 2) == [1, POISON]
    assert monitor.peek(SLOT1 + 0x40) == [POISON]
    monitor(f"poke {SLOT1 + 16:x} 0x12345678")
    text = monitor("cache lines")
    assert re.findall(r"^ +(\d+) +(\d+)  ([0-9a-f]{8})  ([0-9a-f]{8})  (\S+)$", text,
                      re.MULTILINE) == [
        ("0", "0", "bfe01000", f"{frame * PAGE:08x}", "upper"),
        ("2", "0", "bfe01040", f"{frame * PAGE + 0x40:08x}", "-")]
    assert text.endswith("valid lines: 2, of them dirty: 1\n")
    for page in (SLOT1, frame * PAGE):
        assert monitor(f"cache lines {page:x}").endswith("of that page: 2, of them dirty: 1\n")
    assert monitor("cache lines bfe02000").endswith("of that page: 0, of them dirty: 0\n")
    monitor(f"poke {SLOT1 + 4:x} 5")
    assert f"bfe01000  {frame * PAGE:08x}  both" in monitor("cache lines")

    monitor(f"cache clean {SLOT1:x}")
    assert f"bfe01000  {frame * PAGE:08x}  -" in monitor("cache lines")
    monitor(f"poke {SLOT1:x} 99")
    monitor(f"cache inv {SLOT1:x}")
    assert monitor.peek(SLOT1, 5) == [1, 5, POISON, POISON, 0x12345678]
    for at in ("", f" {SLOT1:x}", f" {frame * PAGE:x}"):
        assert re.search(rf"^  bfe01000-bfe0101f  {frame * PAGE:08x} +1 +16  main in \w+$",
                         monitor(f"cache discards{at}"), re.MULTILINE)
    assert re.search(r"halves discarded +1$", monitor("cache"), re.MULTILINE)


def test_long_lists_of_lines_are_cut(monitor):
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    monitor.peek(SLOT1, 1024)
    text = monitor("cache lines")
    assert text.count("  bfe01") == 64
    assert text.endswith("  ... 64 more\nvalid lines: 128, of them dirty: 0\n")
    assert re.search(r"valid lines +128 ", monitor("cache"))


@pytest.mark.parametrize("monitor, pkmap", [("", "pkmap=8"), ("pkmap=8", "")],
                         ids=["pages-unmapped", "pages-mapped"], indirect=["monitor"])
def test_discards_name_page_task_and_function(monitor, pkmap):
    monitor(f"run kmap-race trace=on {pkmap}".strip())
    text = monitor("cache discards")
    found = re.findall(r"^  ([0-9a-f]{8})-([0-9a-f]{8})  [0-9a-f]{8} +(\d+) +(\d+)  (\S+) in (\w+)$",
                       text, re.MULTILINE)
    assert sorted((first, last, lines, size, task) for first, last, lines, size, task, _ in found
                  ) == [("bfe01000", "bfe0151f", "41", "1312", "T1-driver"),
                        ("bfe01520", "bfe01fff", "87", "2784", "T1-driver")]
    assert text.endswith("lines with discarded bytes: 128; discards in all: 128\n")


@pytest.mark.parametrize("monitor", ["pkmap=8"], indirect=True)
def test_another_model_at_run_time(monitor):
    free = monitor("mem")
    page, = monitor.take_pages(1)
    monitor(f"kmap {page}")
    assert "some pages are still mapped by a user" in monitor("set cache vipt,16k,4way,32b")
    monitor.peek(SLOT1)
    monitor(f"poke {SLOT1:x} 0x600d")
    monitor(f"kunmap {page}")
    assert monitor("set cache vivt,1m,4way,32b,wa") == ""
    assert monitor("cache").startswith("vivt,1m,4way,32b,wa: 8192 sets of 4 ways, 262144 bytes")
    assert monitor("set cache vipt,32k,4way,32b") == ""  # "wa" does not stick
    monitor(f"kmap {page}")
    assert monitor.peek(SLOT1) == [0x600D]  # the dirty line went to memory with the old model
    monitor(f"poke {SLOT1:x} 0xbee")
    monitor(f"kunmap {page}")
    assert monitor("set cache vivt,16k,4way,32b") == ""  # ... also from one that no wrap flushes
    monitor(f"kmap {page}")
    assert monitor.peek(SLOT1) == [0xBEE]
    monitor(f"kunmap {page}")
    monitor("pages 0")
    assert monitor("mem") == free
    for shape in ("vipt,16k,4way,32b", "vivt,16k,4way,32b"):
        verdict, = qemu.parse_lines(monitor(f"run kmap-race cache={shape}"), "verdict")
        assert (verdict["cache"], verdict["lost_lines"]) == (shape, "87")


@pytest.mark.parametrize("monitor, value, wrong", [
    ("", "auto", "auto and native can be chosen on the boot command line only"),
    ("", "native", "auto and native can be chosen on the boot command line only"),
    ("", "vivt,16k,4way,16b", "lines are 32 bytes on every core"),
    ("", "vivt,17k,4way,32b", "cache size must be a power of two"),
    ("lowmem=4M cache=vivt,1m,4way,32b", "vipt,1m,4way,32b", "no lowmem for a model of that"),
    ("cache=native", "vivt,16k,4way,32b", "turned off by cache=native"),
], indirect=["monitor"])
def test_a_model_that_cannot_be(monitor, value, wrong):
    before = monitor("set cache")
    assert wrong in monitor(f"set cache {value}")
    assert monitor("set cache") == before


@pytest.mark.parametrize("monitor, buffered", [("skip=none", 0), ("skip=drain", 1)],
                         indirect=["monitor"])
def test_another_model_leaves_the_operations_as_they_are(monitor, buffered):
    """skip= takes one out at boot; it stays out."""
    monitor("set cache vivt,8k,4way,32b")
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    monitor.peek(SLOT1)  # the fill waits for what was written there before
    monitor(f"poke {SLOT1 + 0x100:x} 1")
    monitor(f"cache clean {SLOT1 + 0x100:x}")
    text = monitor("cache")
    assert (int(re.search(r"in buffers +(\d+) ", text).group(1)) > 0) == buffered


@pytest.mark.parametrize("monitor", ["cache=native"], indirect=True)
def test_without_the_model_there_are_no_lines(monitor):
    assert monitor("cache").endswith(
        "the D-cache holds nothing and the model is off: nothing to list\n")
    assert monitor("cache lines").startswith("cache: only the model's lines can be listed")
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    assert rows(monitor("pkmap"))[1][4] == "mapped"
    monitor(f"poke {SLOT1:x} 77")
    assert monitor.peek(SLOT1) == [77]
    monitor(f"kunmap {frame}")
    assert "no verdict is possible" in monitor("run kmap-race")


# ---- memory, tasks, DMA, trace -----------------------------------------------------------


@pytest.mark.parametrize("address, wrong", [
    ("0", "00000000 is neither lowmem (c0000000..c0ffffff) nor a mapped page of the pkmap window "
     "(bfe00000..bfffffff)"),
    ("c1000000", "c1000000 is neither lowmem"),
    ("f0000000", "f0000000 is neither lowmem"),
    ("bfe01000", "no page is mapped at bfe01000; pkmap lists those that are"),
])
def test_addresses_that_would_fault_are_refused(monitor, address, wrong):
    assert monitor(f"peek {address}").startswith(f"peek: {wrong}")
    assert monitor(f"poke {address} 1").startswith(f"poke: {wrong}")


def test_peek_and_poke_refuse_the_rest(monitor):
    assert monitor("peek c0fffff0").count(" ") >= 4
    assert "c1000000 is neither" in monitor("peek c0fffff0 5")
    assert "the range ends beyond" in monitor("peek fffffff0 16")
    for line in ("peek", "peek c0008002", "peek fred", "peek 100000000", "peek c0008000 0",
                 "peek c0008000 1025"):
        assert monitor(line) == ("peek: a word's address (a multiple of 4) expected, and how many "
                                 "words, 1..1024\n")
    for line in ("poke c0008000", "poke c0008001 1", "poke x 1"):
        assert monitor(line) == "poke: a word's address (a multiple of 4) and a value expected\n"
    kernel = monitor.peek(0xC0008000)
    assert "c0008000 is the kernel's own or free" in monitor("poke c0008000 1")
    assert monitor.peek(0xC0008000) == kernel
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    for value in ("0x100000000", "-1", "1x", "ff"):
        assert monitor(f"poke {SLOT1:x} {value}") == (
            f"poke: a value of 32 bits expected (hexadecimal after 0x), not {value}\n")
    assert monitor(f"poke {SLOT1:x} 0xffffffff") == ""
    assert monitor.peek(SLOT1) == [0xFFFFFFFF]


def test_mem_counts_what_is_taken(monitor):
    def free(zone):
        return re.search(rf"^  {zone} +(\d+) +(\d+)", monitor("mem"), re.MULTILINE).groups()

    total, before = free("highmem")
    assert total == before == str((256 - 16) * 256)
    monitor("pages 5")
    assert free("highmem") == (total, str(int(before) - 5))
    row = next(r for r in monitor("mem").splitlines() if r.startswith("  highmem")).split()
    blocks = [int(n) for n in row[4:]]
    assert len(blocks) == 11
    assert sum(n << order for order, n in enumerate(blocks)) == int(before) - 5
    assert free("consistent") == ("512", "511")  # the DMA engine's descriptors


def test_tasks_knows_itself(monitor):
    line = next(r for r in monitor("tasks").splitlines() if " main " in r).split()
    assert line[:3] == ["0", "main", "running"] and line[5:] == ["1", "-"]
    assert 1024 < int(line[3]) < 8192
    switches = int(line[4])
    monitor("run kmap-race pkmap=8")
    text = monitor("tasks")
    assert int(next(r for r in text.splitlines() if " main " in r).split()[4]) > switches
    assert "1 of 32 tasks in use" in text


def test_dma_says_when_it_does_not_know(monitor):
    text = monitor("dma")
    assert text.startswith("fix=none: ")
    assert "dma_debug=off: mappings are not recorded (set dma_debug on)\n" in text
    monitor("set dma_debug on")
    monitor("set fix pin")
    monitor("run kmap-race pkmap=8")
    text = monitor("dma")
    assert text.startswith("fix=pin: ") and "not recorded" not in text
    maps, unmaps, live = re.search(r"maps=(\d+) unmaps=(\d+) .*live=(\d+)", text).groups()
    assert int(maps) > 10 and int(maps) - int(unmaps) == int(live) == 0


@pytest.mark.parametrize("monitor", ["dma_debug=on"], indirect=True)
def test_dma_lists_live_mappings(monitor):
    assert re.search(r"^dma-debug: live #1 4096 bytes at [0-9a-f]{8}, coherent BIDIRECTIONAL",
                     monitor("dma"), re.MULTILINE)


def test_trace_tells_the_last_run_and_what_is_done_by_hand(monitor):
    assert monitor("trace").startswith("nothing is recorded; ")
    monitor("run kmap-race pkmap=8 trace=on")
    text = monitor("trace")
    target, = re.findall(r"dma_map_page\((frame \d+), FROM_DEVICE\): vaddr bfe01000", text)
    victim, = re.findall(r"87 dirty lines of page (frame \d+) \(lines 41 to 127", text)
    assert target != victim
    assert f"kmap({victim}): a fresh pkmap entry, slot 1, vaddr bfe01000" in text
    monitor("run kmap-race pkmap=8 trace=on fix=pin")
    assert "87 dirty lines" not in monitor("trace")
    monitor("trace clear")
    monitor("trace on")
    frame = monitor.take_pages(1)[0]
    monitor("set pkmap 512")
    monitor(f"kmap {frame}")
    text = monitor("trace")
    assert text.startswith("  main ") and "kmap() of another page: slot 1" in text
    monitor("trace off")
    monitor("trace clear")
    monitor(f"kunmap {frame}")
    monitor("set pkmap 8")
    assert monitor("trace").startswith("nothing is recorded; ")


# ---- the line on the wire ----------------------------------------------------------------


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
    monitor.expect(rf"kmap {frame} \nframe {frame} at bfe0")


def test_line_ends_of_all_kinds_and_a_line_that_is_too_long(monitor):
    for end in ("\r", "\n", "\r\n"):
        monitor.send("set fix" + end)
        monitor.expect(rf"parameter fix=none\n[\s\S]*?{PROMPT}")
    monitor.send("x" * 201 + "\r")
    monitor.expect(r"line not run: it is 1 letters too long; a line has at most 200")
    monitor.expect(PROMPT)
    monitor.send("x" * 30 + "\x03")  # Ctrl-C drops the line
    monitor.expect(rf"\^C\n{PROMPT}")
    assert "parameter fix=none" in monitor("set fix")


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
