"""`aqsha shadow`: what changed rules would have done on past nights, before they count."""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from infra.installation import Installation

_NAMES = "shadow.csv"


class NoNights(LookupError):
    """No night of those asked for was run."""


@dataclass(frozen=True, slots=True)
class Shadowed:
    """How many accounts come and go, by night and part; without personal data."""

    rule_version: str
    nights: list[date]
    counts: list[dict[str, Any]]
    file: str | None


def shadow(
    rules: Annotated[Path, typer.Argument(help="Changed file of typologies.", dir_okay=False)],
    *,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="First night; else the 7th last."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="Last night; else the last one run."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the accounts themselves, as CSV.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Run a changed file of typologies over past nights: whom it would have added and dropped.

    The file has the columns of transforms/reference/typologies.csv and is read as it will stand
    once all of its rows have begun. It is held against the rules in force on each night; nothing
    is kept in the lake. The answer counts accounts of the list and of each typology; only the
    file in --to names them, for its owner alone.
    """
    from infra.installation import installation  # noqa: PLC0415
    from transforms.droppers.shadow import changed_rules  # noqa: PLC0415
    from transforms.droppers.typologies import TypologyError  # noqa: PLC0415

    try:
        changed = changed_rules(rules.read_bytes())
    except FileNotFoundError:
        raise typer.BadParameter(f"There is no file {rules}.") from None
    except TypologyError as error:
        raise typer.BadParameter(str(error)) from None
    at = installation()
    nights = nights_run(at, since and since.date(), until and until.date())
    answer = compared(at, changed, nights, to)
    if as_json:
        sys.stdout.write(json.dumps(asdict(answer), default=str) + "\n")
    else:
        _show(Console(), answer)


def nights_run(at: "Installation", since: date | None, until: date | None) -> list[date]:
    """Nights with all their windows in the lake; the last 7 where no first night is given.

    Raises:
        NoNights: there is none.
    """
    from transforms.droppers.windows import ACCOUNT_WINDOWS  # noqa: PLC0415
    from transforms.retention import whole_since  # noqa: PLC0415

    known = at.lake.partition_digests(ACCOUNT_WINDOWS)
    first = whole_since(ACCOUNT_WINDOWS, known)
    run = [n for n in known if first <= n and (until is None or n <= until)]
    nights = run[-7:] if since is None else [night for night in run if night >= since]
    if not nights:
        raise NoNights(
            "No night of that time was run, so nothing was compared. Run aqsha nightly first, or "
            "give other days."
        )
    return nights


def compared(at: "Installation", changed: Any, nights: list[date], to: Path | None) -> Shadowed:
    """Hold changed rules against those in force, night by night."""
    from flows.private_files import put_private  # noqa: PLC0415
    from transforms.droppers.shadow import shadow as shadowed  # noqa: PLC0415
    from transforms.droppers.typologies import (  # noqa: PLC0415
        in_force_on,
        rule_version,
        typologies,
    )
    from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS  # noqa: PLC0415

    counts: list[dict[str, Any]] = []
    names = ""
    for night in nights:
        windows, links = (
            at.lake.read(table, partitions={"night": [night]}).collect().lazy()
            for table in (ACCOUNT_WINDOWS, LINK_WINDOWS)
        )
        rules = in_force_on(typologies(), night)
        changes, counted = shadowed(windows, links, rules=rules, changed=changed)
        counts += counted.collect().to_dicts()
        names += changes.collect().write_csv(include_header=not names)
    if to is not None:
        put_private(to, {_NAMES: names.encode()})
    return Shadowed(rule_version(changed), nights, counts, str(to / _NAMES) if to else None)


def _show(console: Console, answer: Shadowed) -> None:
    table = Table(title=f"Changed rules {answer.rule_version} against those in force", box=None)
    headings = ("night", "part_code", "before", "added", "dropped")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "part_code" else "right")
    for row in answer.counts:
        if row["part_code"] == "list" or row["added"] or row["dropped"]:
            table.add_row(*(str(row[heading]) for heading in headings))
    console.print(table)
    if answer.file:
        console.print(f"Accounts: {answer.file}", highlight=False)
