# SPDX-License-Identifier: MIT
"""The Raspberry Pi's devices: drivers with the mistakes that QEMU lets pass fail here as they
would on the chip, and the right ones work in both."""
import pytest

# case: exit status here, in QEMU (None: it hangs there, or has no such thing), what stderr says here
LINES = {
    "uart-by-basic": (1, 0, ""),      # bit 9 is not for lines that have a bit of their own
    "uart-by-pending2": (0, 0, ""),
    "uart-bit-19": (0, 0, ""),
    "aux-by-basic": (0, 0, ""),
    "aux-by-pending1": (0, 0, ""),
    "aux-not-enabled": (1, 0, ""),
    "aux-enabled-last": (1, 0, ""),
    "aux-off-again": (0, None, ""),
    "timer-ahead": (0, 0, ""),
    "timer-past": (1, None, ""),         # 71 minutes
    "timer-now": (1, None, ""),
    "timer-gpus": (1, 0, "compare 0 of the system timer is the GPU's"),
    "timer-looks-again": (0, 0, ""),
    "timer-ones-clear": (0, 0, ""),
    "rate-of-48-mhz": (0, 0, ""),
    "rate-of-3-mhz": (0, 0, "the PL011 sends at 1846153 baud by its clock of 48000000 Hz"),
    "pins": (0, None, ""),
    "identity": (0, 1, ""),
}
DMA = {
    "copy": (0, 0, ""),
    "copy-odd": (0, None, ""),
    "copy-bytes": (0, None, ""),
    "copy-lite": (0, 0, ""),
    "copy-lite-too-long": (1, 0, ""),
    "copy-firmwares": (1, 0, "DMA channel 3 belongs to the firmware"),
    "posted": (1, 0, ""),
    "posted-arrives": (0, None, ""),
    "posted-tally": (0, 0, ""),
    "posted-tally-idle": (1, 0, ""),
    "alias-4": (0, 0, ""),
    "alias-0": (1, 0, "alias 0x00000000 is not the ARM's view of RAM, which is alias 0x40000000"),
    "alias-8": (1, 0, "alias 0x80000000 is not"),
    "alias-c": (1, 0, "alias 0xc0000000 is not"),
    "alias-0-block": (1, 0, "a DMA channel's control block uses bus address 0"),
    "alias-c-target": (1, 0, "a DMA channel's write uses bus address c"),
    "unaligned-block": (1, 0, "is not aligned to 32 bytes"),
    "at-once": (1, 0, ""),
    "bad-source": (0, 1, "a DMA channel's read uses bus address 7f000000, where nothing is"),
    "chain": (0, 0, ""),
    "abort": (0, None, ""),
    "reset": (0, None, ""),
    "paused": (0, None, ""),
    "2d": (0, 0, ""),
    "2d-lite": (1, 0, ""),
    "softirq": (0, 0, ""),
    "softirq-lite": (0, None, "is not the ARM's view"),
    "lines": (0, None, ""),
    "by-basic": (1, 0, ""),
    "register": (0, 0, ""),
    "register-arms": (1, None, "where nothing is"),
}

MBOX = {
    "properties": (0, None, ""),
    "cached-properties": (0, None, ""),
    "not-cleaned": (1, None, "the GPU finds no request in the mailbox buffer at bus address 4"),
    "not-invalidated": (1, None, ""),
    "watchdog": (0, None, "the board was reset by its system controller"),
    "watchdog-slow": (1, None, ""),
    "watchdog-no-password": (1, None, ""),
}
CACHE = ["attributes", "dirty-status", "round-robin", "set-and-way", "block-restarts", "block", "from-device", "from-device-again"]


@pytest.fixture(scope="module")
def on_pi(guests, run_sim, run_qemu):
    """on_pi(program, case, *options): in the emulator; in_qemu: in QEMU."""
    built = {}

    def run(name, case, *options, in_qemu=False):
        elf = built[name] = built.get(name) or guests.bare(name, "irq.S", name + ".c")
        if in_qemu:
            return run_qemu(elf, "-M", "raspi0", "-m", "512", "-semihosting-config", f"enable=on,arg={case}")
        return run_sim(elf, "--board", "raspi", "--append", case, *options)
    return run


def as_told(r, status, says):
    text = r.stderr.decode()
    assert r.returncode == status, text
    assert any(s in text for s in says.split("|")) if says else not text


