# SPDX-License-Identifier: MIT
"""gdb-multiarch works against the emulator's stub."""
import os
import socket
import subprocess

import pytest


# Below the ports that the system gives to clients, and other ones in each process of pytest-xdist.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 16
PORTS = iter(16000 + 1000 * WORKER + (os.getpid() + n) % 1000 for n in range(1000))


def free_port():
    for port in PORTS:
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue  # somebody else's
            return port
    raise OSError("no free port among 1000")


@pytest.fixture
def gdb(sim, guests, tmp_path):
    """gdb(case, commands) -> what gdb printed; the image is guest/cache.c."""
    elf = guests.bare("cache", "cache.c")

    def run(case, commands, image=elf):
        port = free_port()
        machine = subprocess.Popen([sim, "--kernel", image, "--semihosting", "--append", case,
                                    "--gdb", str(port), "--max-insns", "100M"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        script = tmp_path / "script.gdb"
        script.write_text("set pagination off\nset confirm off\nset tcp connect-timeout 10\n"
                          f"target remote 127.0.0.1:{port}\n" + "\n".join(commands) + "\n")
        try:
            r = subprocess.run(["gdb-multiarch", "-nx", "-batch", "-x", str(script), elf],
                               capture_output=True, text=True, timeout=300)
            machine.wait(timeout=300)
        finally:
            machine.kill()
        return r.stdout + r.stderr, machine.returncode
    return run


def test_break_step_registers_and_exit(gdb):
    out, code = gdb("inv-after-read", [
        "info registers pc", "break *loses", "continue", "info registers r0 sp cpsr", "bt 1",
        "x/2i $pc", "stepi", "stepi", "set $r7 = 0x1234", "p/x $r7", "delete", "continue"])
    assert "0x100000 <_start>" in out
    assert "Breakpoint 1, " in out
    assert "$1 = 0x1234" in out
    assert "exited with code 01" in out
    assert code == 1  # the status of the image


def test_memory_as_the_cpu_and_as_dram_has_it(gdb):
    out, _ = gdb("inv-after-read", [
        "break *loses", "continue", "watch *(unsigned int *)0x40000000", "continue",
        "monitor dram 0x40000000 1", "monitor cache 0x40000000", "kill"])
    # the CPU sees the dirty line, DRAM still the old word
    assert "cpu 22222222 dram 01d01d01 differ" in out
    assert "va 40000000" in out and "D-" in out


def test_write_memory_and_single_step_over_it(gdb):
    out, code = gdb("clean-inv", [
        "break guest_main", "continue", "set var page_b[3] = 0xfeed", "p/x page_b[3]",
        "finish", "info registers r0"])
    assert "= 0xfeed" in out


@pytest.mark.parametrize("command, kind", [("watch", "Hardware watchpoint"),
                                           ("rwatch", "Hardware read watchpoint"),
                                           ("awatch", "Hardware access (read/write) watchpoint")])
def test_watchpoints(gdb, command, kind):
    out, _ = gdb("dma-to-sound", ["break *to_device", "continue",
                                  f"{command} *(unsigned int *)0x40000000", "delete 1", "continue",
                                  "info registers pc", "kill"])
    assert kind in out
    assert "alue = " in out
    assert "<to_device+" in out


def test_monitor_tlb_stats_help(gdb):
    out, _ = gdb("tlb-stale", ["break stale_tlb", "continue", "monitor tlb", "monitor stats",
                               "monitor pkmap", "monitor", "kill"])
    assert "mask fff00000" in out
    assert "stats cpu=arm926" in out
    assert "slot 511 va bffff000 pa bffff000" in out  # the guest maps everything
    assert "512 of 512 slots mapped" in out
    assert "monitor dram ADDR" in out


def test_save_and_restore(gdb):
    out, _ = gdb("inv-after-read", [
        "break *loses", "continue", "monitor save", "stepi 10", "info registers pc", "monitor restore",
        "maintenance flush register-cache", "info registers pc", "delete", "continue"])
    assert "saved: " in out and "restored: pc " in out
    assert "exited with code 01" in out


def test_interrupt_by_ctrl_c(sim, tmp_path):
    """A running machine stops when the debugger says so (the protocol's 0x03)."""
    (tmp_path / "loop.bin").write_bytes(bytes.fromhex("feffffea"))
    port = free_port()
    machine = subprocess.Popen([sim, "--kernel", tmp_path / "loop.bin", "--gdb", str(port)],
                               stdin=subprocess.DEVNULL)
    s = socket.socket()
    for _ in range(6000):
        try:
            s.connect(("127.0.0.1", port))
            break
        except OSError:
            import time
            time.sleep(0.05)
            s = socket.socket()
    s.settimeout(300)
    s.sendall(b"$c#63")
    import time
    time.sleep(0.3)
    s.sendall(b"\x03")
    got = b""
    while b"#" not in got:
        got += s.recv(100)
    assert b"$S05#" in got
    s.sendall(b"$k#6b")
    machine.wait(timeout=300)
    s.close()
