"""`aqsha exempt`: whom not to block, why and until when."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from flows.business_date import business_date_of
from flows.exit_codes import Exit

if TYPE_CHECKING:
    from infra.installation import Installation
    from infra.lake import Partitions
    from transforms.trail.naming import Named

exempt = typer.Typer(
    help="Accounts and persons that the blocking list shows as exempted, with reason and end.",
    no_args_is_help=True,
)


What = Annotated[
    str,
    typer.Argument(
        metavar="IDENTIFIER",
        help="IBAN of an account, a card's token, or IIN or BIN of a person; - reads them from "
        "standard input, a line each.",
    ),
]
Who = Annotated[str, typer.Option("--who", help="Who decides.")]
Why = Annotated[str, typer.Option("--why", help="Why, in words that an auditor will read.")]
Day = Annotated[
    datetime | None,
    typer.Option(
        "--date", formats=["%Y-%m-%d"], help="Business date of the decision; else the present."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]


@exempt.command()
def add(
    what: What,
    reason: Annotated[
        str,
        typer.Argument(
            metavar="REASON",
            help="close_relatives, wages, social_payments, registered_business, charity or "
            "investigator.",
        ),
    ],
    *,
    until: Annotated[
        datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day on which it counts.")
    ],
    who: Who,
    why: Why,
    day: Day = None,
    as_json: AsJson = False,
) -> None:
    """Exempt an account, that of a card, or all of a person until a day; later nights count it.

    A new decision on the same one replaces the earlier, which is kept for good all the same. aqsha
    blocking heeds decisions up to the day after its night.
    """
    decided_on = _on(day)
    if until.date() < decided_on:
        raise typer.BadParameter("--until lies before the decision: it would exempt nobody.")
    _decide(what, reason, until.date(), who=who, why=why, on=decided_on, as_json=as_json)


@exempt.command()
def end(what: What, *, who: Who, why: Why, day: Day = None, as_json: AsJson = False) -> None:
    """End an exemption at once; from the day of the decision on it counts no more."""
    decided_on = _on(day)
    yesterday = decided_on - timedelta(days=1)
    _decide(what, "investigator", yesterday, who=who, why=why, on=decided_on, as_json=as_json)


@exempt.command("list")
def list_(*, day: Day = None, as_json: AsJson = False) -> None:
    """How many exemptions stand on a day, by kind and reason, and when the next one ends.

    Whom they exempt is told by the blocking list alone.
    """
    from infra.installation import installation  # noqa: PLC0415
    from transforms.droppers.exemptions import EXEMPTIONS, standing_by_reason  # noqa: PLC0415

    known = installation().lake.read(EXEMPTIONS)
    found = standing_by_reason(known, on=_on(day)).collect()
    if as_json:
        sys.stdout.write(json.dumps({"exemptions": found.to_dicts()}, default=str) + "\n")
        return
    table = Table(*found.columns)
    for row in found.iter_rows():
        table.add_row(*map(str, row))
    Console().print(table)


def _decide(
    what: str, reason: str, until: date, *, who: str, why: str, on: date, as_json: bool
) -> None:
    from infra.installation import installation  # noqa: PLC0415
    from transforms.droppers.exemptions import (  # noqa: PLC0415
        EXEMPTIONS,
        Decision,
        UnknownReason,
        decided,
    )

    if not (who.strip() and why.strip()):
        raise typer.BadParameter("--who and --why may not be empty: they are kept for good.")
    try:
        taken = [
            Decision(one.kind, one.id, reason, until, why.strip(), who.strip())
            for one in _named(what)
        ]
    except UnknownReason as error:
        raise typer.BadParameter(str(error)) from None
    at, rows = installation(), decided(taken, on=on, at=datetime.now(UTC))
    told: dict[str, Any] = {"date": on, "decisions": len(taken), "until": until}
    told |= _touched(at, rows, on, until)
    at.lake.append(EXEMPTIONS, rows)
    if as_json:
        sys.stdout.write(json.dumps(told, default=str) + "\n")
    else:
        Console().print(_said(told), highlight=False)
    raise typer.Exit(Exit.FINE)


def _touched(at: "Installation", rows: Any, on: date, until: date) -> dict[str, Any]:
    """What decisions end, or how many accounts of the last night they exempt."""
    from transforms.droppers.exemptions import (  # noqa: PLC0415
        EXEMPTIONS,
        exempted,
        standing_too,
    )
    from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS  # noqa: PLC0415

    if until < on:
        return {"ended": standing_too(at.lake.read(EXEMPTIONS), rows, on=on).collect().height}
    nights = at.lake.partition_digests(ACCOUNT_WINDOWS)
    if not nights:
        return {}
    of_last: Partitions = {"night": [night := max(nights)]}
    windows, links = (at.lake.read(t, partitions=of_last) for t in (ACCOUNT_WINDOWS, LINK_WINDOWS))
    return {"night": night, "accounts": exempted(rows, windows, links, on).collect().height}


def _said(told: Mapping[str, Any]) -> str:
    noted = f"Decisions noted as of {told['date']}: {told['decisions']}"
    if "ended" in told:
        return f"{noted}. Exemptions that stood and end by them: {told['ended']}."
    said = f"{noted}; they count until {told['until']}."
    if "night" in told:
        said += f" Accounts of the night of {told['night']} that they exempt: {told['accounts']}."
    if told.get("accounts") == 0:
        said += " See whether a sign is mistyped; aqsha exempt end takes a decision back."
    return said


def _named(what: str) -> "list[Named]":
    from flows.seeds import names  # noqa: PLC0415
    from transforms.droppers.exemptions import KINDS  # noqa: PLC0415

    found = names(what)
    if any(one.kind not in KINDS for one in found):
        raise typer.BadParameter(
            "Only accounts (IBAN), cards and persons (IIN, BIN) can be exempted."
        )
    return list(dict.fromkeys(found))


def _on(day: datetime | None) -> date:
    return day.date() if day else business_date_of(datetime.now(UTC))
