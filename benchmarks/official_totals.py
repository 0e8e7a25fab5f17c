"""Single seizures made public against the official totals of their country, drug and year.

    python -m benchmarks.official_totals [FILE or folder…] [--to FOLDER]

Each file is told by its columns: single seizures or annual totals, of any country and year; none
is treated in its own way. For each country, drug and year stand the official total, the sum of
all rows, and what is left when double reports are merged: exact doubles only, by splink, by our
own model. Below it, how well each finds double reports that were planted, and what the distance
to the official totals is made of.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.distances import CELL, explained, joined_by_chance, made_of
from benchmarks.double_reports import DoubleReports, double_reports, doubled_records, judged
from benchmarks.seizure_records import SAMPLES, Records, UnknownLayout, annual_totals, records
from benchmarks.splinked import splinked_pairs
from transforms.reference import reference
from transforms.seizures.comparing import (
    candidate_pairs,
    compared,
    distant_pairs,
    word_shares,
)
from transforms.seizures.linking import VERDICTS, counted, links
from transforms.seizures.parameters import link_rules
from transforms.seizures.weighing import Model, learned, model_in_force, weighed

_DAY = date(2025, 1, 1)  # of the rules and of the values that learning begins with
_RULES = link_rules(_DAY)
_MOST_REPORTS = 400
_SEEDS = (1, 2)
_LEAST_REPORTS = 100
_IN_FULL = 100
_MERGED = ("exact", "splink", "ours")

Pairs = list[tuple[str, str]]


def model_of(reports: pl.DataFrame) -> Model:
    """What these reports teach of what agreement is worth."""
    candidates, distant = _compared(reports)
    return learned(candidates, distant, model_in_force(_DAY), held_by=_RULES.held_by)


def linked(reports: pl.DataFrame) -> pl.DataFrame:
    """`LINKS` of the reports by our own model, learned on them."""
    candidates, distant = _compared(reports)
    model = learned(candidates, distant, model_in_force(_DAY), held_by=_RULES.held_by)
    none = pl.LazyFrame(schema=VERDICTS.schema)
    return links(weighed(candidates, model), reports.lazy(), none, rules=_RULES).collect()


def _compared(reports: pl.DataFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    rows = reports.lazy()
    words = word_shares(rows)
    near = candidate_pairs(rows, within_days=_RULES.within_days)
    far = distant_pairs(rows, least_days=_RULES.apart_days, most_reports=_MOST_REPORTS)
    return compared(near, words).collect().lazy(), compared(far, words).collect().lazy()


def exact_pairs(reports: pl.DataFrame) -> Pairs:
    """Rows equal in all that they tell, but for the agency; of three or more, each to the first."""
    same = ["scope", "kind", "seized_on", "amount", "place"]
    first = pl.col("report_id").min().over(same)
    doubled = reports.with_columns(first=first).filter(pl.col("report_id") != pl.col("first"))
    return doubled.select("first", "report_id").rows()


def own_pairs(reports: pl.DataFrame) -> Pairs:
    """Pairs that our own model joins."""
    return linked(reports).select("act_id", "act_id_other").rows()


_METHODS: dict[str, Callable[[pl.DataFrame], Pairs]] = {
    "exact": exact_pairs,
    "splink": lambda reports: splinked_pairs(reports, _RULES),
    "ours": own_pairs,
}


def totals(found: Records, official: pl.DataFrame) -> pl.DataFrame:
    """Each country, drug and year: official kg, raw kg, and kg after each way of merging.

    Only countries and years that both know. `rows`, `largest_kg` and `largest_three_kg` are of
    the raw rows; `unweighed` counts rows whose unit gives no weight, which no sum has.
    """
    details = found.details
    left_out = {name: _left_out(found, name) for name in _MERGED}
    rows = details.with_columns(
        **{name: ~pl.col("report_id").is_in(list(gone)) for name, gone in left_out.items()}
    )
    sums = rows.group_by(CELL).agg(
        rows=pl.len(),
        unweighed=pl.col("kg").null_count(),
        raw_kg=pl.col("kg").sum(),
        **{f"{name}_kg": pl.col("kg").filter(name).sum() for name in _MERGED},
        largest_kg=pl.col("kg").max(),
        largest_three_kg=pl.col("kg").top_k(3).sum(),
    )
    both = details.select("scope", "year").unique()
    return (
        official.join(both, on=["scope", "year"], how="semi")
        .join(sums, on=CELL, how="full", coalesce=True)
        .sort(CELL)
    )


def _left_out(found: Records, method: str) -> set[str]:
    """Reports that count as another one."""
    if not found.is_single or found.reports.is_empty():
        return set()
    if method != "ours":
        return {max(pair) for pair in _METHODS[method](found.reports)}
    of_acts = linked(found.reports).lazy()
    counts = counted(found.reports.lazy(), of_acts, _RULES).collect()
    return set(counts.filter(pl.col("counts_as") != pl.col("report_id"))["report_id"])


def distance(kg: str) -> pl.Expr:
    """How far a sum is from the official total, as a share of it."""
    return pl.col(kg) / pl.col("official_kg") - 1


def overall(cells: pl.DataFrame) -> pl.DataFrame:
    """For each way of merging: summed and median distance over cells that both tell of."""
    both = cells.filter(pl.col("official_kg") > 0, pl.col("rows") > pl.col("unweighed"))
    ways = ("raw", *_MERGED)
    off = {way: (pl.col(f"{way}_kg") - pl.col("official_kg")).abs() for way in ways}
    return pl.DataFrame(
        [
            both.select(
                way=pl.lit(way),
                cells=pl.len(),
                kg=pl.col(f"{way}_kg").sum(),
                off_kg=off[way].sum(),
                off_share=off[way].sum() / pl.col("official_kg").sum(),
                median_share=distance(f"{way}_kg").abs().median(),
                nearer=(off[way] < off["raw"]).sum(),
                farther=(off[way] > off["raw"]).sum(),
            ).row(0, named=True)
            for way in ways
        ]
    )


def double_report_sets(found: Sequence[Records]) -> list[tuple[DoubleReports, bool]]:
    """Sets whose double reports are known; true where only planted pairs are judged."""
    made_up = [
        (double_reports(seed, are_agencies_told=told), False)
        for told in (True, False)
        for seed in _SEEDS
    ]
    untold = [
        one.reports.with_columns(agency_code=pl.lit(None, pl.String))
        for one in found
        if one.is_single and one.reports.height >= _LEAST_REPORTS
    ]
    told_again = [(doubled_records(seed, rows), True) for rows in untold for seed in _SEEDS]
    return [*made_up, *told_again]


def main(arguments: Sequence[str]) -> int:
    """Print the tables, and write them to a folder: 1 where splink finds planted doubles better.

    2 where a file cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks official_totals")
    parser.add_argument("files", nargs="*", type=Path, help="single seizures and annual totals")
    parser.add_argument(
        "--to", type=Path, help="folder for totals, links, model and made_of as CSV"
    )
    parser.add_argument("--totals-only", action="store_true", help="no planted double reports")
    chosen = parser.parse_args(arguments)
    try:
        single, official = _read(list(_files(chosen.files or [SAMPLES])))
    except (UnknownLayout, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    console = Console(width=170)
    for found in single:
        _show(console, found, official, chosen.to)
    if chosen.totals_only:
        return 0
    scores = pl.DataFrame(list(_scores(double_report_sets(single))))
    console.print(_table(scores, "Pairs found, of double reports that were planted"))
    mean = dict(scores.group_by("by").agg(pl.col("F1").mean()).iter_rows())
    return int(mean["ours"] < mean["splink"])


def _files(named: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named."""
    for path in named:
        yield from sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else (path,)


def _read(files: Sequence[Path]) -> tuple[list[Records], pl.DataFrame]:
    if not files:
        raise UnknownLayout("No files: name those of single seizures and of annual totals.")
    single, official = [], []
    for file in files:
        try:
            single.append(records(file))
        except UnknownLayout:
            official.append(annual_totals(file))
    schema = {"scope": pl.String, "year": pl.Int32, "official_name": pl.String}
    empty = pl.DataFrame(schema=schema | {"official_group": pl.String, "official_kg": pl.Float64})
    return single, pl.concat([empty, *official])


def _show(console: Console, found: Records, official: pl.DataFrame, to: Path | None) -> None:
    cells = totals(found, official)
    shares = [distance(f"{way}_kg").alias(f"{way} off, %") * 100 for way in ("raw", *_MERGED)]
    top = (pl.col("largest_three_kg") / pl.col("raw_kg") * 100).alias("largest three, %")
    kept = cells.drop("official_group", "unweighed", "largest_kg", "largest_three_kg")
    console.print(_table(kept.with_columns(cells.select(*shares, top)), found.name))
    if cells["official_kg"].drop_nulls().len():
        both = "Over all cells that have single seizures and an official total"
        console.print(_table(overall(cells), both))
        console.print(_table(made_of(cells), "What the distance is made of, kg"))
        for sentence in explained(cells):
            console.print(f"• {sentence}", highlight=False)
        if found.is_single:
            told = joined_by_chance(linked(found.reports), found.reports)
            console.print(f"• {told}", highlight=False)
    known = reference("drug_names")["official_name"]
    if odd := sorted(set(found.details["official_name"]) - set(known)):
        console.print(f"• Counted under their own names, not in the list: {', '.join(odd)}.")
    if to is not None and found.is_single:
        folder = to / found.name
        folder.mkdir(parents=True, exist_ok=True)
        cells.write_csv(folder / "totals.csv")
        made_of(cells).write_csv(folder / "made_of.csv")
        linked(found.reports).write_csv(folder / "links.csv")
        model_of(found.reports).weights.write_csv(folder / "model.csv")


def _scores(sets: Sequence[tuple[DoubleReports, bool]]) -> Iterator[dict[str, object]]:
    for of, only_planted in sets:
        for name, method in _METHODS.items():
            found = judged(method(of.reports), of, only_planted=only_planted)
            yield {
                "double reports": of.name,
                "reports": of.reports.height,
                "planted": of.truth.height,
                "by": name,
                "right": found.right,
                "wrong": found.wrong,
                "precision": found.precision,
                "recall": found.recall,
                "F1": 2 * found.right / max(2 * found.right + found.wrong + found.missed, 1),
            }


def _table(frame: pl.DataFrame, title: str) -> Table:
    table = Table(title=title)
    for name, kind in frame.schema.items():
        table.add_column(name, justify="right" if kind.is_numeric() else "left")
    for row in frame.iter_rows():
        table.add_row(*map(_cell, row))
    return table


def _cell(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.3f}" if abs(value) < _IN_FULL else f"{value:,.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
