/* SPDX-License-Identifier: MIT */
/* leaf=: by which instructions the core does maintenance of a range. */
#include <stdio.h>
#include <string.h>

#include "cache/machine.h"
#include "cache/ops.h"
#include "cores/profile.h"
#include "lib/params.h"

/* The core is known when the parameters are read, and nothing has taken the operations' table yet.
 */
static const char *set_leaf(const char *text)
{
	const struct core_profile *core = core_profile_find(machine.midr);

	if (strcmp(text, "line") == 0)
		dcache = *core->ops;
	else if (strcmp(text, "block") != 0)
		return "no such leaf";
	else if (!core->block_ops)
		return "this core has no block operations";
	else
		dcache = *core->block_ops;
	return NULL;
}

static void show_leaf(char *buf, size_t len)
{
	snprintf(buf, len, "%s", dcache.block ? "block" : "line");
}

static void list_leaves(char *buf, size_t len)
{
	const struct core_profile *core = core_profile_find(machine.midr);

	snprintf(buf, len, "%s", core && core->block_ops ? "line|block" : "line");
}

PARAM_CUSTOM_LIST(
	leaf, PARAM_BOOT, set_leaf, show_leaf, list_leaves,
	"the core's cache maintenance: a loop of operations on single lines, or one "
	"interruptible operation on the whole range, which an interrupt makes start again");
