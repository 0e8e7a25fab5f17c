"""`aqsha clock`: which holds, orders and arrests end soon, or are over, as of a night."""

import sys
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.exit_codes import Exit

if TYPE_CHECKING:
    from rich.table import Table

    from infra.installation import Installation


class NotCounted(LookupError):
    """No night has looked at the terms of the day that was asked for."""


def clock(
    day: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Business date, in Almaty.")
    ],
    bank: Annotated[
        str | None, typer.Option("--bank", help="Number by number, at the bank with this BIC.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Those too whose term has days left.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each.")] = False,
) -> None:
    """Holds, arrest orders and arrests whose term ends soon, or is over.

    A hold that no arrest order replaces within its term lets the money go, and so does an arrest
    that no court extends. Without --bank each bank is one line; with it, what is over comes first.
    No account, card or person is named: the numbers of holds and orders find them there. Exits 3
    where some term is over.
    """
    from rich.console import Console  # noqa: PLC0415

    from infra.installation import installation  # noqa: PLC0415
    from transforms.arrests.clock import TERMS, asked_about, by_bank  # noqa: PLC0415

    at, night = installation(), day.date()
    _require_counted(at, night)
    of_night = at.lake.read(TERMS, partitions={"business_date": [night]})
    _require_known(bank, of_night)
    told = asked_about(of_night, bank=bank, everything=everything).collect()
    if as_json:
        sys.stdout.write(told.write_ndjson())
    elif told.is_empty():
        Console().print("No term is over, and none ends soon.")
    else:
        shown = _numbers(told.rows(named=True)) if bank else _banks(by_bank(told).rows())
        Console().print(shown)
    if (told["state_code"] == "lapsed").any():
        raise typer.Exit(Exit.INCOMPLETE)


def _require_counted(at: "Installation", night: date) -> None:
    """That nothing is told of a day must not be read as that nothing is over."""
    from transforms.arrests.clock import TERMS  # noqa: PLC0415

    is_told = night in at.lake.partition_digests(TERMS)
    if not is_told and at.ledger.last(night, "clock", "all") is None:
        raise NotCounted(
            f"The night of {night} was not run, so nothing is known of its terms. Run aqsha "
            f"nightly --date {night}, or ask for a night that was."
        )


def _require_known(bank: str | None, of_night: Any) -> None:
    """A mistyped BIC must not be read as a bank where nothing is over."""
    from transforms.arrests.clock import asked_about  # noqa: PLC0415
    from transforms.reference import reference  # noqa: PLC0415

    if bank is None or bank in reference("banks")["bic"].to_list():
        return
    if asked_about(of_night, bank=bank, everything=True).collect().is_empty():
        raise typer.BadParameter(f"{bank} is no BIC of a bank in the directory. Correct --bank.")


def _numbers(rows: Iterable[dict[str, Any]]) -> "Table":
    from rich.table import Table  # noqa: PLC0415

    shown = Table("until", "working days left", "what", "number", "assets")
    for row in rows:
        number = row["hold_id"] or row["order_id"]
        cells = (row["due_on"], row["days_left"], row["kind_code"], number, row["assets"] or "")
        shown.add_row(*map(str, cells))
    return shown


def _banks(rows: Iterable[tuple[Any, ...]]) -> "Table":
    from rich.table import Table  # noqa: PLC0415

    shown = Table("bank or agency", "what", "term is over", "ends soon", "runs")
    for row in rows:
        shown.add_row(*map(str, row))
    return shown
