"""What one description of goods mentions: CAS numbers and names of listed things.

Descriptions are worded by hand, in three languages and any spelling, so this is the one place
where texts are gone through one by one; each distinct text once.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from transforms.precursors.lexicon import Hit, Lexicon, Name, lexicon
from transforms.precursors.lists import listed_things
from transforms.precursors.spelling import Piece, is_chinese, pieces, plain
from transforms.precursors.wording import (
    chinese_role,
    is_qualifier,
    is_read,
    percent_of,
    percents,
    role_of,
    without_bounds,
)

_MOST_PIECES = 12
_SHORTEST = 3
_CAS = re.compile(
    r"(?<![\d-])(?P<a>\d{2,7})(?P<one>\s*[-./]\s*|\s+)(?P<b>\d{2})(?P<two>\s*[-./]\s*|\s+)(?P<c>\d)"
    r"(?![\d])(?!-\d)"
)
_CAS_WORD = re.compile(r"\b(?:cas|кас|рег\.?\s*номер|registry)\b[\s:№#n.o-]*$")
_CAS_CLOSED = re.compile(r"(?:cas|кас)[\s:№#]*(\d{5,10})(?!\d)")
_JOINED_BEFORE = re.compile(r"([^\W_]+)[)\]]?-$")
_JOINED_AFTER = re.compile(r"-([^\W_]+)")
_LOCANT = re.compile(r"-\d(?![\w-])")
_STEREOCHEMISTRY = frozenset({"l", "d", "dl", "r", "s", "n", "rac", "л", "д"})
_HARD_BREAK = re.compile(r"[;:]|\.\s|\s-\s")
_CHINESE_WORD = re.compile(r"[\w,'()-]*[\u4e00-\u9fff][\w,'()-]*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A listed thing that a text names: how, in which words, how like, and in which role."""

    listed_id: str
    basis: str
    matched: str
    name: str
    similarity: float
    role: str
    percent: float | None


@dataclass(frozen=True, slots=True)
class _Span:
    first: int
    last: int
    start: int
    end: int
    hit: Hit


def mentions(texts: Iterable[str]) -> Mapping[str, list[Mention]]:
    """What each text mentions; texts that mention nothing listed have an empty list."""
    known = lexicon()
    told = {text: without_bounds(plain(text)) for text in dict.fromkeys(texts)}
    words = {text: pieces(told[text]) for text in told}
    windows = {text: _windows(told[text], words[text], known.longest) for text in told}
    keys = sorted({key for spans in windows.values() for _, _, key in spans})
    nearest = known.nearest(keys)
    return {
        text: _mentions_of(told[text], words[text], windows[text], nearest, known) for text in told
    }


def cas_numbers(plain_text: str) -> list[tuple[int, int, str]]:
    """CAS numbers in a text, from and to, whose check digit is right.

    With hyphens, or other dashes, dots or slashes in their place; with blanks, or with nothing,
    only where the word CAS stands before.

    Source: CAS Registry, "Check digit verification of CAS Registry Numbers".
    """
    found = []
    for m in _CAS.finditer(plain_text):
        has_word = bool(_CAS_WORD.search(plain_text[: m.start()]))
        is_blank = not m["one"].strip() or not m["two"].strip()
        number = f"{m['a']}-{m['b']}-{m['c']}"
        if (has_word or not is_blank) and _has_check_digit(number):
            found.append((m.start(), m.end(), number))
    for m in _CAS_CLOSED.finditer(plain_text):
        number = f"{m[1][:-3]}-{m[1][-3:-1]}-{m[1][-1]}"
        if _has_check_digit(number):
            found.append((m.start(1), m.end(1), number))
    return found


def _has_check_digit(number: str) -> bool:
    *digits, check = (int(sign) for sign in number if sign.isdigit())
    return sum(n * digit for n, digit in enumerate(reversed(digits), 1)) % 10 == check


def _windows(text: str, words: list[Piece], longest: int) -> list[tuple[int, int, str]]:
    """Runs of pieces that may be a name, with their key as written and with words in order."""
    breaks = [m.start() for m in _HARD_BREAK.finditer(text)]
    found = []
    for first, begin in enumerate(words):
        joined: list[str] = []
        for last in range(first, min(first + _MOST_PIECES, len(words))):
            piece = words[last]
            if is_chinese(piece.text) or any(begin.start < at < piece.start for at in breaks):
                break
            joined.append(piece.key)
            key = "".join(joined)
            if len(key) > longest:
                break
            if len(key) >= _SHORTEST:
                found.append((first, last, key))
                if 1 < len(joined) <= 3 and key.isalpha():
                    found.append((first, last, "".join(sorted(joined))))
    return found


