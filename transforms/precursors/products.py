"""How much of a drug a precursor could make at most, where a sound factor is known."""

import polars as pl

from transforms.reference import reference

_GRAMS_PER_KG = 1000
_MG_PER_G = 1000


def with_product(facts: pl.LazyFrame) -> pl.LazyFrame:
    """`facts` with `product_code`, `product_g` and `product_doses`.

    An upper bound: one mole makes one mole and none is lost, by `precursor_products.csv`; null
    where the product is limited by something else (solvents, acids, oxidants) or the weight of
    the substance is not known. Doses are null where no published dose is known.
    """
    factors = (
        reference("precursor_products")
        .lazy()
        .filter(pl.col("in_force_to").is_null())
        .select(
            "product_code",
            substance_id="substance_id",
            _per_kg=pl.col("product_g_per_kg").cast(pl.Int64),
            _dose_mg=pl.col("dose_mg").cast(pl.Float64),
        )
    )
    return (
        facts.join(factors, on="substance_id", how="left", validate="m:1")
        .with_columns(product_g=pl.col("substance_g") * pl.col("_per_kg") // _GRAMS_PER_KG)
        .with_columns(
            product_doses=(pl.col("product_g") * _MG_PER_G / pl.col("_dose_mg"))
            .floor()
            .cast(pl.Int64)
        )
        .drop("_per_kg", "_dose_mg")
    )
