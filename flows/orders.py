"""`aqsha orders`: arrest orders of a delivery as messages to the banks, one file each."""

import json
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from flows.exit_codes import Exit

if TYPE_CHECKING:
    from flows.triage import Inspected
    from infra.wire.terms import Terms

FEED_NAME = "card_arrest_orders"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one file. `messages` are names of files, of which `before` were there."""

    found: "Inspected"
    messages: tuple[str, ...] = ()
    before: int = 0

    def as_json(self) -> str:
        """One line; `rejected` as in `aqsha inspect`."""
        told = {
            "file": self.found.file,
            "orders": self.found.transactions,
            "messages": list(self.messages),
            "written": len(self.messages) - self.before,
            "already_there": self.before,
            "rejected_rows": self.found.rejected,
            "rejected": json.loads(self.found.as_json())["rejected"],
        }
        return json.dumps(told, ensure_ascii=False)


def orders(
    files: Annotated[list[Path], typer.Argument(help="Orders, in any layout that a night takes.")],
    to: Annotated[Path, typer.Option("--to", help="Folder for the messages, made if need be.")],
    *,
    sender: Annotated[
        str | None,
        typer.Option("--sender", help="Who orders, as banks know it; else the order's own AGENCY."),
    ] = None,
    institution: Annotated[
        str | None,
        typer.Option("--institution", help="Read as the catalogue says of this sender."),
    ] = None,
    most: Annotated[
        int, typer.Option("--most", min=0, help="Of how many orders faults are listed.")
    ] = 100,
    as_json: Annotated[
        bool, typer.Option("--json", help="One line of JSON for each file.")
    ] = False,
) -> None:
    """Write arrest orders as messages to the banks: ISO 20022 auth.001, one for each card.

    Only orders that keep all rules of card_arrest_orders become messages; the others are listed
    with what to correct. A message is named after its order, and one that is there already is
    left as it is, so that running this again is safe. Messages hold personal data: keep the
    folder to those who send them. Nothing is sent, nothing is stored elsewhere.

    Exits 0 when every order has its message, 3 when some have not, 1 when a file is unreadable.
    """
    from flows import triage  # noqa: PLC0415

    terms = _terms(institution)
    done = []
    for file in files:
        done.append(_written(file, to, sender, terms, most))
        if as_json:
            sys.stdout.write(done[-1].as_json() + "\n")
        else:
            triage.show(Console(), done[-1].found)
            _show(Console(), done[-1], to)
    if not all(one.found.is_readable for one in done):
        raise typer.Exit(Exit.FAILED)
    raise typer.Exit(Exit.INCOMPLETE if any(one.found.rejected for one in done) else Exit.FINE)


def _written(file: Path, to: Path, sender: str | None, terms: "Terms | None", most: int) -> Written:
    from expectations.screen import screen  # noqa: PLC0415 - Great Expectations takes seconds
    from expectations.suites import SUITE_BY_FEED  # noqa: PLC0415
    from flows import triage  # noqa: PLC0415
    from infra.wire.inspection import contents  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415

    feed = FEED_BY_NAME[FEED_NAME]
    found = triage.inspected(file, most=most, feed=feed, terms=terms)
    if not found.is_readable:
        return Written(found)
    with contents(file, feed=feed, terms=terms) as whole:
        accepted = screen(whole.rows, SUITE_BY_FEED[feed.name], most_rejected=1).accepted
        rows = accepted.collect().rows(named=True)
    return _with_messages(found, rows, to, sender)


def _with_messages(
    found: "Inspected", rows: list[dict[str, Any]], to: Path, sender: str | None
) -> Written:
    from infra.wire.banks.arrest_order import NotAnOrder, file_name, message  # noqa: PLC0415
    from infra.wire.problems import Problem  # noqa: PLC0415

    made_at, names, before, unfit = datetime.now(UTC), [], 0, []
    for row in rows:
        try:
            name, body = file_name(row), message(row, sender or row["agency_code"], made_at)
            before += not _put_new(to / name, body)
            names.append(name)
        except (NotAnOrder, SaysOtherwise) as error:
            unfit.append(Problem(row["place"], None, "auth.001", str(error)))
    told = replace(found, accepted=found.accepted - len(unfit), problems=(*found.problems, *unfit))
    return Written(told, tuple(names), before)


class SaysOtherwise(ValueError):
    """Under the name of a message there is another one."""


def _put_new(path: Path, body: bytes) -> bool:
    """Write a message whole, for its owner only; false where it is there already.

    Raises:
        SaysOtherwise: the order was corrected since, or something else is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_bytes(body)
    if not path.exists():
        part.rename(path)
        return True
    is_same = _said(path) == _said(part)
    part.unlink()
    if not is_same:
        raise SaysOtherwise(
            f"{path.name} is there already and says otherwise; it was left as it is. If the order "
            f"was corrected, make sure that the bank drops the earlier message, then remove the "
            f"file and run this again."
        )
    return False


def _said(path: Path) -> object:
    """What the orders in a file say; null where it cannot be read."""
    from infra.wire.banks import auth001  # noqa: PLC0415
    from infra.wire.errors import Unreadable  # noqa: PLC0415

    try:
        return [record.cells for record in auth001.records(path)]
    except Unreadable:
        return None


def _terms(institution: str | None) -> "Terms | None":
    from infra.catalogue import Catalogue  # noqa: PLC0415
    from infra.settings import settings  # noqa: PLC0415

    if institution is None:
        return None
    terms = Catalogue.read(settings().sources).terms(FEED_NAME, institution)
    if terms is None:
        raise typer.BadParameter(f"{institution} does not deliver {FEED_NAME} by the catalogue.")
    return terms


def _show(console: Console, done: Written, to: Path) -> None:
    if done.found.is_readable:
        console.print(
            f"  {len(done.messages) - done.before} messages written to {to}, "
            f"{done.before} were there already",
            highlight=False,
        )
