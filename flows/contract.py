"""The contract of a feed as pages: sent to a sender by `aqsha contract`, kept beside the checks."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infra.catalogue import Source
    from templates.contract_model import Agreed, Contract


class Language(StrEnum):
    """In which a contract is written; what columns mean and rules say is English in each."""

    RU = "ru"
    KK = "kk"
    EN = "en"


def contract(
    feed: Annotated[str, typer.Argument(help="Feed.")],
    language: Annotated[
        Language | None, typer.Option("--lang", help="In this language only.")
    ] = None,
    institution: Annotated[
        str | None, typer.Option("--institution", help="With the terms of this sender only.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write it into this folder, a file a language.")
    ] = None,
) -> None:
    """The contract of a feed, to be sent to those who deliver it: one HTML page, nothing beside it.

    It says how the file is named and written, what each column holds, which rules are in force
    and what happens to a row that breaks one. Without --to the page goes to standard output, in
    Russian unless --lang says otherwise.
    """
    from infra.catalogue import Catalogue  # noqa: PLC0415
    from infra.settings import settings  # noqa: PLC0415
    from templates.html import contract_html  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415

    if feed not in FEED_BY_NAME:
        raise typer.BadParameter(f"{feed} is no feed. There are: {', '.join(FEED_BY_NAME)}.")
    sources = Catalogue.read(settings().sources).of(feed)
    if institution and not any(institution in source.institutions for source in sources):
        raise typer.BadParameter(f"{institution} does not deliver {feed} by the catalogue.")
    wanted = [language] if language or to is None else list(Language)
    name = f"{feed}_{institution}" if institution else feed
    for page in contracts(
        feed,
        sources,
        settings().most_rejected_share,
        [one or Language.RU for one in wanted],
        name=name,
        institution=institution,
    ):
        if to is None:
            sys.stdout.buffer.write(contract_html(page))
        else:
            to.mkdir(parents=True, exist_ok=True)
            path = to / _file(name, page.language)
            path.write_bytes(contract_html(page))
            sys.stdout.write(f"{path}\n")


def keep_contract(feed: str) -> str:
    """Keep the contract that is in force beside the pages of checks; gives its address."""
    from infra.check_pages import CheckPages  # noqa: PLC0415
    from infra.installation import installation  # noqa: PLC0415
    from templates.html import contract_html  # noqa: PLC0415

    at = installation()
    share = at.settings.most_rejected_share
    made = contracts(feed, at.catalogue.of(feed), share, list(Language), name=feed)
    files = {_file(feed, page.language): contract_html(page) for page in made}
    pages = CheckPages(at.connection.bucket(at.settings.reports_bucket))
    return f"{pages.put_contract(feed, made[0].stamp, files)}/{_file(feed, Language.EN)}"


def contracts(
    feed: str,
    sources: Sequence["Source"],
    most_rejected: float,
    languages: Sequence[str],
    *,
    name: str,
    institution: str | None = None,
) -> list["Contract"]:
    """A feed's contract in some languages, of which each links the others.

    Args:
        sources: terms of all who deliver it.
        name: what the files are called before the language.
        institution: whose terms alone are shown; absent: those of all.
    """
    from expectations.said import REJECTING, rules_of  # noqa: PLC0415
    from infra.wire.messages import FORMATS  # noqa: PLC0415
    from templates.contract import contract as worded  # noqa: PLC0415
    from templates.contract_model import Message, Rule  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415

    agreed = [
        _agreed(source, (institution,) if institution else source.institutions)
        for source in sources
        if institution is None or institution in source.institutions
    ]
    pages = {each: _file(name, each) for each in languages} if len(languages) > 1 else {}
    return [
        worded(
            FEED_BY_NAME[feed],
            language=language,
            rules=[
                Rule(code, rule.severity == REJECTING, rule.says, rule.source)
                for code, rule in rules_of(feed).items()
            ],
            messages=[Message(each.name, each.says) for each in FORMATS if each.feed == feed],
            agreed=agreed,
            most_rejected=most_rejected,
            pages=pages,
        )
        for language in languages
    ]


def _agreed(source: "Source", institutions: tuple[str, ...]) -> "Agreed":
    from infra.control import SUFFIXES  # noqa: PLC0415
    from templates.contract_model import Agreed  # noqa: PLC0415

    return Agreed(
        institutions=institutions,
        format=source.format,
        separator=source.separator,
        encoding=source.encoding,
        is_decimal_comma=source.decimal_comma,
        names=source.names,
        columns=source.columns,
        calendar=source.calendar,
        since=source.since,
        due=source.due,
        control=source.control,
        control_suffix=SUFFIXES.get(source.control, ""),
        is_mandatory=source.mandatory,
    )


def _file(name: str, language: str) -> str:
    return f"{name}.{language}.html"
