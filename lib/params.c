/* SPDX-License-Identifier: MIT */
/* Typed parameters: parsing, range checks, messages and the table for `help`. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/columns.h"
#include "lib/params.h"

#define VALID_MAX   512	 /* the names of the self tests are the longest list */
#define WORD_MAX    254u /* letters in one word of the command line */
#define SLIPS_MAX   3u	 /* more typing slips than this make another word */
#define LETTERS_MAX 32u	 /* letters that name_slips() compares */

/* Weak: a host test may link this file without any parameter. */
extern const struct param __start_murphy_params[] __attribute__((weak));
extern const struct param __stop_murphy_params[] __attribute__((weak));

static const char *const size_suffix = "kMG";

/* Through integers: for C the two symbols are different objects, which must not be compared. */
static size_t count(void)
{
	return ((uintptr_t)__stop_murphy_params - (uintptr_t)__start_murphy_params) /
	       sizeof(struct param);
}

static const struct param *find(const char *name, size_t len)
{
	for (size_t i = 0; i < count(); i++) {
		const struct param *p = &__start_murphy_params[i];

		if (strncmp(p->name, name, len) == 0 && p->name[len] == '\0')
			return p;
	}
	return NULL;
}

const struct param *param_find(const char *name)
{
	return find(name, strlen(name));
}

