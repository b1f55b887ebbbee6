/* SPDX-License-Identifier: MIT */
/* selftest=pkmap: slots, counts and addresses against the rules, then tasks that fight for too
 * few slots. selftest=pkmap-exhaust: one task pins every slot and asks for one more, which must
 * end in the diagnosis of the deadlock. Every page holds its own frame number. */
#include <stdio.h>
#include <string.h>

#include "lib/panic.h"
#include "lib/random.h"
#include "mm/page_alloc.h"
#include "mm/pkmap.h"
#include "sched/task.h"
#include "selftest/selftest.h"

#define PAGES_MAX  (2 * LAST_PKMAP + 3)
#define FIGHTERS   12u /* tasks, for at most FREE_SLOTS slots */
#define FREE_SLOTS 4
#define WORD_STEP  256 /* bytes between the words that are looked at */

static struct page *pages[PAGES_MAX];
static uint32_t page_count, faults, rng;

/* What the rules say, looked up slot by slot: which page, and its count. */
static struct {
	struct page *page;
	int count;
} rule[LAST_PKMAP];
static uint32_t rule_last;
static uint16_t pins[PAGES_MAX];

static void fault(const char *what, uint32_t slot, uint32_t got, uint32_t want)
{
	if (faults++ < 8)
		printf("pkmap: %s of slot %lu is %lx, must be %lx\n", what, (unsigned long)slot,
		       (unsigned long)got, (unsigned long)want);
}

static void page_tag(struct page *page)
{
	uint32_t *va = kmap(page);

	for (uint32_t i = 0; i < PAGE_SIZE; i += WORD_STEP)
		va[i / 4] = page_to_phys(page) | i / WORD_STEP;
	kunmap(page);
}

/* Through the address that it has now: does it lead to this page? */
static void page_check(const struct page *page, const volatile uint32_t *va)
{
	for (uint32_t i = 0; i < PAGE_SIZE; i += WORD_STEP) {
		uint32_t want = page_to_phys(page) | i / WORD_STEP, got = va[i / 4];

		if (got != want) {
			fault("contents", pkmap_slot((void *)va), got, want);
			return;
		}
	}
}

static bool pages_take(uint32_t n)
{
	for (page_count = 0; page_count < n; page_count++) {
		pages[page_count] = page_alloc(ZONE_HIGHMEM, 0);
		if (!pages[page_count]) {
			printf("pkmap: %lu highmem pages are needed, %lu are there\n",
			       (unsigned long)n, (unsigned long)page_count);
			return false;
		}
		page_tag(pages[page_count]);
	}
	return true;
}

static void pages_give_back(void)
{
	while (page_count)
		page_free(pages[--page_count], 0);
}

/* ---- One task: slot for slot. ---- */

static int rule_find(const struct page *page)
{
	for (uint32_t s = 0; s < pkmap_slots; s++)
		if (rule[s].count && rule[s].page == page)
			return s;
	return -1;
}

static void rule_flush(void)
{
	for (uint32_t s = 0; s < pkmap_slots; s++)
		if (rule[s].count == 1)
			rule[s].count = 0;
}

/* The slot that kmap(page) must take; there is room. */
static uint32_t rule_kmap(struct page *page)
{
	int at = rule_find(page);

	while (at < 0) {
		rule_last = (rule_last + 1) % pkmap_slots;
		if (rule_last == 0)
			rule_flush();
		if (rule[rule_last].count)
			continue;
		at = rule_last;
		rule[at].page = page;
		rule[at].count = 1;
	}
	rule[at].count++;
	return at;
}

static bool rule_has_room(const struct page *page)
{
	for (uint32_t s = 0; s < pkmap_slots; s++)
		if (rule[s].count < 2 || rule[s].page == page)
			return true;
	return false;
}

static void compare(void)
{
	if (pkmap_last != rule_last)
		fault("last number", rule_last, pkmap_last, rule_last);
	for (uint32_t s = 0; s < pkmap_slots; s++) {
		if (pkmap_count[s] != rule[s].count)
			fault("count", s, pkmap_count[s], rule[s].count);
		if (pkmap_page(s) != (rule[s].count ? rule[s].page : NULL))
			fault("page", s, (uint32_t)pkmap_page(s), (uint32_t)rule[s].page);
		if (rule[s].count && page_address(rule[s].page) != (void *)pkmap_address(s))
			fault("address", s, (uint32_t)page_address(rule[s].page), pkmap_address(s));
	}
}

