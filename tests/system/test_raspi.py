# SPDX-License-Identifier: MIT
"""The Raspberry Pi's image: each model's boot, its interrupts, DMA, both UARTs, the LED, restart; in QEMU and
in murphy-sim, whose devices behave as the chip's."""

import os
import random
import re

import pytest

import qemu
from monitor import Monitor

LONG = bool(os.environ.get("MURPHY_LONG"))
SEED = os.environ.get("MURPHY_SEED", "1")
MODELLED, SIMULATED = "qemu", "sim"
TRUTH = {MODELLED: "modelled", SIMULATED: "simulated"}
both = pytest.mark.parametrize("emu", [MODELLED, SIMULATED])

DMA_LINE = "bus alias 0x40000000: a copy is seen through it"
SAMPLE = random.Random(int(SEED))


def boot(append, emu=MODELLED, **how):
    return qemu.boot(append, board="raspi", emu=emu, icount=True, **how)


def machine(name):
    """QEMU's command line for another model, in place of the board's own."""
    return ["-M", name]


# ---- boot ----

@pytest.mark.parametrize("name, model, revision", [("raspi0", "Zero", "920092"),
                                                   ("raspi1ap", "A+", "900021")])
def test_each_model_of_qemu_boots(name, model, revision):
    result = boot("selftest=irq", extra=machine(name))
    assert (result.exit, result.verdict["status"]) == (0, "OK"), result.out
    assert (result.verdict["board"], result.verdict["truth"]) == ("raspi", "modelled")
    assert "  core     arm1176jzf-s, MIDR 410fb767" in result.out
    assert "  loader   ATAGs at 00000100" in result.out
    assert "  memory   16384 KiB lowmem, 442368 KiB highmem" in result.out
    assert f"raspi: {model}, revision {revision}, RAM of ARM and GPU 448 + 64 MiB" in result.out
    # QEMU's firmware leaves 2 to 5 to the ARM, the chip's never 3: only what both leave is taken.
    assert f"DMA: channel 2 4 5, {DMA_LINE}" in result.out
    assert "irq: 4 interrupts, at stacks of both alignments" in result.out


def test_it_boots_behind_the_firmwares_words():
    """The emulator's firmware puts a dozen words before ours, as the real one does."""
    result = boot("selftest=irq", SIMULATED)
    assert (result.exit, result.verdict["truth"], result.verdict["status"]) == (0, "simulated", "OK")
    assert re.search(r"\d+ words of the firmware skipped", result.out), result.out
    assert f"DMA: channel 0 2 4 5 8 9 10, {DMA_LINE}" in result.out
    assert "UART clock 48000 kHz" in result.out


# ---- DMA ----

@both
def test_copies_by_the_engine(emu):
    runs = 10000 if LONG else 2000
    result = boot(f"selftest=dmatest runs={runs} seed={SEED}", emu)
    assert f"dmatest: {runs} tests, 0 failures" in result.out, result.out
    assert "lengths of whole 4 bytes" in result.out  # what QEMU's engine can end
    v = result.verdict
    assert (result.exit, v["truth"], v["status"]) == (0, TRUTH[emu], "OK")


# Each maintenance call that this core needs, and the region that shows it is missing.
NEEDED = {"map-to": "inside", "map-from": "inside", "map-bidi": "inside", "sync-to": "inside",
          "sync-from": "inside", "sync-bidi": "inside", "unmap-bidi": "inside",
          "sync-cpu-bidi": "inside", "edge": "before"}
SKIPS = sorted(NEEDED) if LONG else SAMPLE.sample(sorted(NEEDED), 2)


@both
@pytest.mark.parametrize("skip", SKIPS)
def test_a_call_left_out_is_missed(emu, skip):
    result = boot(f"selftest=dmatest runs=500 skip={skip}", emu)
    assert (result.exit, result.verdict["status"]) == (1, "FAIL"), result.out
    counts = re.findall(r"in all .*: before=(\d+) inside=(\d+) after=(\d+)", result.out)
    where = {"before": 0, "inside": 1, "after": 2}[NEEDED[skip]]
    assert sum(int(row[where]) for row in counts) > 0, result.out
    assert f"region={NEEDED[skip]}" in result.out


@pytest.mark.parametrize("alias", "c80")
def test_the_bus_alias_that_works_is_named(alias):
    """Firmware that has set the ARM up for another view of RAM: data would be stale now and then."""
    result = boot("exhibit=kmap-race fix=pin preempt=at:41", SIMULATED, extra=["--alias", alias])
    assert ("a copy through bus alias 0x40000000 is not seen by the ARM, one through "
            f"0x{alias}0000000 is" in result.out), result.out
    assert result.exit != 0 and "status=OK" not in result.out
    assert "the firmware does not answer" in result.out  # its buffer has a bus address, too


# ---- interrupts in the loop ----