const struct param *param_next(const struct param *prev)
{
	const struct param *next = NULL;

	for (size_t i = 0; i < count(); i++) {
		const struct param *p = &__start_murphy_params[i];

		if ((!prev || strcmp(p->name, prev->name) > 0) &&
		    (!next || strcmp(p->name, next->name) < 0))
			next = p;
	}
	return next;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned name_slips(const char *typed, size_t len, const char *name)
{
	size_t namelen = strlen(name), longer = len > namelen ? len : namelen;
	/* d[i % 3][j]: slips between the first i letters typed and the first j of name; a swap
	 * looks two rows back. */
	unsigned d[3][LETTERS_MAX + 1];

	if (len == 0 || longer > LETTERS_MAX)
		return NAME_FAR;
	for (size_t j = 0; j <= namelen; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= len; i++) {
		unsigned *row = d[i % 3], *above = d[(i - 1) % 3], *above2 = d[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= namelen; j++) {
			int a = tolower((unsigned char)typed[i - 1]);
			int b = tolower((unsigned char)name[j - 1]);

			row[j] = least(above[j - 1] + (a != b), least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a == tolower((unsigned char)name[j - 2]) &&
			    b == tolower((unsigned char)typed[i - 2]))
				row[j] = least(row[j], above2[j - 2] + 1);
		}
	}

	unsigned slips = d[len % 3][namelen];

	if (slips > 1 && len >= 2 && strncmp(typed, name, len) == 0)
		return 1;
	return slips <= SLIPS_MAX && 2 * slips <= longer ? slips : NAME_FAR;
}

/* Adds text to a string in buf; what does not fit is cut. */
static void append(char *buf, size_t len, const char *text)
{
	size_t used = strlen(buf);

	snprintf(buf + used, len - used, "%s", text);
}

static void number_text(const struct param *p, uint32_t n, char *buf, size_t len)
{
	size_t i = 0;
	char suffix[2] = "";

	if (p->type == PARAM_T_SIZE)
		for (; i < strlen(size_suffix) && n != 0 && n % 1024 == 0; i++, n /= 1024)
			suffix[0] = size_suffix[i];
	snprintf(buf, len, "%" PRIu32 "%s", n, suffix);
}

void param_valid(const struct param *p, char *buf, size_t len)
{
	char min[16], max[16];

	if (len == 0)
		return;
	buf[0] = '\0';
	switch (p->type) {
	case PARAM_T_UINT:
	case PARAM_T_SIZE:
		number_text(p, p->min, min, sizeof(min));
		number_text(p, p->max, max, sizeof(max));
		snprintf(buf, len, "%s%s..%s", p->pow2 ? "power of two, " : "", min, max);
		break;
	case PARAM_T_ENUM:
		for (size_t i = 0; p->choices[i]; i++) {
			append(buf, len, i ? "|" : "");
			append(buf, len, p->choices[i]);
		}
		break;
	case PARAM_T_CUSTOM:
		if (p->list)
			p->list(buf, len);
		else
			append(buf, len, p->valid ? p->valid : p->help);
		break;
	}
}

void param_show(const struct param *p, char *buf, size_t len)
{
	if (len == 0)
		return;
	buf[0] = '\0';
	switch (p->type) {
	case PARAM_T_UINT:
	case PARAM_T_SIZE:
		number_text(p, *p->value, buf, len);
		break;
	case PARAM_T_ENUM:
		append(buf, len, p->choices[*p->value]);
		break;
	case PARAM_T_CUSTOM:
		if (p->show)
			p->show(buf, len);
		break;
	}
}

/* One line for a person: word as it was given (cut, and without anything that would upset a
 * terminal), what is wrong with it, and what is valid if it names a parameter. */
static bool refuse(char *err, size_t errlen, const char *word, const char *wrong,
		   const struct param *p)
{
	static char valid[VALID_MAX]; /* not on a task's stack: the lists are long */
	char shown[64];
	size_t n = 0;

	for (; n < sizeof(shown) - 1 && word[n]; n++)
		shown[n] = isprint((unsigned char)word[n]) ? word[n] : '?';
	shown[n] = '\0';
	if (word[n])
		memcpy(shown + n - 3, "...", 3);
	valid[0] = '\0';
	if (p)
		param_valid(p, valid, sizeof(valid));
	snprintf(err, errlen, "parameter %s: %s%s%s", shown, wrong, p ? "; valid: " : "", valid);
	return false;
}

static bool refuse_unknown(char *err, size_t errlen, const char *word, size_t len)
{
	const struct param *p, *near = NULL;
	unsigned nearest = NAME_FAR;
	char wrong[96];

	param_for_each (p) {
		unsigned slips = name_slips(word, len, p->name);

		if (slips < nearest) {
			nearest = slips;
			near = p;
		}
	}
	if (len == 0)
		snprintf(wrong, sizeof(wrong), "no name before '='; write name=value");
	else if (near)
		snprintf(wrong, sizeof(wrong), "unknown; did you mean %s?", near->name);
	else
		snprintf(wrong, sizeof(wrong), "unknown; help lists all");
	return refuse(err, errlen, word, wrong, NULL);
}

/* Reads text into *n; NULL, or what is wrong. strtoul alone would take " 5", "+5", "-5",
 * read "010" as eight and, where unsigned long has 64 bits, numbers that do not fit. */
static const char *parse_number(const struct param *p, const char *text, uint32_t *n)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned long got;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return "not a number";
	errno = 0;
	got = strtoul(text, &end, hex ? 16 : 10);
	if (errno == ERANGE || got > UINT32_MAX)
		return "more than 32 bits hold";
	if (p->type == PARAM_T_SIZE && *end) {
		for (size_t i = 0; i < strlen(size_suffix); i++) {
			if (toupper((unsigned char)*end) != toupper((unsigned char)size_suffix[i]))
				continue;
			if (got > UINT32_MAX >> (10 * (i + 1)))
				return "more than 32 bits hold";
			got <<= 10 * (i + 1);
			end++;
			break;
		}
		if (*end)
			return "neither k, M nor G after the number";
	}
	if (*end)
		return "something else after the number";
	if (got < p->min)
		return "too small";
	if (got > p->max)
		return "too large";
	if (p->pow2 && (got == 0 || (got & (got - 1)) != 0))
		return "not a power of two";
	*n = got;
	return NULL;
}

static bool set_choice(const struct param *p, const char *word, const char *text, char *err,
		       size_t errlen)
{
	unsigned nearest = NAME_FAR;
	const char *near = NULL;
	char wrong[96];

	for (uint32_t i = 0; p->choices[i]; i++) {
		unsigned slips = name_slips(text, strlen(text), p->choices[i]);

		if (strcmp(text, p->choices[i]) == 0) {
			*p->value = i;
			return true;
		}
		if (slips < nearest) {
			nearest = slips;
			near = p->choices[i];
		}
	}
	if (near)
		snprintf(wrong, sizeof(wrong), "no such choice, did you mean %s?", near);
	return refuse(err, errlen, word, near ? wrong : "no such choice", p);
}

