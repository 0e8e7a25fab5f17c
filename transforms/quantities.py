"""Drug names and quantities as they are told, as substances and kilogram equivalents.

Which names mean which substance, and what a unit weighs, are reference lists with sources
(`drug_names.csv`, `seizure_units.csv`). What they do not know stays unknown: it is not guessed.
"""

from datetime import date

import polars as pl

from transforms.reference import reference


def names_of_drugs(rows: pl.LazyFrame, *, drug: str) -> pl.LazyFrame:
    """`rows` with `substance` and `official_name` of the text in `drug`.

    A name that the list does not have is a substance of its own, under its own name.
    """
    names = (
        reference("drug_names")
        .lazy()
        .select("substance", "official_name", _name=pl.col("names").str.split(";"))
        .explode("_name")
    )
    own = pl.col("_name").str.strip_chars()
    return (
        rows.with_columns(_name=_plain(pl.col(drug)))
        .join(names, on="_name", how="left", validate="m:1", maintain_order="left")
        .with_columns(
            substance=pl.coalesce("substance", own),
            official_name=pl.coalesce("official_name", drug),
        )
        .drop("_name")
    )


def kg_of(rows: pl.LazyFrame, *, amount: str, unit: str, on: date | None = None) -> pl.LazyFrame:
    """`rows` with `unit_code` and `kg`, the amount's kilogram equivalent.

    A factor of the row's `substance` goes before one of all substances. No unit, an unknown unit
    and a unit that has no factor for the substance give no weight: `kg` is null.
    """
    units = _units_in_force(on)
    of_name = (
        units.filter(pl.col("names").is_not_null())
        .select("unit_code", _unit=pl.col("names").str.split(";"))
        .explode("_unit")
    )
    of_all = units.filter(pl.col("substance").is_null()).select("unit_code", _any="kg_per_unit")
    of_one = units.filter(pl.col("substance").is_not_null()).select(
        "unit_code", "substance", _own="kg_per_unit"
    )
    return (
        rows.with_columns(_unit=_plain(pl.col(unit)))
        .join(of_name.lazy(), on="_unit", how="left", validate="m:1", maintain_order="left")
        .join(of_all.lazy(), on="unit_code", how="left", validate="m:1", maintain_order="left")
        .join(of_one.lazy(), on=["unit_code", "substance"], how="left", maintain_order="left")
        .with_columns(kg=pl.col(amount) * pl.coalesce("_own", "_any"))
        .drop("_unit", "_own", "_any")
    )


def _units_in_force(on: date | None) -> pl.DataFrame:
    units = reference("seizure_units").with_columns(pl.col("kg_per_unit").cast(pl.Float64))
    if on is None:
        return units.filter(pl.col("in_force_to").is_null())
    until = pl.col("in_force_to").str.to_date()
    return units.filter(
        pl.col("in_force_from").str.to_date() <= on, until.is_null() | (until >= on)
    )


def _plain(text: pl.Expr) -> pl.Expr:
    accents = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ё": "е"}
    return text.str.strip_chars().str.to_lowercase().str.replace_many(accents).str.strip_chars(".")
