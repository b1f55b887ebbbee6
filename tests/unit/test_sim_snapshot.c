/* SPDX-License-Identifier: MIT */
/* Snapshots of the emulated machine: exact, repeatable, in any order, cheap. */
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
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/snapshot.h"

/* Counts in r0, spreads the count over memory from 0x80000, starts the timer at
 * 0x101e2000 and keeps adding what it reads there to r3. */
static const uint32_t program[] = {
	0xe3a00000, /*       mov  r0, #0 */
	0xe3a01702, /*       mov  r1, #0x80000 */
	0xe59f2020, /*       ldr  r2, timer */
	0xe3a040c2, /*       mov  r4, #0xc2 */
	0xe5824008, /*       str  r4, [r2, #8] */
	0xe2800001, /* loop: add  r0, r0, #1 */
	0xe1a05800, /*       mov  r5, r0, lsl #16 */
	0xe1a05825, /*       mov  r5, r5, lsr #16 */
	0xe7810105, /*       str  r0, [r1, r5, lsl #2] */
	0xe5926004, /*       ldr  r6, [r2, #4] */
	0xe0833006, /*       add  r3, r3, r6 */
	0xeafffff8, /*       b    loop */
	0x101e2000,
};

struct seen {
	uint32_t r[16], cpsr, pc;
	uint64_t insns, cycles;
	uint8_t *ram;
};

static struct options opt;
static char path[] = "/tmp/murphy-sim-XXXXXX";

static int make_machine(void **state)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, program, sizeof program), sizeof program);
	close(fd);
	opt = (struct options){.board = "versatilepb",
			       .kernel = path,
			       .serial = "none",
			       .entry = "cold",
			       .check_ignore = "",
			       .mem = 2u << 20,
			       .seed = 1};
	*state = machine_new(&opt);
	return 0;
}

static int drop_machine(void **state)
{
	machine_free(*state);
	unlink(path);
	strcpy(path, "/tmp/murphy-sim-XXXXXX");
	return 0;
}

static struct seen look(struct machine *m)
{
	struct seen s = {.cpsr = cpu_cpsr(m->cpu),
			 .pc = m->cpu->pc,
			 .insns = m->cpu->insns,
			 .cycles = m->cpu->cycles,
			 .ram = malloc(m->ram_size)};

	memcpy(s.r, m->cpu->r, sizeof s.r);
	memcpy(s.ram, m->ram, m->ram_size);
	return s;
}

static void assert_same(struct machine *m, const struct seen *s)
{
	assert_memory_equal(m->cpu->r, s->r, 15 * sizeof(uint32_t));
	assert_int_equal(cpu_cpsr(m->cpu), s->cpsr);
	assert_int_equal(m->cpu->pc, s->pc);
	assert_int_equal(m->cpu->insns, s->insns);
	assert_int_equal(m->cpu->cycles, s->cycles);
	assert_memory_equal(m->ram, s->ram, m->ram_size);
}

static void test_replay_is_exact(void **state)
{
	struct machine *m = *state;
	struct snapshot *a, *b;
	struct seen sa, sb;

	machine_run_for(m, 10007);
	a = snapshot_take(m);
	sa = look(m);
	machine_run_for(m, 54321);
	b = snapshot_take(m);
	sb = look(m);
	assert_int_not_equal(sa.r[0], sb.r[0]);
	for (int round = 0; round < 3; round++) {
		snapshot_restore(m, a);
		assert_same(m, &sa);
		machine_run_for(m, 54321);
		assert_same(m, &sb); /* timer and memory included */
		machine_run_for(m, 999);
		snapshot_restore(m, b);
		assert_same(m, &sb);
	}
	snapshot_free(a);
	snapshot_restore(m, b); /* does not need the one before it */
	assert_same(m, &sb);
	snapshot_free(b);
	free(sa.ram);
	free(sb.ram);
}

static void test_only_changed_pages_are_copied(void **state)
{
	struct machine *m = *state;
	struct snapshot *a, *b, *c;

	machine_run_for(m, 100);
	a = snapshot_take(m);
	b = snapshot_take(m);
	assert_in_range(snapshot_copied(a), 1, 8); /* ATAGs, image, data: not 512 pages */
	assert_int_equal(snapshot_copied(b), 0);
	machine_run_for(m, 7 * 1500); /* 1500 words: two or three pages */
	c = snapshot_take(m);
	assert_in_range(snapshot_copied(c), 1, 3);
	snapshot_free(c);
	snapshot_free(b);
	snapshot_free(a);
}

static void test_cache_contents_come_back(void **state)
{
	struct machine *m = *state;
	struct cpu *c = m->cpu;
	struct snapshot *s;
	uint32_t v;

	v = cm_load(&c->d, 0x40000, 0x40000, 4, CM_C | CM_B);
	cm_store(&c->d, 0x40000, 0x40000, 4, v + 1, CM_C | CM_B);
	s = snapshot_take(m);
	cm_inv_all(&c->d);
	assert_null(cm_peek(&c->d, 0x40000, 0x40000));
	snapshot_restore(m, s);
	assert_non_null(cm_peek(&c->d, 0x40000, 0x40000));
	assert_int_equal(cm_load(&c->d, 0x40000, 0x40000, 4, CM_C | CM_B), v + 1);
	snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_replay_is_exact, make_machine, drop_machine),
		cmocka_unit_test_setup_teardown(test_only_changed_pages_are_copied, make_machine,
						drop_machine),
		cmocka_unit_test_setup_teardown(test_cache_contents_come_back, make_machine,
						drop_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
