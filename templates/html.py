"""An edition as one HTML page that needs nothing else: no network, no script."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from templates.charts import drawing
from templates.model import Edition
from templates.wording import wording

_STYLES = ("page.css", "parts.css", "print.css")


def html(edition: Edition) -> bytes:
    """The page. Equal editions give equal bytes."""
    page = _environment(edition.language).get_template("pages/report.html.j2")
    text = page.render(
        edition=edition,
        drawings=[drawing(chart) for chart in edition.charts],
        style=_style(),
    )
    return text.encode()


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("templates", package_path=""),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    translations = wording(language).translations
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return environment


@cache
def _style() -> Markup:
    folder = files("templates").joinpath("styles")
    return Markup("\n".join(folder.joinpath(name).read_text("utf-8") for name in _STYLES))  # noqa: S704  our own files
