"""`aqsha blocking`: whom to block after a night, as pages, tables and drafts of orders."""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from flows.contract import Language
from flows.private_files import put_private

if TYPE_CHECKING:
    from infra.installation import Installation
    from templates.blocking import Listed

A_DAY = timedelta(days=1)
_DRAFTS = "orders"


class NotListed(LookupError):
    """No night has listed accounts for the day that was asked for."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a list, without personal data."""

    night: date
    rule_version: str
    to_block: int
    ordered: int
    exempted: int
    at_stake_tiyn: int
    left_since_arrest_tiyn: int
    drafts: int
    folder: str
    files: list[str]


def blocking(
    *,
    day: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Business date of the night.")
    ],
    language: Annotated[
        Language | None, typer.Option("--lang", help="The page in this language only.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the files; else blocking in AQSHA_HOME.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Write the blocking list of a night: whom to block, why, and what may still be there.

    The folder gets the list as a page in ru, kk and en, as a workbook and CSV, and for each bank
    a draft of arrest orders in the layout of card_arrest_orders: a prosecutor fills in number,
    case with its region, day and authority in a copy, and aqsha orders makes the messages. The
    files hold personal data and are written for their owner only; the answer here does not.
    Earlier ones are replaced, and pages in other languages and drafts that the list no longer asks
    for are removed.
    """
    from infra.installation import installation  # noqa: PLC0415

    at = installation()
    listed = list_of_night(at, day.date())
    folder = to or at.settings.home / "blocking" / f"{listed.night}"
    written = write(listed, folder, [language] if language else list(Language))
    if as_json:
        sys.stdout.write(json.dumps(asdict(written), default=str) + "\n")
    else:
        _show(Console(), written)


def list_of_night(at: "Installation", night: date) -> "Listed":
    """The list of a night, from the lake as it is.

    Raises:
        NotListed: that night was not run.
    """
    from infra.code_version import code_version  # noqa: PLC0415
    from templates.blocking import Listed  # noqa: PLC0415
    from transforms.arrests.holds import PAYMENT_HOLDS  # noqa: PLC0415
    from transforms.arrests.measures import MEASURES  # noqa: PLC0415
    from transforms.droppers.alerts import ALERTS, with_exemptions  # noqa: PLC0415
    from transforms.droppers.blocking import blocking as listed  # noqa: PLC0415
    from transforms.droppers.boosted import MODEL_REASONS  # noqa: PLC0415
    from transforms.droppers.drift import PRODUCERS, reason_of_night  # noqa: PLC0415
    from transforms.droppers.evidence import EVIDENCE  # noqa: PLC0415
    from transforms.droppers.exemptions import EXEMPTIONS, exempted  # noqa: PLC0415
    from transforms.droppers.typologies import (  # noqa: PLC0415
        in_force_on,
        rule_version,
        typologies,
    )
    from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS  # noqa: PLC0415

    if night not in at.lake.partition_digests(ACCOUNT_WINDOWS):
        raise NotListed(
            f"No accounts are told of the night of {night}, so nothing was written. "
            f"Run aqsha nightly --date {night} first."
        )
    alerts, evidence, links, windows, model = (
        at.lake.read(table, partitions={"night": [night]})
        for table in (ALERTS, EVIDENCE, LINK_WINDOWS, ACCOUNT_WINDOWS, MODEL_REASONS)
    )
    # The list is used on the morning after its night, and so are decisions of that morning.
    exempt = exempted(at.lake.read(EXEMPTIONS), windows, links, night + A_DAY)
    rows = listed(
        with_exemptions(alerts, exempt),
        evidence,
        link_windows=links,
        measures=at.lake.read(MEASURES),
        left_since=_left_since(at, alerts, night),
        payment_holds=at.lake.read(PAYMENT_HOLDS),
        model_reasons=model,
        night=night,
    )
    rules = in_force_on(typologies(), night)
    weighed_by = evidence.select("rule_version").unique().collect()["rule_version"].to_list()
    return Listed(
        night=night,
        rows=rows.collect(),
        rules=rules.rows_by_key("code", named=True, unique=True),
        rule_version=", ".join(weighed_by) or rule_version(rules),
        code_version=code_version(),
        model_reason_code=reason_of_night(at.lake.read(PRODUCERS), night),
    )


def _left_since(at: "Installation", alerts: Any, night: date) -> Any:
    """What left listed accounts after their banks had arrested them."""
    from transforms.arrests.accounts import ACCOUNT_ARRESTS  # noqa: PLC0415
    from transforms.arrests.left_since import (  # noqa: PLC0415
        arrested_in_full,
        first_day,
        left_since,
    )
    from transforms.arrests.measures import MEASURES  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415

    lives, orders = at.lake.read(MEASURES), at.lake.read(ACCOUNT_ARRESTS)
    arrested = arrested_in_full(alerts, lives, orders, night).collect()
    booked = FEED_BY_NAME["card_transactions"].accepted_table
    moved = at.lake.read(booked, since=first_day(arrested, night))
    return left_since(moved, arrested, night)


def write(listed: "Listed", folder: Path, languages: list[Language]) -> Written:
    """Put page, tables and drafts of orders into a folder, for their owner only."""
    from templates.blocking import blocking_page  # noqa: PLC0415
    from templates.exports.blocking import drafts, tables  # noqa: PLC0415
    from templates.html import dossier_html  # noqa: PLC0415

    of_banks = {f"{_DRAFTS}/{name}": body for name, body in drafts(listed).items()}
    made = tables(listed, languages[0]) | of_banks
    beside = tuple(sorted(made))
    pages = {each.value: f"blocking.{each}.html" for each in languages}
    for each in languages:
        page = blocking_page(
            listed, language=each, pages=pages if len(pages) > 1 else {}, files=beside
        )
        made[pages[each]] = dossier_html(page)
    _remove_earlier(folder, listed.night)
    put_private(folder, made)
    to_block = listed.of("to_block")
    return Written(
        night=listed.night,
        rule_version=listed.rule_version,
        to_block=to_block.height,
        ordered=listed.of("ordered").height,
        exempted=listed.of("exempted").height,
        at_stake_tiyn=int(to_block["amount_at_stake_tiyn"].sum()),
        left_since_arrest_tiyn=int(listed.of("ordered")["left_since_tiyn"].sum()),
        drafts=len(of_banks),
        folder=str(folder),
        files=sorted(made),
    )


def _remove_earlier(folder: Path, night: date) -> None:
    """What was listed or drafted earlier may be exempted or ordered by now."""
    lists = ("blocking.*.html", "blocking.csv", "evidence.csv", "blocking.xlsx")
    names = (*lists, f"{_DRAFTS}/draft-*-{night}.csv")
    for earlier in chain.from_iterable(map(folder.glob, names)):
        earlier.unlink()


def _show(console: Console, written: Written) -> None:
    at_stake, left = (
        f"{tiyn // 100:,}" for tiyn in (written.at_stake_tiyn, written.left_since_arrest_tiyn)
    )
    console.print(
        f"To block: {written.to_block}, {at_stake} tenge may still be there. An order stands: "
        f"{written.ordered}. Exempted: {written.exempted}.",
        *(
            [f"{left} tenge left accounts after their arrest: ask the banks."]
            if left != "0"
            else []
        ),
        f"Banks with drafts of orders: {written.drafts}. Files in {written.folder}",
        sep="\n",
        highlight=False,
    )
    for page in (name for name in written.files if name.endswith(".html")):
        link = (Path(written.folder) / page).absolute().as_uri()
        console.print(f"  {link}", highlight=False, soft_wrap=True)
