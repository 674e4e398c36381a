"""A fallback font for text whose font is not embedded: every glyph is a box, only blanks are empty.

Reading a character needs its extents, not its shape. A many-to-one character map leads all of Unicode to three glyphs
(blank, narrow, wide). All other glyphs are wide: some PDFs address the glyphs of a font by number.

The tables follow TrueType: https://learn.microsoft.com/typography/opentype/spec/.
"""

from __future__ import annotations

import struct
from itertools import pairwise

# All lengths are in thousandths of an em, glyphs have the proportions of common Chinese fonts.
_EM = 1000
_ASCENT, _DESCENT = 880, -120
_WIDE_BOX = 50, -70, 950, 830
_NARROW_BOX = 50, 0, 450, 700
_MISSING, _BLANK, _NARROW, _WIDE = range(4)
_ADVANCES = {_MISSING: 1000, _BLANK: 500, _NARROW: 500, _WIDE: 1000}
_GLYPHS = 0xFFFF

# The first character of each range and its glyph; the last entry ends the list. Spaces and control
# characters are blank, letters and digits narrow, ideographs and their punctuation wide.
_CHARACTERS = (
    (0x0001, _BLANK),
    (0x0021, _NARROW),
    (0x007F, _BLANK),
    (0x00A1, _NARROW),
    (0x2000, _BLANK),
    (0x2010, _WIDE),
    (0x2028, _BLANK),
    (0x2030, _WIDE),
    (0x205F, _BLANK),
    (0x2070, _WIDE),
    (0x3000, _BLANK),
    (0x3001, _WIDE),
    (0xFEFF, _BLANK),
    (0xFF00, _WIDE),
    (0x110000, _WIDE),
)

_CHECKSUM_OF_A_FONT = 0xB1B0AFBA
_CHECKSUM_PLACE = 8
_VERSION = 0x00010000
_HEAD_MAGIC = 0x5F0F3CF5
_ON_CURVE, _ARGUMENTS_ARE_OFFSETS = 1, 2
_WINDOWS, _FULL_UNICODE, _MANY_TO_ONE = 3, 10, 13

_Rectangle = tuple[int, int, int, int]


def build_fallback_font() -> bytes:
    """Return the font as a TrueType file of 1.4 MB; the bytes are always the same."""
    wide = _reference_to_missing()
    first = [_outline(_WIDE_BOX), b"", _outline(_NARROW_BOX)]
    glyphs = b"".join(first) + wide * (_GLYPHS - len(first))
    offsets = [0]
    for glyph in first:
        offsets.append(offsets[-1] + len(glyph))
    offsets += range(offsets[-1] + len(wide), len(glyphs) + 1, len(wide))
    return _assemble(
        {
            b"cmap": _character_map(),
            b"glyf": glyphs,
            b"head": _head(),
            b"hhea": struct.pack(
                ">IhhhHhhhhhhhhhhhH", _VERSION, _ASCENT, _DESCENT, 0, _EM, 0, 0, _EM, 1, *(0,) * 7, len(_ADVANCES)
            ),
            b"hmtx": b"".join(struct.pack(">Hh", advance, _WIDE_BOX[0]) for advance in _ADVANCES.values())
            + struct.pack(">h", _WIDE_BOX[0]) * (_GLYPHS - len(_ADVANCES)),
            b"loca": struct.pack(f">{len(offsets)}I", *offsets),
            b"maxp": struct.pack(">IHHHHHHHHHHHHHH", _VERSION, _GLYPHS, 4, 1, 4, 1, 1, *(0,) * 6, 1, 1),
        }
    )


def _outline(box: _Rectangle) -> bytes:
    """Return a glyph of one contour, a rectangle."""
    left, bottom, right, top = box
    steps_across, steps_up = (left, 0, right - left, 0), (bottom, top - bottom, 0, bottom - top)
    return struct.pack(">h4hHH4B8h", 1, *box, 3, 0, *(_ON_CURVE,) * 4, *steps_across, *steps_up)


def _reference_to_missing() -> bytes:
    """Return a composite glyph that refers to the first glyph; it is shorter than the outline."""
    return struct.pack(">h4hHHbb", -1, *_WIDE_BOX, _ARGUMENTS_ARE_OFFSETS, _MISSING, 0, 0)


def _head() -> bytes:
    created = modified = style = 0
    flags, smallest_size, direction, long_offsets, glyph_format = 0, 8, 2, 1, 0
    return struct.pack(
        ">IIIIHHQQ4hHHhhh",
        *(_VERSION, _VERSION, 0, _HEAD_MAGIC, flags, _EM, created, modified, *_WIDE_BOX),
        *(style, smallest_size, direction, long_offsets, glyph_format),
    )


def _character_map() -> bytes:
    ranges = [struct.pack(">III", start, after - 1, glyph) for (start, glyph), (after, _) in pairwise(_CHARACTERS)]
    body = b"".join(ranges)
    head = struct.pack(">HHIII", _MANY_TO_ONE, 0, 16 + len(body), 0, len(ranges))
    return struct.pack(">HHHHI", 0, 1, _WINDOWS, _FULL_UNICODE, 12) + head + body


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    """Return the font file: the table directory and the tables, with the checksum of each table and of the file."""
    power = len(tables).bit_length() - 1
    directory = [struct.pack(">IHHHH", _VERSION, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))]
    place = 12 + 16 * len(tables)
    padded = {tag: table + bytes(-len(table) % 4) for tag, table in sorted(tables.items())}
    for tag, table in padded.items():
        directory.append(tag + struct.pack(">III", _checksum(table), place, len(tables[tag])))
        place += len(table)
    font = bytearray(b"".join([*directory, *padded.values()]))
    place = font.index(tables[b"head"]) + _CHECKSUM_PLACE
    font[place : place + 4] = struct.pack(">I", (_CHECKSUM_OF_A_FONT - _checksum(font)) & 0xFFFFFFFF)
    return bytes(font)


def _checksum(table: bytes | bytearray) -> int:
    total: int = sum(struct.unpack(f">{len(table) // 4}I", table))
    return total & 0xFFFFFFFF
