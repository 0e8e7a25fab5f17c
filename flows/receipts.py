"""Receipts to senders: written by the night, printed or exported by `aqsha receipts`."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.exit_codes import Exit


def write_receipts(feed: str) -> int:
    """Receipts of the files of a feed about which something is new; gives how many."""
    from infra.installation import installation  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415

    return installation().receipts.write(FEED_BY_NAME[feed], lambda: _rules(feed))


def _rules(feed: str) -> dict[str, tuple[str, str]]:
    from expectations.said import rules_of  # noqa: PLC0415 - Great Expectations takes seconds

    return {code: (rule.severity, rule.says) for code, rule in rules_of(feed).items()}


def receipts(
    feed: Annotated[str, typer.Argument(help="Feed.")],
    day: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Business date, in Almaty.")
    ],
    institution: Annotated[
        str | None, typer.Option("--institution", help="Of this sender only.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write them into this folder, a file each.")
    ] = None,
) -> None:
    """Receipts for senders: what came of each file, which rows were rejected and by which rule.

    They are JSON (docs/receipts.md), one a line on standard output or one a file, and hold no
    cell of any row. Exits 3 when there is none.
    """
    from infra.installation import installation  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415

    if feed not in FEED_BY_NAME:
        raise typer.BadParameter(f"{feed} is no feed. There are: {', '.join(FEED_BY_NAME)}.")
    found = installation().receipts.of(FEED_BY_NAME[feed], day.date(), institution)
    for key, body in found.items():
        if to is None:
            sys.stdout.write(json.dumps(json.loads(body), ensure_ascii=False) + "\n")
        else:
            told = json.loads(body)
            to.mkdir(parents=True, exist_ok=True)
            name = f"{feed}_{told['institution']}_{day:%Y%m%d}_{key.rpartition('/')[2]}"
            (to / name).write_bytes(body)
            sys.stdout.write(f"{to / name}\n")
    if not found:
        sys.stderr.write(f"No file of {feed} for {day:%Y-%m-%d} has been screened.\n")
        raise typer.Exit(Exit.INCOMPLETE)
