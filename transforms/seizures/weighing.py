"""How much agreement says: the model of Fellegi and Sunter, and how it learns without labels.

A level of agreement is worth `log2(m / u)`: m is how often it is seen where two reports are of
one seizure, u how often where they are not. u is counted on pairs too far apart in time to be
one. m is learned by expectation and maximisation (Winkler 1988), begun at and held by the values
of the reference list, so that little data changes little. A burst of seizures at one border post
agrees on day and place without being one: so m of the amount is learned where day and place
agree, m of all else where amounts are equal, and neither session sees what chose its pairs.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from transforms.reference import reference
from transforms.seizures.comparing import COMPARISONS, equal_level
from transforms.sentences import sentence

_PRIOR = "prior"
_DAY = "day"
_AMOUNT = "amount"
_PLACE = "place"


@dataclass(frozen=True, slots=True)
class Model:
    """`levels` of `comparison, level, says, m, u`; `prior` share of pairs that are one seizure."""

    levels: pl.DataFrame
    prior: float

    @property
    def weights(self) -> pl.DataFrame:
        """Each level with what it is worth, in bits."""
        return self.levels.with_columns(bits=(pl.col("m") / pl.col("u")).log(2))


def model_in_force(day: date) -> Model:
    """The model of the reference list on a day; the facts of the nights rest on this one."""
    rows = reference("seizure_linkage").filter(
        pl.col("in_force_from").str.to_date() <= day,
        pl.col("in_force_to").is_null() | (pl.col("in_force_to").str.to_date() >= day),
    )
    is_prior = pl.col("comparison") == _PRIOR
    return Model(
        rows.filter(~is_prior).select(
            "comparison", "level", "says", pl.col("m", "u").cast(pl.Float64)
        ),
        rows.filter(is_prior)["m"].cast(pl.Float64).item(),
    )


def weighed(compared: pl.LazyFrame, model: Model) -> pl.LazyFrame:
    """Compared pairs with `bits` for and against, `probability` and `reason` in words.

    What one of the two does not say is worth nothing.
    """
    weights = model.weights
    bits = {name: _worth(weights, name, "bits") for name in COMPARISONS}
    bits[_PLACE] = _place_worth(model)
    total = pl.sum_horizontal([worth.fill_null(0.0) for worth in bits.values()])
    odds = pl.lit(2.0).pow(total) * model.prior / (1 - model.prior)
    words = [
        pl.when(worth.is_not_null()).then(
            sentence("{} ({})", _worth(weights, name, "says"), _signed(worth))
        )
        for name, worth in bits.items()
    ]
    return compared.with_columns(
        bits=total,
        probability=odds / (1 + odds),
        reason=pl.concat_str(words, separator="; ", ignore_nulls=True),
    )


def _worth(weights: pl.DataFrame, comparison: str, column: str) -> pl.Expr:
    rows = weights.filter(pl.col("comparison") == comparison)
    return pl.col(f"{comparison}_says").replace_strict(
        rows["level"], rows[column], default=None, return_dtype=weights.schema[column]
    )


def _place_worth(model: Model) -> pl.Expr:
    """Naming the same place is chance as often as the place is named: little, for a large city."""
    m = model.levels.filter(pl.col("comparison") == _PLACE, pl.col("level") == "same")["m"].item()
    return (
        pl.when(pl.col("place_says") == "same")
        .then((m / pl.col("place_share")).log(2))
        .otherwise(_worth(model.weights, _PLACE, "bits"))
    )


def _signed(worth: pl.Expr) -> pl.Expr:
    sign = pl.when(worth >= 0).then(pl.lit("+")).otherwise(pl.lit(""))
    return sign + worth.round(1).cast(pl.String)


def learned(compared: pl.LazyFrame, apart: pl.LazyFrame, begin: Model, *, held_by: float) -> Model:
    """The model that these pairs teach, without anybody telling which are one seizure.

    Args:
        compared: pairs that may be one seizure.
        apart: compared pairs that cannot be, being too far apart in time; u is counted on these,
            that of the day apart, which `begin` tells.
        held_by: how many pairs the values of `begin` weigh as much as.
    """
    known = Model(
        _with_counted_u(apart, begin, held_by).pipe(_with_seen_digits, apart, held_by), begin.prior
    )
    is_equal = pl.col("amount_says").str.starts_with("equal")
    is_there = (pl.col("day_says") == "same") & (pl.col("place_says") == "same")
    others = [name for name in COMPARISONS if name != _AMOUNT]
    of_amount, _ = _session(compared.filter(is_there), known, [_AMOUNT], held_by)
    of_others, matched = _session(compared.filter(is_equal), known, others, held_by)
    levels = pl.concat([of_amount, of_others])
    is_equal_level = pl.col("level").str.starts_with("equal")
    equal = float(levels.filter(is_equal_level)["m"].to_numpy().sum())
    pairs = compared.select(pl.len()).collect().item()
    prior = (matched / equal + held_by * begin.prior) / (pairs + held_by)
    return Model(
        begin.levels.select("comparison", "level").join(
            levels, on=["comparison", "level"], maintain_order="left"
        ),
        min(prior, 0.5),
    )


def _session(
    compared: pl.LazyFrame, known: Model, names: list[str], held_by: float, rounds: int = 100
) -> tuple[pl.DataFrame, float]:
    """Levels of these comparisons with m as learned, and how many of the pairs are matched."""
    levels = known.levels.filter(pl.col("comparison").is_in(names))
    says = [f"{name}_says" for name in names]
    seen = compared.group_by(says).agg(pairs=pl.len()).sort(says).collect()
    agrees = np.array(
        [
            (seen[f"{comparison}_says"] == level).fill_null(value=False).to_list()
            for comparison, level in levels.select("comparison", "level").iter_rows()
        ],
        dtype=float,
    ).T
    pairs = seen["pairs"].to_numpy().astype(float)
    u, begun = levels["u"].to_numpy(), levels["m"].to_numpy()
    comparison = levels["comparison"].to_numpy()
    is_of_one = (comparison[:, None] == comparison[None, :]).astype(float)
    m, prior, matched = begun, 0.5, pairs
    for _ in range(rounds):
        odds = np.exp(agrees @ np.log(m / u)) * prior / (1 - prior)
        matched = pairs * odds / (1 + odds)
        counts = matched @ agrees + held_by * begun
        m = counts / (is_of_one @ counts)
        prior = (matched.sum() + 1) / (pairs.sum() + 2)
    return levels.with_columns(m=pl.Series(m)), float(matched.sum())


def _with_seen_digits(levels: pl.DataFrame, apart: pl.LazyFrame, held_by: float) -> pl.DataFrame:
    """Equal amounts have as many digits as amounts have here; where most are round, few do."""
    is_equal = pl.col("level").str.starts_with("equal")
    seen = (
        apart.select(level=equal_level(pl.col("amount")))
        .drop_nulls()
        .group_by("level")
        .agg(seen=pl.len())
        .collect()
    )
    of_equal = pl.col("m").filter(is_equal).sum()
    count = pl.col("seen").fill_null(0) + held_by * pl.col("m") / of_equal
    return (
        levels.join(seen, on="level", how="left", maintain_order="left")
        .with_columns(
            m=pl.when(is_equal).then(of_equal * count / count.filter(is_equal).sum()).otherwise("m")
        )
        .drop("seen")
    )


def _with_counted_u(apart: pl.LazyFrame, begin: Model, held_by: float) -> pl.DataFrame:
    counts = pl.concat(
        [
            apart.select(level=f"{name}_says")
            .drop_nulls()
            .group_by("level")
            .agg(seen=pl.len())
            .select(pl.lit(name).alias("comparison"), "level", "seen")
            for name in COMPARISONS
            if name != _DAY
        ]
    ).collect()
    seen = pl.col("seen").fill_null(0) + held_by * pl.col("u")
    return (
        begin.levels.join(counts, on=["comparison", "level"], how="left", maintain_order="left")
        .with_columns(u=seen / seen.sum().over("comparison"))
        .drop("seen")
    )
