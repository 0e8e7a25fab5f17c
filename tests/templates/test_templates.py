"""Templates lay out; they don't compute."""

import re
from importlib.resources import files

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError, nodes

from templates.html import _environment, html
from templates.reports import DAILY
from tests.templates.story import composed

ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
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