@both
def test_a_timers_interrupt_meets_the_loop_anywhere(emu):
    """The timer rings at edges of 1 us, of which a loop has two or three; yet no two runs are alike."""
    firsts, preempted = set(), 0
    for more in range(8):  # until there are enough: a run in ten or fewer is met
        seed = (int(SEED) + more) % (2**32 - 1) + 1
        result = boot(f"exhibit=kmap-race fix=none preempt=irq runs=100 pkmap=8 list=on trace=off seed={seed}", emu)
        assert result.exit == 0, result.out[-2000:]
        lines = [int(lost["line"]) for lost in result.lost]
        # Each run's list begins with the line that the interrupt came before.
        firsts |= {line for last, line in zip([128] + lines, lines) if line <= last}
        if len(firsts) >= 4:
            break
    assert len(firsts) >= 4, firsts
    for more in range(8):
        seed = (int(SEED) + more) % (2**32 - 1) + 1
        result = boot(f"exhibit=kmap-race fix=pin preempt=irq runs=50 pkmap=8 seed={seed}", emu)
        assert (result.exit, result.verdict["status"]) == (0, "OK"), result.out
        preempted += int(result.verdict["preempted"])
        if preempted:
            break
    assert preempted


@pytest.mark.parametrize("emu", [MODELLED, SIMULATED] if LONG else [SIMULATED])
def test_the_demo_tells_the_story_of_physical_tags(emu):
    result = boot("demo=on", emu)
    # The last lines are few, and may all have been evicted in time; the model evicts none.
    stale = "128" if emu == MODELLED else "12[0-8]"
    assert result.exit == 0, result.out
    assert re.search(r"^  none +OK +STALE, .* LOST \d+, STALE \d+ in 128 of 129 +rw$", result.out, re.M), result.out
    assert re.search(r"^  pin +OK +OK +OK +rw$", result.out, re.M), result.out
    assert re.search(rf"^  cleaninv +OK +STALE, .* STALE in {stale} of 129,", result.out, re.M), result.out
    assert f"verdict demo=kmap-race truth={TRUTH[emu]} status=OK" in result.out


# ---- UARTs ----

def test_the_mini_uart_takes_over(tmp_path):
    """From the word on; the software's interrupt is of the same device and works on."""
    other = tmp_path / "serial1"
    result = boot("uart=mini selftest=irq", extra=["-serial", f"file:{other}"])
    said = other.read_text().replace("\r", "")
    assert result.exit == 0
    assert result.out == "", result.out
    assert "Murphy on raspi" in said and said.endswith("status=OK\n")


def test_the_mini_uart_has_the_pins():
    """The emulator joins the line to the UART that pins 14 and 15 are given to."""
    result = boot("uart=mini selftest=irq", SIMULATED)
    assert (result.exit, result.verdict["status"]) == (0, "OK"), result.out


def test_another_uart_is_refused():
    result = boot("uart=pl080")
    assert result.exit == 2
    assert "parameter uart=pl080: no such UART; valid: pl011|mini" in result.out


@both
@pytest.mark.parametrize("uart", ["pl011", "mini"])
def test_the_monitor_is_typed_to(emu, uart):
    if (emu, uart) == (MODELLED, "mini"):
        pytest.skip("QEMU has the mini UART on a second line")
    with Monitor(f"uart={uart}", board="raspi", emu=emu) as monitor:
        assert "lists the commands" in monitor("help help") or "help" in monitor("help")


# ---- restart ----

@both
def test_reset_restarts(emu):
    """By the watchdog; both emulators end when the board restarts."""
    with Monitor(board="raspi", emu=emu) as monitor:
        monitor.send("reset\r")
        result = monitor.wait()
        assert result.out.count("Murphy on raspi") == 1
        assert emu == MODELLED or "the board was reset" in result.err


# ---- the LED ----

def pin(console, n):
    text = qemu.Qmp(console.qmp).execute("human-monitor-command",
                                         **{"command-line": f"xp /1wx {0x20200034 + n // 32 * 4:#x}"})
    return int(text.split()[-1], 16) >> n % 32 & 1


def levels(console, n, want):
    """The levels seen at pin n until all of want were, or 200 looks have shown fewer."""
    seen = set()
    for _ in range(200):
        seen.add(pin(console, n))
        if seen >= want and len(want) > 1:
            break
    return seen


@pytest.mark.parametrize("append, want", [
    ("selftest=irq", {1}),                                          # on
    ("exhibit=kmap-race fix=none preempt=at:41 pkmap=8 trace=off", {0, 1}),  # blinks: LOST, as expected
    ("selftest=nothing", {0, 1}),                                   # no verdict of its own at all
])
def test_the_led_shows_the_verdict(append, want):
    """On a model whose polarity is known."""
    with qemu.Console(f"{append} exit=halt", board="raspi", extra=machine("raspi1ap")) as console:
        console.expect("halted")
        assert levels(console, 47, want) == want
