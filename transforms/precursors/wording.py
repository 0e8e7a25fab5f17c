"""What the words around a name say of it: not contained, a purpose, a part, a ready product."""

import re
from dataclasses import dataclass
from functools import cache

from transforms.precursors.spelling import Piece
from transforms.reference import reference

_AT_LEAST = re.compile(
    r"(?:не|not|no)\s+(?:менее|более|ниже|выше|less|more|below|over)(?:\s+than)?"
)
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?)\s*(?:%|процент|percent|pct|проц\b)")
_FAR_AFTER, _FAR_BEFORE = 34, 26
_MOST_WORDS_BETWEEN = 4
_ORDER = ("negated", "purpose", "product", "component")
_MOST_WORDS_BEFORE_HEAD = 1


@dataclass(frozen=True, slots=True)
class Wording:
    """A word that gives what stands near it a role; `reach_words` is how far it reaches."""

    role: str
    place: str
    reach: int
    stem: str
    is_whole: bool

    def is_in(self, words: list[str]) -> bool:
        near = words[: self.reach] if self.reach else words
        if self.is_whole:
            return self.stem in near
        return any(word.startswith(self.stem) for word in near)


def without_bounds(plain_text: str) -> str:
    """The text without "not less than" and the like, whose "not" denies nothing; same length."""
    return _AT_LEAST.sub(lambda found: " " * len(found[0]), plain_text)


def role_of(text: str, words: list[Piece], first: int, last: int) -> str:
    """What a name is in a text: negated, purpose, product, component, mention, or main.

    A mention stands after two words or more, so that the goods are something else ("vapour
    analyser acetone"), where nothing else says what it is.

    Args:
        text: the plain text.
        words: its pieces; the name stands from `first` to `last`, both included.
    """
    start, end = words[first].start, words[last].end
    clause_from = max(text.rfind(mark, 0, start) for mark in (";", ".", "("))
    clause_to = min(
        (at for mark in (";", ".") if (at := text.find(mark, end)) >= 0), default=len(text)
    )
    before = [
        p.text for p in reversed(words[:first]) if p.start > clause_from and not p.text.isdigit()
    ]
    after = [p.text for p in words[last + 1 :] if p.start < clause_to and not p.text.isdigit()]
    if after[:1] == ["free"] and text[end : end + 1] != "-" and len(after) > 1:
        after = after[1:]  # "free flowing" is a grade
    told = {"before": before, "after": after, "any": [p.text for p in words]}
    for role in _ORDER:
        for one in _wordings()[role]:
            if one.is_in(told[one.place]) or (" " in one.stem and one.stem in text):
                return role
    is_head = len(before) <= _MOST_WORDS_BEFORE_HEAD
    return "main" if is_head else "mention"


def is_read(word: str) -> bool:
    """A word that gives a name before it a role, as "free" does."""
    return any(one.place == "after" and one.is_in([word]) for r in _ORDER for one in _wordings()[r])


def is_qualifier(chinese: str) -> bool:
    """Chinese signs that only say of which grade something is, or that it is contained."""
    rest = chinese
    for one in (*_wordings()["qualifier"], *_chinese_roles()):
        rest = rest.replace(one.stem, "")
    return not rest.strip("0123456789,()")


def chinese_role(before: str, after: str) -> str:
    """The role that Chinese signs around a name give it."""
    for one in _chinese_roles():
        if one.stem in (before if one.place == "before" else after):
            return one.role
    return "main"


def percents(plain_text: str) -> list[tuple[int, int, float]]:
    """Where a percentage stands, from and to, and its value; of a range the upper end."""
    return [
        (m.start(), m.end(), value)
        for m in _PERCENT.finditer(plain_text)
        if (value := float(m[1].replace(",", "."))) <= 100
    ]


def percent_of(
    text: str,
    start: int,
    end: int,
    told: list[tuple[int, int, float]],
    others: list[tuple[int, int]],
) -> float | None:
    """The percentage told of the name from `start` to `end`; null where none is.

    "30% acetone" has it before, with nothing between; "acetone, 30%" after, with no other name
    between (`others`), before the next semicolon.
    """
    for _, until, value in told:
        if until <= start and start - until <= _FAR_BEFORE and _is_joined(text[until:start]):
            return value
    for at, _, value in told:
        if at < end or at - end > _FAR_AFTER:
            continue
        between = text[end:at]
        has_other = any(end <= begin < at for begin, _ in others)
        if not has_other and ";" not in between and len(between.split()) <= _MOST_WORDS_BETWEEN:
            return value
    return None


def _is_joined(between: str) -> bool:
    return not re.search(r"[,;:()\d]", between) and len(between.split()) <= 1


@cache
def _wordings() -> dict[str, list[Wording]]:
    found: dict[str, list[Wording]] = {role: [] for role in (*_ORDER, "qualifier")}
    for row in reference("goods_wording").iter_rows(named=True):
        stem = row["stem"]
        found[row["role_code"]].append(
            Wording(
                row["role_code"],
                row["place"],
                int(row["reach_words"]),
                stem.removeprefix("="),
                stem.startswith("="),
            )
        )
    return found


@cache
def _chinese_roles() -> list[Wording]:
    return [
        one
        for role in ("negated", "component")
        for one in _wordings()[role]
        if "\u4e00" <= one.stem[0] <= "\u9fff"
    ]
