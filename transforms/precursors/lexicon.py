"""All names that a text is compared with: of what is listed, and of harmless goods near to them."""

from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from transforms.precursors.spelling import is_chinese, key_of, pieces, plain
from transforms.reference import reference

_EXACT_ONLY = frozenset({"abbreviation", "formula", "transliteration", "systematic"})
_SHORTEST_MISSPELT = 6
_MOST_EDITS = 3
_MOST_SORTED_PIECES = 3
_AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class Name:
    """One name; `listed_id` is null where what it names is harmless."""

    listed_id: str | None
    name: str
    kind: str
    key: str

    @property
    def edits(self) -> int:
        """How many letters may differ: one in six to eight, two from nine, three from fourteen."""
        letters = len(self.key)
        if self.kind in _EXACT_ONLY or letters < _SHORTEST_MISSPELT:
            return 0
        return 1 if letters < 9 else 2 if letters < 14 else _MOST_EDITS


@dataclass(frozen=True, slots=True)
class Hit:
    """A name that a key stands for, and how many letters differ."""

    name: Name
    edits: int

    @property
    def similarity(self) -> float:
        return 1 - self.edits / len(self.name.key)


class Lexicon:
    """Names by key, and the nearest ones to a key that is misspelt."""

    def __init__(self, names: list[Name], chinese: dict[str, Name]) -> None:
        self.chinese = chinese
        self._exact: dict[str, Name] = {}
        for name in names:
            kept = self._exact.get(name.key)
            # What is listed comes before what is harmless, a full name before an abbreviation.
            if kept is None or _rank(name) < _rank(kept):
                self._exact[name.key] = name
        misspelt = sorted((n for n in names if n.edits), key=lambda n: (_digits(n.key), n.key))
        self._by_digits = {
            digits: list(group) for digits, group in groupby(misspelt, lambda n: _digits(n.key))
        }
        self.longest = max(len(name.key) for name in names) + _MOST_EDITS

    def nearest(self, keys: list[str]) -> dict[str, Hit]:
        """The name of each key that has one: as written, or misspelt.

        A misspelling counts for a listed name only where no harmless name is as near, and where
        all its digits are right: they tell isomers apart.
        """
        found = {key: Hit(self._exact[key], 0) for key in keys if key in self._exact}
        rest = sorted((_digits(key), key) for key in keys if key not in found)
        for digits, group in groupby(rest, lambda pair: pair[0]):
            names = self._by_digits.get(digits, [])
            for start in range(0, len(whole := [key for _, key in group]), _AT_ONCE):
                found |= _nearest(whole[start : start + _AT_ONCE], names)
        return found


@cache
def lexicon() -> Lexicon:
    """The names of `precursor_names.csv` and `precursor_lookalikes.csv`."""
    listed = [
        (row["listed_id"], row["name"], row["kind"])
        for row in reference("precursor_names").iter_rows(named=True)
    ]
    harmless = [(None, name, "name") for name in reference("precursor_lookalikes")["name"]]
    every = [
        Name(listed_id, name, kind, key)
        for listed_id, name, kind in (*listed, *harmless)
        for key in sorted({key_of(name), sorted_key(name)} - {""})
    ]
    return Lexicon(
        [name for name in every if not is_chinese(name.name)],
        {plain(name.name): name for name in every if is_chinese(name.name)},
    )


def sorted_key(name: str) -> str:
    """The key of a name of two or three words in any order; of others as written."""
    words = [piece.key for piece in pieces(plain(name))]
    if 1 < len(words) <= _MOST_SORTED_PIECES and all(word.isalpha() for word in words):
        return "".join(sorted(words))
    return "".join(words)


def _nearest(keys: list[str], names: list[Name]) -> dict[str, Hit]:
    if not keys or not names:
        return {}
    distances = process.cdist(
        keys, [n.key for n in names], scorer=OSA.distance, score_cutoff=_MOST_EDITS, dtype=np.uint8
    )
    allowed = np.array([name.edits for name in names])
    found: dict[str, Hit] = {}
    for row, column in zip(*np.nonzero(distances <= allowed), strict=True):
        if _is_derived(keys[row], names[column].key):
            continue
        hit, kept = Hit(names[column], int(distances[row, column])), found.get(keys[row])
        if kept is None or _order(hit) < _order(kept):
            found[keys[row]] = hit
    return found


def _is_derived(key: str, name: str) -> bool:
    """A suffix makes another word of a name ("of piperidine"), it does not misspell it."""
    return key.startswith(name) and len(key) >= len(name) + 2


def _order(hit: Hit) -> tuple[int, bool, str, str]:
    """Nearest first; of equally near ones the harmless, then by name: there is one order."""
    return hit.edits, hit.name.listed_id is not None, hit.name.listed_id or "", hit.name.name


def _rank(name: Name) -> tuple[bool, bool, str, str]:
    return name.listed_id is None, name.kind in _EXACT_ONLY, name.listed_id or "", name.name


def _digits(key: str) -> str:
    return "".join(sign for sign in key if sign.isdigit())
