"""Who gets which reports by mail: the file of roles. Addresses are personal data, never told."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class RolesError(ValueError):
    """The file of roles cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Role:
    """Who gets which reports, in which language."""

    name: str
    language: str
    reports: tuple[str, ...]
    areas: tuple[str, ...]
    addresses: tuple[str, ...] = field(repr=False)


def roles(path: Path | None) -> list[Role]:
    """The roles of a TOML file, each `[[role]]` with name, language, reports, areas, addresses.

    Raises:
        RolesError: it is not such a file; says which role, never an address.
    """
    if path is None:
        return []
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))["role"]
    except (OSError, tomllib.TOMLDecodeError, KeyError):
        raise RolesError(f"{path} is no file of roles. See .env.example.") from None
    return [_role(number, one) for number, one in enumerate(told, start=1)]


def _role(number: int, told: Mapping[str, Any]) -> Role:
    def texts(name: str) -> tuple[str, ...]:
        given = told.get(name)
        if not isinstance(given, Sequence) or isinstance(given, str) or not given:
            raise RolesError(f"Role {number} has no list of {name}. Correct the file of roles.")
        return tuple(map(str, given))

    name, language = told.get("name"), told.get("language")
    if not isinstance(name, str) or not isinstance(language, str):
        raise RolesError(f"Role {number} has no name or language. Correct the file of roles.")
    return Role(name, language, texts("reports"), texts("areas"), texts("addresses"))
