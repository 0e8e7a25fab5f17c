"""Facts: which imports of precursors broke the law, or ask for an explanation, and how."""

from collections.abc import Mapping

import polars as pl

from transforms.contracts import Column, Table
from transforms.customs import ITEM
from transforms.feeds.cells import WEIGHT
from transforms.precursors.consignees import of_consignees
from transforms.precursors.goods import needs_licence
from transforms.precursors.licences import over_quota, with_licence
from transforms.precursors.misdeclared import misdeclared
from transforms.precursors.products import with_product
from transforms.precursors.splitting import splittings
from transforms.sentences import sentence

UNLICENSED = "unlicensed"
VIOLATION_CODES = (
    UNLICENSED,
    "over_quota",
    "split_under_threshold",
    "split_among_related",
    "misdeclared",
    "consignee_unregistered",
    "consignee_newly_founded",
    "consignee_known_from_case",
    "no_end_use",
)

PRECURSOR_VIOLATIONS = Table(
    name="facts.precursor_violations",
    grain="one violation of one kind in one item of one import declaration",
    key=(*ITEM, "violation_code"),
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the item."),
        Column("declaration_no", pl.String(), "Registration number of the declaration."),
        Column("item_no", pl.Int64(), "Number of the item in it."),
        Column(
            "violation_code",
            pl.String(),
            "unlicensed, over_quota, split_under_threshold, split_among_related, misdeclared, "
            "consignee_unregistered, consignee_newly_founded, consignee_known_from_case or "
            "no_end_use.",
        ),
        Column(
            "reason_code",
            pl.String(),
            "What of it; of unlicensed: withdrawn, expired, not_yet_in_force, other_substance or "
            "never_licensed.",
        ),
        Column(
            "explanation",
            pl.String(),
            "The numbers, days and codes that it rests on, each by its name, as "
            "imported_g=12000; allowed_g=10000.",
        ),
        Column(
            "substance_id",
            pl.String(),
            "Substance, as named in the list of precursors; of several the surest.",
        ),
        Column("other_substances", pl.String(), "The others, with blanks between.", nullable=True),
        Column("list_code", pl.String(), "List that named it on the day."),
        Column("score", pl.Float64(), "How surely it is the substance, 0 to 1."),
        Column("evidence", pl.String(), "The words, numbers and codes that tell of it."),
        Column("registered_on", pl.Date(), "Day of registration."),
        Column("consignee_bin", pl.String(), "Business identification number of the consignee."),
        Column("region_code", pl.String(), "Region of its legal address, or unknown."),
        Column("office_code", pl.String(), "Customs office of registration.", nullable=True),
        Column("origin_country_code", pl.String(), "Country of origin.", nullable=True),
        Column("hs6", pl.String(), "Subheading: first six digits of the commodity code."),
        Column("goods_text", pl.String(), "Description of the goods.", nullable=True),
        Column("net_kg", WEIGHT, "Net weight of the item.", unit="kg"),
        Column("net_g", pl.Int64(), "The same in whole grams.", unit="gram"),
        Column("substance_g", pl.Int64(), "Weight of the substance.", "gram", nullable=True),
        Column("product_code", pl.String(), "Drug that it can make.", nullable=True),
        Column("product_g", pl.Int64(), "How much at most.", "gram", nullable=True),
        Column("product_doses", pl.Int64(), "The same in doses.", "doses", nullable=True),
    ),
    partitioned_by=(),
)


def precursor_violations(
    listed_goods: pl.LazyFrame,
    *,
    precursor_licences: pl.LazyFrame,
    legal_entities: pl.LazyFrame,
    card_arrest_orders: pl.LazyFrame,
    exchange_rates: pl.LazyFrame,
    parameters: Mapping[str, float],
) -> pl.LazyFrame:
    """Every violation of the goods that need a licence, one a kind and item.

    An item that was amended, corrected or cancelled is no longer in `listed_goods` as it was, so
    that its facts change or go; `transforms.precursors.changes` keeps what they were. Of an item
    with several substances the one is named that is recognised most surely.

    Args:
        listed_goods: `LISTED_GOODS`, whole.
        precursor_licences: accepted rows of the feeds, whole, as are the others.

    Returns:
        `PRECURSOR_VIOLATIONS`, in order of its key.
    """
    # Read by every kind: a plan that repeats them in each costs more than the few rows they have.
    listed_goods = listed_goods.collect().lazy()
    needing = listed_goods.filter(needs_licence())
    licensed = with_licence(needing, precursor_licences).collect().lazy()
    unlicensed = licensed.filter(pl.col("reason_code").is_not_null()).collect().lazy()
    own = needing.collect_schema().names()
    columns = [*own, "violation_code", "reason_code", "explanation"]
    kinds = [
        unlicensed.with_columns(
            violation_code=pl.lit(UNLICENSED),
            explanation=sentence("registered_on={}", "registered_on"),
        ),
        over_quota(licensed).with_columns(
            violation_code=pl.lit("over_quota"),
            reason_code=pl.lit("cumulative_in_year"),
            explanation=sentence("imported_g={}; allowed_g={}", "imported_g", "allowed_g"),
        ),
        licensed.filter("has_no_end_use").with_columns(
            violation_code=pl.lit("no_end_use"),
            reason_code=pl.lit("none_stated"),
            explanation=sentence("registered_on={}", "registered_on"),
        ),
        splittings(unlicensed.select(own), legal_entities, parameters=parameters),
        misdeclared(listed_goods, needing, exchange_rates, parameters=parameters),
        of_consignees(needing, legal_entities, card_arrest_orders, parameters=parameters),
    ]
    return (
        pl.concat([kind.select(columns) for kind in kinds])
        .pipe(_one_of_each)
        .pipe(with_product)
        .select(PRECURSOR_VIOLATIONS.schema.names())
        .sort(PRECURSOR_VIOLATIONS.key)
        .pipe(PRECURSOR_VIOLATIONS.require)
    )


def _one_of_each(facts: pl.LazyFrame) -> pl.LazyFrame:
    """One fact an item and kind: of the surest substance, the others named beside it."""
    fact = [*ITEM, "violation_code"]
    ordered = facts.rename({"listed_id": "substance_id"}).sort(
        *fact, "score", "substance_id", descending=[False] * 3 + [True, False]
    )
    others = pl.col("substance_id").slice(1)
    named = ordered.group_by(fact).agg(
        other_substances=pl.when(pl.len() > 1).then(others.str.join(" "))
    )
    return ordered.unique(fact, keep="first", maintain_order=True).join(
        named, on=fact, how="left", validate="1:1"
    )
