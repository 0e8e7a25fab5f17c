"""Templates lay out; they don't compute."""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError, nodes

from templates.html import _environment, html
from templates.reports import DAILY
from tests.templates.story import composed

ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
# Calls whose texts are messages, and those whose texts no reader of a page sees.
SAID = {"say", "message", "messages", "count"}
UNSEEN = {"Column", "Table", "compile", "sub", "search", "findall"}
SENTENCE = re.compile(r"[а-яәғқңөұүһі]|[a-z]{2,} [a-z]{2,}", re.IGNORECASE)
# What is no message: alphabets, names of languages, words cut from codelists, kinds in code,
# English exports for other programs.
KNOWN = {
    "charts.py": {'" fill="none"'},
    "downloads.py": {"Data Package"},
    "follow_the_money.py": {" KZT by ", "Role in case ", "account holder"},
    "places.py": {"область ", "город ", " область", " облысы", " қаласы"},
    "sheets.py": {"yyyy-mm-dd hh:mm:ss", "Table Style Light 1"},
    "wording.py": {"Русский", "Қазақша", "абвгдеё", "аәбвгғдеё", "әғқңөұүһі", "агкноуухи"},
}
TEMPLATES = sorted(files("templates").glob("**/*.j2"))


def test_there_are_templates():
    assert len(TEMPLATES) >= 5


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_does_no_arithmetic(path):
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(
        path.read_text(encoding="utf-8")
    )

    assert [f"line {n.lineno}" for n in tree.find_all(ARITHMETIC)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_trusts_no_text_and_styles_nothing_itself(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe|style=|autoescape|round\(|format\(", text)


@pytest.mark.parametrize(
    "path", sorted(files("templates").rglob("*.py")), ids=lambda path: path.name
)
def test_what_a_reader_sees_stands_in_the_catalogues(path):
    known = KNOWN.get(path.name, set())
    texts = sentences(ast.parse(path.read_text(encoding="utf-8")))

    assert [t for t in texts if not t.startswith(tuple(known))] == []


def test_a_sentence_in_code_is_found():
    code = '''
"""A docstring says what it is."""
title = say("Late by %(n)s days")
note = f"{n} days of the month"
raise ValueError("Nothing was written.")
other = "По регионам"
'''

    assert set(sentences(ast.parse(code))) == {" days of the month", "По регионам"}


def sentences(tree: ast.Module) -> Iterator[str]:
    """Texts of code that read like language and are neither messages, docstrings nor errors."""
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in SAID | UNSEEN | {"__init__"}:
                passed.update(ast.walk(node))
        elif isinstance(node, ast.Raise | ast.Assert):
            passed.update(ast.walk(node))
        elif isinstance(node, ast.Dict):
            passed.update(key for key in node.keys if key)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(node.value)  # a docstring, of a constant too
    for node in ast.walk(tree):
        if node in passed or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, str) and SENTENCE.search(node.value) and node.value[:1] != "<":
            yield node.value


def test_a_value_that_an_edition_lacks_stops_the_page():
    environment = Environment(undefined=StrictUndefined, autoescape=True)

    with pytest.raises(UndefinedError, match="no attribute 'subtitle'"):
        environment.from_string("{{ edition.subtitle }}").render(edition=composed(DAILY))


def test_the_page_is_made_with_strict_undefined_and_autoescape():
    environment = _environment("en")

    assert environment.undefined is StrictUndefined
    assert environment.autoescape is True


def test_a_text_from_outside_cannot_become_markup():
    edition = composed(DAILY, fingerprint="<script>alert(1)</script>")

    page = html(edition).decode()

    assert "<script" not in page
    assert "&lt;script&gt;" in page
