"""How a word is spelled: one key for the spellings of a name in Cyrillic and Latin letters.

A key has Latin small letters and digits only. It folds what transliterations differ in (ph and
f, y and i, ts and c, doubled letters), endings of Russian cases, and letters of the other script
that look the same. It is no transcription: keys are compared, never shown.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһ"
_SOUNDS = "a b v g d e e zh z i i k l m n o p r s t u f h c ch sh sh _ i _ e iu ia a g k n o u u h"
_CYRILLIC = {**dict(zip(_LETTERS, _SOUNDS.split(" "), strict=True)), "і": "i"}
_LOOK_LATIN = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_LOOK_CYRILLIC = str.maketrans("асеорхукмтнв", "aceopxykmthb")
_FOLDS = (
    ("ph", "f"),
    ("th", "t"),
    ("ts", "c"),
    ("tz", "c"),
    ("ck", "k"),
    ("x", "ks"),
    ("qu", "kv"),
    ("q", "k"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("z", "s"),
)
_ENDINGS = re.compile(
    r"(?:iami|ami|ogo|omu|imi|aia|iaia|oi|ei|uiu|iuiu|ii|oe|ee|om|em|ah|iah|ov|a|u|i|ia|e|iu|o)$"
)
_SHORTEST_STEM = 4
_PIECES = re.compile(r"[a-zа-яёәғқңөұүһі]+|\d+|[\u4e00-\u9fff]+")
_ACCENTED = re.compile(r"[à-öø-ÿ]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_CJK = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of letters, digits or Chinese signs in a text, its place, and its key."""

    text: str
    start: int
    end: int
    key: str


def plain(text: str) -> str:
    """The text in one form: compatibility signs resolved, small letters, one kind of dash."""
    folded = _ACCENTED.sub(_unaccented, unicodedata.normalize("NFKC", text).casefold())
    dashed = re.sub(r"[\u2010-\u2015\u2212_]", "-", folded)
    return re.sub(r"\bк-т(?:а|ы|е|у|ой)\b", "кислота", dashed)


def _unaccented(letter: re.Match[str]) -> str:
    """As it is written without the accent: ae for ä, e for é."""
    umlaut = letter[0].translate(_UMLAUTS)
    return umlaut if len(umlaut) > 1 else unicodedata.normalize("NFD", letter[0])[0]


def pieces(plain_text: str) -> list[Piece]:
    """Runs of letters, of digits and of Chinese signs, in order."""
    return [
        Piece(m[0], m.start(), m.end(), key_of_piece(m[0])) for m in _PIECES.finditer(plain_text)
    ]


@lru_cache(maxsize=200_000)
def key_of_piece(piece: str) -> str:
    """The key of one run of signs; Chinese signs and digits are their own."""
    if piece.isdigit() or _CJK.match(piece):
        return piece
    is_cyrillic = [_is_cyrillic(letter) for letter in piece]
    if any(is_cyrillic) and not all(is_cyrillic):
        to_cyrillic = 2 * sum(is_cyrillic) >= len(piece)
        piece = piece.translate(_LOOK_LATIN if to_cyrillic else _LOOK_CYRILLIC)
    is_russian = any(_is_cyrillic(letter) for letter in piece)
    key = "".join(_CYRILLIC.get(letter, letter) for letter in piece).replace("_", "")
    for told, folded in _FOLDS:
        key = key.replace(told, folded)
    if len(piece) < _SHORTEST_STEM:  # an abbreviation has its doubled letters
        return "on" if key == "one" else key  # as in propan-2-one, пропан-2-он
    key = re.sub(r"(.)\1+", r"\1", key)
    return _without_ending(key, is_russian=is_russian)


def key_of(name: str) -> str:
    """The key of a whole name: the keys of its pieces, joined."""
    return "".join(piece.key for piece in pieces(plain(name)))


def is_chinese(text: str) -> bool:
    """Written in Chinese signs, at least in part."""
    return bool(_CJK.search(text))


def _without_ending(key: str, *, is_russian: bool) -> str:
    stem = _ENDINGS.sub("", key) if is_russian else re.sub(r"(?:um|e?s?)$", "", key)
    return stem if len(stem) >= _SHORTEST_STEM else key


def _is_cyrillic(letter: str) -> bool:
    return letter in _CYRILLIC
