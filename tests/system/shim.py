# SPDX-License-Identifier: MIT
"""Builds ELF images for tests: tiny ones from assembly, and entry shims round murphy.bin.

QEMU enters an ELF image bare, with nothing set up. So an ELF that holds murphy.bin and
ATAGs as plain bytes can enter it in any state: see shim.S.
"""

import os
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
CROSS = os.environ.get("CROSS_COMPILE", "arm-none-eabi-")

# Modes (CPSR[4:0]) and SCTLR bits, ARM DDI0100I A2.2 and B3.4.
FIQ, IRQ, SVC, ABT, UND, SYS = 0x11, 0x12, 0x13, 0x17, 0x1B, 0x1F
M, A, C, I = 1 << 0, 1 << 1, 1 << 2, 1 << 12  # MMU, alignment check, D-cache, I-cache

# As found after U-Boot's `go`: MMU and both caches on, without and with alignment checks.
UBOOT_GO = 0x0045107D
UBOOT_GO_ALIGN = 0x0009107F

VERSATILEPB = 387  # machine type


def cc(out, sources, *options):
    """Compiles and links sources to an ELF image with nothing added to it."""
    command = [CROSS + "gcc", "-mcpu=arm926ej-s", "-marm", "-ffreestanding", "-nostdlib", "-O1",
               "-g", "-Wall", "-Wextra", "-Werror", "-Wl,--build-id=none", "-Wl,-n",
               *options, *map(str, sources), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"
    return str(out)


def tiny_image(tmp_path, name, source, base=0x10000, suffix=".S"):
    """An ELF image of the assembly (or, with suffix=".c", C) in source, entered at _start."""
    path = tmp_path / (name + suffix)
    path.write_text(source)
    return cc(tmp_path / (name + ".elf"), [path], f"-Wl,-Ttext={base:#x}")


def flat(elf):
    """The same image as the bytes that go to memory: NAME.bin beside NAME.elf."""
    out = os.path.splitext(elf)[0] + ".bin"
    subprocess.run([CROSS + "objcopy", "-O", "binary", elf, out], check=True)
    return out


def atag(tag, data=b""):
    """One ATAG: its size counts words, the two of its header included."""
    data += bytes(-len(data) % 4)
    return struct.pack("<II", 2 + len(data) // 4, tag) + data


ATAG_NONE = bytes(8)


def atags(cmdline=None, mem=((256 << 20, 0),)):
    """A sound list: core, memory as (size, start) pairs, command line, end."""
    blob = atag(0x54410001, struct.pack("<III", 1, 4096, 0))
    for size, start in mem:
        blob += atag(0x54410002, struct.pack("<II", size, start))
    if cmdline is not None:
        blob += atag(0x54410009, cmdline.encode() + b"\0")
    return blob + ATAG_NONE


def entry_shim(tmp_path, image, name="shim", load=0x10000, mode=SVC, irq_off=True, fiq_off=True,
               sctlr=None, mmu=False, dcache=False, icache=False, align=False, r0=0,
               r1=VERSATILEPB, r2=None, tags=None, tags_at=0x100, mem=256, base=0x3000000,
               copy=False, pending_timer=False, v6=False):
    """Builds the ELF that enters image (a flat .bin) at load in the given state.

    sctlr, when given, is written as it is; else its reset value with the bits of mmu,
    dcache, icache and align. r2 is tags_at unless given. tags: the bytes there. mem: MiB of
    RAM, mapped cacheable. base: where the shim, its table (16 KiB on) and, with copy, the
    image to be copied stand; must be clear of the image and of what it uses before it has
    the MMU off. copy: the shim's CPU copies the image to load, so that caches hold it. v6: as an
    ARMv6 loader may: SCTLR.XP in sctlr, and addresses from 0x80000000 on in a table of their own.
    """
    assert not (pending_timer and not irq_off), "the pending interrupt would be taken at once"
    tags_path = tmp_path / (name + ".atags")
    tags_path.write_bytes(atags() if tags is None else tags)
    if sctlr is None:
        bits = mmu * M | dcache * C | icache * I | align * A
        clear, bits = (M | C | I | A) & ~bits, bits
    else:
        clear, bits = 0xFFFFFFFF & ~sctlr, sctlr
    image_at = base + 0x10000 if copy else load
    values = {
        "LOAD": load, "TABLE": base + 0x4000, "MEM_SECTIONS": mem,
        "SCTLR_CLEAR": clear, "SCTLR_SET": bits, "COPY": int(copy),
        "PENDING_TIMER": int(pending_timer), "V6": int(v6),
        "CPSR_C": mode | irq_off * 0x80 | fiq_off * 0x40,
        "ENTRY_R0": r0, "ENTRY_R1": r1, "ENTRY_R2": tags_at if r2 is None else r2,
    }
    options = [f"-D{key}={value & 0xFFFFFFFF:#x}" for key, value in values.items()]
    options += [f'-DIMAGE="{image}"', f'-DATAGS="{tags_path}"',
                f"-Wl,--section-start=.shim={base:#x}",
                f"-Wl,--section-start=.image={image_at:#x}",
                f"-Wl,--section-start=.atags={tags_at:#x}", "-Wl,-e,shim_start"]
    return cc(tmp_path / (name + ".elf"), [os.path.join(HERE, "shim.S")], *options)
