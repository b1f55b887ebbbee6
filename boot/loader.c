/* SPDX-License-Identifier: MIT */
/* What the loader passed: read once, said, and refused if it is wrong. */
#include "boot/loader.h"

#include <stdio.h>

#include "board.h"
#include "boards/board_api.h"
#include "boot/actions.h"
#include "boot/entry.h"
#include "lib/exit.h"
#include "lib/params.h"

static struct handover handover;
static struct params_line line = {.firmware = board_firmware_words};

/* Ends the boot: what the loader passed cannot be taken, as has been said. How to end holds
 * wherever it stands on the command line, taken or not: a test would wait for ever if something
 * bad before it, or its length, kept it from being read. */
static void __attribute__((noreturn)) refuse(const char *reason)
{
	char error[80], word[32];

	printf("verdict reason=\"%s\" status=ERROR\n", reason);
	if (handover_find_word(handover_copy + handover.text_at, handover.text_bytes, "exit=", word,
			       sizeof(word)))
		param_set(word, PARAM_BOOT, error, sizeof(error));
	else if (handover.text_cut) /* it may stand in what was not read; without a host it halts */
		param_set("exit=semihost", PARAM_BOOT, error, sizeof(error));
	kernel_exit(EXIT_USAGE);
}

const struct handover *loader_handover(void)
{
	handover_parse(boot_entry.copied ? handover_copy : NULL, boot_entry.copied, &handover);
	if (boot_entry.handover && !boot_entry.copied)
		handover.error = "r2 is not a word address in RAM; it must point to an ATAG list "
				 "or a device tree, or be 0";
	switch (handover.kind) {
	case HANDOVER_ATAGS:
	case HANDOVER_DEVICE_TREE:
		if (!handover.error)
			break;
		printf("%s: at +0x%lx: %s\n",
		       handover.kind == HANDOVER_ATAGS ? "atags" : "device tree",
		       (unsigned long)handover.error_at, handover.error);
		refuse(handover.kind == HANDOVER_ATAGS ? "broken ATAG list" : "broken device tree");
	default:
		printf("atags: %s; %lu MiB of RAM and no parameters are taken\n", handover.error,
		       (unsigned long)board_ram_bytes() >> 20);
	}
	return &handover;
}

void loader_parameters(void)
{
	static char error[640]; /* the lists of what is valid are long */

	if (!params_parse(handover.cmdline, &line, error, sizeof(error))) {
		printf("%s\n", error);
		refuse("bad parameter");
	}
	if (!line.help && actions_conflict(error, sizeof(error))) {
		printf("%s\n", error);
		refuse("conflicting parameters");
	}
	if (line.help) {
		params_print();
		kernel_exit(EXIT_OK);
	}
}

void loader_describe(char *buf, size_t len)
{
	const char *what = handover.kind == HANDOVER_ATAGS	   ? "ATAGs"
			   : handover.kind == HANDOVER_DEVICE_TREE ? "device tree"
								   : NULL;
	int n;

	if (!what) {
		snprintf(buf, len, "passed nothing");
		return;
	}
	n = snprintf(buf, len, "%s at %08lx", what, (unsigned long)boot_entry.handover);
	if (line.skipped && n > 0 && (size_t)n < len)
		snprintf(buf + n, len - (size_t)n, ", %u word%s of the firmware skipped",
			 line.skipped, line.skipped == 1 ? "" : "s");
}
