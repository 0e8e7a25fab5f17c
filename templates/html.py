"""Editions, contracts and dossiers as HTML pages that need nothing else: no network, no script."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from templates.charts import drawing, drawn_curve
from templates.contract_model import Contract
from templates.dossier_model import Dossier
from templates.model import Edition
from templates.portal_model import PortalFeed, PortalPage
from templates.provenance_model import ProvenancePage
from templates.status_model import StatusPage
from templates.wording import wording

_REPORT = ("page.css", "parts.css", "print.css")
_STATUS = (*_REPORT, "status.css")
_CONTRACT = (*_REPORT, "contract.css")
_DOSSIER = (*_REPORT, "dossier.css")
_PORTAL = (*_REPORT, "portal.css")
_PROVENANCE = (*_CONTRACT, "provenance.css")


def html(edition: Edition) -> bytes:
    """The page. Equal editions give equal bytes."""
    page = _environment(edition.language).get_template("pages/report.html.j2")
    text = page.render(
        edition=edition,
        drawings=[drawing(chart) for chart in edition.charts],
        headlines=[drawn_curve(headline) for headline in edition.headlines],
        style=_style(_REPORT),
    )
    return text.encode()


def contract_html(contract: Contract) -> bytes:
    """The page. Equal contracts give equal bytes."""
    page = _environment(contract.language).get_template("pages/contract.html.j2")
    return page.render(contract=contract, style=_style(_CONTRACT)).encode()


def status_html(page: StatusPage) -> bytes:
    """The page. Equal states give equal bytes."""
    template = _environment(page.language).get_template("pages/status.html.j2")
    return template.render(page=page, style=_style(_STATUS)).encode()


def dossier_html(dossier: Dossier) -> bytes:
    """The page. Equal dossiers give equal bytes."""
    page = _environment(dossier.language).get_template("pages/dossier.html.j2")
    return page.render(dossier=dossier, style=_style(_DOSSIER)).encode()


def provenance_html(page: ProvenancePage) -> bytes:
    """The page. Equal pages give equal bytes."""
    template = _environment(page.language).get_template("pages/provenance.html.j2")
    return template.render(page=page, style=_style(_PROVENANCE)).encode()


def portal_html(page: PortalPage) -> bytes:
    """The page. Equal pages give equal bytes."""
    template = _environment(page.language).get_template("pages/portal.html.j2")
    return template.render(page=page, style=_style(_PORTAL)).encode()


def portal_atom(feed: PortalFeed) -> bytes:
    """The feed. Equal feeds give equal bytes."""
    template = _environment(feed.language).get_template("pages/portal.atom.j2")
    return template.render(feed=feed).encode()


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
    environment.globals["provenance"] = f"provenance.{language}.html"
    translations = wording(language).translations
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return environment


@cache
def _style(names: tuple[str, ...]) -> Markup:
    folder = files("templates").joinpath("styles")
    return Markup("\n".join(folder.joinpath(name).read_text("utf-8") for name in names))  # noqa: S704  our own files
