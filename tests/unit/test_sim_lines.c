/* SPDX-License-Identifier: MIT */
/* The window in which an image asks what became of D-cache lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/cpu/cpu.h"
#include "sim/devices/identity.h"
#include "sim/devices/lines.h"
#include "sim/machine.h"
#include "sim/options.h"

#define WORDS 0x10000000u
#define PAGE  0x00080000u
#define WB    (CM_C | CM_B)

static struct options opt;
static char path[] = "/tmp/murphy-sim-XXXXXX";

static int make_machine(void **state)
{
	static const uint32_t program[] = {0xeafffffe}; /* b . */
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, program, sizeof program), sizeof program);
	close(fd);
	opt = (struct options){.board = "versatilepb",
			       .kernel = path,
			       .serial = "none",
			       .entry = "cold",
			       .check_ignore = "",
			       .cache = "vivt,128,1way,32b", /* four lines: sets 0..3 */
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

/* As the image does it: by an uncached access of the CPU. */
static uint32_t ask(struct machine *m, uint32_t off)
{
	static const struct insn here;
	uint32_t val = 0;

	m->cpu->line = &here;
	assert_true(access_mem(m->cpu, &here, WORDS + off, 4, ACC_LOAD, &val));
	return val;
}

static void tell(struct machine *m, uint32_t off, uint32_t val)
{
	static const struct insn here;

	m->cpu->line = &here;
	assert_true(access_mem(m->cpu, &here, WORDS + off, 4, ACC_STORE, &val));
}

static void dirty(struct machine *m, uint32_t pa)
{
	cm_load(&m->cpu->d, pa, pa, 4, WB);
	cm_store(&m->cpu->d, pa, pa, 4, 0x1234, WB);
}

static void what_is_not_asked_is_not_kept(void **state)
{
	struct machine *m = *state;

	dirty(m, PAGE);
	cm_inv_mva(&m->cpu->d, PAGE, PAGE);
	assert_null(m->lines);
	assert_int_equal(m->cpu->d.event_mask, 0);
	assert_int_equal(ask(m, 0xf00), 1);
	assert_null(m->lines);
}

static void kinds_and_their_words(void **state)
{
	struct machine *m = *state;
	struct cm *d = &m->cpu->d;
	static const uint32_t want[][4] = {
		/* kind, line, dirty halves, by or bytes */
		{1, PAGE, 1, 0},		    /* discarded */
		{2, PAGE + 32, 1, PAGE + 32 + 128}, /* evicted by the line that maps there too */
		{3, PAGE + 64, 1, 0},		    /* cleaned */
		{4, PAGE + 96, 0, 0x100},	    /* a device wrote */
	};

	tell(m, 0xf04, 1);
	dirty(m, PAGE);
	cm_inv_mva(d, PAGE, PAGE);
	dirty(m, PAGE + 32);
	cm_load(d, PAGE + 32 + 128, PAGE + 32 + 128, 4, WB);
	dirty(m, PAGE + 64);
	cm_clean_mva(d, PAGE + 64, PAGE + 64);
	dirty(m, PAGE + 4096); /* another page: not among the selected */
	cm_inv_mva(d, PAGE + 4096, PAGE + 4096);
	lines_copy(m, 0x100, PAGE + 96, 8);
	tell(m, 0xf04, 0);
	assert_int_equal(d->event_mask, 0);
	dirty(m, PAGE);
	cm_inv_mva(d, PAGE, PAGE); /* too late */
	tell(m, 0xf10, PAGE + 0x123);
	assert_int_equal(ask(m, 0xf10), 4);
	for (uint32_t i = 0; i < 4; i++) {
		tell(m, 0xf14, i);
		assert_int_equal(ask(m, 0xf18) & 0xff, want[i][0]);
		assert_int_equal(ask(m, 0xf18) >> 16, want[i][2]);
		assert_int_equal(ask(m, 0xf20), want[i][1]);
		assert_int_equal(ask(m, 0xf2c), want[i][3]);
	}
	assert_int_equal(ask(m, 0xf14), 0); /* all found room */
	tell(m, 0xf10, 0xffffffff);
	assert_int_equal(ask(m, 0xf10), 5);
}

static void the_mark_is_the_images_word_at_that_moment(void **state)
{
	struct machine *m = *state;
	uint32_t mark = 7, at = PAGE + 0x2000;

	machine_write(m, at, &mark, 4);
	tell(m, 0xf08, at);
	tell(m, 0xf04, 1);
	dirty(m, PAGE);
	cm_inv_mva(&m->cpu->d, PAGE, PAGE);
	mark = 8;
	machine_write(m, at, &mark, 4);
	dirty(m, PAGE + 32);
	cm_inv_mva(&m->cpu->d, PAGE + 32, PAGE + 32);
	tell(m, 0xf04, 0);
	tell(m, 0xf10, PAGE);
	tell(m, 0xf14, 0);
	assert_int_equal(ask(m, 0xf28), 7);
	tell(m, 0xf14, 1);
	assert_int_equal(ask(m, 0xf28), 8);
}

static void asking_changes_nothing(void **state)
{
	struct machine *m = *state;
	struct cm *d = &m->cpu->d, before;

	tell(m, 0xf04, 1);
	dirty(m, PAGE);
	cm_store(d, PAGE + 0x1000, PAGE + 0x1000, 4, 5, WB); /* a miss: into the write buffer */
	assert_int_equal(d->wb_used, 1);
	before = *d;
	tell(m, 0xf10, PAGE);
	assert_int_equal(ask(m, 0xf30), 1);
	assert_int_equal(ask(m, 0xf34), 1);
	tell(m, 0xf38, PAGE);
	assert_int_equal(ask(m, 0xf38), 3); /* there, its lower half dirty */
	assert_int_equal(ask(m, 0xff0), 0x4d555250);
	assert_memory_equal(&before, d, sizeof before);
	ask(m, 0x5c); /* any other register does drain it */
	assert_int_equal(d->wb_used, 0);
}

static void one_line_by_its_address(void **state)
{
	struct machine *m = *state;
	struct cm *d = &m->cpu->d;
	uint32_t va = 0xbfe01040, pa = PAGE + 0x40; /* VIVT: found by va alone */

	tell(m, 0xf10, PAGE);
	tell(m, 0xf38, va);
	assert_int_equal(ask(m, 0xf38), 0);
	cm_load(d, va, pa, 4, WB);
	assert_int_equal(ask(m, 0xf38), 1);
	cm_store(d, va + 16, pa + 16, 4, 5, WB);
	assert_int_equal(ask(m, 0xf38), 5);
	cm_store(d, va, pa, 4, 5, WB);
	assert_int_equal(ask(m, 0xf38), 7);
	tell(m, 0xf38, pa); /* the same memory at another address */
	assert_int_equal(ask(m, 0xf38), 0);
}

static unsigned seen;

static void count(void *ctx, const struct cm_event *ev)
{
	(void)ctx;
	seen += ev->kind == CM_EV_DISCARD;
}

static void others_go_on_seeing_the_events(void **state)
{
	struct machine *m = *state;
	struct cm *d = &m->cpu->d;

	seen = 0;
	d->on_event = count;
	d->event_mask = CM_EV_BIT(CM_EV_DISCARD);
	for (uint32_t on = 0; on < 3; on++) {
		tell(m, 0xf04, on & 1);
		dirty(m, PAGE);
		cm_inv_mva(d, PAGE, PAGE);
		assert_int_equal(seen, on + 1);
	}
	assert_ptr_equal(d->on_event, count);
}

static void replacement_starts_over(void **state)
{
	struct machine *m = *state;
	struct cm *d = &m->cpu->d;

	dirty(m, PAGE);
	d->rr[0] = 1;
	d->rng = 99;
	tell(m, 0xf0c, 1);
	assert_int_equal(d->rr[0], 0);
	assert_int_equal(d->rng, d->cfg.seed);
	assert_int_equal(d->lines[0].dirty, 1); /* contents stay */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_not_asked_is_not_kept, make_machine,
						drop_machine),
		cmocka_unit_test_setup_teardown(kinds_and_their_words, make_machine, drop_machine),
		cmocka_unit_test_setup_teardown(the_mark_is_the_images_word_at_that_moment,
						make_machine, drop_machine),
		cmocka_unit_test_setup_teardown(asking_changes_nothing, make_machine, drop_machine),
		cmocka_unit_test_setup_teardown(one_line_by_its_address, make_machine,
						drop_machine),
		cmocka_unit_test_setup_teardown(others_go_on_seeing_the_events, make_machine,
						drop_machine),
		cmocka_unit_test_setup_teardown(replacement_starts_over, make_machine,
						drop_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
