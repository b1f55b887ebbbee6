/* SPDX-License-Identifier: MIT */
/* Each served load and store by table, with results worked out by hand. */
#include "tests/unit/test_ldst.h"

struct value {
	bool set;
	uint8_t reg;
	uint32_t value;
};

#define R(n, v)            \
	{                  \
		true, n, v \
	}

/* What changes; everything else must stay, but for the PC, which moves by 4. */
struct row {
	const char *text;
	uint32_t insn;
	struct value before[3], after[16];
	struct {
		uint32_t va, word;
	} stored[4];
	uint32_t pc_store;
	bool carry;
};

/* clang-format off */
static const struct row rows[] = {
	/* word and byte, immediate offset */
	{"ldr r0, [r1]", 0xe5910000, .after = {R(0, 0x93929190)}},
	{"ldr r0, [r1, #8]", 0xe5910008, .after = {R(0, 0x9b9a9998)}},
	{"ldr r0, [r1, #-8]", 0xe5110008, .after = {R(0, 0x8b8a8988)}},
	{"ldr r0, [r1, #8]!", 0xe5b10008, .after = {R(0, 0x9b9a9998), R(1, 0x8048)}},
	{"ldr r0, [r1, #-8]!", 0xe5310008, .after = {R(0, 0x8b8a8988), R(1, 0x8038)}},
	{"ldr r0, [r1], #8", 0xe4910008, .after = {R(0, 0x93929190), R(1, 0x8048)}},
	{"ldr r0, [r1], #-8", 0xe4110008, .after = {R(0, 0x93929190), R(1, 0x8038)}},
	{"ldr r0, [r1, #4095]", 0xe5910fff, .before = {R(1, 0x7041)}, .after = {R(0, 0x93929190)}},
	{"ldr r1, [r1, #4]", 0xe5911004, .after = {R(1, 0x97969594)}},
	{"ldr sp, [sp, #4]", 0xe59dd004, .before = {R(13, 0x8040)}, .after = {R(13, 0x97969594)}},
	{"ldr lr, [sp], #4", 0xe49de004, .before = {R(13, 0x8040)}, .after = {R(14, 0x93929190), R(13, 0x8044)}},
	{"ldr r0, [pc, #4]", 0xe59f0004, .before = {R(15, 0x8034)}, .after = {R(0, 0x93929190), R(15, 0x8038)}},
	{"ldr r0, [pc, #-4]", 0xe51f0004, .before = {R(15, 0x8034)}, .after = {R(0, 0x8b8a8988), R(15, 0x8038)}},
	{"ldrt r0, [r1], #4", 0xe4b10004, .after = {R(0, 0x93929190), R(1, 0x8044)}},
	{"strt r3, [r1], #4", 0xe4a13004, .after = {R(1, 0x8044)}, .stored = {{0x8040, 0x3030303}}},
	{"str r3, [r1]", 0xe5813000, .stored = {{0x8040, 0x3030303}}},
	{"str r3, [r1, #4]!", 0xe5a13004, .after = {R(1, 0x8044)}, .stored = {{0x8044, 0x3030303}}},
	{"str r3, [r1], #-4", 0xe4013004, .after = {R(1, 0x803c)}, .stored = {{0x8040, 0x3030303}}},
	{"str r1, [r1, #4]", 0xe5811004, .stored = {{0x8044, 0x8040}}},
	{"push {r3}", 0xe52d3004, .before = {R(13, 0x8040)}, .after = {R(13, 0x803c)}, .stored = {{0x803c, 0x3030303}}},
	{"pop {r3}", 0xe49d3004, .before = {R(13, 0x8040)}, .after = {R(3, 0x93929190), R(13, 0x8044)}},
	{"str pc, [r1]", 0xe581f000, .stored = {{0x8040, 0x108}}},
	{"str pc, [r1]", 0xe581f000, .stored = {{0x8040, 0x10c}}, .pc_store = 12},
	{"ldr pc, [r1]", 0xe591f000, .after = {R(15, 0x93929190)}},
	{"ldr pc, [r1], #1", 0xe491f001, .before = {R(1, 0x8020)}, .after = {R(15, 0x73727170), R(1, 0x8021)}},
	{"ldrb r0, [r1]", 0xe5d10000, .after = {R(0, 0x90)}},
	{"ldrb r0, [r1, #3]", 0xe5d10003, .after = {R(0, 0x93)}},
	{"ldrb r0, [r1, #-1]!", 0xe5710001, .after = {R(0, 0x8f), R(1, 0x803f)}},
	{"ldrb r0, [r1], #1", 0xe4d10001, .after = {R(0, 0x90), R(1, 0x8041)}},
	{"ldrbt r0, [r1], #1", 0xe4f10001, .after = {R(0, 0x90), R(1, 0x8041)}},
	{"strb r0, [r1, #1]", 0xe5c10001, .before = {R(0, 0x12345678)}, .stored = {{0x8040, 0x93927890}}},
	{"strb r0, [r1, #3]!", 0xe5e10003, .before = {R(0, 0x12345678)}, .after = {R(1, 0x8043)}, .stored = {{0x8040, 0x78929190}}},
	{"strbt r0, [r1], #-1", 0xe4610001, .before = {R(0, 0x12345678)}, .after = {R(1, 0x803f)}, .stored = {{0x8040, 0x93929178}}},
	/* word and byte, scaled register offset */
	{"ldr r0, [r1, r2]", 0xe7910002, .after = {R(0, 0x9b9a9998)}},
	{"ldr r0, [r1, -r2]", 0xe7110002, .after = {R(0, 0x8b8a8988)}},
	{"ldr r0, [r1, r2]!", 0xe7b10002, .after = {R(0, 0x9b9a9998), R(1, 0x8048)}},
	{"ldr r0, [r1], -r2", 0xe6110002, .after = {R(0, 0x93929190), R(1, 0x8038)}},
	{"ldr r0, [r1, r2, lsl #1]", 0xe7910082, .after = {R(0, 0xa3a2a1a0)}},
	{"ldr r0, [r1, r2, lsl #31]", 0xe7910f82, .before = {R(2, 0x1), R(1, 0x80008040)}, .after = {R(0, 0x93929190)}},
	{"ldr r0, [r1, r2, lsr #1]", 0xe79100a2, .after = {R(0, 0x97969594)}},
	{"ldr r0, [r1, r2, lsr #31]", 0xe7910fa2, .before = {R(1, 0x803f), R(2, 0x80000000)}, .after = {R(0, 0x93929190)}},
	{"ldr r0, [r1, r2, lsr #32]", 0xe7910022, .before = {R(2, 0xffffffff)}, .after = {R(0, 0x93929190)}},
	{"ldr r0, [r1, r2, asr #2]", 0xe7910142, .before = {R(2, 0xfffffff0)}, .after = {R(0, 0x8f8e8d8c)}},
	{"ldr r0, [r1, -r2, asr #2]", 0xe7110142, .before = {R(2, 0xfffffff0)}, .after = {R(0, 0x97969594)}},
	{"ldr r0, [r1, r2, asr #32]", 0xe7910042, .before = {R(1, 0x8041), R(2, 0x80000000)}, .after = {R(0, 0x93929190)}},
	{"ldr r0, [r1, r2, asr #32]", 0xe7910042, .before = {R(2, 0x7fffffff)}, .after = {R(0, 0x93929190)}},
	{"ldr r0, [r1, r2, ror #28]", 0xe7910e62, .before = {R(2, 0x40000000)}, .after = {R(0, 0x97969594)}},
	{"ldr r0, [r1, r2, ror #1]", 0xe79100e2, .before = {R(1, 0x80008040), R(2, 0x1)}, .after = {R(0, 0x93929190)}},
	{"ldr r0, [r1, r2, rrx]", 0xe7910062, .before = {R(2, 0x9)}, .after = {R(0, 0x97969594)}},
	{"ldr r0, [r1, r2, rrx]", 0xe7910062, .before = {R(1, 0x80008040), R(2, 0x9)}, .after = {R(0, 0x97969594)}, .carry = true},
	{"ldr r0, [r1], r2, lsl #2", 0xe6910102, .after = {R(0, 0x93929190), R(1, 0x8060)}},
	{"ldr r2, [r1], r2", 0xe6912002, .after = {R(2, 0x93929190), R(1, 0x8048)}},
	{"ldr r1, [r1, r1]", 0xe7911001, .before = {R(1, 0x4020)}, .after = {R(1, 0x93929190)}},
	{"ldr pc, [pc, r2, lsl #2]", 0xe79ff102, .before = {R(15, 0x8018)}, .after = {R(15, 0x93929190)}},
	{"str r2, [r1, r2]!", 0xe7a12002, .after = {R(1, 0x8048)}, .stored = {{0x8048, 0x8}}},
	{"str r3, [r1, -r2, lsr #1]", 0xe70130a2, .stored = {{0x803c, 0x3030303}}},
	{"ldrb r0, [r1, r2, lsr #3]", 0xe7d101a2, .after = {R(0, 0x91)}},
	{"strb r3, [r1], -r2, lsl #3", 0xe6413182, .after = {R(1, 0x8000)}, .stored = {{0x8040, 0x93929103}}},
	{"strb r1, [r1, r2]", 0xe7c11002, .stored = {{0x8048, 0x9b9a9940}}},
	/* halfword and signed */
	{"ldrh r0, [r1]", 0xe1d100b0, .after = {R(0, 0x9190)}},
	{"ldrh r0, [r1, #2]", 0xe1d100b2, .after = {R(0, 0x9392)}},
	{"ldrh r0, [r1, #-255]", 0xe1510fbf, .before = {R(1, 0x813f)}, .after = {R(0, 0x9190)}},
	{"ldrh r0, [r1, #18]!", 0xe1f101b2, .after = {R(0, 0xa3a2), R(1, 0x8052)}},
	{"ldrh r0, [r1], #-2", 0xe05100b2, .after = {R(0, 0x9190), R(1, 0x803e)}},
	{"ldrh r0, [r1, r2]", 0xe19100b2, .after = {R(0, 0x9998)}},
	{"ldrh r0, [r1, -r2]!", 0xe13100b2, .after = {R(0, 0x8988), R(1, 0x8038)}},
	{"ldrh r0, [r1], r2", 0xe09100b2, .after = {R(0, 0x9190), R(1, 0x8048)}},
	{"ldrh r0, [pc, #4]", 0xe1df00b4, .before = {R(15, 0x8034)}, .after = {R(0, 0x9190), R(15, 0x8038)}},
	{"strh r0, [r1]", 0xe1c100b0, .before = {R(0, 0x12345678)}, .stored = {{0x8040, 0x93925678}}},
	{"strh r0, [r1, #2]!", 0xe1e100b2, .before = {R(0, 0x12345678)}, .after = {R(1, 0x8042)}, .stored = {{0x8040, 0x56789190}}},
	{"strh r0, [r1], -r2", 0xe00100b2, .before = {R(0, 0x12345678)}, .after = {R(1, 0x8038)}, .stored = {{0x8040, 0x93925678}}},
	{"ldrsb r0, [r1]", 0xe1d100d0, .after = {R(0, 0xffffff90)}},
	{"ldrsb r0, [r1]", 0xe1d100d0, .before = {R(1, 0x8021)}, .after = {R(0, 0x71)}},
	{"ldrsb r0, [r1, #1]!", 0xe1f100d1, .after = {R(0, 0xffffff91), R(1, 0x8041)}},
	{"ldrsb r0, [r1], -r2", 0xe01100d2, .after = {R(0, 0xffffff90), R(1, 0x8038)}},
	{"ldrsh r0, [r1]", 0xe1d100f0, .after = {R(0, 0xffff9190)}},
	{"ldrsh r0, [r1, #2]", 0xe1d100f2, .before = {R(1, 0x8020)}, .after = {R(0, 0x7372)}},
	{"ldrsh r0, [r1, r2]!", 0xe1b100f2, .after = {R(0, 0xffff9998), R(1, 0x8048)}},
	/* doubleword */
	{"ldrd r4, r5, [r1]", 0xe1c140d0, .after = {R(4, 0x93929190), R(5, 0x97969594)}},
	{"ldrd r4, r5, [r1, #8]!", 0xe1e140d8, .after = {R(4, 0x9b9a9998), R(5, 0x9f9e9d9c), R(1, 0x8048)}},
	{"ldrd r4, r5, [r1], #-16", 0xe04141d0, .after = {R(4, 0x93929190), R(5, 0x97969594), R(1, 0x8030)}},
	{"ldrd r4, r5, [r1, r2]", 0xe18140d2, .after = {R(4, 0x9b9a9998), R(5, 0x9f9e9d9c)}},
	{"ldrd r4, r5, [r1, -r2]!", 0xe12140d2, .after = {R(4, 0x8b8a8988), R(5, 0x8f8e8d8c), R(1, 0x8038)}},
	{"ldrd r0, r1, [r1]", 0xe1c100d0, .after = {R(0, 0x93929190), R(1, 0x97969594)}},
	{"ldrd r0, r1, [r0]", 0xe1c000d0, .before = {R(0, 0x8040)}, .after = {R(0, 0x93929190), R(1, 0x97969594)}},
	{"ldrd r12, sp, [r1]", 0xe1c1c0d0, .after = {R(12, 0x93929190), R(13, 0x97969594)}},
	{"strd r4, r5, [r1]", 0xe1c140f0, .stored = {{0x8040, 0x4040404}, {0x8044, 0x5050505}}},
	{"strd r4, r5, [r1, #-8]!", 0xe16140f8, .after = {R(1, 0x8038)}, .stored = {{0x8038, 0x4040404}, {0x803c, 0x5050505}}},
	{"strd r2, r3, [r1], r2", 0xe08120f2, .after = {R(1, 0x8048)}, .stored = {{0x8040, 0x8}, {0x8044, 0x3030303}}},
	{"strd r4, r5, [pc, #8]", 0xe1cf40f8, .before = {R(15, 0x8038)}, .after = {R(15, 0x803c)}, .stored = {{0x8048, 0x4040404}, {0x804c, 0x5050505}}},
	/* multiple */
	{"ldmia r1, {r3, r5}", 0xe8910028, .after = {R(3, 0x93929190), R(5, 0x97969594)}},
	{"ldmib r1, {r3, r5}", 0xe9910028, .after = {R(3, 0x97969594), R(5, 0x9b9a9998)}},
	{"ldmda r1, {r3, r5}", 0xe8110028, .after = {R(3, 0x8f8e8d8c), R(5, 0x93929190)}},
	{"ldmdb r1, {r3, r5}", 0xe9110028, .after = {R(3, 0x8b8a8988), R(5, 0x8f8e8d8c)}},
	{"ldmia r1!, {r3, r5}", 0xe8b10028, .after = {R(3, 0x93929190), R(5, 0x97969594), R(1, 0x8048)}},
	{"ldmib r1!, {r3, r5}", 0xe9b10028, .after = {R(3, 0x97969594), R(5, 0x9b9a9998), R(1, 0x8048)}},
	{"ldmda r1!, {r3, r5}", 0xe8310028, .after = {R(3, 0x8f8e8d8c), R(5, 0x93929190), R(1, 0x8038)}},
	{"ldmdb r1!, {r3, r5}", 0xe9310028, .after = {R(3, 0x8b8a8988), R(5, 0x8f8e8d8c), R(1, 0x8038)}},
	{"ldmia r1, {r0, r1, r2}", 0xe8910007, .after = {R(0, 0x93929190), R(1, 0x97969594), R(2, 0x9b9a9998)}},
	{"ldmia sp!, {r4, pc}", 0xe8bd8010, .before = {R(13, 0x8040)}, .after = {R(4, 0x93929190), R(15, 0x97969594), R(13, 0x8048)}},
	{"ldmdb r11, {r11, sp, pc}", 0xe91ba800, .before = {R(11, 0x8028)}, .after = {R(11, 0x6f6e6d6c), R(13, 0x73727170), R(15, 0x77767574)}},
	{"ldmia r0, {r0-pc}", 0xe890ffff, .before = {R(0, 0x8000)}, .after = {R(0, 0x53525150), R(1, 0x57565554), R(2, 0x5b5a5958), R(3, 0x5f5e5d5c), R(4, 0x63626160), R(5, 0x67666564), R(6, 0x6b6a6968), R(7, 0x6f6e6d6c), R(8, 0x73727170), R(9, 0x77767574), R(10, 0x7b7a7978), R(11, 0x7f7e7d7c), R(12, 0x83828180), R(13, 0x87868584), R(14, 0x8b8a8988), R(15, 0x8f8e8d8c)}},
	/* lists that fill a byte, and all of it: their length decides where they start */
	{"ldmdb r12!, {r0-r7}", 0xe93c00ff, .before = {R(12, 0x8040)}, .after = {R(0, 0x73727170), R(1, 0x77767574), R(2, 0x7b7a7978), R(3, 0x7f7e7d7c), R(4, 0x83828180), R(5, 0x87868584), R(6, 0x8b8a8988), R(7, 0x8f8e8d8c), R(12, 0x8020)}},
	{"ldmdb r14, {r0-pc}", 0xe91effff, .before = {R(14, 0x8040)}, .after = {R(0, 0x53525150), R(1, 0x57565554), R(2, 0x5b5a5958), R(3, 0x5f5e5d5c), R(4, 0x63626160), R(5, 0x67666564), R(6, 0x6b6a6968), R(7, 0x6f6e6d6c), R(8, 0x73727170), R(9, 0x77767574), R(10, 0x7b7a7978), R(11, 0x7f7e7d7c), R(12, 0x83828180), R(13, 0x87868584), R(14, 0x8b8a8988), R(15, 0x8f8e8d8c)}},
	{"stmia r1, {r3, r5}", 0xe8810028, .stored = {{0x8040, 0x3030303}, {0x8044, 0x5050505}}},
	{"stmib r1, {r3, r5}", 0xe9810028, .stored = {{0x8044, 0x3030303}, {0x8048, 0x5050505}}},
	{"stmda r1, {r3, r5}", 0xe8010028, .stored = {{0x803c, 0x3030303}, {0x8040, 0x5050505}}},
	{"stmdb r1, {r3, r5}", 0xe9010028, .stored = {{0x8038, 0x3030303}, {0x803c, 0x5050505}}},
	{"stmia r1!, {r3, r5}", 0xe8a10028, .after = {R(1, 0x8048)}, .stored = {{0x8040, 0x3030303}, {0x8044, 0x5050505}}},
	{"stmib r1!, {r3, r5}", 0xe9a10028, .after = {R(1, 0x8048)}, .stored = {{0x8044, 0x3030303}, {0x8048, 0x5050505}}},
	{"stmda r1!, {r3, r5}", 0xe8210028, .after = {R(1, 0x8038)}, .stored = {{0x803c, 0x3030303}, {0x8040, 0x5050505}}},
	{"stmdb r1!, {r3, r5}", 0xe9210028, .after = {R(1, 0x8038)}, .stored = {{0x8038, 0x3030303}, {0x803c, 0x5050505}}},
	{"stmia r1!, {r1, r3}", 0xe8a1000a, .after = {R(1, 0x8048)}, .stored = {{0x8040, 0x8040}, {0x8044, 0x3030303}}},
	{"stmia r3, {r1, r3}", 0xe883000a, .before = {R(3, 0x8040), R(1, 0x77)}, .stored = {{0x8040, 0x77}, {0x8044, 0x8040}}},
	{"stmdb sp!, {r11, r12, lr, pc}", 0xe92dd800, .before = {R(13, 0x8040)}, .after = {R(13, 0x8030)}, .stored = {{0x8030, 0xb0b0b0b}, {0x8034, 0xc0c0c0c}, {0x8038, 0xe0e0e0e}, {0x803c, 0x108}}},
	{"stmdb sp!, {pc}", 0xe92d8000, .before = {R(13, 0x8040)}, .after = {R(13, 0x803c)}, .stored = {{0x803c, 0x10c}}, .pc_store = 12},
	{"stmia r1, {sp}", 0xe8812000, .stored = {{0x8040, 0xd0d0d0d}}},
	/* swap */
	{"swp r0, r3, [r1]", 0xe1010093, .after = {R(0, 0x93929190)}, .stored = {{0x8040, 0x3030303}}},
	{"swp r3, r3, [r1]", 0xe1013093, .after = {R(3, 0x93929190)}, .stored = {{0x8040, 0x3030303}}},
	{"swpb r0, r4, [r1]", 0xe1410094, .before = {R(1, 0x8041), R(4, 0x12345678)}, .after = {R(0, 0x91)}, .stored = {{0x8040, 0x93927890}}},
};

