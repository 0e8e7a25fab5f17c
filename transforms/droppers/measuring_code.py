"""What the rules are made of beside their file: the code that measures, and its numbers.

A threshold means something only together with how its sign is measured. So the version of the
rules changes with either, and with nothing else: not with words, comments or layout.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import polars as pl

from transforms.reference import reference

_PACKAGE = "transforms.droppers"
_FIRST = ("activity", "window_figures", "persons", "signs", "evidence", "alerts")
_NUMBERS = ("legal_parameters", "activity_parameters", "alert_parameters")
_DECIDING = ("parameter", "value", "in_force_from", "in_force_to")


@cache
def measuring_digest() -> str:
    """A digest of the code of `measuring_modules` and of the dated numbers that it reads."""
    digest = hashlib.sha256()
    for module in measuring_modules():
        digest.update(stripped(_source(module)).encode())
    for name in _NUMBERS:
        digest.update(reference(name).select(pl.col(_DECIDING)).write_csv().encode())
    return digest.hexdigest()


@cache
def measuring_modules() -> tuple[str, ...]:
    """The modules of this package that evidence and alerts come about by, in order of name."""
    found, waiting = set[str](), [*_FIRST]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _used(ast.parse(_source(module)))
    return tuple(sorted(found))


def stripped(source: str) -> str:
    """Code without comments, layout and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def _used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{_PACKAGE}."):
            yield str(node.module).removeprefix(f"{_PACKAGE}.")


def _source(module: str) -> str:
    return files(_PACKAGE).joinpath(f"{module}.py").read_text(encoding="utf-8")
