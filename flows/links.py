"""`aqsha links`: which seizure acts of two agencies count as one, why, and your word against it."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from flows.business_date import business_date_of
from flows.exit_codes import Exit

links = typer.Typer(
    help="Seizures that two agencies report: what counts as one, and why.", no_args_is_help=True
)

Act = Annotated[str, typer.Argument(metavar="AGENCY/NUMBER", help="An act, as police/ДП-00017/25.")]
Who = Annotated[str, typer.Option("--who", help="Who decides.")]
Why = Annotated[str, typer.Option("--why", help="Why, in words that an auditor will read.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]


@links.command("list")
def list_(
    *,
    act: Annotated[str | None, typer.Option("--act", help="Of this act only.")] = None,
    below: Annotated[
        float, typer.Option("--below", help="Only links less probable than this.")
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Acts that count as one seizure, the least probable first, each with its reason in words."""
    from infra.installation import installation  # noqa: PLC0415
    from transforms.seizures.links import SEIZURE_LINKS, links_told  # noqa: PLC0415

    found = links_told(installation().lake.read(SEIZURE_LINKS), act=act, below=below).collect()
    if as_json:
        sys.stdout.write(json.dumps({"links": found.to_dicts()}, default=str) + "\n")
        return
    table = Table(*found.columns)
    for row in found.iter_rows():
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console().print(table)


@links.command()
def part(act: Act, other: Act, *, who: Who, why: Why, as_json: AsJson = False) -> None:
    """Two acts are two seizures, whatever the model says; the next night counts both."""
    _decide(act, other, "apart", who=who, why=why, as_json=as_json)


@links.command()
def join(act: Act, other: Act, *, who: Who, why: Why, as_json: AsJson = False) -> None:
    """Two acts are one seizure, whatever the model says; the next night counts it once."""
    _decide(act, other, "same", who=who, why=why, as_json=as_json)


@links.command()
def release(act: Act, other: Act, *, who: Who, why: Why, as_json: AsJson = False) -> None:
    """Take an earlier word back: the model decides again. What was said is kept for good."""
    _decide(act, other, "model", who=who, why=why, as_json=as_json)


def _decide(act: str, other: str, code: str, *, who: str, why: str, as_json: bool) -> None:
    from infra.installation import installation  # noqa: PLC0415
    from transforms.seizures.links import (  # noqa: PLC0415
        SEIZURE_VERDICTS,
        NoVerdict,
        Verdict,
        verdicts,
    )

    now = datetime.now(UTC)
    day = business_date_of(now)
    try:
        rows = verdicts([Verdict(act.strip(), other.strip(), code, who, why)], on=day, at=now)
    except NoVerdict as error:
        raise typer.BadParameter(str(error)) from None
    installation().lake.append(SEIZURE_VERDICTS, rows)
    told = {"date": day, "acts": sorted((act, other)), "verdict": code}
    if as_json:
        sys.stdout.write(json.dumps(told, default=str, ensure_ascii=False) + "\n")
    else:
        Console().print(f"Noted as of {day}; the next night counts by it.", highlight=False)
    raise typer.Exit(Exit.FINE)