/* clang-format on */

static void set_regs(struct ldst_regs *regs, const struct value *v, size_t n)
{
	for (size_t i = 0; i < n && v[i].set; i++)
		regs->r[v[i].reg] = v[i].value;
}

static void each_form_does_what_the_manual_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct fixture got, want;
		enum ldst_result result;

		fixture_init(&got);
		set_regs(&got.regs, row->before, 3);
		if (row->pc_store)
			got.mem.pc_store = row->pc_store;
		if (row->carry)
			got.regs.cpsr |= CPSR_C;
		want = got;
		want.regs.r[15] += 4;
		set_regs(&want.regs, row->after, 16);
		for (size_t k = 0; k < 4 && row->stored[k].va; k++)
			memcpy(&want.bytes[row->stored[k].va - MEM_BASE], &row->stored[k].word, 4);

		result = ldst_execute(&got.regs, row->insn, &got.mem);
		if (result != LDST_DONE || memcmp(&got.regs, &want.regs, sizeof(got.regs)) != 0 ||
		    memcmp(got.bytes, want.bytes, MEM_SIZE) != 0)
			print_error("in row \"%s\"\n", row->text);
		assert_int_equal(result, LDST_DONE);
		for (int r = 0; r < 16; r++)
			assert_int_equal(got.regs.r[r], want.regs.r[r]);
		assert_int_equal(got.regs.cpsr, want.regs.cpsr);
		assert_memory_equal(got.bytes, want.bytes, MEM_SIZE);
	}
}

static void a_loaded_pc_interworks(void **state)
{
	static const uint32_t insns[] = {0xe591f000, 0xe8918000}; /* ldr pc; ldm {pc} */
	static const uint32_t thumb = 0x00012345;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixture f;

		fixture_init(&f);
		memcpy(&f.bytes[0x40], &thumb, 4);
		assert_int_equal(ldst_execute(&f.regs, insns[i], &f.mem), LDST_DONE);
		assert_int_equal(f.regs.r[15], 0x12344);
		assert_int_equal(f.regs.cpsr, CPSR_SVC | CPSR_T);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_does_what_the_manual_says),
		cmocka_unit_test(a_loaded_pc_interworks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
