"""JSON Lines: one flat object a line, plain or compressed (.gz, .zst), UTF-8."""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from infra.wire.errors import Unreadable
from infra.wire.opened import opened

_TOO_LONG = re.compile(rb'"\s*:\s*-?(?=[\d.]{17})[\d.]+\s*[,}]')
_CHUNK = 1 << 20


def scan(
    urls: Sequence[str], columns: Sequence[str], storage_options: dict[str, str]
) -> pl.LazyFrame:
    """All cells as text, with `url`."""
    return pl.scan_ndjson(
        list(urls),
        schema=pl.Schema(dict.fromkeys(columns, pl.String())),
        include_file_paths="url",
        storage_options=storage_options,
    )


def require_exact_numbers(path: Path) -> None:
    """JSON readers take numbers as binary fractions, which hold 15 decimal digits and no more.

    Raises:
        Unreadable: a number has more; as a string in quotes it may have any.
    """
    with opened(path) as file:
        before = b""
        while chunk := file.read(_CHUNK):
            if _TOO_LONG.search(before + chunk):
                raise Unreadable(
                    f"{path.name} has numbers of more than 15 digits, which JSON readers round. "
                    f"Nothing of it was taken. Ask the sender to write amounts in quotes."
                )
            before = chunk[-128:]
