/* SPDX-License-Identifier: MIT */
/* The witness: asks the model's log or the emulator. */
#include "cache/witness.h"

#include <stddef.h>

#include "cache/machine.h"
#include "cache/modelled.h"
#include "cache/ops.h"
#include "cache/simulated.h"

static bool emulator_tells; /* it keeps events */

const char *witness_name(void)
{
	return cache_is_modelled ? "the model" : emulator_tells ? "the emulator" : NULL;
}

void witness_start(void)
{
	if (cache_is_modelled)
		model_log_start();
	else if (machine.truth == TRUTH_SIMULATED)
		emulator_tells = simulated_record(true);
}

void witness_stop(void)
{
	if (cache_is_modelled)
		model_log_stop();
	else if (emulator_tells)
		simulated_record(false);
}

uint32_t witness_select(uint32_t page_pa)
{
	return cache_is_modelled ? model_log_select(page_pa)
	       : emulator_tells	 ? simulated_select(page_pa)
				 : 0;
}

void witness_event(uint32_t i, struct line_event *e)
{
	if (cache_is_modelled)
		model_log_event(i, e);
	else
		simulated_event(i, e);
}

uint32_t witness_missed(void)
{
	return cache_is_modelled ? model_log_missed() : emulator_tells ? simulated_missed() : 0;
}

uint32_t witness_dirty_lines(uint32_t page_pa)
{
	return cache_is_modelled		 ? model_dirty_lines(page_pa)
	       : emulator_tells			 ? simulated_dirty_lines(page_pa)
	       : dcache.dirty && !dcache.dirty() ? 0 /* none in the whole cache */
						 : WITNESS_UNKNOWN;
}

void witness_device_wrote(uint32_t pa, uint32_t bytes)
{
	if (cache_is_modelled) /* the emulator sees its devices itself */
		model_log_device(pa, bytes);
}

void witness_empty_cache(void)
{
	dcache.clean_inv_all();
	if (cache_is_modelled)
		model_reset_replacement();
	else if (machine.truth == TRUTH_SIMULATED)
		simulated_reset_replacement();
}
