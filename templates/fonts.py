"""The font of printed editions, PT Sans, and what it can show."""

import re
import struct
from functools import cache
from pathlib import Path
from unicodedata import category

import fontpkg_pt_sans

from templates.wording import NO_BREAK

FAMILY = fontpkg_pt_sans.FAMILY
FOLDER = Path(fontpkg_pt_sans.ROOT) / "files"
_REGULAR = "PT_Sans-Web-Regular.ttf"
_BASIC_PLANE, _SEGMENTS = 3, 4  # a table of the font, and its format


def readable(text: str) -> str:
    """The text with what the font lacks as code points, in square brackets: [U+4E2D].

    A space of another width is a space that does not break.
    """
    return _lacking().sub(_instead, text)


def _instead(found: re.Match[str]) -> str:
    lacking = found[0]
    return NO_BREAK if category(lacking) == "Zs" else f"[U+{ord(lacking):04X}]"


@cache
def _lacking() -> re.Pattern[str]:
    shown = "".join(f"\\U{code:08x}" for code in sorted(characters() | {0x0A}))
    return re.compile(f"[^{shown}]")


@cache
def characters() -> frozenset[int]:
    """Code points that the font has a glyph for, read from its `cmap` table."""
    font = (FOLDER / _REGULAR).read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    records = [struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(tables)]
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    for n in range(subtables):
        platform, _, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * n)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if (platform, form) == (_BASIC_PLANE, _SEGMENTS):
            return frozenset(_segments(font, start + offset))
    raise ValueError(f"{_REGULAR} has no table of characters that can be read.")


def _segments(font: bytes, at: int) -> set[int]:
    """Characters of a format 4 table: ranges of code points, some of them without a glyph."""
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", font, at + 16 + 2 * count * n) for n in (1, 2, 3)
    )
    place = at + 16 + 6 * count
    found = set()
    for n, (first, last, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code + delta
            if offset:
                (glyph,) = struct.unpack_from(
                    ">H", font, place + 2 * n + offset + 2 * (code - first)
                )
                glyph = glyph and glyph + delta
            if glyph & 0xFFFF:
                found.add(code)
    return found