def _mentions_of(
    text: str,
    words: list[Piece],
    windows: list[tuple[int, int, str]],
    nearest: Mapping[str, Hit],
    known: Lexicon,
) -> list[Mention]:
    spans = _chosen(
        [
            _Span(first, last, words[first].start, words[last].end, nearest[key])
            for first, last, key in windows
            if key in nearest
        ]
    )
    numbers = [(a, b, cas) for a, b, cas in cas_numbers(text)]
    told = percents(text)
    others = [(span.start, span.end) for span in spans]
    found = [
        _of_name(text, words, span, told, others)
        for span in spans
        if span.hit.name.listed_id is not None and _is_written_as(span, text)
    ]
    found += _of_chinese(known, text, told)
    found += [
        _of_cas(text, words, number, told, others)
        for number in numbers
        if number[2] in _listed_cas()
    ]
    return found


def _chosen(spans: list[_Span]) -> list[_Span]:
    """Spans that do not overlap: the longest name first, then the nearest."""
    taken: list[_Span] = []
    order = sorted(
        spans,
        key=lambda s: (-(len(s.hit.name.key) - 2 * s.hit.edits), s.hit.edits, s.first, s.last),
    )
    for span in order:
        if all(span.last < other.first or span.first > other.last for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.first)


def _is_written_as(span: _Span, text: str) -> bool:
    """The name stands for itself, not for a part of a longer one that hyphens join.

    Stereochemistry may stand before it (L-, DL-), and words that are read for its role after it.
    """
    before, after = _JOINED_BEFORE.search(text[: span.start]), _JOINED_AFTER.match(text, span.end)
    if before and before[1] not in _STEREOCHEMISTRY:
        return False
    return after is None or is_read(after[1]) or _LOCANT.match(text, span.end) is not None


def _of_name(
    text: str,
    words: list[Piece],
    span: _Span,
    told: list[tuple[int, int, float]],
    others: list[tuple[int, int]],
) -> Mention:
    name = span.hit.name
    return Mention(
        listed_id=str(name.listed_id),
        basis=_basis(name, span.hit.edits),
        matched=text[span.start : span.end],
        name=name.name,
        similarity=span.hit.similarity,
        role=role_of(text, words, span.first, span.last),
        percent=percent_of(
            text, span.start, span.end, told, [o for o in others if o[0] >= span.end]
        ),
    )


def _basis(name: Name, edits: int) -> str:
    if edits:
        return "spelling"
    return name.kind if name.kind in ("abbreviation", "formula", "transliteration") else "name"


def _of_chinese(known: Lexicon, text: str, told: list[tuple[int, int, float]]) -> list[Mention]:
    """Chinese names: the whole word, but for the grade and whether it is contained."""
    found = []
    for word in _CHINESE_WORD.finditer(text):
        within = [name for name in known.chinese if name in word[0]]
        for name in sorted(within, key=lambda n: (-len(n), n))[:1]:
            before, _, after = word[0].partition(name)
            listed_id = known.chinese[name].listed_id
            if listed_id is None or not (is_qualifier(before) and is_qualifier(after)):
                continue
            percent = percent_of(text, word.start(), word.end(), told, [])
            role = chinese_role(before, after)
            found.append(Mention(listed_id, "name", name, name, 1.0, role, percent))
    return found


def _of_cas(
    text: str,
    words: list[Piece],
    number: tuple[int, int, str],
    told: list[tuple[int, int, float]],
    others: list[tuple[int, int]],
) -> Mention:
    start, end, cas = number
    inside = [n for n, piece in enumerate(words) if start <= piece.start < end]
    named = _CAS_WORD.search(text[:start])
    first = inside[0] if not named else sum(piece.start < named.start() for piece in words)
    role = role_of(text, words, first, inside[-1])
    role = "main" if role == "mention" else role  # a number says what the goods are, wherever
    percent = percent_of(text, start, end, told, [o for o in others if o[0] >= end])
    return Mention(_listed_cas()[cas], "cas", text[start:end], cas, 1.0, role, percent)


@cache
def _listed_cas() -> dict[str, str]:
    rows = listed_things().select("cas", "listed_id").collect().drop_nulls()
    return dict(rows.iter_rows())
