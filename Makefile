# SPDX-License-Identifier: MIT
# Murphy. `make help` lists what there is to make.
BOARD ?= versatilepb
EMU ?= qemu
CROSS_COMPILE ?= arm-none-eabi-
HOSTCC ?= cc
ARGS ?=
V ?= 0

ifeq ($(wildcard boards/$(BOARD)/board.mk),)
$(error BOARD=$(BOARD): no such board; valid: $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
endif
ifeq ($(filter qemu sim,$(EMU)),)
$(error EMU=$(EMU): no such emulator; valid: qemu sim)
endif
include boards/$(BOARD)/board.mk

# The core: the board's own, or with CPU= another in its place, built beside it. A folder in cores/
# serves one or more, and says which.
CPU := $(BOARD_CPU)
CORES := $(patsubst cores/%/core.mk,%,$(wildcard cores/*/core.mk))
include $(CORES:%=cores/%/core.mk)
CORE := $(strip $(foreach c,$(CORES),$(if $(filter $(CPU),$(CPUS_$c)),$c)))
ifneq ($(words $(CPU)),1)
$(error CPU=$(CPU): one name, please; valid: $(foreach c,$(CORES),$(CPUS_$c)))
endif
ifeq ($(CORE),)
$(error CPU=$(CPU): no such core; valid: $(foreach c,$(CORES),$(CPUS_$c)))
endif
OTHER_CPU := $(filter-out $(BOARD_CPU),$(CPU))

BUILD := build
OUT   := $(BUILD)/$(BOARD)$(OTHER_CPU:%=-%)
CC    := $(CROSS_COMPILE)gcc
Q     := $(if $(filter 1,$(V)),,@)
# `make demo` is for its output: one line says that something is built.
BRIEF := $(filter demo,$(MAKECMDGOALS))
say    = $(if $(Q),$(if $(BRIEF),$(brief),@echo "  $(1)"))
brief  = $(if $(SAID),,$(eval SAID := 1)@echo "building (V=1 shows what)")

WARN    := -std=gnu11 -Wall -Wextra -Werror
MCPU    := $(or $(MCPU_$(CPU)),-mcpu=$(CPU))
CFLAGS  := $(MCPU) -marm -mfloat-abi=soft -mno-unaligned-access -ffreestanding \
	   -fno-common -funwind-tables -O2 -g $(WARN) \
	   -I. -Iboards/$(BOARD) -Icores/$(CORE) -MD -MP
LDFLAGS := -nostartfiles -static -T linker.ld -Wl,--build-id=none,--no-warn-rwx-segments \
	   -Wl,--defsym=PHYS_TEXT=$(BOARD_TEXT_PA) -Wl,-Map=$(OUT)/murphy.map

ROOMS := lib cache cores mm sched trace dma race selftest bench monitor boot
SRC := $(wildcard $(ROOMS:%=%/*.[cS]) cores/$(CORE)/*.[cS] boards/$(BOARD)/*.c) $(BOARD_DRIVERS:%=drivers/%.c)
OBJ := $(SRC:%=$(OUT)/%.o)

.DEFAULT_GOAL := all
.PHONY: all
all: $(OUT)/murphy.bin $(OUT)/murphy.lst $(OUT)/murphy.sym ## the image: build/BOARD/murphy.{elf,bin,map,lst,sym}

$(OUT)/%.o: % $(BUILD)/setup-build.stamp Makefile boards/$(BOARD)/board.mk cores/$(CORE)/core.mk
	@mkdir -p $(@D)
	$(call say,CC      $<)
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

# Two links: the second adds the table of functions that the first one's symbols gave, for back
# traces with names. It lies behind all other data, so no function moves.
LINK = $(CC) $(MCPU) -marm -mfloat-abi=soft $(LDFLAGS)
$(OUT)/murphy.elf: $(OBJ) linker.ld tools/symbol_table
	$(call say,LD      $@)
	$(Q)echo | tools/symbol_table > $(OUT)/symbols.S
	$(Q)$(CC) -c -o $(OUT)/symbols.o $(OUT)/symbols.S
	$(Q)$(LINK) -o $(OUT)/murphy.tmp $(OBJ) $(OUT)/symbols.o
	$(Q)$(CROSS_COMPILE)nm -n $(OUT)/murphy.tmp | tools/symbol_table > $(OUT)/symbols.S
	$(Q)$(CC) -c -o $(OUT)/symbols.o $(OUT)/symbols.S
	$(Q)$(LINK) -o $@ $(OBJ) $(OUT)/symbols.o
	$(Q)rm $(OUT)/murphy.tmp
$(OUT)/murphy.bin: $(OUT)/murphy.elf tools/image_crc
	$(Q)$(CROSS_COMPILE)objcopy -O binary $< $@.tmp
	$(Q)tools/image_crc $@.tmp && mv $@.tmp $@
$(OUT)/murphy.lst: $(OUT)/murphy.elf
	$(Q)$(CROSS_COMPILE)objdump -d $< > $@
$(OUT)/murphy.sym: $(OUT)/murphy.elf
	$(Q)$(CROSS_COMPILE)nm -n $< > $@

# Installs what is missing (Debian, Ubuntu) or says what is; the stamps are its own.
STAMPS := $(foreach w,build qemu test gdb image bench lint,$(BUILD)/setup-$(w).stamp)
$(STAMPS): $(BUILD)/setup-%.stamp:
	@mkdir -p $(BUILD); flock $(BUILD)/setup.lock tools/setup $*

include tests/unit/unit.mk sim/sim.mk uartboot/uartboot.mk

# ---- running -----------------------------------------------------------------------------
COLOUR := $(if $(MAKE_TERMOUT),color=on)
# Guest time counted in instructions: an interrupt of a seed's run comes at the same one each
# time. For what ends by itself; the monitor is for people, who live in real time.
ICOUNT ?= on
ifeq ($(filter on off,$(ICOUNT)),)
$(error ICOUNT=$(ICOUNT): no such choice; valid: on off)
endif
comma := ,
COUNTED := $(if $(filter on,$(ICOUNT)),$(if $(filter qemu,$(EMU)),-icount shift=0$(comma)sleep=off))
# A word of ARGS that asks for a run.
A_RUN := $(filter-out %=off,$(filter exhibit=% selftest=% demo=% bench=%,$(ARGS)))
ifeq ($(EMU),sim)
EMULATOR := $(BUILD)/murphy-sim
EMU_RUN  := $(EMULATOR) $(BOARD_SIM) $(if $(OTHER_CPU),--cpu $(EMU_CPU_$(CPU))) --semihosting --serial stdio
EMU_KERNEL := --kernel $(OUT)/murphy.bin --append
else
EMULATOR := $(BUILD)/setup-qemu.stamp
EMU_RUN  := qemu-system-arm $(BOARD_QEMU) $(if $(OTHER_CPU),-cpu $(EMU_CPU_$(CPU))) -display none -serial mon:stdio -semihosting
EMU_KERNEL := -kernel $(OUT)/murphy.bin -append
endif

.PHONY: demo
demo: $(OUT)/murphy.bin $(EMULATOR) ## the race, its loss, its cure and every strategy, for people (EMU=qemu|sim)
	@timeout --foreground 300 $(EMU_RUN) $(COUNTED) $(EMU_KERNEL) "exit=semihost demo=on $(COLOUR) $(ARGS)" </dev/null \
	|| { s=$$?; [ $$s = 124 ] && echo "demo: no end in 300 s; 'make test' has a guard that says where it hangs"; exit $$s; }

.PHONY: qemu
qemu: $(OUT)/murphy.bin $(EMULATOR) ## the monitor (or what ARGS="..." asks for); Ctrl-A X leaves
	@$(EMU_RUN) $(if $(A_RUN),$(COUNTED)) $(EMU_KERNEL) "exit=semihost $(COLOUR) $(ARGS)"

# A card for boards that start from one: they name the firmware's files that it needs besides.
CARD_BOARDS = $(patsubst boards/%/board.mk,%,$(shell grep -l '^BOARD_CARD_FIRMWARE' boards/*/board.mk))
.PHONY: image
ifneq ($(BOARD_CARD_FIRMWARE),)
image: $(OUT)/murphy.bin $(BUILD)/setup-image.stamp ## an SD-card image, build/BOARD/sd.img, with ARGS= as parameters
	$(call say,CARD    $(OUT)/sd.img)
	$(Q)tools/sd_image $(OUT)/sd.img $(OUT)/murphy.bin boards/$(BOARD)/config.txt "$(ARGS)"
	@echo "$(OUT)/sd.img: one FAT32 partition with config.txt, cmdline.txt and Murphy as kernel.img"
	@echo "The firmware's own files are not free to ship; put them beside those: $(BOARD_CARD_FIRMWARE)"
	@echo "  mcopy -i $(OUT)/sd.img@@1M $(BOARD_CARD_FIRMWARE) ::/"
else
image:
	@echo "image: $(BOARD) does not start from a card; boards that do: $(or $(CARD_BOARDS),none)"; exit 1
endif

# Both in this tree's build/, so two trees and two users have their own. The lock is held for as
# long as the emulator runs; a socket alone may be left over.
GDB_SOCKET := $(OUT)/gdb.sock
GDB_LOCK   := $(OUT)/gdb.lock
ifeq ($(EMU),sim)
EMU_GDB := --gdb unix:$(GDB_SOCKET)
else
EMU_GDB := -S -gdb unix:$(GDB_SOCKET),server=on,wait=off
endif
.PHONY: qemu-gdb
qemu-gdb: $(OUT)/murphy.bin $(EMULATOR) ## as qemu, waiting for `make gdb` in another terminal
	@exec 9>$(GDB_LOCK); flock -n 9 || { echo "qemu-gdb: one is running in this tree already"; exit 1; }; \
	rm -f $(GDB_SOCKET); echo "waiting for 'make gdb' in another terminal"; \
	$(EMU_RUN) $(EMU_GDB) $(EMU_KERNEL) "exit=semihost $(COLOUR) $(ARGS)"

.PHONY: gdb
gdb: $(OUT)/murphy.elf $(BUILD)/setup-gdb.stamp ## GDB on what `make qemu-gdb` started, stopped at kmain, with Murphy's commands
	@if flock -n $(GDB_LOCK) true; then echo "gdb: nothing waits here; start 'make qemu-gdb' in another terminal first"; exit 1; fi; \
	n=0; while ! [ -S $(GDB_SOCKET) ] && [ $$n -lt 100 ]; do n=$$((n + 1)); sleep 0.1; done; \
	g=$$(command -v gdb-multiarch || command -v arm-none-eabi-gdb) || { echo "gdb: no gdb-multiarch or arm-none-eabi-gdb"; exit 1; }; \
	$$g -q -nx $(OUT)/murphy.elf -x tools/murphy.gdb -ex "attach_murphy $(GDB_SOCKET)"

# ---- testing -----------------------------------------------------------------------------
# The set-up first, since only one at a time can install; then all cores build.
.PHONY: test-setup test-programs test-build
test-setup: $(foreach w,build qemu test gdb image,$(BUILD)/setup-$(w).stamp)
test-programs: all $(UNIT_TESTS) sim sim-asan test-cores test-boards
# The same board with another family's core in its place (tests/system/test_core.py, tests/sim/).
# (After `all`, so that two makes never build one object.)
.PHONY: test-cores
test-cores: all
	@$(MAKE) --no-print-directory BOARD=versatilepb CPU=arm1176jzf-s $(BUILD)/versatilepb-arm1176jzf-s/murphy.bin
# The images of the other boards (tests/system/test_raspi.py).
OTHER_BOARDS := $(filter-out $(BOARD),$(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
.PHONY: test-boards
test-boards: test-cores
	@for b in $(OTHER_BOARDS); do \
		cpu=$$(sed -n 's/^BOARD_CPU *:= *//p' boards/$$b/board.mk); \
		$(MAKE) --no-print-directory BOARD=$$b CPU=$$cpu $(BUILD)/$$b/murphy.bin $(BUILD)/$$b/uartboot.bin || exit 1; done
test-build: test-setup
	@$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$$(getconf _NPROCESSORS_ONLN)) test-programs
TALLY := BOARD=$(BOARD) tools/tally --pytest-args "-q $(ARGS)"

.PHONY: test check
test check: test-build ## unit and system tests; ends with "N passed, M failed"
	@$(TALLY) $(UNIT_TESTS) -- $(wildcard tests/sim tests/system)

.PHONY: test-long
test-long: test-build ## the same with the long forms
	@MURPHY_LONG=1 $(TALLY) --timeout 3600 $(UNIT_TESTS) -- $(wildcard tests/sim tests/system)

.PHONY: mutants
mutants: test-build ## changes the sources at one point at a time: does a test notice each? (ARGS="--only TEXT")
	@tools/python tests/mutants/mutants.py $(ARGS)

N ?= 20
.PHONY: test-seeds
test-seeds: ## `make test` N=20 times in a row, each with another seed; names those that fail
	@tools/seeds $(N) $(MAKE) -s --no-print-directory test

.PHONY: bench
bench: all sim $(BUILD)/setup-qemu.stamp $(BUILD)/setup-test.stamp $(BUILD)/setup-bench.stamp ## instruction counts of the kernel; speed of the emulator against QEMU and libunicorn
	@tools/bench $(BOARD)
	@echo
	@tools/python tests/sim/speed.py

# (The rest is assembly.)
LINT_C := $(filter-out cores/c7.h cores/line_loop.h boot/other_core.h,$(wildcard $(ROOMS:%=%/*.[ch]) cores/*/*.[ch] drivers/*.[ch] boards/*.h boards/*/*.[ch] uartboot/*.c tests/unit/*.[ch] sim/*.[ch] sim/*/*.[ch]))
.PHONY: lint
lint: $(BUILD)/setup-lint.stamp ## clang-format (14) and cppcheck
	clang-format --dry-run -Werror $(LINT_C)
	cppcheck -q --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem -U__ASSEMBLER__ -I. -Iboards/$(BOARD) -Icores/$(CORE) $(filter %.c,$(LINT_C))

.PHONY: doctor
doctor: ## which tools there are, which are missing, and how to get them
	@tools/doctor

.PHONY: clean
clean: ## removes build/
	rm -rf $(BUILD)

.PHONY: help
help: ## this list
	@echo "usage: make [TARGET] [BOARD=$(BOARD)] [EMU=qemu|sim] [ARGS=\"pkmap=8 fix=pin\"] [ICOUNT=on|off] [V=1]"
	@grep -hE '^[a-z][a-z -]*:.*## ' $(MAKEFILE_LIST) | sort -u | \
		awk -F ':.*## ' '{ printf "  %-12s %s\n", $$1, $$2 }'
	@echo "boards: $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk))"

-include $(OBJ:.o=.d)
