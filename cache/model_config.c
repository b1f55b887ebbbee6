/* SPDX-License-Identifier: MIT */
/* The cache model's configuration: what is sound, and its text form "vivt,16k,4way,32b". */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cache/model.h"

/* Larger than any first-level cache; keeps every size computed here far from 32 bits. */
#define CM_SIZE_MAX 0x100000u
#define CM_WAYS_MAX 64u
#define CM_QUIRKS                                                                     \
	(CM_QUIRK_INV_KEEPS_DIRTY | CM_QUIRK_INV_WRITES_BACK | CM_QUIRK_NO_ALLOCATE | \
	 CM_QUIRK_NO_DRAIN | CM_QUIRK_COHERENT)

static const char *const index_names[] = {"vivt", "vipt", "pipt"};

static bool power_of_two(uint32_t v)
{
	return v && !(v & (v - 1));
}

const char *cm_config_error(const struct cm_config *cfg)
{
	if ((unsigned)cfg->index > CM_PIPT)
		return "cache index must be vivt, vipt or pipt";
	if (cfg->line != 16 && cfg->line != 32 && cfg->line != 64)
		return "cache line must be 16b, 32b or 64b";
	if (!power_of_two(cfg->ways) || cfg->ways > CM_WAYS_MAX)
		return "cache ways must be a power of two, 1way to 64way";
	if (!power_of_two(cfg->size) || cfg->size > CM_SIZE_MAX)
		return "cache size must be a power of two and at most 1m";
	if (cfg->size < cfg->ways * cfg->line)
		return "cache size must be at least ways times line, for one set";
	if (cfg->halves != 1 && cfg->halves != 2)
		return "cache dirty bits a line must be 1 or 2";
	if ((unsigned)cfg->replace > CM_RANDOM)
		return "cache replacement must be round robin or random";
	if (cfg->wb_words > CM_WB_WORDS_MAX)
		return "write buffer must have at most 32 words";
	if (cfg->wb_addrs > CM_WB_ADDRS_MAX)
		return "write buffer must have at most 8 addresses";
	if (cfg->wb_words && !cfg->wb_addrs)
		return "write buffer with words must have 1 to 8 addresses";
	if (cfg->quirks & ~CM_QUIRKS)
		return "cache quirks must be CM_QUIRK_* bits only";
	return NULL;
}

size_t cm_storage_size(const struct cm_config *cfg)
{
	size_t lines = cfg->size / cfg->line;
	size_t counters = cfg->rr_global ? 1 : lines / cfg->ways;

	return cfg->size + lines * sizeof(struct cm_line) + counters * sizeof(uint32_t);
}

/* Takes one word and the comma after it, if the text goes on with exactly that word. */
static bool take(const char **text, const char *word)
{
	size_t len = strlen(word);
	const char *end = *text + len;

	if (strncmp(*text, word, len) != 0 || (*end != ',' && *end != '\0'))
		return false;
	/* a comma at the very end stays, so that it is refused as an empty word */
	*text = *end == ',' && end[1] ? end + 1 : end;
	return true;
}

/* Takes a decimal number that is followed by unit. */
static bool take_number(const char **text, const char *unit, uint32_t *value)
{
	unsigned long v;
	char *end;
	const char *rest;

	if (!isdigit((unsigned char)**text))
		return false; /* strtoul would take a sign or a space */
	v = strtoul(*text, &end, 10);
	rest = end;
	if (v > CM_SIZE_MAX || !take(&rest, unit))
		return false;
	*text = rest;
	*value = (uint32_t)v;
	return true;
}

static bool take_size(const char **text, uint32_t *size)
{
	uint32_t v;

	if (take_number(text, "", size))
		return true;
	if (take_number(text, "k", &v)) {
		*size = v << 10;
		return true;
	}
	/* without the limit 4096m would wrap round, and 4097m look sound */
	if (take_number(text, "m", &v) && v <= CM_SIZE_MAX >> 20) {
		*size = v << 20;
		return true;
	}
	return false;
}

const char *cm_config_parse(struct cm_config *cfg, const char *text)
{
	struct cm_config c = *cfg;
	const char *error;
	unsigned i;

	for (i = 0; i <= CM_PIPT; i++)
		if (take(&text, index_names[i]))
			break;
	if (i > CM_PIPT)
		return "cache must start with vivt, vipt or pipt, as in vivt,16k,4way,32b";
	c.index = (enum cm_index)i;
	if (!take_size(&text, &c.size))
		return "cache size must be second, up to 1m, as in vivt,16k,4way,32b";
	if (!take_number(&text, "way", &c.ways))
		return "cache ways must be third, as in vivt,16k,4way,32b";
	if (!take_number(&text, "b", &c.line))
		return "cache line must be fourth, as in vivt,16k,4way,32b";
	while (*text) {
		if (take(&text, "wa"))
			c.write_allocate = true;
		else if (take(&text, "random"))
			c.replace = CM_RANDOM;
		else
			return "cache may end with wa and random only, as in vivt,16k,4way,32b,wa";
	}
	error = cm_config_error(&c);
	if (!error)
		*cfg = c;
	return error;
}

int cm_config_print(const struct cm_config *cfg, char *buf, size_t len)
{
	unsigned size = cfg->size;
	const char *unit = "";

	if (size >= 1u << 20 && !(size & ((1u << 20) - 1))) {
		size >>= 20;
		unit = "m";
	} else if (size >= 1u << 10 && !(size & ((1u << 10) - 1))) {
		size >>= 10;
		unit = "k";
	}
	return snprintf(buf, len, "%s,%u%s,%uway,%ub%s%s", index_names[cfg->index], size, unit,
			(unsigned)cfg->ways, (unsigned)cfg->line, cfg->write_allocate ? ",wa" : "",
			cfg->replace == CM_RANDOM ? ",random" : "");
}
