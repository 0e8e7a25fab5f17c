"""What is usual for goods of one code: price, weight of a package, routes."""

from collections.abc import Mapping

import polars as pl

from transforms.customs import ITEM
from transforms.sentences import sentence
from transforms.valuation import tiyn_of, with_rate

_NORMAL = 1.4826  # a normal distribution's standard deviation in median absolute deviations
_BAND = ["hs6", "band"]
_MEASURES = ("price", "package")
_ROUTE = ("origin_country_code", "dispatch_country_code")


def unusual(
    goods: pl.LazyFrame, exchange_rates: pl.LazyFrame, *, parameters: Mapping[str, float]
) -> pl.LazyFrame:
    """Goods whose price or weight of a package is far from usual under their subheading.

    Usual is the median of the logarithms of what was imported under the subheading in a weight of
    the same order of magnitude, in the twelve months before the month of the import; how far is
    told in median absolute deviations, scaled to a normal distribution (a robust z-score). Only
    subheadings that name one substance are judged: what is usual where goods share one says
    nothing. With too few to compare nothing is unusual. A route, of country of origin and of
    dispatch, on which no such goods came in those months lowers what is tolerated; alone it is no
    sign.

    Args:
        goods: rows of `LISTED_GOODS`; an item is taken once, whatever it is listed as.
        exchange_rates: accepted rows; prices are compared in tenge of the day.

    Returns:
        The items' keys with `reason_code` (price, package_weight or price_and_route) and
        `explanation`.
    """
    items = (
        goods.filter("is_named_code")
        .unique(ITEM, keep="first", maintain_order=True)
        .pipe(_measured, exchange_rates)
    )
    items = items.collect().lazy()  # compared with itself six times
    peers = _before(items, parameters)
    scored = [_scored(items, peers, measure, parameters) for measure in _MEASURES]
    routes = _new_routes(items, peers, parameters)
    found = (
        pl.concat(scored)
        .join(routes, on=ITEM, how="left", validate="m:1")
        .with_columns(is_new_route=pl.col("is_new_route").fill_null(value=False))
    )
    most = pl.lit(parameters["usual_most_score"])
    most_by_route = pl.lit(parameters["usual_most_score_by_route"])
    is_far = pl.col("z").abs() > pl.when("is_new_route").then(most_by_route).otherwise(most)
    route = pl.when("is_new_route").then(sentence("; origin={}; dispatch={}", *_ROUTE))
    return (
        found.filter(is_far)
        .with_columns(
            reason_code=pl.when(pl.col("measure") == "package")
            .then(pl.lit("package_weight"))
            .when("is_new_route")
            .then(pl.lit("price_and_route"))
            .otherwise(pl.lit("price")),
            explanation=sentence(
                "measure={}; times={}; score={}; peers={}",
                "measure",
                pl.col("distance").exp().round(3),
                pl.col("z").round(1),
                "peers",
            )
            + route.otherwise(pl.lit("")),
        )
        .sort(*ITEM, pl.col("z").abs(), "measure", descending=[False, False, True, False])
        .unique(ITEM, keep="first", maintain_order=True)
        .select(*ITEM, "reason_code", "explanation")
    )


def _measured(items: pl.LazyFrame, exchange_rates: pl.LazyFrame) -> pl.LazyFrame:
    """Logarithms of tenge a kilogram and kilograms a package, and the order of magnitude."""
    kilograms = pl.col("net_kg").cast(pl.Float64)
    return (
        items.filter(pl.col("net_g") > 0)
        .pipe(with_rate, exchange_rates, day="registered_on", currency="currency_code")
        .with_columns(
            value_tiyn=tiyn_of(pl.col("invoice_minor"), pl.col("tenge_per_quant"), pl.col("quant"))
        )
        .with_columns(
            band=kilograms.log10().floor().cast(pl.Int64),
            month=pl.col("registered_on").dt.truncate("1mo"),
            dispatch_country_code=pl.coalesce(*reversed(_ROUTE)),
            price=pl.when(pl.col("value_tiyn") > 0).then((pl.col("value_tiyn") / kilograms).log()),
            package=pl.when(pl.col("packages") > 0).then((kilograms / pl.col("packages")).log()),
        )
        .select(
            *ITEM,
            *_BAND,
            "month",
            "registered_on",
            *_ROUTE,
            "price",
            "package",
            "consignee_bin",
        )
    )


def _before(items: pl.LazyFrame, parameters: Mapping[str, float]) -> pl.LazyFrame:
    """Each item as a peer of the months after it, as far as the window reaches: `of_month`."""
    months = max(1, round(parameters["usual_window_days"] / 30.4))
    after = pl.LazyFrame({"ahead": range(1, months + 1)}, schema={"ahead": pl.Int64})
    month = pl.col("month").dt.offset_by(sentence("{}mo", "ahead"))
    wanted = items.select("hs6", of_month="month").unique()
    return (
        items.join(after, how="cross")
        .with_columns(of_month=month)
        .join(wanted, on=["hs6", "of_month"], how="semi")
    )


def _scored(
    items: pl.LazyFrame, peers: pl.LazyFrame, measure: str, parameters: Mapping[str, float]
) -> pl.LazyFrame:
    of = [*_BAND, "of_month"]
    told = peers.filter(pl.col(measure).is_not_null())
    middle = told.group_by(of).agg(peers=pl.len(), usual=pl.col(measure).median())
    spread = (
        told.join(middle, on=of, how="left", validate="m:1")
        .group_by(of)
        .agg(deviation=_NORMAL * (pl.col(measure) - pl.col("usual")).abs().median())
    )
    least = pl.lit(parameters["usual_least_deviation"])
    return (
        items.join(
            middle.join(spread, on=of, how="left", validate="1:1"),
            left_on=[*_BAND, "month"],
            right_on=of,
            how="inner",
            validate="m:1",
        )
        .filter(pl.col("peers") >= parameters["usual_least_peers"], pl.col(measure).is_not_null())
        .with_columns(distance=pl.col(measure) - pl.col("usual"), measure=pl.lit(measure))
        .with_columns(z=pl.col("distance") / pl.max_horizontal("deviation", least))
        .select(*ITEM, *_ROUTE, "measure", "peers", "distance", "z")
    )


def _new_routes(
    items: pl.LazyFrame, peers: pl.LazyFrame, parameters: Mapping[str, float]
) -> pl.LazyFrame:
    """Items of an origin and dispatch that nothing under the subheading had in the months before.

    Goods without a country of dispatch come from that of origin; without either nothing is new.
    """
    of = ["hs6", "of_month"]
    seen = peers.group_by(of).agg(peers=pl.len())
    routes = peers.select(*of, *_ROUTE).unique()
    return (
        items.filter(pl.col("origin_country_code").is_not_null())
        .join(seen, left_on=["hs6", "month"], right_on=of, how="inner", validate="m:1")
        .filter(pl.col("peers") >= parameters["usual_least_peers"])
        .join(
            routes,
            left_on=["hs6", "month", *_ROUTE],
            right_on=[*of, *_ROUTE],
            how="anti",
        )
        .select(*ITEM, is_new_route=pl.lit(value=True))
    )
