"""Files with personal data: written whole, for their owner only."""

from collections.abc import Mapping
from pathlib import Path


def put_private(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by name; `orders/name` lies in a folder of its own. Earlier ones are replaced."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, mode=0o700)
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_bytes(body)
        part.replace(path)
