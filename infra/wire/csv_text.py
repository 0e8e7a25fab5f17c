"""Delimited text with a header row, plain or compressed (.gz, .zst)."""

import codecs
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from infra.wire.errors import Unreadable
from infra.wire.opened import opened

_LONGEST_HEADER = 64 * 1024
_CHUNK = 1 << 20


def scan(
    urls: Sequence[str],
    columns: Sequence[str] | None,
    separator: str,
    storage_options: dict[str, str],
) -> pl.LazyFrame:
    """All cells as text, with `url`; columns as given, else as the header of the files says.

    A column that a file lacks is null in its rows: whether it may lack it was judged before.
    """
    schema = None if columns is None else pl.Schema(dict.fromkeys(columns, pl.String()))
    return pl.scan_csv(
        list(urls),
        separator=separator,
        schema=schema,
        infer_schema=False,
        include_file_paths="url",
        missing_columns="raise" if columns is None else "insert",
        storage_options=storage_options,
    )


def header(path: Path, separator: str) -> list[str]:
    """Names in the first line of a file in UTF-8."""
    with opened(path) as file:
        line = file.readline(_LONGEST_HEADER).decode("utf-8-sig").rstrip("\r\n")
    return [name.strip().strip('"') for name in line.split(separator)]


def in_utf_8(path: Path, encoding: str, target: Path) -> None:
    """Write the file's text to `target` in UTF-8, plain.

    Raises:
        Unreadable: bytes that the encoding does not have; says at which of them.
    """
    with opened(path) as file, target.open("wb") as out:
        decoder = _decoder(encoding)
        done = 0
        while chunk := file.read(_CHUNK):
            try:
                out.write(decoder.decode(chunk).encode())
            except UnicodeDecodeError as error:
                raise Unreadable(
                    f"{path.name} is not text in {encoding}: byte {done + error.start} is none of "
                    f"its characters. Correct the encoding in the catalogue of sources, or ask "
                    f"the sender for the file in {encoding}."
                ) from None
            done += len(chunk)
        out.write(decoder.decode(b"", final=True).encode())


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)()
