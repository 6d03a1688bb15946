"""Whether a shared library of Linux can be mapped into memory."""

import struct
from pathlib import Path

PT_LOAD = 1


def is_loadable(path: Path) -> bool:
    """Whether each segment lies in the file as it lies in memory, up to whole pages.

    The loader maps whole pages, so for every PT_LOAD segment of a 64-bit ELF file ``p_offset``
    and ``p_vaddr`` must agree modulo ``p_align`` (elf(5)).
    """
    content = path.read_bytes()
    if content[:5] != b"\x7fELF\x02":
        return False
    order = "<" if content[5] == 1 else ">"
    (table,) = struct.unpack_from(f"{order}Q", content, 32)
    entry_size, count = struct.unpack_from(f"{order}HH", content, 54)
    for index in range(count):
        kind, _flags, offset, address, _physical, _size, _memory, align = struct.unpack_from(
            f"{order}IIQQQQQQ", content, table + index * entry_size
        )
        if kind == PT_LOAD and align > 1 and (address - offset) % align:
            return False
    return True
