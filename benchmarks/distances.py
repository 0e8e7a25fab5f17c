"""What the distance to official totals is made of: cells without rows, coverage, merging, units."""

from collections.abc import Iterator

import polars as pl

CELL = ["scope", "official_name", "year"]
_SURELY_MORE = 1.01


def made_of(cells: pl.DataFrame) -> pl.DataFrame:
    """For each country and year what the distance to its official totals is made of, in kg.

    `untold_kg` are official totals of drugs without a single row, `missing_kg` what rows of other
    drugs lack, `above_kg` what they have too much; `merged_kg` is what our merging takes off.
    """
    gap = pl.col("official_kg") - pl.col("raw_kg")
    is_told = pl.col("rows").is_not_null()
    return (
        cells.filter(pl.col("official_kg").is_not_null())
        .group_by("scope", "year")
        .agg(
            official_kg=pl.col("official_kg").sum(),
            untold_kg=pl.col("official_kg").filter(~is_told).sum(),
            raw_kg=pl.col("raw_kg").sum(),
            missing_kg=gap.filter(gap > 0).sum(),
            above_kg=gap.filter(gap < 0).abs().sum(),
            merged_kg=(pl.col("raw_kg") - pl.col("ours_kg")).sum(),
        )
        .sort("scope", "year")
    )


def joined_by_chance(found: pl.DataFrame, reports: pl.DataFrame) -> str:
    """How many of the joined pairs are two seizures, by their own probabilities, and when they are.

    Args:
        found: `LINKS` of the reports.
    """
    when = reports.select("act_id", "scope", year=pl.col("seized_on").dt.year()).unique("act_id")
    most = (
        found.join(when, on="act_id")
        .group_by("scope", "year")
        .len()
        .sort("len", "scope", "year", descending=[True, False, False])
        .head(3)
    )
    told = ", ".join(f"{scope} {year}: {pairs}" for scope, year, pairs in most.iter_rows())
    wrong = (1 - found["probability"].drop_nulls()).sum()
    return (
        f"Merging joins {found.height} pairs, of which {wrong:.1f} are expected to be two seizures;"
        f" most in {told or 'no year'}."
    )


def explained(cells: pl.DataFrame) -> list[str]:
    """Sentences on what the distance is made of; each number is summed over the cells."""
    has_official = pl.col("official_kg").is_not_null()
    absent = cells.filter(has_official, pl.col("rows").is_null())
    both = cells.filter(has_official, pl.col("rows").is_not_null())
    extra = cells.filter(~has_official)
    above = both.filter(pl.col("largest_kg") > pl.col("official_kg") * _SURELY_MORE)
    carried = both.filter(pl.col("rows") > 3)
    whole = cells["official_kg"].sum()
    by_name = absent.group_by("official_name").agg(pl.col("official_kg").sum())
    return [
        f"Official totals of these countries and years: {whole:,.0f} kg in "
        f"{absent.height + both.height} cells.",
        f"Drugs: {_kg(absent, 'official_kg')} ({_share(absent['official_kg'].sum(), whole)}) in "
        f"{absent.height} cells without a single seizure; most: "
        f"{_named(by_name, 'official_kg')}.",
        *_within(both),
        f"Large seizures: the largest three are "
        f"{_share(carried['largest_three_kg'].sum(), carried['raw_kg'].sum())} of what is told "
        f"singly, over the {carried.height} cells with more than three rows.",
        f"Names: {extra.height} cells with {_kg(extra, 'raw_kg')} have a name that the country's "
        f"totals of the year do not: {_named(extra, 'raw_kg')}.",
        "Units or names: one row is above the whole official total, so that one of them is wrong: "
        f"{_named(above, 'largest_kg')}.",
        f"Units: {int(cells['unweighed'].sum())} rows have no unit, or one without a factor, and "
        "are in no sum.",
    ]


def _within(both: pl.DataFrame) -> Iterator[str]:
    """How far cells that both tell of are below and above, and what merging does to them."""
    gap = pl.col("official_kg") - pl.col("raw_kg")
    below, over = both.filter(gap >= 0), both.filter(gap < 0)
    missing = (below["official_kg"] - below["raw_kg"]).sum()
    yield (
        f"Coverage: {below.height} of {both.height} cells with both are below the official total, "
        f"by {missing:,.0f} kg ({_share(missing, both['official_kg'].sum())} of those totals): not "
        "every seizure is told singly. Merging takes these further away."
    )
    yield (
        f"Above it: {over.height} cells, by {(over['raw_kg'] - over['official_kg']).sum():,.1f} kg;"
        f" merging takes {(over['raw_kg'] - over['ours_kg']).sum():,.1f} kg off these, and "
        f"{(below['raw_kg'] - below['ours_kg']).sum():,.1f} kg off those below."
    )


def _named(cells: pl.DataFrame, kg: str, most: int = 5) -> str:
    names = [column for column in CELL if column in cells.columns]
    rows = cells.sort(kg, *names, descending=[True, *(False for _ in names)]).head(most)
    told = [
        " ".join(map(str, row[:-1])) + f" {row[-1]:,.1f} kg"
        for row in rows.select(*names, kg).iter_rows()
    ]
    return ", ".join(told) or "none"


def _kg(cells: pl.DataFrame, column: str) -> str:
    return f"{cells[column].sum():,.1f} kg"


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole else "–"
