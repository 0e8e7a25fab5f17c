"""Which acts of the agencies are about one seizure, why, and what somebody decided otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT, WEIGHT
from transforms.place_names import place_tokens
from transforms.places import place_regions
from transforms.redelivery import latest
from transforms.reference import reference
from transforms.regions import region_or_unknown
from transforms.seizures.comparing import RARE_SHARE, REPORTS, WORD_SHARES
from transforms.seizures.linking import APART, SAME, counted, links, weighed_pairs
from transforms.seizures.parameters import link_rules
from transforms.seizures.weighing import model_in_force

NOW_IN_FORCE = date.max

SEIZURE_VERDICTS = Table(
    name="decisions.seizure_verdicts",
    grain="one decision about two acts",
    key=("act_id", "act_id_other", "decided_at"),
    columns=(
        Column("business_date", pl.Date(), "Day, in Almaty, of the decision."),
        Column("act_id", pl.String(), "One act, as agency/number; the lower of the two."),
        Column("act_id_other", pl.String(), "The other."),
        Column("verdict_code", pl.String(), "same, apart, or model: as the model has it again."),
        Column("decided_by", pl.String(), "Who decided."),
        Column("decided_why", pl.String(), "Why, in that person's words."),
        Column("decided_at", INSTANT, "When; of two acts the last decision counts."),
    ),
    is_append_only=True,
)

SEIZURE_LINKS = Table(
    name="facts.seizure_links",
    grain="two acts that count as one seizure, or that a decision keeps apart",
    key=("act_id", "act_id_other"),
    columns=(
        Column("business_date", pl.Date(), "Day of the later delivery of the two acts."),
        Column("act_id", pl.String(), "One act, as agency/number; the lower of the two."),
        Column("act_id_other", pl.String(), "The other."),
        Column("region_code", pl.String(), "Region of the first act, or unknown."),
        Column(
            "bits",
            pl.Float64(),
            "What agrees less what differs, of their likeliest items; null where only a decision "
            "joins them.",
            unit="bits",
            nullable=True,
        ),
        Column(
            "probability", pl.Float64(), "That both are one seizure.", unit="ratio", nullable=True
        ),
        Column("reason", pl.String(), "What agrees and differs, with its bits.", nullable=True),
        Column("status_code", pl.String(), "joined or apart."),
        Column("decided_by", pl.String(), "Who decided; null for the model.", nullable=True),
        Column("decided_why", pl.String(), "Why.", nullable=True),
    ),
)

_ITEM = ("agency_code", "act_no", "item_no")


class NoVerdict(ValueError):
    """What was decided is no decision about two acts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Somebody's word on two acts: same, apart, or model to take an earlier word back."""

    act_id: str
    act_id_other: str
    code: str
    by: str
    why: str


def verdicts(taken: Sequence[Verdict], *, on: date, at: datetime) -> pl.LazyFrame:
    """`SEIZURE_VERDICTS` to be added.

    Raises:
        NoVerdict: an act is no agency/number, both are the same, or who or why is empty.
    """
    for one in taken:
        if "/" not in one.act_id or "/" not in one.act_id_other or one.act_id == one.act_id_other:
            raise NoVerdict("An act is named agency/number, as police/ДП-00017/25; name two acts.")
        if one.code not in {SAME, APART, "model"} or not (one.by.strip() and one.why.strip()):
            raise NoVerdict("A verdict is same, apart or model, with who decided and why.")
    rows = [
        (on, *sorted((one.act_id, one.act_id_other)), one.code, one.by.strip(), one.why.strip(), at)
        for one in taken
    ]
    return pl.LazyFrame(rows, schema=SEIZURE_VERDICTS.schema, orient="row")


def seizure_links(
    seizures: pl.LazyFrame, seizure_verdicts: pl.LazyFrame | None = None
) -> pl.LazyFrame:
    """Every two acts that count as one seizure, or would if nobody had decided otherwise.

    Args:
        seizures: accepted rows, the whole feed.
        seizure_verdicts: `SEIZURE_VERDICTS`, whole.

    Returns:
        `SEIZURE_LINKS`, in order of its key.
    """
    decided = (
        seizure_verdicts
        if seizure_verdicts is not None
        else pl.LazyFrame(schema=SEIZURE_VERDICTS.schema)
    )
    items = seizures.pipe(standing_items).collect().lazy()
    acts = items.group_by(act_id=_act_id()).agg(
        business_date=pl.col("business_date").max(), region_code=pl.col("region_code").min()
    )
    others = acts.select(act_id_other="act_id", _other_on="business_date")
    return (
        links_of(reports_of(items).collect().lazy(), decided)
        .join(acts, on="act_id", how="inner", validate="m:1")
        .join(others, on="act_id_other", how="inner", validate="m:1")
        .with_columns(
            business_date=pl.max_horizontal("business_date", "_other_on"),
            region_code=region_or_unknown(pl.col("region_code")),
        )
        .select(SEIZURE_LINKS.schema.names())
        .sort(SEIZURE_LINKS.key)
        .pipe(SEIZURE_LINKS.require)
    )


