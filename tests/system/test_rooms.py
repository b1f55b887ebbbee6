# SPDX-License-Identifier: MIT
"""Calls go down only: who includes whom, and whose symbols whom the linker gives, room by room."""

import collections
import glob
import os
import re
import subprocess

import emulators

TOP = emulators.TOP

# From the ground up. Rooms on one line stand side by side and do not use one another.
FLOORS = [["lib"], ["drivers"], ["boards"], ["trace"], ["cache"], ["cores"], ["mm", "sched"], ["dma"], ["race"],
          ["selftest", "bench"], ["monitor"], ["boot"]]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# mm and sched sleep in each other: a kmap() waits for a slot, a task needs pages for its stack.
EXCEPTIONS = {
    ("mm/consistent.c", "sched/spinlock.h"),
    ("mm/kmap_atomic.c", "sched/task.h"),
    ("mm/page_alloc.c", "sched/spinlock.h"),
    ("mm/pkmap.c", "sched/task.h"),
    ("mm/pkmap.h", "sched/spinlock.h"),
    ("mm/pkmap.h", "sched/wait.h"),
    ("sched/task.c", "mm/page_alloc.h"),
}


def room_of(path):
    return path.split("/")[0] if "/" in path else {"board.h": "boards", "core.h": "cores"}[path]  # their own


def sources(*rooms):
    for room in rooms:
        for path in glob.glob(os.path.join(TOP, room, "**", "*.[chS]"), recursive=True):
            yield os.path.relpath(path, TOP)


def includes(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return re.findall(r'(?m)^\s*#\s*include\s+"([^"]+)"', f.read())


def upward(arrows):
    """Those of (file, what it uses) that do not go down."""
    return {(user, used) for user, used in arrows
            if room_of(user) != room_of(used) and FLOOR[room_of(used)] >= FLOOR[room_of(user)]}


def test_includes_go_down_only():
    arrows = {(path, used) for path in sources(*FLOOR) for used in includes(path)}
    assert len(arrows) > 300
    assert upward(arrows) == EXCEPTIONS


def test_every_room_of_the_image_has_a_floor():
    with open(os.path.join(TOP, "Makefile"), encoding="utf-8") as f:
        rooms = re.search(r"(?m)^ROOMS := (.*)$", f.read())[1].split()
    assert set(rooms) | {"drivers", "boards"} == set(FLOOR)


def test_the_readmes_map_has_these_floors():
    with open(os.path.join(TOP, "README.md"), encoding="utf-8") as f:
        rows = re.findall(r"(?m)^    (?=[a-z]+/ )(.*)$", f.read())
    floors = [re.findall(r"(?:^|  )([a-z]+)/ ", row) for row in rows]
    assert [sorted(floor) for floor in floors[:len(FLOORS)]] == [sorted(f) for f in FLOORS[::-1]]


def nm(paths):
    """(path, kind, name) of every symbol, by one call for all the objects."""
    prefix = os.environ.get("CROSS_COMPILE", "arm-none-eabi-")
    listed = subprocess.run([prefix + "nm", "-A", *paths], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        path, _, symbol = line.partition(":")
        yield (path, *symbol.split()[-2:])


def test_symbols_go_down_only():
    """What an `extern` in a .c file would hide from the test above."""
    build = os.path.join(os.environ.get("MURPHY_BUILD") or os.path.join(TOP, "build"), "versatilepb")
    objects = [path for path in glob.glob(os.path.join(build, "*", "**", "*.o"), recursive=True)
               if os.path.exists(os.path.join(TOP, os.path.relpath(path, build)[:-2]))]
    defined, wanted = {}, collections.defaultdict(set)
    for path, kind, name in nm(objects):
        source = os.path.relpath(path, build)[:-2]
        if kind == "U":
            wanted[source].add(name)
        elif kind.isupper():
            defined[name] = source
    arrows = {(user, defined[name]) for user, names in wanted.items() for name in names if name in defined}
    assert len(arrows) > 200
    between = {("mm", "sched"), ("sched", "mm")}
    assert {a for a in upward(arrows) if (room_of(a[0]), room_of(a[1])) not in between} == set()


def test_the_emulator_shares_the_cache_model_and_nothing_else():
    used = {name for path in sources("sim") for name in includes(path)}
    assert {name for name in used if not name.startswith("sim/")} == {"cache/model.h"}
