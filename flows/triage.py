"""`aqsha inspect`: what a file is and what of it would be taken, offline, before any night."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.wire.errors import Unreadable
from infra.wire.inspection import Contents, UnknownLayout, contents
from infra.wire.problems import Faulty, Problem, faulty
from infra.wire.terms import Terms
from transforms.feeds.feed import Feed
from transforms.feeds.summary import period, sums


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found of one file; `as_json` documents its fields."""

    file: str
    format: str | None = None
    version: str | None = None
    feed: str | None = None
    entries: int = 0
    transactions: int = 0
    accepted: int = 0
    problems: tuple[Problem, ...] = ()
    warnings: tuple[tuple[str, str | None, int, str], ...] = ()
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    period: tuple[date, date] | None = None
    is_readable: bool = True

    @property
    def rejected(self) -> int:
        """Rows that would not be taken."""
        return self.transactions - self.accepted

    def as_json(self) -> str:
        """One line: `entries` counts camt `Ntry`, declarations or records, `transactions` rows.

        `rejected` has one entry for each fault, of the first rows that have any; `rejected_rows`
        counts them all. Sums are of accepted rows, credits and debits alike, as decimal strings.
        """
        told: dict[str, Any] = {
            "file": self.file,
            "format": self.format,
            "version": self.version,
            "feed": self.feed,
            "entries": self.entries,
            "transactions": self.transactions,
            "accepted": self.accepted,
            "rejected_rows": self.rejected,
            "rejected": [
                {"where": p.where, "field": p.field, "rule": p.rule, "message": p.message}
                for p in self.problems
            ],
            "warnings": [
                {"rule": rule, "field": column, "rows": rows, "message": says}
                for rule, column, rows, says in self.warnings
            ],
            "sums": {code: amount_text(total) for code, total in self.sums.items()},
            "period": [day.isoformat() for day in self.period or ()],
        }
        return json.dumps(told, ensure_ascii=False)


def inspected(
    path: Path, *, most: int, feed: Feed | None = None, terms: Terms | None = None
) -> Inspected:
    """What one file is and holds.

    A message of somebody's standard is held to that standard; a table in the layout of a feed,
    and any file when `feed` is given, to all rules of the feed, as the night does.

    Args:
        path: the file.
        most: of how many rows faults are told one by one.
        feed: read it as this feed and judge it by its rules.
        terms: read it as this entry of the catalogue of sources says.
    """
    try:
        with contents(path, feed=feed, terms=terms) as found:
            by_rules = found.is_own_layout or feed is not None
            return _judged(str(path), found, most, by_rules=by_rules)
    except UnknownLayout as error:
        problem = Problem("header", None, "layout", str(error))
        return Inspected(
            str(path), error.kind, entries=error.rows, problems=(problem,), is_readable=False
        )
    except (Unreadable, LookupError) as error:
        return _unreadable(path, str(error))
    except OSError as error:
        return _unreadable(path, f"{path.name} cannot be opened: {error.strerror}.")


def _unreadable(path: Path, says: str) -> Inspected:
    problem = Problem("file", None, "format", says)
    return Inspected(str(path), problems=(problem,), is_readable=False)


def _judged(file: str, found: Contents, most: int, *, by_rules: bool) -> Inspected:
    unread = faulty(found, most)
    rejected, problems, rows = unread.rows, unread.problems, unread.sound
    warnings = _unreconciled(unread)
    if by_rules:
        rejected, problems, warnings, rows = _by_rules(found, unread, most)
    first, last = period(rows, found.feed).collect().row(0)
    return Inspected(
        file,
        found.format,
        found.version,
        found.feed.name,
        found.entries,
        found.transactions,
        found.transactions - rejected,
        problems,
        warnings,
        dict(sums(rows, found.feed).collect(engine="streaming").iter_rows()),
        (first, last) if first else None,
    )


def _unreconciled(unread: Faulty) -> tuple[tuple[str, str | None, int, str], ...]:
    if not unread.unreconciled:
        return ()
    says = (
        "Totals that the file itself states are not the sums of its rows. Ask the sender whether "
        "something is missing from it."
    )
    return (("totals", "IS_RECONCILED", unread.unreconciled, says),)


def _by_rules(found: Contents, unread: Faulty, most: int) -> tuple[Any, ...]:
    """Rows rejected, their problems, warnings, and the accepted rows, as the feed's suite says."""
    from expectations.screen import screen  # noqa: PLC0415 - Great Expectations takes seconds
    from expectations.suites import SUITE_BY_FEED  # noqa: PLC0415

    screened = screen(found.rows, SUITE_BY_FEED[found.feed.name], most_rejected=1)
    wire = {f.column.name: f.wire for f in found.feed.fields}
    rules = {finding.code: finding for finding in screened.findings}
    explained = {(p.where, p.field): p for p in unread.problems}
    problems = []
    for row in screened.quarantined.head(most).collect().iter_rows(named=True):
        for code in row["violated_rules"]:
            columns = (rules[code].column or "").split(", ")
            silent = [column for column in columns if column in row and row[column] is None]
            names: list[str | None] = [wire[column] for column in silent]
            for named in names or [_named(columns, wire)]:
                unreadable = explained.get((row["place"], named))
                says = unreadable.message if unreadable else rules[code].says
                problems.append(Problem(row["place"], named, code, says))
    warnings = tuple(
        (f.code, f.column and wire.get(f.column, f.column), f.rows, f.says)
        for f in screened.findings
        if f.severity == "warning"
    )
    return screened.rows_quarantined, tuple(problems), warnings, screened.accepted


def _named(columns: list[str], wire: Mapping[str, str]) -> str | None:
    return ", ".join(wire.get(column, column) for column in columns) or None


def amount_text(amount: Decimal) -> str:
    """An exact decimal without needless zeros, with two decimals at least."""
    plain = f"{amount.normalize():f}"
    whole, _, part = plain.partition(".")
    return f"{whole}.{part:0<2}"


def show(console: Console, found: Inspected) -> None:
    """The same for people."""
    kind = " · ".join(word for word in (found.format, found.version, found.feed) if word)
    colour = "red" if not found.is_readable else "yellow" if found.rejected else "green"
    console.print(
        f"[bold]{found.file}[/]  [{colour}]{kind or 'unknown format'}[/]", highlight=False
    )
    if found.is_readable:
        console.print(
            f"  {found.entries} entries, {found.transactions} rows: "
            f"[green]{found.accepted} accepted[/], [{colour}]{found.rejected} rejected[/]"
        )
    for code, total in found.sums.items():
        console.print(f"  {amount_text(total)} {code}")
    if found.period:
        console.print(f"  {found.period[0]} – {found.period[1]}", highlight=False)
    if found.problems or found.warnings:
        console.print(_faults(found))


def _faults(found: Inspected) -> Table:
    table = Table(
        "where", "field", "rule", "what to do", box=None, header_style="dim", pad_edge=True
    )
    for problem in found.problems:
        table.add_row(problem.where, problem.field or "", problem.rule, problem.message)
    for rule, column, rows, says in found.warnings:
        table.add_row(f"{rows} rows", column or "", f"{rule} (warning)", says)
    return table