static void one_step(void)
{
	uint32_t i = random_below(&rng, page_count), slot;
	void *va;

	switch (random_below(&rng, 8)) {
	case 0:
	case 1:
	case 2:
		if (!rule_has_room(pages[i]))
			return;
		slot = rule_kmap(pages[i]);
		va = kmap(pages[i]);
		if (va != (void *)pkmap_address(slot))
			fault("kmap()", slot, (uint32_t)va, pkmap_address(slot));
		pins[i]++;
		page_check(pages[i], va);
		break;
	case 3:
		va = kmap_high_get(pages[i]);
		if ((va != NULL) != (rule_find(pages[i]) >= 0))
			fault("kmap_high_get()", 0, (uint32_t)va, rule_find(pages[i]));
		if (va) {
			rule[rule_find(pages[i])].count++;
			pins[i]++;
			page_check(pages[i], va);
		}
		break;
	case 4:
		if (random_below(&rng, 32) == 0) {
			rule_flush();
			kmap_flush_unused();
		}
		break;
	default: /* unpin; the first that is pinned from page i on */
		for (uint32_t k = 0; k < page_count; k++) {
			uint32_t p = (i + k) % page_count;

			if (!pins[p])
				continue;
			pins[p]--;
			rule[rule_find(pages[p])].count--;
			kunmap(pages[p]);
			break;
		}
	}
}

static uint32_t alone(uint32_t steps)
{
	uint32_t wraps = pkmap_stats.wraps;

	memset(rule, 0, sizeof(rule));
	memset(pins, 0, sizeof(pins));
	rule_last = 0;
	for (uint32_t n = 0; n < steps && !faults; n++) {
		one_step();
		/* Of a large table a few looks are enough: what is wrong stays wrong. */
		if (pkmap_slots <= 32 || n % 16 == 0)
			compare();
	}
	for (uint32_t i = 0; i < page_count; i++)
		for (; pins[i]; pins[i]--)
			kunmap(pages[i]);
	return pkmap_stats.wraps - wraps;
}

/* ---- Many tasks: more of them than slots. ---- */

static uint32_t rounds_each, rounds_done, most_at_once, at_once;

/* One page at a time, so that whoever sleeps is waited for by nobody. */
static int fighter(void *arg)
{
	uint32_t own = rng ^ (uint32_t)arg * 2654435761u;

	own |= 1;
	for (uint32_t n = 0; n < rounds_each; n++) {
		struct page *page = pages[random_below(&own, page_count)];
		void *va = kmap(page), *pinned = NULL;

		at_once++;
		if (at_once > most_at_once)
			most_at_once = at_once;
		page_check(page, va);
		if (random_below(&own, 4) == 0)
			pinned = kmap_high_get(page);
		for (uint32_t y = random_below(&own, 3); y; y--)
			task_yield();
		/* Whatever the others did meanwhile, it is ours as long as we hold it. */
		if (page_address(page) != va || (pinned && pinned != va))
			fault("address", pkmap_slot(va), (uint32_t)page_address(page),
			      (uint32_t)va);
		page_check(page, va);
		if (pinned)
			kunmap_high(page);
		at_once--;
		kunmap(page);
		rounds_done++;
		if (random_below(&own, 8) == 0)
			task_yield();
	}
	return 0;
}

/* The pages of all slots but FREE_SLOTS are pinned, so that a large table is as tight as a
 * small one. */
static uint32_t together(void)
{
	uint32_t hogged = pkmap_slots > FREE_SLOTS ? pkmap_slots - FREE_SLOTS : 0;
	uint32_t sleeps = pkmap_stats.sleeps;
	struct task *task[FIGHTERS];

	for (uint32_t i = 0; i < hogged; i++)
		kmap(pages[i]);
	for (uint32_t i = 0; i < FIGHTERS; i++) {
		task[i] = task_create("fighter", fighter, (void *)(i + 1));
		if (!task[i])
			panic("pkmap selftest: no task or stack for fighter %lu", (unsigned long)i);
	}
	for (uint32_t i = 0; i < FIGHTERS; i++)
		task_join(task[i]);
	for (uint32_t i = 0; i < hogged; i++) {
		page_check(pages[i], page_address(pages[i]));
		kunmap(pages[i]);
	}
	return pkmap_stats.sleeps - sleeps;
}

