# SPDX-License-Identifier: MIT
"""Flattened device trees for tests (Devicetree Specification 0.4, chapter 5)."""

import struct

BEGIN_NODE, END_NODE, PROP, NOP, END = 1, 2, 3, 4, 9
HEADER = 40


def padded(data):
    return data + bytes(-len(data) % 4)


def value(given):
    """A property's bytes: a number is a cell, a list of numbers cells, a text has its NUL."""
    if isinstance(given, int):
        given = [given]
    if isinstance(given, list):
        return struct.pack(f">{len(given)}I", *given)
    return given.encode() + b"\0" if isinstance(given, str) else given


def blob(root, size=0, **header):
    """The tree of nested dicts: a dict is a node, all else a property. size: totalsize at least,
    as loaders leave room in it. header: fields to be wrong."""
    names = bytearray()

    def offset(name):
        key = name.encode() + b"\0"
        if key not in names:
            names.extend(key)
        return names.index(key)

    def node(name, content):
        out = struct.pack(">I", BEGIN_NODE) + padded(name.encode() + b"\0")
        for key, item in content.items():
            if not isinstance(item, dict):
                data = value(item)
                out += struct.pack(">III", PROP, len(data), offset(key)) + padded(data)
        for key, item in content.items():
            if isinstance(item, dict):
                out += node(key, item)
        return out + struct.pack(">I", END_NODE)

    structure = node("", root) + struct.pack(">I", END)
    at = HEADER + 16  # an empty reservation block between
    total = max(size, at + len(structure) + len(names))
    fields = dict(magic=0xD00DFEED, totalsize=total, off_dt_struct=at, off_dt_strings=at + len(structure),
                  off_mem_rsvmap=HEADER, version=17, last_comp_version=16, boot_cpuid_phys=0,
                  size_dt_strings=len(names), size_dt_struct=len(structure))
    assert not set(header) - set(fields)
    fields.update(header)
    out = struct.pack(">10I", *fields.values()) + bytes(16) + structure + bytes(names)
    return out + bytes(max(0, size - len(out)))


def machine(cmdline=None, reg=(0, 256 << 20), cells=(1, 1), **extra):
    """The root of a tree with memory and a command line."""
    root = {"#address-cells": cells[0], "#size-cells": cells[1], "compatible": "arm,versatile-pb",
            "memory@0": {"device_type": "memory", "reg": list(reg)}, "chosen": {}}
    if cmdline is not None:
        root["chosen"]["bootargs"] = cmdline
    root.update(extra)
    return root
