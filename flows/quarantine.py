"""`aqsha quarantine`: look at rows that were set aside, correct them, have them judged again."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from flows.exit_codes import Exit
from flows.set_aside import files_with_rows_aside, rules_by_code, show_files, show_row, told

if TYPE_CHECKING:
    from infra.quarantine import Decision, SetAside
    from transforms.feeds.feed import Feed

quarantine = typer.Typer(
    help="Rows that broke rules: count them, look at one, release it corrected or as it is.",
    no_args_is_help=True,
)

ALL = "all"

FeedName = Annotated[str, typer.Argument(metavar="FEED", help="Feed.")]
Delivery = Annotated[str, typer.Option("--delivery", help="SHA-256 of the file, or how it begins.")]
Line = Annotated[
    list[str],
    typer.Option("--line", help="Row of the file, the first below the header being 1; or all."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]


@quarantine.command("list")
def list_(
    *,
    feed: Annotated[str | None, typer.Option("--feed", help="Of this feed only.")] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Of this business date only."),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First of the dates.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last of the dates.")
    ] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Code of a rule.")] = None,
    institution: Annotated[
        str | None, typer.Option("--institution", help="From this sender only.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How many rows of which file break which rule. A row that breaks two is in both lines."""
    if day and (since or until):
        raise typer.BadParameter("--date is one day; give it, or --since and --until.")
    first, last = (_civil(day or since), _civil(day or until))
    found = [
        file
        for one in ([_feed(feed)] if feed else _feeds())
        for file in files_with_rows_aside(one, first, last, rule, institution)
    ]
    if as_json:
        _say({"files": found, "rows": sum(file["rows"] for file in found)})
    else:
        show_files(found)


