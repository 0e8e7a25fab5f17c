"""Rows set aside as answers tell and terminals show them: counted by file, or cell by cell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from expectations.said import Rule
    from infra.quarantine import SetAside
    from transforms.feeds.feed import Feed


def told(
    feed: "Feed", file: Mapping[str, Any], row: "SetAside", *, is_masked: bool
) -> dict[str, Any]:
    """One row for an answer: where it lies, what it says, what it breaks, what to do."""
    from transforms.quarantine import masked  # noqa: PLC0415

    def shown(cells: Mapping[str, str | None]) -> dict[str, str | None]:
        return masked(feed, cells) if is_masked else dict(cells)

    rules = rules_by_code(feed.name)
    decision = row.decision
    return {
        "feed": feed.name,
        "business_date": file["business_date"],
        "institution": file["institution"],
        "file_name": file["file_name"],
        "delivery": file["delivery"],
        "line": row.line,
        "place": row.place,
        "run": row.run,
        "violated_rules": [
            {"code": code, "severity": rules[code].severity, "says": rules[code].says}
            if code in rules
            else {"code": code, "severity": "retired", "says": None}
            for code in row.violated_rules
        ],
        "cells": shown(row.cells),
        "decision": decision
        and {
            "cells": shown(decision.cells),
            "waived_rules": list(decision.waived_rules),
            "decided_by": decision.decided_by,
            "reason": decision.reason,
            "decided_at": decision.decided_at,
        },
        "what_to_do": _what_to_do(feed.name, file, row),
    }


def _what_to_do(feed: str, file: Mapping[str, Any], row: "SetAside") -> str:
    if row.run is None:
        return "Nothing: the row was accepted by that decision."
    return (
        f"Ask {file['institution']} for a corrected file; or, where the right value is known or "
        f"the row is right as it is: aqsha quarantine release {feed} --delivery "
        f"{str(file['delivery'])[:12]} --line {row.line} [--set COLUMN=TEXT] [--waive CODE] "
        f"--who … --why …"
    )


def show_files(files: Sequence[Mapping[str, Any]]) -> None:
    """Each file, and under it a line for each rule that rows of it break."""
    console = Console()
    for file in files:
        about = (file["feed"], file["business_date"], file["institution"], file["file_name"])
        console.print(Text(" ".join(map(str, about)), style="bold"))
        console.print(
            f"  {file['delivery'][:12]}  {file['rows']:,} rows set aside", highlight=False
        )
        rules = Table.grid(padding=(0, 2))
        rules.add_column(justify="right")
        for rule in file["rules"]:
            says = Text(rule["says"] or "No longer in force.")
            rules.add_row(f"  {rule['rows']:,}", rule["code"], says)
        console.print(rules)
    rows = sum(file["rows"] for file in files)
    console.print(f"{rows:,} rows of {len(files):,} files set aside", highlight=False)


def show_row(row: Mapping[str, Any]) -> None:
    """One row for people, as `told` tells it."""
    console = Console()
    where = f"line {row['line']}" + (f" ({row['place']})" if row["place"] else "")
    about = (row["feed"], row["business_date"], row["institution"], row["file_name"], where)
    console.print(Text(" ".join(map(str, about)), style="bold"))
    console.print(f"  file {row['delivery']}", highlight=False)
    if row["run"]:
        console.print(f"  set aside by {row['run']}", highlight=False)
    cells = Table("column", "as delivered", box=None, header_style="dim")
    for name, text in row["cells"].items():
        cells.add_row(name, Text(text or ""))
    console.print(cells)
    for rule in row["violated_rules"]:
        mark = "yellow" if rule["severity"] == "warning" else "red"
        console.print(f"  [{mark}]{rule['code']}[/] {rule['says'] or ''}", highlight=False)
    if decision := row["decision"]:
        changes = [f"{name} = {text}" for name, text in decision["cells"].items()]
        changes += [f"{code} waived" for code in decision["waived_rules"]]
        console.print(
            f"  decided by {decision['decided_by']} at {decision['decided_at']:%Y-%m-%d %H:%M} "
            f"UTC: {', '.join(changes) or 'judge again as delivered'} ({decision['reason']})",
            highlight=False,
            markup=False,
        )
    console.print(f"  {row['what_to_do']}", highlight=False, markup=False, soft_wrap=True)


def rules_by_code(feed: str) -> "Mapping[str, Rule]":
    """What each rule of a feed says; Great Expectations, which knows it, takes seconds to load."""
    from expectations.said import rules_of  # noqa: PLC0415

    return rules_of(feed)


def files_with_rows_aside(
    feed: "Feed", since: date | None, until: date | None, rule: str | None, institution: str | None
) -> list[dict[str, Any]]:
    """Each file with rows set aside, and the rules that they break."""
    from infra.installation import installation  # noqa: PLC0415

    counts = installation().quarantine.counts(feed, since, until)
    if counts.is_empty():
        return []
    rules, files = rules_by_code(feed.name), dict[str, dict[str, Any]]()
    for row in counts.iter_rows(named=True):
        if institution not in (None, row["institution"]) or rule not in (None, row["code"]):
            continue
        key = f"{row['business_date']} {row['institution']} {row['delivery']}"
        names = ("business_date", "institution", "delivery", "file_name", "run", "rows")
        about = {"feed": feed.name, **{name: row[name] for name in names}, "rules": []}
        says = rules[row["code"]].says if row["code"] in rules else None
        one = {"code": row["code"], "rows": row["code_rows"], "says": says}
        if rule:
            about["rows"] = row["code_rows"]
        files.setdefault(key, about)["rules"].append(one)
    return list(files.values())
