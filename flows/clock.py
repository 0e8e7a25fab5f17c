"""`aqsha clock`: which holds and orders end soon, or are over, as of a night."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.exit_codes import Exit

if TYPE_CHECKING:
    import polars as pl
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
    """Holds and arrest orders whose term ends by the next working day, or is over.

    A hold that no arrest order replaces within its term lets the money go. Without --bank each
    bank is one line; with it, what is over comes first. No account, card or person is named: the
    numbers of holds and orders find them at the bank. Exits 3 where some term is over.
    """
    import polars as pl  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    from infra.installation import installation  # noqa: PLC0415
    from transforms.arrests.clock import TERMS  # noqa: PLC0415

    asked = [pl.col("bank_bic") == bank] if bank else []
    if not everything:
        asked.append(pl.col("state_code") != "running")
    told = (
        installation()
        .lake.read(TERMS, partitions={"business_date": [day.date()]})
        .filter(*asked)
        .group_by(
            "due_on", "days_left", "state_code", "bank_bic", "kind_code", "hold_id", "order_id"
        )
        .agg(cards=pl.col("card_token").count())
        .sort("due_on", "bank_bic", "kind_code", "hold_id", "order_id")
        .collect()
    )
    if as_json:
        sys.stdout.write(told.write_ndjson())
    elif told.is_empty():
        Console().print("No term is over, and none ends by the next working day.")
    else:
        Console().print(_numbers(told) if bank else _banks(told))
    if (told["state_code"] == "lapsed").any():
        raise typer.Exit(Exit.INCOMPLETE)


def _numbers(told: "pl.DataFrame") -> "Table":
    from rich.table import Table  # noqa: PLC0415

    shown = Table("until", "working days left", "what", "number", "cards")
    for row in told.iter_rows(named=True):
        number = row["hold_id"] or row["order_id"]
        cells = (row["due_on"], row["days_left"], row["kind_code"], number, row["cards"] or "")
        shown.add_row(*map(str, cells))
    return shown


def _banks(told: "pl.DataFrame") -> "Table":
    import polars as pl  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    states = ("lapsed", "warned", "running")
    counts = (
        told.group_by("bank_bic", "kind_code")
        .agg((pl.col("state_code") == state).sum().alias(state) for state in states)
        .sort("bank_bic", "kind_code")
    )
    shown = Table("bank", "what", "term is over", "ends by the next working day", "runs")
    for row in counts.iter_rows(named=True):
        shown.add_row(row["bank_bic"], row["kind_code"], *(str(row[state]) for state in states))
    return shown