@quarantine.command()
def show(
    feed: FeedName,
    *,
    delivery: Delivery,
    line: Line,
    personal: Annotated[
        bool, typer.Option("--personal", help="Personal cells too; that you looked is recorded.")
    ] = False,
    who: Annotated[str, typer.Option("--who", help="With --personal: who looks.")] = "",
    why: Annotated[str, typer.Option("--why", help="With --personal: what for.")] = "",
    most: Annotated[int, typer.Option("--most", min=1, help="How many rows at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Rows as delivered, cell by cell, with the rules that they break and what to do."""
    if personal and not (who.strip() and why.strip()):
        raise typer.BadParameter("--personal needs --who and --why, which are kept in the ledger.")
    which = _feed(feed)
    file, rows = _found(which, delivery, _lines(line), most)
    if personal:
        _note_the_look(which, file, [row.line for row in rows], who, why)
    rows_told = [told(which, file, row, is_masked=not personal) for row in rows]
    if as_json:
        _say({"rows": rows_told})
        return
    for row in rows_told:
        show_row(row)


@quarantine.command()
def release(
    feed: FeedName,
    *,
    delivery: Delivery,
    line: Line,
    who: Annotated[str, typer.Option("--who", help="Who decides.")],
    why: Annotated[str, typer.Option("--why", help="Why, in words that an auditor will read.")],
    corrected: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="COLUMN=TEXT", help="A cell as it should be; again for more."
        ),
    ] = None,
    waive: Annotated[
        list[str] | None,
        typer.Option("--waive", metavar="CODE", help="A rule that the row need not keep."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide about rows, and have their business date staged and screened again at once.

    The file stays as it is. A row is accepted if it now keeps the rules; without --set and
    --waive it is judged once more as delivered, which also takes back an earlier decision: the
    last one counts, whole. Who, why, when and what are kept for good. Exits 3 when a row stays
    in quarantine.
    """
    if not (who.strip() and why.strip()):
        raise typer.BadParameter("--who and --why may not be empty: they are kept for good.")
    which, cells = _feed(feed), _cells(corrected or [])
    file, rows = _found(which, delivery, _lines(line), None)
    if ALL in line and waive:
        rows = [row for row in rows if {*waive} & {*row.violated_rules}]
    decided = _decisions(
        which, rows, cells=cells, waive=waive or [], who=who.strip(), why=why.strip()
    )
    _record(which, file, rows, decided)
    _end(which, file, [row.line for row in rows], as_json)


def _record(
    feed: "Feed",
    file: Mapping[str, Any],
    rows: "Sequence[SetAside]",
    decided: "Sequence[Decision]",
) -> None:
    from infra.installation import installation  # noqa: PLC0415
    from infra.quarantine import CorrectionError  # noqa: PLC0415

    try:
        installation().quarantine.decide(feed, file, rows, decided)
    except CorrectionError as error:
        raise typer.BadParameter(str(error)) from None
    _console().print(
        f"[green]✓[/] Recorded for {len(rows)} rows. Should what follows fail, the next night "
        f"carries it out.",
        highlight=False,
    )


def _end(feed: "Feed", file: Mapping[str, Any], lines: list[int], as_json: bool) -> None:
    """Judge the date again in a run of its own, and say what became of the rows."""
    from infra.installation import installation  # noqa: PLC0415

    _replay(feed.name, file["business_date"])
    still = installation().quarantine.still_aside(feed, file, lines)
    says = {code: rule.says for code, rule in rules_by_code(feed.name).items()}
    broken = {code: says.get(code, "") for codes in still.values() for code in codes}
    then = (
        f"Facts and reports of {file['business_date']} follow in the next night, or now: "
        f"aqsha nightly --date {file['business_date']}"
    )
    if as_json:
        answer = {
            "feed": feed.name,
            "business_date": file["business_date"],
            "institution": file["institution"],
            "delivery": file["delivery"],
            "accepted": [n for n in lines if n not in still],
            "in_quarantine": [{"line": n, "violated_rules": c} for n, c in still.items()],
            "rules": broken,
            "then": then,
        }
        _say(answer)
    console = _console()
    console.print(f"{len(lines) - len(still)} rows accepted, {len(still)} stay in quarantine")
    for code, sentence in broken.items():
        count = sum(code in codes for codes in still.values())
        console.print(f"  {count} rows break {code}: {sentence}", highlight=False)
    console.print(then, highlight=False)
    raise typer.Exit(Exit.INCOMPLETE if still else Exit.FINE)


def _replay(feed: str, day: date) -> None:
    from flows import orchestrator, terminal  # noqa: PLC0415
    from infra.settings import settings  # noqa: PLC0415

    orchestrator.prepare(settings())
    with _console().status("Prefect is starting"):
        terminal.orchestrator_ready(settings()).result()
    from flows.replay import replay  # noqa: PLC0415

    replay(feed, day)


def _decisions(
    feed: "Feed",
    rows: "Sequence[SetAside]",
    *,
    cells: Mapping[str, str],
    waive: Sequence[str],
    who: str,
    why: str,
) -> "list[Decision]":
    """The decision for each row: the same cells, and of the rules to waive those that it breaks."""
    from infra.quarantine import Decision  # noqa: PLC0415

    rules = rules_by_code(feed.name)
    now, made = datetime.now(UTC), []
    for code in waive:
        if code not in rules:
            raise typer.BadParameter(f"{code} is no rule of {feed.name}.")
    for row in rows:
        broken = {*row.violated_rules, *(row.decision.waived_rules if row.decision else ())}
        waived = tuple(code for code in waive if code in broken)
        if waive and not waived:
            raise typer.BadParameter(
                f"Line {row.line} does not break {', '.join(waive)} but "
                f"{', '.join(row.violated_rules) or 'no rule'}. Nothing was recorded."
            )
        made.append(Decision(cells, waived, who, why, now))
    if not made:
        raise typer.BadParameter("No row in quarantine is meant. Nothing was recorded.")
    return made


def _found(
    feed: "Feed", delivery: str, lines: list[int] | None, most: int | None
) -> "tuple[dict[str, Any], list[SetAside]]":
    from infra.installation import installation  # noqa: PLC0415
    from infra.quarantine import NotInQuarantine  # noqa: PLC0415

    at = installation().quarantine
    try:
        file = at.file(feed, delivery)
        return file, at.rows(feed, file, lines, most)
    except NotInQuarantine as error:
        raise typer.BadParameter(str(error)) from None


def _note_the_look(
    feed: "Feed", file: Mapping[str, Any], lines: list[int], who: str, why: str
) -> None:
    """Before a personal cell is shown: that it was, to whom, what for."""
    from infra.installation import installation  # noqa: PLC0415
    from infra.ledger import Entry, fingerprint  # noqa: PLC0415

    subject = f"{feed.name}/{str(file['delivery'])[:16]}"
    inputs = fingerprint({"lines": lines, "who": who, "why": why})
    details = {"who": who, "why": why, "lines": lines}
    installation().ledger.record(
        Entry(
            file["business_date"],
            "quarantine",
            subject,
            inputs,
            "personal_cells_shown",
            run="aqsha quarantine show",
            at=datetime.now(UTC),
            details=details,
        )
    )


def _feed(name: str) -> "Feed":
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415

    if name not in FEED_BY_NAME:
        raise typer.BadParameter(f"{name} is no feed. There are: {', '.join(FEED_BY_NAME)}.")
    return FEED_BY_NAME[name]


def _feeds() -> "Sequence[Feed]":
    from transforms.feeds import FEEDS  # noqa: PLC0415

    return FEEDS


def _lines(said: Sequence[str]) -> list[int] | None:
    """Line numbers; null for all."""
    if ALL in said:
        return None
    if not all(word.isdecimal() and int(word) for word in said):
        raise typer.BadParameter("--line is a number, 1 or more, or the word all.")
    return sorted({int(word) for word in said})


def _cells(said: Sequence[str]) -> dict[str, str]:
    cells = {}
    for word in said:
        name, is_, text = word.partition("=")
        if not is_:
            raise typer.BadParameter("--set is COLUMN=TEXT, with the column as the file names it.")
        cells[name.strip()] = text
    return cells


def _civil(moment: datetime | None) -> date | None:
    return moment and moment.date()


def _console() -> Console:
    return Console(stderr=True)


def _say(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, default=str, ensure_ascii=False) + "\n")
