# SPDX-License-Identifier: MIT
"""Devices, driven directly by small programs: what they print is what they print in QEMU,
or what the manual says where QEMU is known to be wrong."""
import subprocess

import pytest

# line -> what the manual says; QEMU 7.2 does otherwise
NOT_AS_QEMU = {
    "one-shot-reload": 1,         # SP804: a new load value starts it again (DDI0271D 2.1); QEMU: not
    "load-value-16": 0x5678,      # a stopped timer shows what was loaded; QEMU: all ones
    "load-value-32": 0x12345678,
    "free-rings": 1,              # a free-running timer counts from the loaded value; QEMU: from 2^32
    "100hz-runs": 1,              # QEMU has no 100 Hz counter
}

# what only the emulator's run goes through, for QEMU breaks there, hangs, or looks at nothing
VIC_ONLY = {"sim-sic-raw": 1, "sim-sic-masked": 0, "sim-sic-31": 1, "sim-sic-irq": 1, "sim-sic-gone": 0}
REFUSED = {"raw-tc": 0, "tc": 0, "err": 1, "enabled-after": 0, "vic": 1, "cleared": 0}
DONE = {"raw-tc": 1, "tc": 1, "err": 0, "enabled-after": 0, "vic": 1, "cleared": 0}
DMA_ONLY = {
    "sim-irq-of-first-only": {"raw-tc": 4, "tc": 4, "err": 0, "src": 32, "dst": 64, "vic": 1},
    "sim-bytes-to-words": dict(DONE, src=16, dst=16),
    "sim-words-to-bytes": dict(DONE, src=16, dst=16),
    "sim-unaligned": dict(REFUSED, src=2, dst=0),
    "sim-too-wide": dict(REFUSED, src=0, dst=0),
    "sim-to-a-device": dict(REFUSED, src=0, dst=0),
    "sim-endless-list": REFUSED,
}


def lines(text):
    """[(name, value)] of a program's output."""
    rows = [row.rsplit(" ", 1) for row in text.splitlines()]
    return [(name, int(value, 16)) for name, value in rows]


def groups(rows):
    """{name: {field: value}}: fields are indented, and belong to the name before them."""
    name = ""
    found = {name: {}}
    for key, value in rows:
        if not key.startswith(" "):
            name = key
            found[name] = {"": value}
        else:
            found[name][key.strip()] = value
    return found


def same(want, have):
    """Line for line but for NOT_AS_QEMU."""
    assert [name for name, _ in want] == [name for name, _ in have]
    wrong = [(name, f"QEMU {a:08x}", f"here {b:08x}") for (name, a), (_, b) in zip(want, have)
             if (b != NOT_AS_QEMU[name] if name in NOT_AS_QEMU else a != b)]
    assert not wrong


@pytest.fixture(scope="session")
def device(guests, run_sim, run_qemu):
    """device(name, QEMU's options) -> (QEMU's lines, ours, ours that QEMU does not get to)"""
    def run(name, *options):
        elf = guests.bare(name, "irq.S", name + ".c")
        want, have = run_qemu(elf, *options), run_sim(elf)
        assert want.returncode == have.returncode == 0, have.stderr
        a, b = lines(want.stderr.decode()), lines(have.stdout.decode())
        return a, b[:len(a)], b[len(a):]
    return run


def test_interrupt_controllers(device):
    """Masks, soft interrupts, FIQ (entry, banked registers, before IRQ), sixteen priorities,
    nesting by the address register, default vector; the secondary controller."""
    want, have, more = device("dev_vic")
    assert len(want) > 60
    same(want, have)
    assert dict(more) == VIC_ONLY
    seen = groups(have)
    assert seen["fiq"] == {"": 1, "cpsr": 0xD1, "spsr": 0x93, "r8": 0xF1F1F1F1, "returns-inside": 1}
    assert seen["irq"]["cpsr"] == 0xD2 and seen["irq-f"]["cpsr"] == 0x92  # FIQ stays as it was


def test_timers(device):
    """Both halves of both: periodic, one-shot, free running with 16 and 32 bits, prescaler,
    background load, the interrupt line; WFI; the counters of the system registers."""
    # In QEMU's virtual time, 128 ns an instruction: by the host's clock a timer goes round more
    # often than the program looks, when other processes hold it up.
    want, have, more = device("dev_timer", "-icount", "shift=7,sleep=off")
    assert len(want) > 140 and not more
    same(want, have)
    assert all(dict(have)[name] == 1 for name in dict(have)
               if name.endswith(("-time", "-runs", "wraps-32", "wraps-16", "-used")))


def test_dma_engine(device):
    """Widths, fixed addresses, masks, halt, linked lists, terminal count; refusals."""
    want, have, more = device("dev_dma")
    assert len(want) > 150
    same(want, have)
    seen = groups(more)
    for name, fields in DMA_ONLY.items():
        assert {f: seen[name][f] for f in fields} == fields, name
    assert dict(more)["sim-bytes-first"] == 1
    assert dict(more)["sim-cfg-last-vic"] == 1  # QEMU: no interrupt until the next register write


def test_uart(guests, sim):
    """Flags, masks, transmit and receive interrupts, 20 bytes through a FIFO of 16."""
    elf = guests.bare("dev_uart", "irq.S", "dev_uart.c")
    text = b"abcdefghijklmnopqrst"
    q = subprocess.Popen(["qemu-system-arm", "-M", "versatilepb", "-display", "none", "-serial", "stdio",
                          "-audiodev", "none,id=silent", "-global", "pl041.audiodev=silent",
                          "-semihosting", "-kernel", elf], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    want = b""
    for row in q.stderr:
        want += row
        if row.startswith(b"send-now"):  # QEMU takes bytes before the UART is enabled
            q.stdin.write(text)
            q.stdin.flush()
    assert q.stdout.read() == b"U" and q.wait(300) == 0
    have = subprocess.run([sim, "--kernel", elf, "--semihosting", "--max-insns", "2000M"],
                          input=text, capture_output=True, timeout=300)
    assert have.returncode == 0 and have.stdout.count(b"Utx-flags") == 1
    a, b = lines(want.decode()), lines(have.stdout.replace(b"Utx-flags", b"tx-flags").decode())
    same(a, b)
    assert dict(b)["rx-first"] == ord("a") and dict(b)["rx-full"] == dict(b)["rx-irq"] == 1