def standing_items(seizures: pl.LazyFrame) -> pl.LazyFrame:
    """Accepted rows, each item as last delivered; what its agency took back is out."""
    is_withdrawn = (pl.col("status_code") == "withdrawn").fill_null(value=False)
    return seizures.pipe(latest, _ITEM).filter(~is_withdrawn)


def reports_of(items: pl.LazyFrame) -> pl.LazyFrame:
    """Accepted items of acts, each once, as `REPORTS` to be linked.

    Drugs are compared by weight as reported, money and property by value in its currency. Where
    an act has no words for its place the name of its region stands for them; a place of the list
    has one name, in whatever language it was written.
    """
    names = reference("regions").lazy().select(region_code="kato2", _region="name_ru")
    milligrams = pl.col("net_kg").cast(WEIGHT).to_physical().cast(pl.Int64)
    thousandths = (pl.col("quantity").cast(pl.Float64) * 1000).round().cast(pl.Int64)
    places = place_regions(items.select(place="place_text", day="seized_on")).select(
        "known_name", place_text="place", seized_on="day"
    )
    return (
        items.join(names, on="region_code", how="left", validate="m:1")
        .join(places, on=["place_text", "seized_on"], how="left", validate="m:1")
        .select(
            report_id=pl.concat_str(
                _act_id(), pl.col("item_no").cast(pl.String).str.zfill(6), separator="#"
            ),
            act_id=_act_id(),
            agency_code="agency_code",
            scope=pl.lit("KZ"),
            kind=pl.concat_str(
                pl.coalesce("substance_code", "asset_code"),
                pl.when(pl.col("net_kg").is_null()).then(pl.coalesce("currency_code", "unit_code")),
                separator=":",
                ignore_nulls=True,
            ),
            seized_on="seized_on",
            amount=pl.coalesce(milligrams, "amount_minor", thousandths),
            place=pl.coalesce("known_name", "place_text", "_region"),
            case_no="case_no",
            operation_id="operation_id",
            told_on="business_date",
            circumstances=pl.lit([], dtype=pl.List(pl.String)),
        )
        .pipe(REPORTS.require)
    )


def links_of(reports: pl.LazyFrame, seizure_verdicts: pl.LazyFrame) -> pl.LazyFrame:
    """`LINKS` of the reports by the model and the rules in force, and what was decided."""
    last = (
        seizure_verdicts.sort("decided_at", "verdict_code", "decided_by", "decided_why")
        .unique(["act_id", "act_id_other"], keep="last", maintain_order=True)
        .filter(pl.col("verdict_code").is_in([SAME, APART]))
        .select("act_id", "act_id_other", "verdict_code", "decided_by", "decided_why")
    )
    rules = link_rules(NOW_IN_FORCE)
    pairs = weighed_pairs(reports, model_in_force(NOW_IN_FORCE), rules, shares_of_words())
    return links(pairs, reports, last, rules=rules)


def linked_reports(reports: pl.LazyFrame, found: pl.LazyFrame) -> pl.LazyFrame:
    """Each item with `seizure_id` and `is_counted`."""
    item = pl.col("report_id").str.split("#").list
    act = pl.col("act_id").str.splitn("/", 2).struct
    return (
        counted(reports, found, link_rules(NOW_IN_FORCE))
        .join(reports.select("report_id", "act_id"), on="report_id", validate="1:1")
        .select(
            "seizure_id",
            agency_code=act.field("field_0"),
            act_no=act.field("field_1"),
            item_no=item.last().cast(pl.Int64),
            is_counted=pl.col("counts_as") == pl.col("report_id"),
        )
    )


@cache
def shares_of_words() -> pl.DataFrame:
    """`WORD_SHARES` of regions and large cities, by inhabitants: other places are rarely named."""
    people = reference("regions").select(
        word=place_tokens(pl.col("name_ru")), share=pl.col("population").cast(pl.Float64)
    )
    return (
        people.with_columns(share=pl.col("share") / pl.col("share").sum())
        .explode("word")
        .group_by("word")
        .agg(pl.col("share").sum())
        .filter(pl.col("share") > RARE_SHARE)
        .select(WORD_SHARES.schema.names())
        .sort("word")
    )


def _act_id() -> pl.Expr:
    return pl.concat_str("agency_code", "act_no", separator="/")


def links_told(seizure_links: pl.LazyFrame, *, act: str | None, below: float) -> pl.LazyFrame:
    """`SEIZURE_LINKS` as an analyst goes through them: the least probable first.

    Args:
        act: of this act only.
        below: only those less probable; what only a decision joins is always there.
    """
    is_doubtful = (pl.col("probability") < below).fill_null(value=True) | (below >= 1)
    wanted = seizure_links.filter(is_doubtful)
    if act is not None:
        wanted = wanted.filter((pl.col("act_id") == act) | (pl.col("act_id_other") == act))
    return wanted.sort("probability", "act_id", "act_id_other").select(
        "act_id",
        "act_id_other",
        "status_code",
        pl.col("probability").round(4),
        "reason",
        "decided_by",
        "decided_why",
    )
