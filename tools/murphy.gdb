# SPDX-License-Identifier: MIT
# GDB commands for Murphy: pkmap, cachelines, cachedirty, dmamaps, tasks; and attach_murphy, with
# which `make gdb` begins. Plain gdb script, no Python.
#
# Load with "gdb-multiarch -x tools/murphy.gdb build/versatilepb/murphy.elf". They only read
# (attach_murphy: runs to kmain).
# Globals used:
#   mm/     int pkmap_count[], uint32_t pkmap_pte[] (PA | low bits), pkmap_last, pkmap_slots;
#           mem_map, mem_map_pages, ram_base
#   cache/  struct cm cache_model, machine.truth
#   dma/    table of debug_table.c: touched, entry[], count
#   sched/  struct task tasks[], cpu_local

define attach_murphy
  target remote $arg0
  # Until the MMU is on the image runs at physical addresses, where no symbol is; and kmain cannot
  # be read yet, hence its bare address: gdb would look for the end of a prologue.
  if (unsigned int) $pc < 0xc0000000
    tbreak *kmain
    continue
  end
  printf "\nTry: break dma_map_page, continue, backtrace, finish. Ctrl-C stops a kernel that runs.\n"
  printf "Murphy's own: pkmap, cachelines, cachedirty, dmamaps, tasks (help NAME says more).\n"
end
document attach_murphy
Connect to the emulator that waits at a socket (or HOST:PORT), and run to kmain if it has not begun.
end

define pkmap
  printf "pkmap: %d slots, last %d\n", (int) pkmap_slots, (int) pkmap_last
  printf "slot  address     count  page        state\n"
  set $murphy_i = 0
  set $murphy_busy = 0
  while $murphy_i < (int) pkmap_slots
    set $murphy_count = pkmap_count[$murphy_i]
    set $murphy_pa = (unsigned int) pkmap_pte[$murphy_i] & 0xfffff000
    if $murphy_count != 0 || pkmap_pte[$murphy_i] != 0
      set $murphy_busy = $murphy_busy + 1
      set $murphy_va = 0xbfe00000 + $murphy_i * 4096
      printf "%4d  0x%08x  %5d  0x%08x  ", $murphy_i, $murphy_va, $murphy_count, $murphy_pa
      if $murphy_count == 0
        printf "WRONG: free and yet mapped"
      end
      if $murphy_count < 0
        printf "WRONG: negative count"
      end
      if $murphy_count == 1
        printf "no user, but still mapped and maybe cached"
      end
      if $murphy_count > 1
        printf "%d user(s)", $murphy_count - 1
      end
      set $murphy_n = ($murphy_pa - (unsigned int) ram_base) >> 12
      if $murphy_n >= (unsigned int) mem_map_pages
        printf "; WRONG: not a page of RAM"
      else
        if (unsigned int) mem_map[$murphy_n].virtual != $murphy_va
          printf "; page_address() says 0x%08x", (unsigned int) mem_map[$murphy_n].virtual
        end
      end
      printf "\n"
    end
    set $murphy_i = $murphy_i + 1
  end
  printf "%d slots mapped, the others free\n", $murphy_busy
end
document pkmap
Show the slots of the pkmap table that are mapped: address, count, page, and what the count means.
Count 0 is free, 1 has no user but is still mapped, n has n-1 users.
end

# $murphy_only_dirty is the argument: gdb without Python cannot compare words.
define murphy_cache_walk
  printf "set way  va          pa          dirty  first words\n"
  set $murphy_i = 0
  set $murphy_valid = 0
  set $murphy_dirty = 0
  set $murphy_ways = cache_model.cfg.ways
  set $murphy_lines = cache_model.sets * $murphy_ways
  while $murphy_i < $murphy_lines
    if cache_model.lines[$murphy_i].valid
      set $murphy_valid = $murphy_valid + 1
      set $murphy_d = (int) cache_model.lines[$murphy_i].dirty
      if $murphy_d
        set $murphy_dirty = $murphy_dirty + 1
      end
      if $murphy_d || !$murphy_only_dirty
        set $murphy_w = (unsigned int *) (cache_model.data + $murphy_i * cache_model.cfg.line)
        printf "%3d %3d  0x%08x  0x%08x  ", $murphy_i / $murphy_ways, $murphy_i % $murphy_ways, cache_model.lines[$murphy_i].va, cache_model.lines[$murphy_i].pa
        if $murphy_d == 0
          printf "-      "
        end
        if $murphy_d == 1
          printf "lower  "
        end
        if $murphy_d == 2
          printf "upper  "
        end
        if $murphy_d > 2
          printf "both   "
        end
        printf "%08x %08x %08x %08x\n", $murphy_w[0], $murphy_w[1], $murphy_w[2], $murphy_w[3]
      end
    end
    set $murphy_i = $murphy_i + 1
  end
  printf "%d of %d lines valid, %d dirty; %d words in the write buffer; %d dirty halves discarded so far\n", $murphy_valid, $murphy_lines, $murphy_dirty, cache_model.wb_words, cache_model.n.discarded_halves
