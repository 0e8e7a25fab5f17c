"""`aqsha clock`: which holds and orders end soon, or are over, as of a night."""

import sys
from datetime import datetime
from typing import Annotated

import typer

from flows.exit_codes import Exit


def clock(
    day: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Business date, in Almaty.")
    ],
    bank: Annotated[str | None, typer.Option("--bank", help="Of the bank with this BIC.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Those too whose term has days left.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each.")] = False,
) -> None:
    """Holds and arrest orders whose term ends by the next working day, or is over.

    What is over and nobody ended comes first. A hold that is not replaced by an arrest order
    within its term lets the money go. No account, card or person is named: the numbers of the
    hold and of the order find them at the bank. Exits 3 where some term is over.
    """
    import polars as pl  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from infra.installation import installation  # noqa: PLC0415
    from transforms.arrests.clock import TERMS  # noqa: PLC0415

    of_night = installation().lake.read(TERMS, partitions={"business_date": [day.date()]})
    told = (
        of_night.filter(pl.lit(bank is None) | (pl.col("bank_bic") == bank))
        .filter(pl.lit(everything) | (pl.col("state_code") != "running"))
        .group_by("kind_code", "hold_id", "order_id", "bank_bic", "due_on", "days_left")
        .agg(pl.col("state_code").first(), cards=pl.col("card_token").count())
        .sort("due_on", "bank_bic", "kind_code", "hold_id", "order_id")
        .collect()
    )
    if as_json:
        sys.stdout.write(told.write_ndjson())
    else:
        shown = Table("until", "working days left", "bank", "what", "number", "cards")
        for row in told.iter_rows(named=True):
            shown.add_row(
                str(row["due_on"]),
                str(row["days_left"]),
                row["bank_bic"],
                row["kind_code"],
                row["hold_id"] or row["order_id"],
                str(row["cards"] or ""),
            )
        Console().print(shown if told.height else "No term is over or ends by the next day.")
    if (told["state_code"] == "lapsed").any():
        raise typer.Exit(Exit.INCOMPLETE)
