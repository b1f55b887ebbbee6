# SPDX-License-Identifier: MIT
"""Debian's U-Boot for the Raspberry Pi starts the image from an SD card, in QEMU's raspi0: by bootm
with a device tree (MMU and caches off), and by go (both on, r2 no list at all).

MURPHY_LONG=1, and the folder of the armel package u-boot-rpi: /usr/lib/u-boot, or what MURPHY_UBOOT
names (apt-get download u-boot-rpi:armel; dpkg-deb -x ... DIR; MURPHY_UBOOT=DIR/usr/lib/u-boot)."""

import os
import shutil
import struct
import subprocess
import time
import zlib

import pytest

import qemu

TOP = qemu.emulators.TOP
UBOOT = os.environ.get("MURPHY_UBOOT", "/usr/lib/u-boot")
OUT = os.path.join(TOP, "build", "raspi")
RUN = "exhibit=kmap-race fix=none preempt=at:41 trace=off exit=semihost"
HUNG = 120  # seconds; U-Boot looks for USB first, and is there after 5

pytestmark = [pytest.mark.skipif(not os.environ.get("MURPHY_LONG"), reason="of the long form"),
              pytest.mark.skipif(not os.path.exists(f"{UBOOT}/rpi_0_w/u-boot.bin"),
                                 reason=f"no rpi_0_w/u-boot.bin in {UBOOT}; MURPHY_UBOOT= names another folder"),
              pytest.mark.skipif(not shutil.which("mcopy"), reason="mtools are not there: 'tools/setup image'")]


def legacy_image(data, kind, at):
    """U-Boot's 64-byte header (include/image.h): ARM, Linux, not compressed."""
    head = struct.pack(">7I4B32s", 0x27051956, 0, 0, len(data), at, at, zlib.crc32(data), 5, 2, kind, 0, b"murphy")
    return head[:4] + struct.pack(">I", zlib.crc32(head)) + head[8:] + data


@pytest.fixture
def start(tmp_path):
    """start(board, commands, until) -> what the PL011 and the mini UART said, and the exit status"""
    subprocess.run(["make", "-s", "image", "BOARD=raspi"], cwd=TOP, check=True, capture_output=True)
    card = tmp_path / "sd.img"
    shutil.copy(os.path.join(OUT, "sd.img"), card)

    def put(name, data):
        (tmp_path / name).write_bytes(data)
        subprocess.run(["mcopy", "-o", "-i", f"{card}@@1M", tmp_path / name, f"::/{name}"], check=True)

    def run(board, commands, until):
        with open(os.path.join(OUT, "murphy.bin"), "rb") as f:
            put("uImage", legacy_image(f.read(), 2, 0x8000))
        script = "\n".join(commands).encode() + b"\n"
        put("boot.scr", legacy_image(struct.pack(">II", len(script), 0) + script, 6, 0))
        said = [tmp_path / "pl011", tmp_path / "mini"]
        for path in said:
            path.touch()  # QEMU may be slow to make them
        guest = subprocess.Popen(
            [qemu.emulators.Qemu("raspi").program, "-M", "raspi0", "-display", "none", "-monitor", "none",
             "-no-reboot", "-semihosting", "-drive", f"file={card},if=sd,format=raw",
             "-bios", f"{UBOOT}/{board}/u-boot.bin", "-serial", f"file:{said[0]}", "-serial", f"file:{said[1]}"])
        try:
            end = time.monotonic() + HUNG
            while guest.poll() is None and not (until and until in said[0].read_text(errors="replace")):
                assert time.monotonic() < end, f"no {until or 'end'} in {HUNG} s:\n" + "\n".join(
                    s.read_text(errors="replace")[-1500:] for s in said)
                time.sleep(0.1)
        finally:
            status = guest.poll()
            guest.kill()
            guest.wait()
        return said[0].read_text(errors="replace").replace("\r", ""), status
    return run


def test_bootm_with_a_device_tree(start):
    out, status = start("rpi", [f'setenv bootargs "{RUN}"', "fatload mmc 0:1 0x2000000 uImage",
                                "bootm 0x2000000 - ${fdtcontroladdr}"], None)
    assert status == 0 and "  loader   device tree" in out, out[-3000:]
    verdict = qemu.parse_lines(out, "verdict")[-1]
    assert (verdict["board"], verdict["lost_lines"], verdict["status"]) == ("raspi", "87", "LOST")


def test_go_with_everything_on(start):
    """(Its own console must be the other UART: U-Boot 2023.01 hangs in go with a PL011.)"""
    out, _ = start("rpi_0_w", ["fatload mmc 0:1 0x1000000 kernel.img", "go 0x1000000"], "murphy> ")
    assert "  entered  at 01000000, " in out and "(MMU on, D-cache on, I-cache on)" in out, out[-3000:]
    assert "no parameters are taken" in out and "CRC ok" in out
