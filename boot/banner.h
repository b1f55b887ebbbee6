/* SPDX-License-Identifier: MIT */
/* What the kernel found, said at boot. */
#ifndef BOOT_BANNER_H
#define BOOT_BANNER_H

void banner_print(void);

#endif
