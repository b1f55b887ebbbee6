# SPDX-License-Identifier: MIT
# ARM Versatile PB926EJ-S: how to build for it, and how the emulators run it.
BOARD_TITLE   := ARM Versatile PB926EJ-S
BOARD_CPU     := arm926ej-s
# With a sound device that the image does not use, kept from complaining of missing modules.
BOARD_QEMU    := -M versatilepb -m 256 -audiodev none,id=silent -global pl041.audiodev=silent
BOARD_SIM     := --board versatilepb --mem 256M
BOARD_DRIVERS := pl011 sp804 pl190 sic irq clock24 pl080
BOARD_TEXT_PA := 0x00008000
