# SPDX-License-Identifier: MIT
"""What the image prints of cache lines was seen: against the emulator's own log, and with an
operation left out so that nothing of the usual kind happens."""
import re

import pytest

import kernelimage as k


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")))


@pytest.fixture(scope="module")
def boot(stem, run_sim, run_qemu):
    """boot("sim" or "qemu", parameters, *options) -> what was printed"""
    def run(where, parameters, *options, path=stem + ".bin"):
        text = parameters + " exit=semihost"
        if where == "qemu":
            r = run_qemu(path, "-append", text, timeout=120)
        else:
            r = run_sim(path, "--append", text, "--symbols", stem + ".elf", *options, timeout=120)
        return r.stdout.decode().replace("\r", "")
    return run


def verdict(out):
    return k.verdicts(out.encode())[-1]


@pytest.mark.parametrize("parameters", ["fix=none preempt=at:128", "fix=pin preempt=off pkmap=8"])
def test_without_a_discard_none_is_claimed(boot, stem, tmp_path, parameters):
    """The wrap's TLB flush left out: Q's stores go to another page. No invalidate has to do with it."""
    path = str(tmp_path / "image.bin")
    k.without(stem, "tlb_flush_range", "c8,c7,0" if "pkmap" not in parameters else "c8,c7,1", path)
    v = verdict(boot("sim", "exhibit=kmap-race " + parameters, path=path))
    assert v["status"] == "LOST" and int(v["lost_lines"]) + int(v["other_lines"]) > 0
    assert v["why"] == "unexplained"


def test_lost_lines_name_the_invalidate(boot):
    out = boot("sim", "exhibit=kmap-race fix=none preempt=at:41 list=on")
    lost = re.findall(r"^lost .* by=(\S+) pc=(\w+):", out, re.M)
    assert len(lost) == int(verdict(out)["lost_lines"]) and len(set(lost)) == 1


def dirty(out, page):
    return int(re.search(rf"(?:reads and writes|writes|reads) page {page} at vaddr \w+: (\d+) lines of it are dirty", out).group(1))


@pytest.mark.parametrize("where, shape, victim, p, q", [
    ("qemu", "vivt,16k,4way,32b", "rw", 128, 128),
    ("qemu", "vivt,16k,4way,32b", "w", 128, 0),
    ("qemu", "vivt,16k,4way,32b,wa", "w", 128, 128),
    ("qemu", "vivt,2k,4way,32b", "rw", 64, 64),
    ("qemu", "vivt,2k,4way,32b", "r", 64, 0),
    ("sim", "vivt,16k,4way,32b", "w", 128, 0),
    ("sim", "vivt,128k,4way,32b,wa", "w", 128, 128),
])
def test_dirty_lines_are_counted(boot, where, shape, victim, p, q):
    parameters = f"exhibit=kmap-race fix=pin preempt=at:41 trace=on victim={victim}"
    out = boot(where, parameters + (f" cache={shape}" if where == "qemu" else ""), "--cache", shape)
    assert (dirty(out, "P"), dirty(out, "Q")) == (p, q)


def test_few_lines_are_dirty_where_few_find_room(boot):
    """A cache of 1 KiB holds 32 lines, and the kernel's own data wants some of them."""
    out = boot("sim", "exhibit=kmap-race fix=pin preempt=at:41 trace=on", "--cache", "vivt,1k,4way,32b")
    assert dirty(out, "P") <= 32 and dirty(out, "Q") <= 32


@pytest.mark.parametrize("where", ["qemu", "sim"])
@pytest.mark.parametrize("parameters, says, not_says", [
    ("fix=irqoff preempt=at:41", "raised before line 41 is taken only now, after 128 lines", "in the middle"),
    ("fix=lock preempt=at:3", "raised before line 3 is taken only now, after 128 lines", "in the middle"),
    ("fix=none preempt=at:128", "an interrupt after the last line of the loop", "in the middle"),
    ("fix=none preempt=at:127", "in the middle of the loop, before line 127", "only now"),
    ("fix=atomic preempt=at:9", "kmap_atomic(P): a fixmap entry, vaddr fff00000", "FROM_DEVICE): vaddr"),
])
def test_the_interrupt_is_told_where_it_was_taken(boot, where, parameters, says, not_says):
    out = boot(where, "exhibit=kmap-race trace=on " + parameters)
    assert says in out and not_says not in out


