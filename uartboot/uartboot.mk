# SPDX-License-Identifier: MIT
# The UART loader: an image of its own for each board whose early UART is a PL011.
UARTBOOT_SRC := uartboot/start.S uartboot/uartboot.c drivers/pl011.c \
		$(wildcard boards/$(BOARD)/uartboot/*.c) $(BOARD_UARTBOOT_DRIVERS:%=drivers/%.c)
UARTBOOT_OBJ := $(UARTBOOT_SRC:%=$(OUT)/uartboot-obj/%.o)
# 32 MiB above the image's place: within the least RAM of every board.
UARTBOOT_PA = $(shell printf '0x%x' $$(($(BOARD_TEXT_PA) + 0x01FF8000)))

all: $(OUT)/uartboot.bin

$(OUT)/uartboot-obj/%.o: % $(BUILD)/setup-build.stamp Makefile uartboot/uartboot.mk boards/$(BOARD)/board.mk cores/$(CORE)/core.mk
	@mkdir -p $(@D)
	$(call say,CC      $< (uartboot))
	$(Q)$(CC) $(CFLAGS) -Os -ffunction-sections -DUARTBOOT_IMAGE_PA=$(BOARD_TEXT_PA) -c -o $@ $<

$(OUT)/uartboot.elf: $(UARTBOOT_OBJ) uartboot/uartboot.ld
	$(call say,LD      $@)
	$(Q)$(CC) $(MCPU) -marm -mfloat-abi=soft -nostartfiles -static -T uartboot/uartboot.ld -Wl,--gc-sections \
		-Wl,--build-id=none,--no-warn-rwx-segments,--defsym=UARTBOOT_PA=$(UARTBOOT_PA) -o $@ $(UARTBOOT_OBJ)

$(OUT)/uartboot.bin: $(OUT)/uartboot.elf
	$(Q)$(CROSS_COMPILE)objcopy -O binary $< $@

-include $(UARTBOOT_OBJ:.o=.d)
