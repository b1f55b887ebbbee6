# SPDX-License-Identifier: MIT
"""The short ways of the emulator's accesses: they end when the domain access control is written and
when the TLB replaces the entry. And semihosting's command line."""


def test_a_dacr_write_holds_for_the_next_access(guests, run_sim, run_qemu):
    elf = guests.bare("fast-tables", "abort.S", "fast_tables.c")
    assert run_qemu(elf).returncode == 0
    assert run_sim(elf).returncode == 0


def test_a_replaced_tlb_entry_is_forgotten(guests, run_sim):
    """A page that was remapped without a flush: the old one until its entry is replaced by those
    of other pages, then the new one; for loads, stores and fetches."""
    elf = guests.bare("fast-tables-tlb", "abort.S", "fast_tables.c", defines=["REAL_TLB"])
    assert run_sim(elf).returncode == 0


def test_a_command_line_that_does_not_fit_is_refused(guests, run_sim):
    elf = guests.bare("cmdline", "cmdline.c")
    assert run_sim(elf, "--append", "one two").returncode == 0