@pytest.mark.parametrize("program, cases", [("pi_lines", LINES), ("pi_dma", DMA), ("pi_mbox", MBOX)])
def test_drivers(on_pi, program, cases):
    for case, (here, _, says) in cases.items():
        r = on_pi(program, case)
        print(case)
        as_told(r, here, says)


@pytest.mark.parametrize("program, cases", [("pi_lines", LINES), ("pi_dma", DMA)])
def test_qemu_lets_them_pass(on_pi, program, cases):
    for case, (_, qemu, _) in cases.items():
        if qemu is not None:
            r = on_pi(program, case, in_qemu=True)
            print(case)
            assert r.returncode == qemu, r.stderr


def test_another_alias_is_right_where_the_firmware_chose_it(on_pi):
    assert on_pi("pi_dma", "alias-all-c", "--alias", "c").returncode == 0
    assert on_pi("pi_dma", "alias-4", "--alias", "c").returncode == 1
    r = on_pi("pi_dma", "alias-4", "--alias", "5")
    assert r.returncode == 2 and r.stderr == b"murphy-sim: --alias 5: must be 4, 0, 8 or c\n"


def test_hunter_sees_what_the_gpu_does_not(on_pi):
    for case, kind in [("not-cleaned", b"check dma-reads-stale: "), ("not-invalidated", b"check stale-read: ")]:
        r = on_pi("pi_mbox", case, "--check")
        assert r.returncode == 1 and kind in r.stderr
    r = on_pi("pi_mbox", "cached-properties", "--check")
    assert r.returncode == 0 and b"check: 0 findings" in r.stderr


def test_hunter_counts_misuse(on_pi):
    r = on_pi("pi_dma", "copy-firmwares", "--check")
    assert r.returncode == 1
    assert b"check device-misuse: DMA channel 3 belongs" in r.stderr and b" at=" in r.stderr
    assert b"check: device-misuse: 3 places, 3 times\n" in r.stderr


@pytest.mark.parametrize("case, line", [("wire-alt0", b"p"), ("wire-alt5", b"m"), ("wire-input", b"")])
def test_pins_say_who_has_the_serial_line(on_pi, case, line):
    assert on_pi("pi_lines", case).stdout == line


def test_events_tell_of_the_led(on_pi, tmp_path):
    on_pi("pi_lines", "pins", "--events", tmp_path / "e")
    pins = [row.split()[1:4] for row in (tmp_path / "e").read_text().splitlines() if " pin " in row]
    assert pins == [["pin", "gpio=47", "level=1"], ["pin", "gpio=47", "level=0"]]


@pytest.mark.parametrize("case", CACHE)
def test_cache_rules_of_the_arm1176(on_pi, case):
    assert on_pi("pi_cache", case).returncode == 0


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_cache_that_fills_by_itself_wants_a_second_invalidate(on_pi, seed):
    """What was invalidated before the transfer has come back when it is over."""
    fills = ["--mutant", "prefetch", "--seed", str(seed)]
    assert on_pi("pi_cache", "from-device", *fills).returncode == 1
    assert on_pi("pi_cache", "from-device-again", *fills).returncode == 0


def test_hunter_knows_that_it_may(on_pi):
    """Without luck: whether a line was read meanwhile does not matter."""
    for seed in ["1", "2"]:
        r = on_pi("pi_cache", "from-device", "--mutant", "prefetch", "--seed", seed, "--check")
        assert b"check stale-read: " in r.stderr and b"check: stale-read: 1 place, 128 lines\n" in r.stderr
        r = on_pi("pi_cache", "from-device-again", "--mutant", "prefetch", "--seed", seed, "--check")
        assert r.returncode == 0 and b"check: 0 findings" in r.stderr


@pytest.mark.parametrize("case, mistakes", [("none", 3), ("way-in", 2), ("way-out", 1), ("both", 0)])
def test_interrupts_want_barriers_between_peripherals(on_pi, case, mistakes):
    """What the handler (1) and the code after it (2) read is another peripheral's answer."""
    assert on_pi("pi_order", case).returncode == 0
    r = on_pi("pi_order", case, "--mutant", "reorder")
    assert r.returncode == mistakes
    assert (b"bcm2835-systimer is read right after pl011" in r.stderr) == bool(mistakes & 1)
    r = on_pi("pi_order", case, "--check")
    assert r.returncode == 0 and (b"check device-misuse: " in r.stderr) == bool(mistakes)
