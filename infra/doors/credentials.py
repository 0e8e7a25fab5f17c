"""Secrets that doors need, by the names under which the catalogue knows them."""

import os
import re
from pathlib import Path

from pydantic import SecretStr

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class NoSuchSecret(LookupError):
    """The catalogue names a secret that nobody has given us."""


class Credentials:
    """Secrets in the environment or in a folder, one file each, as Docker and systemd give them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> SecretStr:
        """The secret of that name, without blanks at its ends.

        Raises:
            NoSuchSecret: neither a variable nor a file has that name.
        """
        if not _NAME.fullmatch(name) or name in (".", ".."):
            raise NoSuchSecret(f"{name!r} is no name of a secret. Correct it in the catalogue.")
        if name in os.environ:
            return SecretStr(os.environ[name].strip())
        path = self._folder / name
        if path.is_file():
            return SecretStr(path.read_text(encoding="utf-8").strip())
        raise NoSuchSecret(
            f"The catalogue of sources names the secret {name}, which is neither in the "
            f"environment nor a file in {self._folder}. Put it there."
        )

    def file(self, name: str) -> Path:
        """The file of a secret that libraries read themselves, such as a certificate.

        Raises:
            NoSuchSecret: there is no such file.
        """
        self.get(name)
        return self._folder / name
