/* SPDX-License-Identifier: MIT */
/* SYS_GET_CMDLINE into buffers of every size from none to one too many: what does not fit is
 * refused and leaves the buffer alone. Exit status 0, or 1 + the first size that went wrong. */
#include <stdint.h>
#include <string.h>

#define ROOM_MAX 400

static char whole[ROOM_MAX + 1], buffer[ROOM_MAX + 1];

static uint32_t get_cmdline(char *at, uint32_t room, uint32_t *len)
{
	uint32_t block[2] = {(uint32_t)at, room};
	register uint32_t r0 asm("r0") = 0x15;
	register uint32_t *r1 asm("r1") = block;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
	*len = block[1];
	return r0;
}

int guest_main(void)
{
	uint32_t len, got;

	if (get_cmdline(whole, ROOM_MAX, &len) || strlen(whole) != len || len < 8 ||
	    strcmp(whole + len - 8, " one two"))
		return 255;
	for (uint32_t room = 0; room <= len + 2; room++) {
		uint32_t fits = room > len, r;

		for (uint32_t i = 0; i < ROOM_MAX; i++)
			buffer[i] = '#';
		r = get_cmdline(buffer, room, &got);
		for (uint32_t i = fits ? len + 1 : 0; i < ROOM_MAX; i++)
			if (buffer[i] != '#')
				return 1 + (room & 0x7f);
		if (fits ? r || got != len || strcmp(buffer, whole)
			 : r != 0xffffffff || got != room)
			return 1 + (room & 0x7f);
	}
	return 0;
}
