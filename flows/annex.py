"""`aqsha annex`: the rows behind an edition with names, for an analyst who says what for."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from flows.private_files import put_private
from flows.sign_off import AsJson, Which, Who, Why, said

if TYPE_CHECKING:
    from datetime import date

    from infra.installation import Installation


def annex(
    edition: Which,
    *,
    who: Who,
    why: Why,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the file; else annexes in AQSHA_HOME.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take out the annex of an edition: every row behind its figures, with whom it concerns.

    It is held against the signed manifest first, and the ledger keeps who took it and what for.
    The file holds personal data and is for its owner only; the answer here does not.
    """
    from infra.editions import ANNEX, place_of  # noqa: PLC0415
    from infra.installation import installation  # noqa: PLC0415

    at, (place, revision) = installation(), place_of(edition)
    address = place.edition(revision)
    who, why = said(who, why)
    body = at.shelf.annex(address)
    _note_the_look(at, address, place.period_end, who, why)
    folder = to or at.settings.home / "annexes" / address.removeprefix("reports/")
    put_private(folder, {ANNEX: body})
    told = {"edition": address, "file": str(folder / ANNEX), "bytes": len(body)}
    if as_json:
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        Console().print(f"{address}: {folder / ANNEX}", highlight=False, soft_wrap=True)


def _note_the_look(at: "Installation", edition: str, day: "date", who: str, why: str) -> None:
    """Before names are shown: that they were, to whom, what for."""
    from infra.ledger import Entry, fingerprint  # noqa: PLC0415

    details = {"who": who, "why": why, "edition": edition}
    at.ledger.record(
        Entry(
            day,
            "annex",
            edition,
            fingerprint(details),
            "personal_cells_shown",
            run="aqsha annex",
            at=datetime.now(UTC),
            details=details,
        )
    )