@pytest.mark.parametrize("where", ["qemu", "sim"])
def test_the_device_has_its_true_place(boot, where):
    """It has written before the other task's wrap, although its caller runs again after that."""
    out = boot(where, "exhibit=kmap-race fix=atomic preempt=off trace=on")
    places = [out.index(text) for text in ["dma_map_page(P) is done", "the device has written page P",
                                           "last_pkmap_nr wraps", "kmap(Q)"]]
    assert places == sorted(places)


@pytest.mark.parametrize("fix", ["none", "percheck"])
def test_the_timeline_has_the_emulators_word(boot, tmp_path, fix):
    """As many discards of Q's lines as the emulator's own log shows."""
    log = tmp_path / "events"
    out = boot("sim", f"exhibit=kmap-race fix={fix} preempt=at:41 trace=on list=on", "--events", str(log))
    told = re.findall(r"\(emulator\) +(\d+) dirty lines? of page Q (?:is|are) discarded \((?:among )?lines? (\d+)", out)
    frame = re.search(r"^lost page=.* pa=(\w{5})", out, re.M).group(1)
    log_has = re.findall(rf"discard op=inv-mva va=\w+ pa={frame}(\w+)", log.read_text())
    # In one sentence, or in several if something else was seen in between, as an eviction.
    assert sum(int(n) for n, _ in told) == len(log_has) > 0
    assert int(told[0][1]) == int(log_has[0], 16) // 32


@pytest.mark.parametrize("position", [0, 41, 100])
def test_saved_lines_are_told_on_the_spot(boot, position):
    """128 - N lines are lost or saved; each saved one with what evicted it."""
    out = boot("sim", f"exhibit=kmap-race fix=none preempt=at:{position} list=on")
    v = verdict(out)
    told = re.findall(r"^    line +(\d+)  (?:written back|clean then, stored to memory later), for the line at \w{8} \(pc \w{8}, \S+\)$",
                      out, re.M)
    lost = [int(n) for n in re.findall(r"^lost page=\S+ line=(\d+) ", out, re.M)]
    assert sorted(lost + list(map(int, told))) == list(range(position, 128))
    assert (int(v["lost_lines"]), int(v["saved_lines"])) == (len(lost), len(told))


def test_the_demo_does_not_depend_on_its_looks(boot):
    """Colours are more bytes on the console, and more work: the lines that are evicted stay the same."""
    plain, coloured = (boot("sim", f"demo=on color={c}") for c in ("off", "on"))
    assert "\033[" in coloured
    strip = re.sub(r"\033\[[0-9;]*m", "", coloured)
    assert re.findall(r"LOST.*|STALE.*|.*Saved.*|    line .*|verdict .*", strip) == \
        re.findall(r"LOST.*|STALE.*|.*Saved.*|    line .*|verdict .*", plain)


@pytest.mark.parametrize("more", ["list=on", "color=on", "trace=off", "sweep=at list=on color=on"])
def test_nor_does_a_sweep(boot, more):
    a, b = (verdict(boot("sim", f"exhibit=kmap-race fix=none sweep=at pkmap=8 {x}")) for x in ("", more))
    assert a == b and int(a["lost_lines"]) + int(a["saved_lines"]) == 129 * 128 // 2


@pytest.mark.parametrize("where", ["qemu", "sim"])
def test_line_operations_without_a_translation(boot, where):
    """T2's one kmap() wraps the two slots and takes P's address away. In the emulator each of the 87
    operations is a data abort; none of them may end the run, nor be passed over unseen."""
    shape = "pipt,16k,4way,32b"
    parameters = "exhibit=kmap-race fix=none victim=none preempt=at:41 pkmap=2 trace=on"
    out = boot(where, parameters + (f" cache={shape}" if where == "qemu" else ""), "--cache", shape)
    assert re.search(r"T1-driver +87 line operations from bfe0[01]520 on find no translation there", out)
    assert verdict(out)["status"] == "STALE"
