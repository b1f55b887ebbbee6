# SPDX-License-Identifier: MIT
# Host unit tests: which sources each is linked with. cmocka, under ASan and UBSan.
UNIT_CFLAGS := $(WARN) -g -O1 -DMURPHY_HOST -fsanitize=address,undefined \
	       -fno-sanitize-recover=undefined -I. -Icores/arm926 -Itests/unit -MD -MP

MODEL := cache/model.c cache/model_maint.c cache/model_wb.c cache/model_config.c
LDST  := cache/ldst.c cache/ldst_multi.c cache/ldst_class.c

UNIT_test_model        := $(MODEL)
UNIT_test_model_maint  := $(MODEL)
UNIT_test_model_wb     := $(MODEL)
UNIT_test_model_config := $(MODEL)
UNIT_test_model_random := $(MODEL)
UNIT_test_ldst         := $(LDST)
UNIT_test_ldst_refuse  := $(LDST)
UNIT_test_ldst_trial   := $(LDST) selftest/ldst_trial_gen.c
UNIT_test_crc32        := boot/crc32.c
UNIT_test_params       := lib/params.c lib/columns.c
UNIT_test_firmware_words := lib/params.c lib/columns.c
HANDOVER := boot/handover.c boot/atags.c boot/fdt.c
UNIT_test_atags        := $(HANDOVER)
UNIT_test_fdt          := $(HANDOVER)
UNIT_test_fdt_random   := $(HANDOVER)
UNIT_LIBS_test_fdt_random := -lfdt
UNIT_test_lineedit     := monitor/lineedit.c
UNIT_test_lineedit_random := monitor/lineedit.c
UNIT_test_command      := monitor/command.c monitor/lineedit.c monitor/monitor.c lib/params.c \
	   lib/columns.c
UNIT_test_irq          := drivers/irq.c drivers/pl190.c drivers/sic.c
UNIT_test_pl080        := drivers/pl080.c
UNIT_test_pl190        := drivers/pl190.c
UNIT_test_sp804        := drivers/sp804.c
UNIT_test_pl011        := drivers/pl011.c
UNIT_test_bcm2835_ic   := drivers/irq.c drivers/bcm2835_ic.c
UNIT_test_bcm2835_timer := drivers/bcm2835_timer.c
UNIT_test_bcm2835_dma  := drivers/bcm2835_dma.c
UNIT_test_bcm2835_mailbox := drivers/bcm2835_mailbox.c
UNIT_test_bcm2835_aux  := drivers/bcm2835_aux.c
UNIT_test_raspi_led    := boards/raspi/led.c boards/raspi/firmware.c drivers/bcm2835_gpio.c \
	   drivers/bcm2835_pm.c drivers/bcm2835_timer.c drivers/bcm2835_mailbox.c
UNIT_test_raspi_dma    := boards/raspi/dma.c drivers/bcm2835_dma.c
UNIT_test_dma_debug    := dma/debug.c dma/debug_table.c
UNIT_test_dma_debug_table := dma/debug.c dma/debug_table.c

# mm/ and dma/ as they are, on what the host plays (tests/unit/host_*.c).
HOST_MM := tests/unit/host_mm.c mm/page_alloc.c mm/pkmap.c mm/kmap_atomic.c mm/linear.c \
	   sched/wait.c trace/ring.c cache/range.c lib/params.c lib/columns.c lib/running.c

DMA := dma/fix.c dma/fix_choice.c dma/mapping.c dma/upkeep.c dma/debug.c dma/debug_table.c cache/upkeep.c

HOST_PKMAP := $(HOST_MM) tests/unit/host_pkmap.c
HOST_DMA := $(HOST_MM) $(MODEL) tests/unit/host_cpu.c cache/line_step.c \
	    $(DMA)

UNIT_test_page_alloc   := $(HOST_MM)
UNIT_test_pkmap        := $(HOST_PKMAP)
UNIT_test_pkmap_random := $(HOST_PKMAP)
UNIT_test_dma_fix      := $(HOST_DMA)
UNIT_test_dma_mapping  := $(HOST_DMA)
UNIT_test_kunmapflush  := $(HOST_DMA)
UNIT_test_kmap_irq     := $(HOST_MM)
UNIT_test_page_in_use  := $(HOST_MM)
# (on a core of its own: it includes sched/schedule.c)
UNIT_test_schedule     := sched/wait.c trace/ring.c lib/running.c
UNIT_test_wake         := sched/wait.c trace/ring.c lib/running.c
UNIT_test_range        := cache/range.c
UNIT_test_ghost        := race/ghost.c

# (it looks at the table's calls, and so includes debug_table.c)
UNIT_test_dma_debug_lookup := dma/debug.c dma/debug_table.c
UNIT_test_dma_debug_irq := dma/debug.c
# (in place of the host's consistent memory: it includes mm/consistent.c)
UNIT_test_consistent    := $(HOST_MM)
# (with a drain of its own: it includes dma/transfer.c)
UNIT_test_dma_transfer  := $(HOST_MM)
UNIT_test_dmatest_limits := $(HOST_MM) $(DMA) \
	   selftest/dmatest_limits.c selftest/dmatest_buffer.c selftest/dmatest_copy.c
UNIT_test_dma_upkeep    := $(HOST_MM) $(DMA)
UNIT_test_dma_refused   := $(HOST_MM) $(DMA)
UNIT_test_profile      := cores/profile.c cores/arm926/core.c cache/model_config.c cache/upkeep.c
UNIT_test_profile_arm11 := cores/profile.c cores/arm11/core.c cache/model_config.c cache/upkeep.c
UNIT_test_verdict      := race/verdict.c race/why.c cache/model_config.c

UNIT_NAMES := $(patsubst UNIT_%,%,$(filter UNIT_test_%,$(.VARIABLES)))
UNIT_TESTS := $(sort $(UNIT_NAMES:%=$(BUILD)/unit/%))

define unit_rule
$(BUILD)/unit/$(1): $(patsubst %.c,$(BUILD)/unit/obj/%.o,tests/unit/$(1).c $(UNIT_$(1)))
	$$(call say,HOSTLD  $$@)
	$$(Q)$$(HOSTCC) -fsanitize=address,undefined -o $$@ $$^ -lcmocka $(UNIT_LIBS_$(1))
endef
$(foreach t,$(UNIT_NAMES),$(eval $(call unit_rule,$(t))))

$(BUILD)/unit/obj/%.o: %.c $(BUILD)/setup-test.stamp tests/unit/unit.mk
	@mkdir -p $(@D)
	$(call say,HOSTCC  $<)
	$(Q)$(HOSTCC) $(UNIT_CFLAGS) -c -o $@ $<

-include $(wildcard $(BUILD)/unit/obj/*/*.d $(BUILD)/unit/obj/*/*/*.d)
