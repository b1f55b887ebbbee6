/* SPDX-License-Identifier: MIT */
/* Raspberry Pi: words without a dot before '=' that come with the kernel's command line although
 * nobody meant this kernel. */
#include <stddef.h>

#include "boards/board_api.h"

/* From the firmware itself (start.elf, and bootargs of the bcm2708-*.dtb that it loads), from the
 * line that it uses when the card has no cmdline.txt, and from the cmdline.txt of Raspberry Pi OS
 * and its kin, on whose card murphy may stand. (active_low and disk_led_gpio are in no log that we
 * have seen: those have bcm2708. in front. dma.dmachans=, bcm2708.boardrev=, vc_mem.mem_base=,
 * smsc95xx.macaddr=, dwc_otg.lpm_enable= and the like have a dot.) */
const char *const board_firmware_words[] = {
	"active_low",
	"cgroup_disable",
	"cgroup_enable",
	"cgroup_memory",
	"cma",
	"coherent_pool",
	"console",
	"consoleblank",
	"debug",
	"disk_led_active_low",
	"disk_led_gpio",
	"earlyprintk",
	"elevator",
	"init",
	"isolcpus",
	"kgdboc",
	"logo.nologo",
	"loglevel",
	"plymouth.ignore-serial-consoles",
	"quiet",
	"resize",
	"root",
	"rootdelay",
	"rootflags",
	"rootfstype",
	"rootwait",
	"ro",
	"rw",
	"splash",
	"video",
	NULL,
};
