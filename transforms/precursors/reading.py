"""By which rules descriptions are read: a digest of the names, the words and the code."""

import hashlib
from functools import cache
from importlib.resources import files

_REFERENCE = (
    "goods_wording",
    "lab_equipment_hs",
    "precursor_lookalikes",
    "precursor_names",
    "precursors",
    "watched_chemicals",
)
_CODE = ("lexicon", "mentions", "spelling", "text_matches", "wording")


@cache
def rules_of_reading() -> str:
    """Twelve hexadecimal digits; another digest, and every description is read anew."""
    parts = [
        *(files("transforms.reference").joinpath(f"{name}.csv") for name in _REFERENCE),
        *(files("transforms.precursors").joinpath(f"{name}.py") for name in _CODE),
    ]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()[:12]
