"""What comes with a file and says what it should hold, and whether it does."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from infra.catalogue import Control

SUFFIXES = {Control.JSON: ".control.json", Control.SHA256: ".sha256", Control.COUNT: ".control"}
"""Added to the file's name."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a control file states; null for what it does not."""

    rows: int | None = None
    sha256: str | None = None
    sums: Mapping[str, Decimal] | None = None


class Unclear(ValueError):
    """A control file does not state what its kind has to state."""


def stated(kind: Control, body: bytes) -> Stated:
    """What the control file says.

    JSON states `rows`, `sha256` and, where agreed, `sums` by currency as decimal strings.
    `.sha256` is the digest, as sha256sum writes it. `.control` is text parted by `|` that states
    the rows in its last row's column ROWS, RECORD_COUNT or COUNT, or is their bare number.

    Raises:
        Unclear: it states none of that.
    """
    try:
        text = body.decode("utf-8-sig")
        if kind is Control.JSON:
            return _json(json.loads(text, parse_float=str))
        if kind is Control.SHA256:
            return Stated(sha256=_digest(text.split()[0]))
        return Stated(rows=_count(text))
    except (ValueError, KeyError, TypeError, IndexError, InvalidOperation, AttributeError):
        raise Unclear from None


def _json(said: Mapping[str, object]) -> Stated:
    sums = said.get("sums")
    return Stated(
        rows=int(str(said["rows"])),
        sha256=_digest(str(said["sha256"])),
        sums={str(k): Decimal(str(v)) for k, v in sums.items()}
        if isinstance(sums, Mapping)
        else None,
    )


def _digest(text: str) -> str:
    digest = text.lower()
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise Unclear
    return digest


def _count(text: str) -> int:
    if text.strip().isdigit():
        return int(text)
    rows = list(csv.reader(io.StringIO(text.strip()), delimiter="|"))
    names = [name.strip().upper() for name in rows[0]]
    column = next(n for n in ("ROWS", "RECORD_COUNT", "COUNT") if n in names)
    return int(rows[-1][names.index(column)])


def disagreement(
    file: str, said: Stated, *, rows: int, sha256: str, sums: Mapping[str, Decimal]
) -> str | None:
    """How a file differs from what its control file states, as a sentence; null when it agrees."""
    if said.rows is not None and said.rows != rows:
        return f"{file} has {rows} rows, its control file says {said.rows}."
    if said.sha256 is not None and said.sha256 != sha256:
        return f"{file} is not the file that its control file describes (SHA-256)."
    for code, stated_sum in (said.sums or {}).items():
        found = sums.get(code, Decimal(0))
        if found != stated_sum:
            return f"{file} adds up to {found:f} {code}, its control file says {stated_sum:f}."
    return None
