"""Which code made a figure: the version of the distribution and a digest of its source."""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files

PACKAGES = ("expectations", "flows", "infra", "templates", "transforms")
_SOURCE = (".py", ".csv", ".toml", ".j2", ".typ", ".css", ".po")


@cache
def code_version() -> str:
    """`0.1.0+3f2a9c41d0be`: equal where every source file is equal, on any machine."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        root = files(package)
        for path in sorted(p for p in root.rglob("*") if p.suffix in _SOURCE):  # type: ignore[attr-defined]
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{version('aqsha-izi')}+{digest.hexdigest()[:12]}"
