/* SPDX-License-Identifier: MIT */
/* Runs a flat image in libunicorn with hooks on every load and store, for the speed table:
 * this is how one would put a cache under it. Usage: unicorn_run IMAGE.bin ADDRESS */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicorn/unicorn.h>

static uint64_t accesses;

static void on_access(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value,
		      void *user)
{
	(void)uc;
	(void)type;
	(void)address;
	(void)size;
	(void)value;
	(void)user;
	accesses++;
}

static void on_svc(uc_engine *uc, uint32_t number, void *user)
{
	uint32_t block[2] = {0, 2}, r1;

	(void)number;
	uc_reg_read(uc, UC_ARM_REG_R1, &r1);
	uc_mem_read(uc, r1, block, sizeof block);
	*(int *)user = (int)block[1];
	uc_emu_stop(uc);
}

int main(int argc, char **argv)
{
	static uint8_t image[1 << 20];
	uint64_t base;
	uc_hook h1, h2;
	uc_engine *uc;
	int status = 2;
	size_t len;
	FILE *f;

	if (argc != 3 || !(f = fopen(argv[1], "rb"))) {
		fprintf(stderr, "usage: unicorn_run IMAGE.bin ADDRESS\n");
		return 2;
	}
	base = strtoull(argv[2], NULL, 0);
	len = fread(image, 1, sizeof image, f);
	fclose(f);
	if (uc_open(UC_ARCH_ARM, UC_MODE_ARM | UC_MODE_ARM926, &uc) ||
	    uc_mem_map(uc, 0, 128 << 20, UC_PROT_ALL) || uc_mem_write(uc, base, image, len) ||
	    uc_hook_add(uc, &h1, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)on_access, NULL, 1,
			0) ||
	    uc_hook_add(uc, &h2, UC_HOOK_INTR, (void *)on_svc, &status, 1, 0)) {
		fprintf(stderr, "unicorn_run: libunicorn refused the set-up\n");
		return 2;
	}
	uc_emu_start(uc, base, 0xffffffff, 0, 0);
	fprintf(stderr, "accesses=%llu\n", (unsigned long long)accesses);
	uc_close(uc);
	return status;
}