end
document murphy_cache_walk
Used by cachelines and cachedirty.
end

# Whose cache it is, the kernel has found out; an emulated core's is asked for by the stub's own command.
define murphy_cache
  if machine.truth == TRUTH_NONE
    printf "The kernel has not looked at its cache yet: try again after 'tbreak actions_run' and 'continue'.\n"
  end
  if machine.truth == TRUTH_MODELLED
    murphy_cache_walk
  end
  if machine.truth == TRUTH_SIMULATED
    if $murphy_only_dirty
      monitor cache
    else
      monitor cache all
    end
  end
  if machine.truth == TRUTH_MEASURED
    printf "This cache is a chip's, and hides its lines.\n"
  end
end
document murphy_cache
Used by cachelines and cachedirty.
end

define cachelines
  set $murphy_only_dirty = 0
  murphy_cache
end
document cachelines
Show every valid line of the D-cache: addresses, dirty halves, first words. They are those of the cache
model or, in murphy-sim, of the emulated core; a chip hides its lines.
end

define cachedirty
  set $murphy_only_dirty = 1
  murphy_cache
end
document cachedirty
Like cachelines, but only the dirty lines: what an invalidate would lose.
end

define dmamaps
  printf "bus address      size  direction      mapped by\n"
  set $murphy_i = 0
  while $murphy_i < (int) 'debug_table.c'::table.touched
    set $murphy_e = &'debug_table.c'::table.entry[$murphy_i]
    # seq is 0 in entries that are free again.
    if $murphy_e->seq
      printf "0x%08x   %8d  ", $murphy_e->pa, $murphy_e->size
      set $murphy_dir = (int) $murphy_e->dir
      if $murphy_dir == 0
        printf "bidirectional  "
      end
      if $murphy_dir == 1
        printf "to device      "
      end
      if $murphy_dir == 2
        printf "from device    "
      end
      info symbol $murphy_e->where
    end
    set $murphy_i = $murphy_i + 1
  end
  printf "%d live mappings, %d made so far\n", 'debug_table.c'::table.count.live, 'debug_table.c'::table.count.maps
end
document dmamaps
Show the DMA mappings that are alive now: bus address, bytes, direction, who mapped it.
end

define tasks
  printf "   task        name              state     sp          stack       switches\n"
  set $murphy_i = 0
  set $murphy_n = sizeof(tasks) / sizeof(tasks[0])
  while $murphy_i < $murphy_n
    # Numbers of enum task_state: free, runnable, waiting, dead.
    set $murphy_state = (int) tasks[$murphy_i].state
    if $murphy_state != 0
      # The first member; its name is also a macro, which a gdb that sees -g3 would expand.
      if &tasks[$murphy_i] == *(struct task **) &cpu_local
        printf "-> "
      else
        printf "   "
      end
      printf "0x%08x  %-16s  ", &tasks[$murphy_i], tasks[$murphy_i].name
      if $murphy_state == 1
        printf "runnable  "
      end
      if $murphy_state == 2
        printf "waiting   "
      end
      if $murphy_state == 3
        printf "dead      "
      end
      printf "0x%08x  0x%08x  %d", tasks[$murphy_i].sp, tasks[$murphy_i].stack, tasks[$murphy_i].switches
      if tasks[$murphy_i].stack[0] != 0x57acc0de
        printf "  WRONG: stack guard overwritten"
      end
      printf "\n"
    end
    set $murphy_i = $murphy_i + 1
  end
end
document tasks
Show all tasks: state, saved stack pointer, lowest word of the stack, switches. An arrow marks the running one.
end
