"""The typologies: which measured signs count for and against an account, from which value on.

All numbers are in `reference/typologies.csv`, dated and with their source. A row is never
changed: it ends (`in_force_to`), and its successor under the same code has the next version.
"""

import hashlib
from datetime import date

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.measuring_code import measuring_digest
from transforms.droppers.signs import ONLY_OVER_LONGEST, SIGNS
from transforms.droppers.windows import WINDOWS
from transforms.reference import reference

COMPARISONS = ("at_least", "above", "at_most", "below")
UNITS = ("accounts", "banks", "cards", "persons", "times", "ratio", "years", "flag")

TYPOLOGIES = Table(
    name="reference.typologies",
    grain="one version of one typology",
    key=("code", "version"),
    partitioned_by=(),
    columns=(
        Column(
            "code",
            pl.String(),
            "Permanent: DRP counts against the account, CTR in its favour. Never used again.",
        ),
        Column("name", pl.String(), "Its name in English; the id of its translations."),
        Column(
            "says",
            pl.String(),
            "What is measured, as its evidence says it, likewise.",
        ),
        Column("measure_code", pl.String(), "What is measured: a name in `signs.SIGNS`."),
        Column("unit", pl.String(), "Of what is measured: accounts, times, ratio, flag …"),
        Column(
            "comparison_code", pl.String(), "When it counts: at_least, above, at_most or below."
        ),
        Column("threshold", pl.Float64(), "The value that is compared with, in the same unit."),
        Column("window_days", pl.Int32(), "Window of the measure.", unit="days"),
        Column(
            "guard_code",
            pl.String(),
            "Sign that must be at least `guard_least` for anything to count: what little was done "
            "shows nothing. Null: no such.",
            nullable=True,
        ),
        Column("guard_least", pl.Float64(), "See `guard_code`.", nullable=True),
        Column("points", pl.Int64(), "What it adds to the score; below zero in favour."),
        Column("version", pl.Int64(), "Counts the versions of the typology from 1."),
        Column("in_force_from", pl.Date(), "First night on which it counts."),
        Column("in_force_to", pl.Date(), "Last such night; null: none is set.", nullable=True),
        Column("source", pl.String(), "Where it is published, or that it is ours."),
    ),
)


class TypologyError(ValueError):
    """The file of typologies cannot be used; says which row and why."""


def typologies(rows: pl.DataFrame | None = None) -> pl.DataFrame:
    """All versions of all typologies, read from text and checked: `TYPOLOGIES`, by code, version.

    Args:
        rows: as `reference("typologies")` gives them, which is the default.

    Raises:
        TypologyError: a row names no sign, comparison, unit or window that there is, its numbers
            cannot be read, two versions are in force on one night, or points contradict the code.
    """
    text = reference("typologies") if rows is None else rows
    missing = [name for name in TYPOLOGIES.schema if name not in text.columns]
    if missing:
        raise TypologyError(f"The file of typologies has no column {', '.join(missing)}.")
    read = text.select(
        _cell(pl.col(name), dtype).alias(name) for name, dtype in TYPOLOGIES.schema.items()
    ).sort("code", "version")
    problems = _problems(read)
    if problems:
        raise TypologyError(f"The file of typologies is not used: {'; '.join(problems)}.")
    return read


def in_force_on(typologies: pl.DataFrame, night: date) -> pl.DataFrame:
    """The typologies that count on a night, one version each."""
    return typologies.filter(
        pl.col("in_force_from") <= night,
        pl.col("in_force_to").is_null() | (pl.col("in_force_to") >= night),
    )


def rule_version(in_force: pl.DataFrame) -> str:
    """`2025-01-01-1a2b3c4d`: the latest day of force, and a digest of all that decides.

    The code that measures decides too, and its numbers (`measuring_code`). Equal rules have equal
    versions; words and sources do not decide.
    """
    deciding = in_force.drop("name", "says", "source", "in_force_from", "in_force_to").sort(
        "code", "version"
    )
    whole = f"{deciding.write_csv()}{measuring_digest()}"
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{in_force['in_force_from'].dt.max() or 'none'}-{digest}"


def _cell(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    stripped = cell.str.strip_chars()
    filled = pl.when(stripped != "").then(stripped)
    if dtype == pl.Date:
        return filled.str.to_date("%Y-%m-%d", strict=False)
    return filled.cast(dtype, strict=False)


def _problems(read: pl.DataFrame) -> list[str]:
    rules = {
        "names no sign of signs.py": ~pl.col("measure_code").is_in(list(SIGNS)),
        "names a guard that is no sign of signs.py": ~pl.col("guard_code").is_in(list(SIGNS)),
        "has a guard without its least value, or the value without the guard": pl.col(
            "guard_code"
        ).is_null()
        != pl.col("guard_least").is_null(),
        "has a threshold or least value that is no number": ~pl.all_horizontal(
            pl.col("threshold", "guard_least").is_finite()
        ),
        "has a comparison that is none": ~pl.col("comparison_code").is_in(COMPARISONS),
        "has a unit that is none": ~pl.col("unit").is_in(UNITS),
        "has a window that is not computed": ~pl.col("window_days").is_in(WINDOWS),
        "measures over a short window what only the longest tells": (
            pl.col("measure_code").is_in(ONLY_OVER_LONGEST)
            & (pl.col("window_days") != max(WINDOWS))
        ),
        "has a code that is neither DRP nor CTR and a number": ~pl.col("code").str.contains(
            r"^(DRP|CTR)-\d{2}$"
        ),
        "counts against the account in favour of it, or the other way round": (
            pl.col("code").str.starts_with("DRP") != (pl.col("points") > 0)
        )
        | (pl.col("points") == 0),
        "ends before it begins": pl.col("in_force_to") < pl.col("in_force_from"),
        "is in force twice on one night": pl.col("in_force_from")
        <= pl.col("in_force_to").fill_null(date.max).shift(1).over("code"),
        "repeats a version": pl.struct("code", "version").is_duplicated(),
        **{
            f"has no {column.name}": pl.col(column.name).is_null()
            for column in TYPOLOGIES.columns
            if not column.nullable
        },
    }
    return [
        f"{', '.join(codes)} {why}"
        for why, broken in rules.items()
        if (codes := read.filter(broken)["code"].fill_null("a row").to_list())
    ]