/* ---- Sleepers that want the same page. ---- */

static uint32_t served;

static int want_page(void *arg)
{
	kmap(arg);
	served++;
	return 0; /* and keeps it */
}

/* Two tasks want one page, a third another; one slot comes free, then a second. Whoever finds
 * the page mapped needs no slot, and must not keep the third from hearing of it. */
static void same_page(void)
{
	struct task *task[3];

	for (uint32_t i = 0; i < pkmap_slots; i++)
		kmap(pages[i]);
	served = 0;
	for (uint32_t i = 0; i < 3; i++)
		task[i] = task_create("wants-a-page", want_page, pages[pkmap_slots + i / 2]);
	task_yield(); /* all three sleep now */
	kunmap(pages[0]);
	task_yield();
	task_yield();
	kunmap(pages[1]);
	for (uint32_t i = 0; i < 3; i++)
		task_join(task[i]);
	for (uint32_t i = 2; i < pkmap_slots; i++)
		kunmap(pages[i]);
	for (uint32_t i = 0; i < 3; i++)
		kunmap(pages[pkmap_slots + i / 2]);
	if (served != 3)
		fault("number of tasks served", 0, served, 3);
}

static bool pkmap_selftest(uint32_t runs, uint32_t seed)
{
	uint32_t steps = runs ? runs : 4000, wraps = 0, sleeps = 0;
	const char *why = pkmap_resize(pkmap_slots); /* so that slot 1 is the next */

	if (why) {
		printf("pkmap: %s\n", why);
		return false;
	}
	rng = seed;
	faults = rounds_done = most_at_once = at_once = 0;
	rounds_each = steps / 20 + 1;
	if (pages_take(2 * pkmap_slots + 3)) {
		pkmap_resize(pkmap_slots);
		wraps = alone(steps);
		sleeps = together();
		same_page();
		if (sleeps == 0)
			printf("pkmap: nobody had to sleep for a slot: nothing was tested\n");
	} else {
		faults++;
	}
	pages_give_back();
	why = pkmap_resize(pkmap_slots);
	if (why) {
		printf("pkmap: a pin is left over: %s\n", why);
		faults++;
	}
	printf("pkmap: %lu slots: %lu steps alone with %lu wraps; %u tasks, %lu rounds, up to %lu "
	       "holders at once, %lu sleeps for a slot; %lu faults (seed %lu)\n",
	       (unsigned long)pkmap_slots, (unsigned long)steps, (unsigned long)wraps, FIGHTERS,
	       (unsigned long)rounds_done, (unsigned long)most_at_once, (unsigned long)sleeps,
	       (unsigned long)faults, (unsigned long)seed);
	return faults == 0 && sleeps > 0 && rounds_done == FIGHTERS * rounds_each;
}

SELFTEST(pkmap) = {
	.name = "pkmap",
	.what = "kmap against its rules, alone and with more tasks than slots",
	.run = pkmap_selftest,
};

static int hog(void *arg)
{
	(void)arg;
	for (uint32_t i = 0; i <= pkmap_slots; i++)
		kmap(pages[i]); /* the last one sleeps for ever */
	return 0;
}

static bool pkmap_exhaust(uint32_t runs, uint32_t seed)
{
	(void)runs;
	(void)seed;
	if (!pages_take(pkmap_slots + 1))
		return false;
	printf("pkmap: pinning all %lu slots, then one page more\n", (unsigned long)pkmap_slots);
	task_join(task_create("hog", hog, NULL));
	printf("pkmap: a page was mapped with no slot left\n");
	return false;
}

SELFTEST(pkmap_exhaust) = {
	.name = "pkmap-exhaust",
	.what = "more pins than slots by one task: ends in the diagnosis of a deadlock",
	.run = pkmap_exhaust,
};
