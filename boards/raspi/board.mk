# SPDX-License-Identifier: MIT
# Raspberry Pi 1 and Zero: how to build for them, and how the emulators run them.
BOARD_TITLE   := Raspberry Pi 1 and Zero (BCM2835)
BOARD_CPU     := arm1176jzf-s
BOARD_QEMU    := -M raspi0
BOARD_SIM     := --board raspi
BOARD_DRIVERS := pl011 irq bcm2835_ic bcm2835_timer bcm2835_dma bcm2835_mailbox bcm2835_gpio \
		 bcm2835_aux bcm2835_pm
BOARD_TEXT_PA := 0x00008000
# Beside ours on the card, from github.com/raspberrypi/firmware, boot/: not free to ship.
BOARD_CARD_FIRMWARE := bootcode.bin start.elf fixup.dat
BOARD_UARTBOOT_DRIVERS := bcm2835_gpio
