"""Rows set aside, with the text that was delivered; and what people decide about them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from infra.lake import Lake
from infra.staging import Staging
from transforms.corrections import corrections_table, last_corrections, unreadable_cells
from transforms.deliveries import counting_deliveries, deliveries_table
from transforms.feeds.cells import FORMS
from transforms.feeds.feed import Feed
from transforms.quarantine import counts_by_rule

_FILE = ("business_date", "institution", "delivery")


class NotInQuarantine(LookupError):
    """No such file or row is in quarantine, or several are meant."""


class CorrectionError(ValueError):
    """A decision that cannot be carried out; nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a row, as `corrections_table` keeps it."""

    cells: Mapping[str, str]
    waived_rules: tuple[str, ...]
    decided_by: str
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """One delivered row: its text, the rules that it breaks, and the last decision about it.

    `run` is null, and no rule broken, when the decision had it accepted.
    """

    line: int
    place: str | None
    cells: Mapping[str, str | None]
    violated_rules: tuple[str, ...]
    run: str | None
    decision: Decision | None


class Quarantine:
    """Looks into the quarantine of feeds, and records decisions."""

    def __init__(self, lake: Lake, staging: Staging) -> None:
        self._lake = lake
        self._staging = staging

    def counts(
        self, feed: Feed, since: date | None = None, until: date | None = None
    ) -> pl.DataFrame:
        """Rows set aside by file and rule, as `counts_by_rule` tells them."""
        rows = self._lake.read(feed.quarantine_table, since=since, until=until)
        received = self._lake.read(deliveries_table(feed), since=since, until=until)
        return counts_by_rule(rows, counting_deliveries(received)).collect()

    def file(self, feed: Feed, beginning: str) -> dict[str, Any]:
        """Receipt of the file with rows in quarantine, or decided about, by its digest's beginning.

        Raises:
            NotInQuarantine: there is none, several, or another file counts by now.
        """
        tables = (feed.quarantine_table, corrections_table(feed))
        is_meant = pl.col("delivery").str.starts_with(beginning)
        found = [self._lake.read(table).filter(is_meant).select(_FILE) for table in tables]
        files = pl.concat(found).unique().collect()
        if files.is_empty():
            raise NotInQuarantine(
                f"{feed.name}: no row of a file whose digest begins with {beginning} is in "
                f"quarantine. See what is: aqsha quarantine list --feed {feed.name}."
            )
        if files["delivery"].n_unique() > 1 or files.height > 1:
            raise NotInQuarantine(
                f"{feed.name}: {files.height} files begin with {beginning}. Give more of the "
                f"digest, or the date of the delivery."
            )
        dates = files["business_date"].to_list()
        receipts = self._staging.counting(feed, dates).join(files.lazy(), on=_FILE, how="semi")
        counting = receipts.collect()
        if counting.is_empty():
            raise NotInQuarantine(
                f"{feed.name}: the file {beginning} was replaced by a later one, so its rows count "
                f"no more. Run the night of {dates[0]}, then look again."
            )
        return counting.row(0, named=True)

    def rows(
        self, feed: Feed, file: Mapping[str, Any], lines: Sequence[int] | None, most: int | None
    ) -> list[SetAside]:
        """Rows of a file that are in quarantine, or that a decision took out of it.

        Args:
            feed: what the file is of.
            file: as `file` gave it.
            lines: which rows; null for all that are in quarantine.
            most: how many are read; null for all.

        Raises:
            NotInQuarantine: a line is neither set aside nor decided about.
        """
        aside = self._of(feed.quarantine_table, file).select("line", "violated_rules", "run")
        decided = self._of(corrections_table(feed), file).pipe(last_corrections)
        decided = decided.drop(*_FILE, strict=False)
        found = aside.join(decided, on="line", how="full", coalesce=True, validate="1:1")
        chosen = pl.col("run").is_not_null() if lines is None else pl.col("line").is_in(list(lines))
        kept = found.filter(chosen).sort("line").collect()
        if lines is not None and (lost := sorted({*lines} - {*kept["line"]})):
            raise NotInQuarantine(
                f"{feed.name}, file {file['file_name']}: line {', '.join(map(str, lost))} is not "
                f"in quarantine. See which are: aqsha quarantine show {feed.name} "
                f"--delivery {str(file['delivery'])[:12]} --line all."
            )
        kept = kept.head(kept.height if most is None else most)
        told = self._staging.as_delivered(feed, dict(file), kept["line"])
        joined = kept.join(told, on="line", how="inner", validate="1:1").sort("line")
        names = [name for name in feed.message_columns if name in told.columns]
        return [_set_aside(row, names) for row in joined.iter_rows(named=True)]

    def decide(
        self,
        feed: Feed,
        file: Mapping[str, Any],
        rows: Sequence[SetAside],
        decisions: Sequence[Decision],
    ) -> None:
        """Record, for good, one decision for each row; the date counts as undone from now on.

        Raises:
            CorrectionError: a cell is not of the file, or could not be read either.
        """
        for cells in {json.dumps(d.cells): d.cells for d in decisions}.values():
            _require_readable(feed, cells, rows[0])
        table = corrections_table(feed)
        frame = pl.DataFrame(
            [
                [
                    *(file[name] for name in _FILE),
                    row.line,
                    _json(decision.cells),
                    _json({name: row.cells[name] for name in decision.cells}),
                    list(decision.waived_rules),
                    decision.decided_by,
                    decision.reason,
                    decision.decided_at,
                ]
                for row, decision in zip(rows, decisions, strict=True)
            ],
            schema=table.schema,
            orient="row",
        )
        self._lake.append(table, frame.lazy())

    def still_aside(
        self, feed: Feed, file: Mapping[str, Any], lines: Sequence[int]
    ) -> dict[int, list[str]]:
        """Those of the lines that are in quarantine now, with the rules that they break."""
        rows = self._of(feed.quarantine_table, file).filter(pl.col("line").is_in(list(lines)))
        return dict(rows.sort("line").select("line", "violated_rules").collect().iter_rows())

    def _of(self, table: Any, file: Mapping[str, Any]) -> pl.LazyFrame:
        rows = self._lake.read(table, partitions={"business_date": [file["business_date"]]})
        return rows.filter(
            pl.col("institution") == file["institution"], pl.col("delivery") == file["delivery"]
        )


def _set_aside(row: Mapping[str, Any], names: Sequence[str]) -> SetAside:
    decision = None
    if row["decided_at"] is not None:
        decision = Decision(
            json.loads(row["cells"]),
            tuple(row["waived_rules"]),
            row["decided_by"],
            row["reason"],
            row["decided_at"],
        )
    return SetAside(
        row["line"],
        row.get("place"),
        {name: row[name] for name in names},
        tuple(row["violated_rules"] or ()),
        row["run"],
        decision,
    )


def _require_readable(feed: Feed, cells: Mapping[str, str], row: SetAside) -> None:
    strange = [name for name in cells if name not in row.cells]
    if strange:
        raise CorrectionError(
            f"{feed.name}: the file has no column {', '.join(strange)}; nothing was recorded. "
            f"It has: {', '.join(row.cells)}."
        )
    if wrong := unreadable_cells(feed, cells):
        readers = {field.wire: FORMS.get(field.read, "readable") for field in feed.fields}
        said = "; ".join(f"{name} should be {readers[name]}" for name in wrong)
        raise CorrectionError(
            f"{feed.name}: the correction cannot be read, so nothing was recorded: {said}."
        )


def _json(cells: Mapping[str, str | None]) -> str:
    return json.dumps(cells, ensure_ascii=False, sort_keys=True)
