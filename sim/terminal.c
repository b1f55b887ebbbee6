/* SPDX-License-Identifier: MIT */
/* The terminal on stdin: keys go to the image as they are typed. */
#include "sim/terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <termios.h>

static struct termios saved;
static volatile bool have_saved;

void terminal_restore(void)
{
	if (have_saved)
		tcsetattr(0, TCSANOW, &saved);
}

void terminal_raw(void)
{
	struct termios t;

	if (tcgetattr(0, &saved))
		return;
	have_saved = true;
	atexit(terminal_restore);
	t = saved;
	t.c_lflag &= ~(unsigned int)(ICANON | ECHO | ISIG);
	t.c_iflag &= ~(unsigned int)(ICRNL | IXON);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	tcsetattr(0, TCSANOW, &t);
}
