/* SPDX-License-Identifier: MIT */
/* Hunter mode leaves the fast path of loads and stores open, and is part of a snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/debug/shadow.h"
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/snapshot.h"

#define TABLE 0x20000u /* of sections: memory cacheable, flat */
#define DATA  0x80000u

/* MMU and caches on; loads and stores over 4 KiB for ever, or an invalidate of what was stored. */
static const uint32_t program[] = {
	0xe3a00802, /*       mov   r0, #0x20000 */
	0xee020f10, /*       mcr   p15, 0, r0, c2, c0, 0 */
	0xe3e01000, /*       mvn   r1, #0 */
	0xee031f10, /*       mcr   p15, 0, r1, c3, c0, 0 */
	0xe59f2024, /*       ldr   r2, control */
	0xee012f10, /*       mcr   p15, 0, r2, c1, c0, 0 */
	0xe3a03702, /*       mov   r3, #0x80000 */
	0xe3a04000, /*       mov   r4, #0 */
	0xe7935004, /* loop: ldr   r5, [r3, r4] */
	0xe2855001, /*       add   r5, r5, #1 */
	0xe7835004, /*       str   r5, [r3, r4] */
	0xe2844004, /*       add   r4, r4, #4 */
	0xe3c44a01, /*       bic   r4, r4, #0x1000 */
	0xeafffff9, /*       b     loop */
	0xe320f000, /*       nop */
	0x00051005, /* control: MMU, D-cache and I-cache */
};

/* Instead of the loop: store, invalidate, read what was thrown away. */
static const uint32_t discard[] = {
	0xe5935000, /* ldr r5, [r3] */
	0xe2855001, /* add r5, r5, #1 */
	0xe5835000, /* str r5, [r3] */
	0xee073f36, /* mcr p15, 0, r3, c7, c6, 1 */
	0xe5935000, /* ldr r5, [r3] */
	0xeafffffe, /* b . */
};

static struct options opt;
static char path[] = "/tmp/murphy-sim-XXXXXX";

static int make_machine(void **state)
{
	int fd = mkstemp(path);
	struct machine *m;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, program, sizeof program), sizeof program);
	close(fd);
	opt = (struct options){.board = "versatilepb",
			       .kernel = path,
			       .serial = "none",
			       .entry = "cold",
			       .check_ignore = "",
			       .check = true,
			       .mem = 2u << 20,
			       .seed = 1};
	m = machine_new(&opt);
	for (uint32_t n = 0; n < 4096; n++) {
		uint32_t d = n << 20 | 0xc1e;

		memcpy(m->ram + TABLE + 4 * n, &d, 4);
	}
	*state = m;
	return 0;
}

static int free_machine(void **state)
{
	machine_free(*state);
	unlink(path);
	strcpy(path, "/tmp/murphy-sim-XXXXXX");
	return 0;
}

static void put_discard(struct machine *m)
{
	memcpy(m->ram + 0x10000 + 8 * 4, discard, sizeof discard);
}

static void almost_all_accesses_take_the_fast_path(void **state)
{
	struct machine *m = *state;
	const struct cpu *c = m->cpu;
	uint64_t full;

	machine_run_for(m, 600000); /* 100,000 loads and as many stores, nearly */
	full = c->d.n.loads + c->d.n.stores;
	assert_true(c->fast_loads > 99000);
	assert_true(c->fast_stores > 99000);
	assert_true(full < 1500); /* each line's first load and store, the cache being warm then */
	assert_int_equal(m->dbg->findings, 0);
}

static void what_was_stored_by_the_fast_path_is_owed_too(void **state)
{
	struct machine *m = *state;
	struct unit *u;
	uint8_t view[UNIT];

	machine_run_for(m, 100000);
	u = shadow_at(m->cpu, DATA + 0x40, false);
	assert_non_null(u);
	assert_int_equal(u->flags & U_DIRTY, U_DIRTY);
	shadow_view(m->cpu, u, view);
	for (uint32_t n = 0; n < UNIT; n += 4)
		assert_int_not_equal(view[n], u->alt[n]);
}

static void a_finding_comes_again_after_a_restore(void **state)
{
	struct machine *m = *state;
	struct snapshot *before, *owed;

	put_discard(m);
	machine_run_for(m, 8);
	before = snapshot_take(m);
	machine_run_for(m, 4); /* the invalidate is done, nobody has read */
	owed = snapshot_take(m);
	assert_int_equal(m->dbg->findings, 0);
	machine_run_for(m, 2);
	assert_int_equal(m->dbg->findings, 1);
	snapshot_restore(m, owed); /* the taint is back */
	machine_run_for(m, 2);
	assert_int_equal(m->dbg->findings, 2);
	snapshot_restore(m, before); /* nothing is owed here: the store of then is undone */
	assert_int_equal(shadow_at(m->cpu, DATA, true)->flags & U_DIRTY, 0);
	machine_run_for(m, 6);
	assert_int_equal(m->dbg->findings, 3);
	snapshot_free(before);
	snapshot_free(owed);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_machine, free_machine)
	const struct CMUnitTest tests[] = {
		TEST(almost_all_accesses_take_the_fast_path),
		TEST(what_was_stored_by_the_fast_path_is_owed_too),
		TEST(a_finding_comes_again_after_a_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
