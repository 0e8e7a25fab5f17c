"""Reports joined to seizures: one to one between agencies, explained, and undone at a word.

Acts are joined, best pair first; a seizure holds no two acts of one agency, and where agencies
are not told no more than two acts at all. Acts of one operation are one seizure, whoever drew
them up. Of joined acts, items of one kind are paired one to one: of a pair one item counts, the
one told first; of those told on one day, the one whose amount has more digits. So a night that
is computed again counts what it counted. Nothing is deleted: each report stays, with the seizure
that it is of and the report that counts for it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from transforms.contracts import Column, Table
from transforms.seizures.comparing import REPORTS, candidate_pairs, compared, digits
from transforms.seizures.parameters import LinkRules
from transforms.seizures.weighing import Model, weighed

SAME, APART = "same", "apart"
JOINED = "joined"

LINKS = Table(
    name="links of seizures",
    grain="two acts that were taken for one seizure, or kept apart by a decision",
    key=("act_id", "act_id_other"),
    columns=(
        Column("act_id", pl.String(), "One act; the lower of the two."),
        Column("act_id_other", pl.String(), "The other."),
        Column(
            "bits",
            pl.Float64(),
            "Weight of what agrees less what differs, of their likeliest items; null where only "
            "a decision joins them.",
            unit="bits",
            nullable=True,
        ),
        Column(
            "probability", pl.Float64(), "That both are one seizure.", unit="ratio", nullable=True
        ),
        Column(
            "reason",
            pl.String(),
            "What agrees and what differs, each with its bits.",
            nullable=True,
        ),
        Column("status_code", pl.String(), "joined, or apart where somebody decided so."),
        Column("decided_by", pl.String(), "Who decided; null for the model.", nullable=True),
        Column("decided_why", pl.String(), "Why, in that person's words.", nullable=True),
    ),
    partitioned_by=(),
)

VERDICTS = Table(
    name="verdicts on links",
    grain="two acts about which somebody decided",
    key=("act_id", "act_id_other"),
    columns=(
        Column("act_id", pl.String(), "One act; the lower of the two."),
        Column("act_id_other", pl.String(), "The other."),
        Column("verdict_code", pl.String(), "same or apart."),
        Column("decided_by", pl.String(), "Who decided."),
        Column("decided_why", pl.String(), "Why."),
    ),
    partitioned_by=(),
)

_PAIR = ["act_id", "act_id_other"]


def weighed_pairs(
    reports: pl.LazyFrame, model: Model, rules: LinkRules, word_shares: pl.DataFrame
) -> pl.LazyFrame:
    """Every two reports that may be about one seizure, with weight and reason."""
    return (
        candidate_pairs(reports.pipe(REPORTS.require), within_days=rules.within_days)
        .pipe(compared, word_shares)
        .pipe(weighed, model)
    )


def links(
    pairs: pl.LazyFrame,
    reports: pl.LazyFrame,
    verdicts: pl.LazyFrame,
    *,
    rules: LinkRules,
) -> pl.LazyFrame:
    """The acts that are taken for one seizure, and those that somebody keeps apart.

    Args:
        pairs: `weighed_pairs` of the reports.
        verdicts: `VERDICTS`; one overrules the model either way.
        rules: from which probability on acts are joined, and acts of an agency not told.

    Returns:
        `LINKS`, in order of its key.
    """
    is_told = pl.col("agency_code").is_not_null() & pl.col("agency_code_other").is_not_null()
    least = pl.when(is_told).then(rules.least).otherwise(rules.least_untold)
    likely = (
        pairs.filter(pl.col("probability") >= least)
        .pipe(_of_acts)
        .join(verdicts, on=_PAIR, how="full", coalesce=True, validate="1:1")
        .sort(pl.col("verdict_code") == SAME, "bits", *_PAIR, descending=[True, True, False, False])
        .collect()
    )
    is_apart = (pl.col("verdict_code") == APART).fill_null(value=False)
    agencies = dict(reports.select("act_id", "agency_code").unique().collect().iter_rows())
    rows = list(_one_to_one(likely.filter(~is_apart).select(*_PAIR, "verdict_code"), agencies))
    joined = pl.DataFrame(rows, schema=dict.fromkeys(_PAIR, pl.String), orient="row")
    status = pl.when(is_apart).then(pl.lit(APART)).otherwise(pl.lit(JOINED))
    return (
        pl.concat([likely.join(joined, on=_PAIR, how="semi"), likely.filter(is_apart)])
        .lazy()
        .with_columns(status_code=status)
        .select(LINKS.schema.names())
        .sort(LINKS.key)
        .pipe(LINKS.require)
    )


def _of_acts(pairs: pl.LazyFrame) -> pl.LazyFrame:
    """Of each two acts their likeliest items."""
    is_lower = pl.col("act_id") < pl.col("act_id_other")
    return (
        pairs.select(
            pl.when(is_lower).then("act_id").otherwise("act_id_other").alias("act_id"),
            pl.when(is_lower).then("act_id_other").otherwise("act_id").alias("act_id_other"),
            *("bits", "probability", "reason"),
        )
        .sort(*_PAIR, "bits", "reason", descending=[False, False, True, False])
        .unique(_PAIR, keep="first", maintain_order=True)
    )


def _one_to_one(likely: pl.DataFrame, agencies: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    """Pairs of acts in order of likelihood that leave each agency one act a seizure."""
    groups = _Groups()
    for act, other, verdict in likely.iter_rows():
        if act not in agencies or other not in agencies:
            continue
        members = groups.of(act) | groups.of(other)
        told = [agencies[member] for member in members]
        fits = len(members) == 2 if None in told else len(set(told)) == len(members)
        if verdict == SAME or fits:
            groups.join(act, other)
            yield act, other


class _Groups:
    """Acts joined so far."""

    def __init__(self) -> None:
        self._of: dict[str, set[str]] = {}

    def of(self, act: str) -> set[str]:
        return self._of.get(act, {act})

    def join(self, act: str, other: str) -> None:
        members = self.of(act) | self.of(other)
        for member in members:
            self._of[member] = members

    def firsts(self, by: Callable[[str], Any] = str) -> dict[str, str]:
        return {act: min(members, key=by) for act, members in self._of.items()}


COUNTED = Table(
    name="counted reports of seizures",
    grain="one report, as in `REPORTS`",
    key=("report_id",),
    columns=(
        Column("report_id", pl.String(), "The item of the act."),
        Column("seizure_id", pl.String(), "The seizure: the first of its acts."),
        Column("counts_as", pl.String(), "The report that counts for it: itself, or another's."),
    ),
    partitioned_by=(),
)


def counted(reports: pl.LazyFrame, links: pl.LazyFrame, rules: LinkRules) -> pl.LazyFrame:
    """Each report with the seizure that it is of and the report that counts for it.

    Args:
        links: `LINKS` of the reports.
        rules: by which share of the larger the amounts of one item may differ; items that differ
            more were both seized, unless somebody joined their acts.

    Returns:
        `COUNTED`, in order of its key. Only reports whose `counts_as` is themselves add up.
    """
    joined = links.filter(pl.col("status_code") == JOINED).collect()
    rows = reports.collect()
    first_told = rows.sort(
        "told_on", -digits(pl.col("amount")), "report_id", nulls_last=True, maintain_order=True
    )["report_id"].to_list()
    seizures = _seizures(joined, rows)
    same = _counts_as(_item_pairs(joined, rows, rules.most_apart), first_told)
    return (
        rows.lazy()
        .select(
            "report_id",
            seizure_id=pl.col("act_id").replace(seizures),
            counts_as=pl.col("report_id").replace(same),
        )
        .sort(COUNTED.key)
        .pipe(COUNTED.require)
    )


def _seizures(joined: pl.DataFrame, reports: pl.DataFrame) -> dict[str, str]:
    """Acts that are not a seizure of their own, with the first act of theirs."""
    groups = _Groups()
    for act, other in joined.select(_PAIR).iter_rows():
        groups.join(act, other)
    acts = defaultdict(list)
    of_operations = reports.filter(pl.col("operation_id").is_not_null())
    for operation, act in of_operations.select("operation_id", "act_id").unique().iter_rows():
        acts[operation].append(act)
    for of_one in acts.values():
        for other in of_one[1:]:
            groups.join(of_one[0], other)
    return groups.firsts()


def _item_pairs(joined: pl.DataFrame, reports: pl.DataFrame, most_apart: float) -> pl.DataFrame:
    """Items of one kind of joined acts, about as large, or of acts that somebody joined."""
    items = reports.select("act_id", "report_id", "kind", "amount")
    apart = (pl.col("amount") - pl.col("amount_other")).abs()
    return (
        joined.select(*_PAIR, is_decided=pl.col("decided_by").is_not_null())
        .join(items, on="act_id")
        .join(items, left_on=["act_id_other", "kind"], right_on=["act_id", "kind"], suffix="_other")
        .with_columns(apart=apart / pl.max_horizontal("amount", "amount_other"))
        .filter(pl.col("is_decided") | (pl.col("apart") <= most_apart))
        .sort("apart", "report_id", "report_id_other", nulls_last=True)
        .select(*_PAIR, "report_id", "report_id_other")
    )


def _counts_as(pairs: pl.DataFrame, first_told: list[str]) -> dict[str, str]:
    """For each item of a pair the one of its group that counts."""
    rank = {report: place for place, report in enumerate(first_told)}
    groups, taken = _Groups(), set[tuple[str, str, str]]()
    for act, other, report, report_other in pairs.iter_rows():
        ends = {(act, other, report), (act, other, report_other)}
        if not ends & taken:
            taken |= ends
            groups.join(report, report_other)
    return groups.firsts(by=rank.__getitem__)
