"""A delivered file as plain bytes, whatever it is packed in, and never more than is safe."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from infra.wire.errors import Unreadable

_CHUNK = 1 << 20
_PACKED_CHUNK = 1 << 10  # a block of four bytes may stand for 128 KiB
UNSUSPICIOUS = 256 << 20
MOST_EXPANSION = 200

_GZIP, _ZSTANDARD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"


def opened(path: Path) -> BinaryIO:
    """The file's content, decompressed on the way (.gz, .zst, a .zip of one file).

    Reading raises `Unreadable` where the packing is damaged or hides a bomb: more than 256 MiB
    that are more than 200 times what lies on the disk.
    """
    file: BinaryIO = path.open("rb")
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(_GZIP):
        packed = cast(BinaryIO, gzip.GzipFile(fileobj=file))
    elif magic == _ZSTANDARD:
        packed = cast(BinaryIO, _Zstandard(file))
    elif magic == _ZIP and not is_workbook(path):
        file.close()
        file = packed = _only_member(path)
    else:
        return file
    bounded = _Bounded(packed, file, path, path.stat().st_size * MOST_EXPANSION)
    return cast(BinaryIO, io.BufferedReader(bounded, _CHUNK))


def require_bounded(path: Path, *, is_text: bool = False) -> None:
    """Read a packed file, or one of lines, through once: a bomb is found before anybody loads it.

    Raises:
        Unreadable: as `opened` says, or a line has no end in sight.
    """
    with opened(path) as file:
        is_packed = isinstance(file, io.BufferedReader) and isinstance(file.raw, _Bounded)
        while (is_packed or is_text) and (piece := file.read(_CHUNK)):
            if is_text and len(piece) == _CHUNK and b"\n" not in piece:
                raise Unreadable(
                    f"{path.name} has a line of more than {_CHUNK} bytes, which no row has. "
                    f"Nothing of it was taken. Ask the sender for the file again."
                )


def is_workbook(path: Path) -> bool:
    """An XLSX is a ZIP too."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _only_member(path: Path) -> BinaryIO:
    try:
        archive = zipfile.ZipFile(path)
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) == 1 and not members[0].flag_bits & 1:
            return cast(BinaryIO, archive.open(members[0]))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _damaged(path, error) from None
    raise Unreadable(
        f"{path.name} is a ZIP of {len(members)} files or under a password; one open file is "
        f"expected. Ask the sender to send each file by itself."
    )


class _Bounded(io.RawIOBase):
    """Bytes of a packed file until there are too many of them."""

    def __init__(self, packed: BinaryIO, file: BinaryIO, path: Path, most: int) -> None:
        self._packed = packed
        self._file = file
        self._path = path
        self._left = max(most, UNSUSPICIOUS)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            found = self._packed.read(len(buffer))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, zstandard.ZstdError) as error:
            raise _damaged(self._path, error) from None
        self._left -= len(found)
        if self._left < 0:
            raise Unreadable(
                f"{self._path.name} unpacks to more than {MOST_EXPANSION} times its size and was "
                f"not read on. Nothing of it was taken. Ask the sender what it is."
            )
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Zstandard:
    """Frames of a .zst one after the other; the library's own reader is silent about a cut one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._frame = self._new_frame()
        self._ready = b""
        self._is_within = False

    def read(self, size: int) -> bytes:
        while not self._ready:
            packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame, self._is_within = self._new_frame(), False
            packed = packed or self._file.read(_PACKED_CHUNK)
            if not packed:
                if self._is_within:
                    raise EOFError("it ends in the middle of a frame")
                return b""
            self._is_within = True
            self._ready = self._frame.decompress(packed)
        found, self._ready = self._ready[:size], self._ready[size:]
        return found

    @staticmethod
    def _new_frame() -> "zstandard.ZstdDecompressionObj":
        return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()


def _damaged(path: Path, error: Exception) -> Unreadable:
    return Unreadable(
        f"{path.name} is damaged: {str(error) or type(error).__name__}. Nothing of it was taken. "
        f"Ask the sender for it again."
    )
