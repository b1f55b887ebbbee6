/* SPDX-License-Identifier: MIT */
/* Typed parameters: what the boot command line and the monitor's `set` may change.
 *
 * Each room registers its own, next to the variable it sets; the linker gathers them in
 * section murphy_params, between __start_murphy_params and __stop_murphy_params (an array
 * of struct param). The section's name is a C identifier because only then does the host's
 * ld make those two symbols by itself; the kernel's linker script sets them. */
#ifndef LIB_PARAMS_H
#define LIB_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum param_type { PARAM_T_UINT, PARAM_T_SIZE, PARAM_T_ENUM, PARAM_T_CUSTOM };
enum param_when {
	PARAM_BOOT, /* on the boot command line only */
	PARAM_ANY,  /* also by the monitor's `set` */
};

struct param {
	const char *name;
	enum param_type type;
	enum param_when when;
	uint32_t *value;	    /* UINT, SIZE: the variable; ENUM: the index chosen */
	uint32_t min, max;	    /* UINT, SIZE: inclusive */
	bool pow2;		    /* UINT: only powers of two */
	const char *const *choices; /* ENUM: NULL-terminated names */
	/* CUSTOM: sets; NULL if taken, else one sentence on what is wrong (static text). */
	const char *(*set)(const char *text);
	void (*show)(char *buf, size_t len); /* CUSTOM: the present value as text */
	const char *valid;		     /* CUSTOM: what is valid, for messages and help */
	void (*list)(char *buf, size_t len); /* CUSTOM: adds it to "", if valid is NULL */
	const char *help;
};

/* An entry of a linker-made array must have nothing between it and the next one. gcc puts
 * no ASan redzone round a variable with a section of its own, clang does unless told; and
 * without a stated alignment both may round a struct's up to 32 bytes. */
#ifdef __clang__
#define TABLE_ENTRY(section_) \
	__attribute__((used, section(section_), aligned(sizeof(void *)), no_sanitize("address")))
#else
#define TABLE_ENTRY(section_) __attribute__((used, section(section_), aligned(sizeof(void *))))
#endif

#define PARAM_ENTRY_(ident) static const struct param param_##ident TABLE_ENTRY("murphy_params")

#define PARAM_UINT(ident, when_, var, min_, max_, help_) \
	PARAM_ENTRY_(ident) = {.name = #ident,           \
			       .type = PARAM_T_UINT,     \
			       .when = when_,            \
			       .value = &(var),          \
			       .min = min_,              \
			       .max = max_,              \
			       .help = help_}
#define PARAM_UINT_POW2(ident, when_, var, min_, max_, help_) \
	PARAM_ENTRY_(ident) = {.name = #ident,                \
			       .type = PARAM_T_UINT,          \
			       .when = when_,                 \
			       .value = &(var),               \
			       .min = min_,                   \
			       .max = max_,                   \
			       .pow2 = true,                  \
			       .help = help_}
#define PARAM_SIZE(ident, when_, var, min_, max_, help_) \
	PARAM_ENTRY_(ident) = {.name = #ident,           \
			       .type = PARAM_T_SIZE,     \
			       .when = when_,            \
			       .value = &(var),          \
			       .min = min_,              \
			       .max = max_,              \
			       .help = help_}
#define PARAM_ENUM(ident, when_, var, choices_, help_) \
	PARAM_ENTRY_(ident) = {.name = #ident,         \
			       .type = PARAM_T_ENUM,   \
			       .when = when_,          \
			       .value = &(var),        \
			       .choices = choices_,    \
			       .help = help_}
#define PARAM_CUSTOM(ident, when_, set_, show_, valid_, help_) \
	PARAM_ENTRY_(ident) = {.name = #ident,                 \
			       .type = PARAM_T_CUSTOM,         \
			       .when = when_,                  \
			       .set = set_,                    \
			       .show = show_,                  \
			       .valid = valid_,                \
			       .help = help_}
/* A custom parameter whose choices are gathered elsewhere. */
#define PARAM_CUSTOM_LIST(ident, when_, set_, show_, list_, help_) \
	PARAM_ENTRY_(ident) = {.name = #ident,                     \
			       .type = PARAM_T_CUSTOM,             \
			       .when = when_,                      \
			       .set = set_,                        \
			       .show = show_,                      \
			       .list = list_,                      \
			       .help = help_}

/* All functions below: task or boot context, not reentrant, no lock; they do not sleep. */

/* Sets one parameter from "name=value". Returns true if taken. Otherwise nothing has
 * changed and err holds one line that names the parameter, what was wrong and what would
 * be right (for an unknown name: the nearest known one, if any). now tells whether boot-only
 * parameters are still accepted.
 * Numbers are decimal or 0x hexadecimal; sizes may end in k, M or G (either case). */
bool param_set(const char *name_eq_value, enum param_when now, char *err, size_t errlen);

/* How a command line is read, and what was found. */
struct params_line {
	/* Names of words that are the firmware's, NULL at the end; NULL: there are none. */
	const char *const *firmware;
	bool help;	  /* a bare "help" was there */
	unsigned skipped; /* words of the firmware */
};

/* Splits a command line at white space (double quotes keep a value together) and sets each
 * word. Stops at the first bad word. cmdline is not changed.
 * Of a parameter given twice the last counts: loaders append what the user types.
 * A word that is no parameter of ours is the firmware's, and is skipped, if its name has a dot in
 * it ("dma.dmachans=0x7f35": a module's, for Linux) or is on line's list. Behind a lone "--" all
 * words are ours. */
bool params_parse(const char *cmdline, struct params_line *line, char *err, size_t errlen);

/* The value as text ("64M", "pin", "512"). */
void param_show(const struct param *p, char *buf, size_t len);
/* What is valid as text ("power of two, 2..512", "none|pin|...", "1M..256M"). */
void param_valid(const struct param *p, char *buf, size_t len);
const struct param *param_find(const char *name);

/* The parameter whose name comes after prev's in the alphabet (prev NULL: the first); NULL
 * at the end. O(number of parameters). */
const struct param *param_next(const struct param *prev);
#define param_for_each(p) for ((p) = param_next(NULL); (p); (p) = param_next(p))

/* Prints all parameters, sorted by name: name, value now, what is valid, help. */
void params_print(void);

/* How many typing slips (a letter missing, added, wrong, or two swapped; case is ignored; a
 * name cut short after two letters or more counts as one) turn name into the len letters at
 * typed; NAME_FAR if so many that name was hardly meant. For "did you mean". */
#define NAME_FAR 99u
unsigned name_slips(const char *typed, size_t len, const char *name);

#endif
