"""`aqsha seeds`: name whose money is followed in a case, and see what is named."""

import json
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from flows.business_date import business_date_of
from flows.exit_codes import Exit

if TYPE_CHECKING:
    from transforms.trail.naming import Named

seeds = typer.Typer(
    help="Where trails begin: name an account, card, wallet, client of an exchange or person.",
    no_args_is_help=True,
)

STANDARD_INPUT = "-"

AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]


@seeds.command()
def add(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Register number, 15 digits.")],
    what: Annotated[
        str,
        typer.Argument(
            metavar="IDENTIFIER",
            help="IBAN, card token, address, network:address, EXCHANGE/client, IIN or BIN; "
            "- reads them from standard input, a line each.",
        ),
    ],
    *,
    who: Annotated[str, typer.Option("--who", help="Who decides.")],
    why: Annotated[str, typer.Option("--why", help="Why, in words that an auditor will read.")],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d"],
            help="Its money is followed from this day on; else from as long before --date as that "
            "of a card under arrest.",
        ),
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], help="Business date of the decision; else the present."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Name seeds of a case; the next night follows them from their first day on.

    Who, why and when are kept for good: a seed is not taken back. What the case follows as early
    already is not written again, so that running this twice is safe.
    """
    from infra.installation import installation  # noqa: PLC0415
    from transforms.trail.naming import is_case  # noqa: PLC0415
    from transforms.trail.parameters import look_back  # noqa: PLC0415
    from transforms.trail.seeds import SEEDS, decisions, new_decisions  # noqa: PLC0415

    if not is_case(case):
        raise typer.BadParameter("A case is named by its register number (ERDR), 15 digits.")
    if not (who.strip() and why.strip()):
        raise typer.BadParameter("--who and --why may not be empty: they are kept for good.")
    decided_on = day.date() if day else business_date_of(datetime.now(UTC))
    decided = decisions(
        names(what),
        case_no=case.strip(),
        decided_on=decided_on,
        from_on=since.date() if since else decided_on - look_back(),
        reason=why.strip(),
        set_by=who.strip(),
    ).collect()
    if since and since.date() > decided_on:
        raise typer.BadParameter("--since is later than the day of the decision, --date.")
    at = installation()
    new = new_decisions(decided.lazy(), at.lake.read(SEEDS)).collect()
    if new.height:
        at.lake.append(SEEDS, new.lazy())
    _say_added(decided_on, new.height, decided.height - new.height, as_json)


@seeds.command("list")
def list_(
    *,
    case: Annotated[str | None, typer.Option("--case", help="Of this case only.")] = None,
    personal: Annotated[
        bool,
        typer.Option("--personal", help="What is named, and why; that you looked is recorded."),
    ] = False,
    who: Annotated[str, typer.Option("--who", help="With --personal: who looks.")] = "",
    why: Annotated[str, typer.Option("--why", help="With --personal: what for.")] = "",
    as_json: AsJson = False,
) -> None:
    """How many seeds each case has, of which kind, who named them and when last.

    Cards under arrest are followed too and are not listed. Exits 0 also where there are none.
    """
    from infra.installation import installation  # noqa: PLC0415
    from transforms.trail.seeds import SEEDS, seeds_by_case  # noqa: PLC0415

    if personal and not (case and who.strip() and why.strip()):
        raise typer.BadParameter("--personal needs --case, --who and --why, which are kept.")
    known = installation().lake.read(SEEDS)
    if case:
        known = known.filter(case_no=case.strip())
    if personal:
        _note_the_look(case or "", who.strip(), why.strip())
    found = (known.sort(SEEDS.key) if personal else seeds_by_case(known)).collect()
    if as_json:
        sys.stdout.write(json.dumps({"seeds": found.to_dicts()}, default=str) + "\n")
        return
    table = Table(*found.columns)
    for row in found.iter_rows():
        table.add_row(*map(str, row))
    Console().print(table)


def names(what: str) -> "list[Named]":
    """What a person named, in an argument or, by `-`, in lines of standard input.

    Raises:
        BadParameter: a line names nothing; says which, never what stands there.
    """
    from transforms.trail.naming import NotAnIdentifier, named  # noqa: PLC0415

    if what == STANDARD_INPUT:
        return names_in(sys.stdin.read(), "on standard input")
    if not what.strip():
        raise typer.BadParameter("Nothing was named.")
    try:
        return [named(what)]
    except NotAnIdentifier as error:
        raise typer.BadParameter(str(error)) from None


def names_in(text: str, where: str) -> "list[Named]":
    """What stands in lines, one each; blank ones are passed over.

    Raises:
        BadParameter: a line names nothing, or none does.
    """
    from transforms.trail.naming import NotAnIdentifier, named  # noqa: PLC0415

    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(named(line))
        except NotAnIdentifier as error:
            raise typer.BadParameter(f"Line {number}: {error}") from None
    if not found:
        raise typer.BadParameter(f"Nothing was named {where}. Give an identifier a line.")
    return found


def _say_added(decided_on: date, new: int, known: int, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {"date": decided_on, "added": new, "already_there": known}
        sys.stdout.write(json.dumps(told, default=str) + "\n")
    else:
        Console().print(
            f"{new} seeds added as of {decided_on}, {known} were there already. "
            f"The next night follows them; aqsha trace does at once.",
            highlight=False,
        )
    raise typer.Exit(Exit.FINE)


def _note_the_look(case: str, who: str, why: str) -> None:
    """Before seeds are shown: that they were, to whom, what for."""
    from infra.installation import installation  # noqa: PLC0415
    from infra.ledger import Entry, fingerprint  # noqa: PLC0415

    now = datetime.now(UTC)
    installation().ledger.record(
        Entry(
            business_date_of(now),
            "seeds",
            case,
            fingerprint({"who": who, "why": why}),
            "personal_cells_shown",
            run="aqsha seeds list",
            at=now,
            details={"who": who, "why": why},
        )
    )
