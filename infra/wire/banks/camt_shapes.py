"""Shapes of entries learned in a file: where in an entry with the same tags the texts stand.

An entry is split at its tags and found by them; for the few shapes that come often a pattern is
made, which takes the texts out at once.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lxml import etree

from infra.wire.banks.camt_entry import Plan, flattened, plan
from infra.wire.iso20022 import local

_MOST = 4_096
_LONGEST = 4_000
_MOST_FREQUENT = 12
_SEEN_OFTEN = 16
_ANY_TEXT = "[^<]*+"

Tags = tuple[str, ...]
_Match = Callable[[str, int], re.Match[str] | None]


class Known(NamedTuple):
    """What an entry with certain tags is made of, and how often there was one.

    `places` are those of the start tags whose texts its plan uses, all texts and tags counted.
    """

    plan: Plan
    places: tuple[int, ...]
    seen: list[int]

    def texts(self, parts: list[str]) -> list[str]:
        """The texts that the plan uses, of an entry split at its tags."""
        return ["" if parts[n].endswith("/") else parts[n + 1] for n in self.places]


class Shapes:
    """The shapes of one file, whose entries are written between `start` and `end`."""

    def __init__(self, start: str, end: str) -> None:
        self._start, self._end = start, end
        self._known: dict[Tags, Known] = {}
        self._frequent: list[tuple[_Match, Plan]] = []  # the one that matched last comes first

    def matched(self, text: str, at: int) -> tuple[re.Match[str], Plan] | None:
        """The entry that begins at this place, where its shape is a frequent one."""
        for n, (match, its_plan) in enumerate(self._frequent):
            found = match(text, at)
            if found is not None:
                if n:
                    self._frequent.insert(0, self._frequent.pop(n))
                return found, its_plan
        return None

    def of(self, tags: Tags) -> Known | None:
        """What is known of entries with these tags, and that there was one more."""
        known = self._known.get(tags)
        if known is not None:
            known.seen[0] += 1
            if known.seen[0] == _SEEN_OFTEN:
                self._make_frequent(tags, known)
        return known

    def learn(self, element: etree._Element, parts: list[str], tags: Tags) -> None:
        """Learn from an entry as lxml has it, and as it is written, split at its tags.

        What lxml finds in other places than the split (comments, `>` in an attribute) is not
        learned.
        """
        starts = [n for n in range(1, len(parts), 2) if not parts[n].startswith("/")]
        written = [parts[n].rstrip("/").split(None, 1)[:1] for n in starts]
        if len(parts) > _LONGEST or written != [[_name(it)] for it in element.iterdescendants()]:
            return
        known = plan(flattened(element)[0])
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[tags] = Known(known, tuple(starts[n] for n in known.used), [0])

    def _make_frequent(self, tags: Tags, known: Known) -> None:
        pattern = re.compile(_pattern(self._start, tags, known.places, self._end))
        self._frequent.insert(0, (pattern.match, known.plan))
        del self._frequent[_MOST_FREQUENT:]


def _pattern(start: str, tags: Tags, places: Sequence[int], end: str) -> str:
    """Matches an entry of just these tags and takes out the texts, entities as they are."""
    written = [r"[ \t\n]*+", re.escape(start), _ANY_TEXT]
    for n, tag in enumerate(tags):
        is_used, is_closed = 2 * n + 1 in places, tag.endswith("/")
        taken = f"(){_ANY_TEXT}" if is_closed else f"({_ANY_TEXT})"
        written += [re.escape(f"<{tag}>"), taken if is_used else _ANY_TEXT]
    return "".join([*written, re.escape(end)])


def _name(element: etree._Element) -> str:
    name = local(str(element.tag))
    return f"{element.prefix}:{name}" if element.prefix else name
