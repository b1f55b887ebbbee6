# SPDX-License-Identifier: MIT
"""The speed table: one program in murphy-sim, QEMU and libunicorn with memory hooks.

usage: python3 tests/sim/speed.py [rounds]   (make bench runs it; needs libunicorn-dev)
"""
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, "..", ".."))
BUILD = os.path.join(TOP, os.environ.get("MURPHY_BUILD", "build"))
CROSS = os.environ.get("CROSS_COMPILE", "arm-none-eabi-")
BASE = 0x100000


def build(tmp, rounds):
    bench = os.path.join(HERE, "guest", "bench.c")
    host, elf, image = (os.path.join(tmp, n) for n in ("host", "bench.elf", "bench.bin"))
    subprocess.run(["cc", "-O2", "-DHOST", f"-DROUNDS={rounds}", "-o", host, bench], check=True)
    expect = subprocess.run([host], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([CROSS + "gcc", "-mcpu=arm926ej-s", "-O2", "-ffreestanding", "-nostartfiles",
                    f"-DROUNDS={rounds}", f"-DEXPECT={expect}u", "--specs=nosys.specs",
                    "-Wl,--no-warn-rwx-segments", f"-Wl,-Ttext={BASE:#x}",
                    f"-Wl,--section-start=.text.start={BASE:#x}", "-Wl,-e,_start", "-o", elf,
                    os.path.join(HERE, "guest", "start.S"), bench], check=True, capture_output=True)
    subprocess.run([CROSS + "objcopy", "-O", "binary", elf, image], check=True)
    return elf, image


def timed(cmd, runs=3):
    """The best wall time of some runs, and the last one's stderr. The status must be 0."""
    best = None
    for _ in range(runs):
        start = time.monotonic()
        r = subprocess.run(cmd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
                           env=dict(os.environ, QEMU_AUDIO_DRV="none"))
        t = time.monotonic() - start
        if r.returncode:
            sys.exit(f"speed: {cmd[0]}: wrong result (status {r.returncode}): {r.stderr[-300:]}")
        best = t if best is None else min(best, t)
    return best, r.stderr


def measure(rounds=200):
    """[(name, seconds, MIPS)]"""
    subprocess.run(["make", "-s", "-f", "sim/sim.mk", f"BUILD={os.path.relpath(BUILD, TOP)}", "sim"], cwd=TOP, check=True)
    sim = os.path.join(BUILD, "murphy-sim")
    with tempfile.TemporaryDirectory() as tmp:
        elf, image = build(tmp, rounds)
        t, err = timed([sim, "--kernel", elf, "--semihosting", "--stats"])
        insns = int(re.search(r"insns=(\d+)", err).group(1))
        rows = [("murphy-sim, caches on", t)]
        t, _ = timed([sim, "--kernel", elf, "--semihosting", "--check"])
        rows.append(("murphy-sim --check", t))
        t, _ = timed(["qemu-system-arm", "-M", "versatilepb", "-nographic", "-audiodev", "none,id=silent",
                      "-global", "pl041.audiodev=silent", "-semihosting", "-kernel", elf])
        rows.append(("QEMU (no caches)", t))
        unicorn = os.path.join(tmp, "unicorn_run")
        cc = subprocess.run(["cc", "-O2", "-o", unicorn, os.path.join(HERE, "unicorn_run.c"), "-lunicorn"],
                            capture_output=True, text=True)
        if cc.returncode:
            print("speed: libunicorn is not measured: install libunicorn-dev")
        else:
            t, _ = timed([unicorn, image, hex(BASE)], 1)
            rows.append(("libunicorn, memory hooks", t))
    return insns, [(name, t, insns / t / 1e6) for name, t in rows]


def main():
    insns, rows = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    print(f"{insns} instructions of tests/sim/guest/bench.c, best of 3 runs, one core")
    print(f"{'emulator':28}{'seconds':>9}{'MIPS':>8}")
    for name, t, mips in rows:
        print(f"{name:28}{t:9.3f}{mips:8.0f}")


if __name__ == "__main__":
    main()
