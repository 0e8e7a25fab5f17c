"""`aqsha clock`: which holds, orders and arrests end soon, or are over, as of a night."""

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.exit_codes import Exit

if TYPE_CHECKING:
    from rich.table import Table


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
    that no court extends. Without --bank each
    bank is one line; with it, what is over comes first. No account, card or person is named: the
    numbers of holds and orders find them there. Exits 3 where some term is over.
    """
    from rich.console import Console  # noqa: PLC0415

    from infra.installation import installation  # noqa: PLC0415
    from transforms.arrests.clock import TERMS, asked_about, by_bank  # noqa: PLC0415

    of_night = installation().lake.read(TERMS, partitions={"business_date": [day.date()]})
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
