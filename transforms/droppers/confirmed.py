"""What arrests confirmed later, beside what was known on the night: labels that are not simulated.

Time is kept apart: an account is looked at as of a night on which nothing was known of it, and
counts as a dropper's if an order that followed was carried out by the day on which one looks back.
Whoever was not arrested by then is not known to be innocent, so that precision is told too low.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from transforms.arrests.cards import is_carried_out
from transforms.droppers.accuracy import wilson
from transforms.droppers.model_card import MODEL_CARDS

SIMULATED_ONLY = "learned_from_simulated_worlds_only"
HOLDS = "holds"

Rows = pl.LazyFrame
"""Accounts with `is_member` and `network`, as `confirmed_rows` gives them."""


def nights_to_learn_from(nights: Sequence[date], *, until: date, horizon: timedelta) -> list[date]:
    """Nights that are old enough for orders to have followed, a horizon apart, the latest first.

    The latest is for validation, the others for training: no order counts for both.
    """
    chosen: list[date] = []
    for night in sorted(nights, reverse=True):
        last = chosen[-1] if chosen else until
        if night + horizon <= last:
            chosen.append(night)
    return chosen


def confirmed_rows(
    windows: pl.LazyFrame,
    links: pl.LazyFrame,
    card_arrests: pl.LazyFrame,
    *,
    night: date,
    horizon: timedelta,
) -> pl.LazyFrame:
    """Accounts of a night with what orders of the time after it confirmed, for `learned.fitted`.

    Args:
        windows: `ACCOUNT_WINDOWS` of the night.
        links: `LINK_WINDOWS` of the night: which cards were whose.
        card_arrests: `CARD_ARRESTS`.
        night: as of when accounts are looked at.
        horizon: how long after it orders count.

    Returns:
        `windows` with `is_member` and `network`, the case; accounts of which a card had been
        ordered to be arrested by the night are left out: they were known.
    """
    used = links.filter(pl.col("link_code") == "card").select("account_iban", "other")
    owned = used.join(windows.select("account_iban", "bank_bic"), on="account_iban", validate="m:1")
    # Banks share tokens.
    card, of_bank = ["bank_bic", "card_token"], ["bank_bic", "other"]
    orders = card_arrests.join(owned, left_on=card, right_on=of_bank, how="inner")
    before = orders.filter(pl.col("ordered_on") <= night).select("account_iban")
    later = (
        orders.filter(
            pl.col("ordered_on").is_between(night, night + horizon, closed="right"),
            is_carried_out(),
            pl.col("executed_on") <= night + horizon,
        )
        .group_by("account_iban")
        .agg(case_no=pl.col("case_no").min())
    )
    return (
        windows.join(before.unique(), on="account_iban", how="anti")
        .join(later, on="account_iban", how="left", validate="1:1")
        .with_columns(
            is_member=pl.col("case_no").is_not_null(),
            network=pl.concat_str(pl.lit("case:"), pl.coalesce("case_no", "account_iban")),
        )
        .drop("case_no")
    )


def with_confirmed(simulated: Rows, nights: Sequence[Rows]) -> Rows:
    """Rows of simulated worlds, and beside them those of past nights, in the same columns."""
    names = simulated.collect_schema().names()
    return pl.concat([simulated, *(one.select(names) for one in nights)])


def validation(
    scored: pl.DataFrame,
    *,
    least_probability: float | None,
    least_cases: int,
    least_precision: float,
) -> list[tuple[str, str, float | None, float | None, float | None]]:
    """Rows of a model's card: what it did on confirmed cases that it had not seen.

    Args:
        scored: `probability` and `is_member` of each account of `confirmed_rows`.
        least_probability: from where on the model would list; None: nowhere.
        least_cases: with fewer confirmed accounts nothing is validated.
        least_precision: what the lower end of the interval has to reach.
    """
    cases = int(scored["is_member"].sum())
    listed = scored.filter(pl.col("probability") >= (least_probability or 2.0))
    hits = int(listed["is_member"].sum())
    precision, recall = wilson(hits, listed.height), wilson(hits, cases)
    holds = cases >= least_cases and listed.height > 0 and precision.low >= least_precision
    return [
        ("validation", "confirmed_accounts", float(cases), None, None),
        ("validation", "precision", precision.value, precision.low, precision.high),
        ("validation", "recall", recall.value, recall.low, recall.high),
        ("validation", HOLDS, float(holds), None, None),
    ]


def with_validation(
    card: pl.DataFrame, rows: list[tuple[str, str, float | None, float | None, float | None]]
) -> pl.DataFrame:
    """The card with what was measured on confirmed cases."""
    names = ("section_code", "name", "value", "low", "high")
    types = {name: MODEL_CARDS.schema[name] for name in names}
    said = pl.DataFrame(rows, types, orient="row").with_columns(
        pl.col("value", "low", "high").fill_nan(None),
        model_version=pl.lit(card["model_version"][0]),
        fitted_on=pl.lit(card["fitted_on"][0]),
    )
    return pl.concat([card, said.select(card.columns)])


def may_list(card: pl.DataFrame) -> bool:
    """A model that knows simulations only lists nobody before confirmed cases bore it out."""
    is_simulated = (card["section_code"] == "limit") & (card["name"] == SIMULATED_ONLY)
    bears_out = (
        (card["section_code"] == "validation") & (card["name"] == HOLDS) & (card["value"] == 1.0)
    )
    return bool(bears_out.any()) or not bool(is_simulated.any())
