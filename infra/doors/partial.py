"""Transfers that may break off: the piece that came is kept, under a name of our own."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from infra.doors.door import PART, Offered
from infra.doors.names import safe

Write = Callable[[bytes], int]
Transfer = Callable[[int, Write], None]


class Short(OSError):
    """Fewer or more bytes came than were announced."""


def brought(file: Offered, folder: Path, transfer: Transfer) -> Path:
    """A whole copy in `folder`.

    Args:
        file: its place, size and mark decide under which name of ours it is kept, so that a
            file that has changed is begun anew.
        folder: where pieces are kept between attempts.
        transfer: given an offset and where to write, brings the bytes from there on.

    Raises:
        Short: the size is not what was announced; the piece is thrown away if too long.
    """
    whole = kept_as(file, folder, f"{file.at}\0{file.bytes}\0{file.mark}")
    part = whole.with_name(whole.name + PART)
    with part.open("ab") as out:
        offset = out.tell()
        if offset < file.bytes:
            transfer(offset, out.write)
    found = part.stat().st_size
    if found != file.bytes:
        if found > file.bytes:
            part.unlink()
        raise Short(f"{found} of {file.bytes} bytes came.")
    part.rename(whole)
    return whole


def kept_as(file: Offered, folder: Path, version: str) -> Path:
    """Where a copy is kept, in a folder of its own."""
    named = f"{file.institution}\0{file.feed}\0{file.business_date}\0{version}"
    own = folder / hashlib.sha256(named.encode(errors="surrogateescape")).hexdigest()
    own.mkdir(parents=True, exist_ok=True)
    return own / safe(file.name)