bool param_set(const char *word, enum param_when now, char *err, size_t errlen)
{
	size_t len = strcspn(word, "=");
	const struct param *p = find(word, len);
	const char *text = word + len + 1, *wrong;
	uint32_t n;

	if (!p)
		return refuse_unknown(err, errlen, word, len);
	if (p->when == PARAM_BOOT && now != PARAM_BOOT)
		return refuse(err, errlen, word, "can be set on the boot command line only", p);
	if (word[len] == '\0')
		return refuse(err, errlen, word, "no '=' and value after it", p);
	if (*text == '\0')
		return refuse(err, errlen, word, "no value after '='", p);
	/* What follows in a custom value is its own business: run="race fix=pin". */
	if (*text == '=' || (p->type != PARAM_T_CUSTOM && strchr(text, '=')))
		return refuse(err, errlen, word, "more than one '='", p);
	switch (p->type) {
	case PARAM_T_UINT:
	case PARAM_T_SIZE:
		wrong = parse_number(p, text, &n);
		if (wrong)
			return refuse(err, errlen, word, wrong, p);
		*p->value = n;
		return true;
	case PARAM_T_ENUM:
		return set_choice(p, word, text, err, errlen);
	case PARAM_T_CUSTOM:
		wrong = p->set(text);
		return wrong ? refuse(err, errlen, word, wrong, p) : true;
	}
	return refuse(err, errlen, word, "of a type that this kernel does not know", NULL);
}

/* Is word, which stands before any "--", the firmware's? */
static bool of_firmware(const char *word, const char *const *firmware)
{
	size_t len = strcspn(word, "=");

	if (find(word, len))
		return false;
	if (word[len] == '=' && memchr(word, '.', len))
		return true;
	for (; firmware && *firmware; firmware++)
		if (strlen(*firmware) == len && memcmp(*firmware, word, len) == 0)
			return true;
	return false;
}

bool params_parse(const char *cmdline, struct params_line *line, char *err, size_t errlen)
{
	char word[WORD_MAX + 1];
	bool ours = false;

	while (cmdline && *cmdline) {
		bool quoted = false;
		size_t n = 0;

		for (; *cmdline && (quoted || !isspace((unsigned char)*cmdline)); cmdline++) {
			if (*cmdline == '"') {
				quoted = !quoted;
				continue;
			}
			if (n == WORD_MAX) {
				word[n] = '\0';
				return refuse(err, errlen, word, "longer than 254 letters", NULL);
			}
			word[n++] = *cmdline;
		}
		word[n] = '\0';
		if (quoted)
			return refuse(err, errlen, word, "the closing \" is missing", NULL);
		while (isspace((unsigned char)*cmdline))
			cmdline++;
		if (n == 0)
			continue;
		if (!ours && strcmp(word, "--") == 0)
			ours = true;
		else if (!ours && of_firmware(word, line->firmware))
			line->skipped++;
		else if (strcmp(word, "help") == 0)
			line->help = true;
		else if (!param_set(word, PARAM_BOOT, err, errlen))
			return false;
	}
	return true;
}

static void print_row(const char *name, const char *now, const char *valid, const char *help)
{
	const struct column row[] = {{13, name}, {12, now}, {26, valid}, {45, help}};

	columns_print(row, 4);
}

void params_print(void)
{
	const struct param *p;

	print_row("parameter", "now", "valid", "what it does");
	param_for_each (p) {
		static char valid[VALID_MAX];
		char now[64], help[224];

		param_show(p, now, sizeof(now));
		param_valid(p, valid, sizeof(valid));
		snprintf(help, sizeof(help), "%s%s", p->help,
			 p->when == PARAM_BOOT ? " (boot only)" : "");
		print_row(p->name, now, valid, help);
	}
}
