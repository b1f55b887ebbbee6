# SPDX-License-Identifier: MIT
# murphy-sim, the board emulator: a host program. Included by the top Makefile; works alone
# too: make -f sim/sim.mk BUILD=/some/where sim

BUILD ?= build
HOSTCC ?= cc
SIM_CFLAGS ?= -O2 -g
SIM_WARN := -std=gnu11 -Wall -Wextra -Werror
SIM_SRC := $(wildcard sim/*.c sim/*/*.c) cache/model.c $(wildcard cache/model_*.c)
SIM_OBJ := $(patsubst %.c,$(BUILD)/sim-obj/%.o,$(SIM_SRC))
SIM_ASAN_OBJ := $(patsubst %.c,$(BUILD)/sim-asan-obj/%.o,$(SIM_SRC))
SIM_ASAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

.PHONY: sim sim-asan
sim: $(BUILD)/murphy-sim ## murphy-sim, the board emulator whose caches hold data
sim-asan: $(BUILD)/murphy-sim-asan

$(BUILD)/murphy-sim: $(SIM_OBJ)
	$(Q)$(HOSTCC) $(SIM_CFLAGS) -o $@ $^

$(BUILD)/murphy-sim-asan: $(SIM_ASAN_OBJ)
	$(Q)$(HOSTCC) $(SIM_ASAN) -o $@ $^

$(BUILD)/sim-obj/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(SIM_WARN) $(SIM_CFLAGS) -I. -MMD -MP -c -o $@ $<

$(BUILD)/sim-asan-obj/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(SIM_WARN) $(SIM_ASAN) -I. -MMD -MP -c -o $@ $<

# Unit tests of the emulator, linked with all of it but main(). The top Makefile runs what
# is in UNIT_TESTS.
SIM_UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_sim_*.c))
UNIT_TESTS += $(SIM_UNIT)

.PHONY: sim-unit
sim-unit: $(SIM_UNIT)
	@for t in $^; do $$t || exit 1; done

$(SIM_UNIT): $(BUILD)/unit/%: tests/unit/%.c $(filter-out %/main.o,$(SIM_ASAN_OBJ))
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(SIM_WARN) $(SIM_ASAN) -I. -o $@ $^ -lcmocka

-include $(SIM_OBJ:.o=.d) $(SIM_ASAN_OBJ:.o=.d)
