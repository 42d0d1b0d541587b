# SPDX-License-Identifier: GPL-2.0
"""Sizes of a kernel module's structures, from the type information that it carries (BTF)."""

import struct

_KIND_STRUCT = 4
# How many bytes follow a type of this kind, and how many more for each of its members.
_FOLLOWING = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8), 14: (4, 0),
              15: (0, 12), 17: (4, 0), 19: (0, 12)}


def _section(elf, wanted):
    """The content of a section of a 64-bit little-endian file."""
    (table,) = struct.unpack_from("<Q", elf, 0x28)
    size, count, names = struct.unpack_from("<HHH", elf, 0x3a)
    heads = [struct.unpack_from("<IIQQQQ", elf, table + number * size) for number in range(count)]
    start = heads[names][4]
    for head in heads:
        name = elf[start + head[0]:elf.index(b"\0", start + head[0])]
        if name.decode() == wanted:
            return elf[head[4]:head[4] + head[5]]
    raise ValueError(f"there is no section {wanted}")


def _header(btf):
    magic, _, _, head, *rest = struct.unpack_from("<HBBIIIII", btf)
    if magic != 0xeb9f:
        raise ValueError("this is no BTF of this machine's byte order")
    return head, *rest


def struct_sizes(vmlinux, module, wanted):
    """Name -> bytes, of those of the wanted structures that the module (its content) has of its
    own; its names count on from the end of the kernel's."""
    base = _header(_section(vmlinux, ".BTF"))[4]
    btf = _section(module, ".BTF")
    head, types, types_length, strings, _ = _header(btf)
    sizes = {}
    at = head + types
    while at < head + types + types_length:
        name, info, size = struct.unpack_from("<III", btf, at)
        kind, members = info >> 24 & 0x1f, info & 0xffff
        if kind == _KIND_STRUCT and name >= base:
            start = head + strings + name - base
            text = btf[start:btf.index(b"\0", start)].decode()
            if text in wanted:
                sizes[text] = size
        once, each = _FOLLOWING.get(kind, (0, 0))
        at += 12 + once + each * members
    return sizes
