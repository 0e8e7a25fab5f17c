"""The rows behind the figures of an edition, and whom they concern: for analysts alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from transforms.contracts import Column, Table
from transforms.facts import DerivedFact, Fact
from transforms.indicators import Indicator
from transforms.periods import Period, is_during
from transforms.regions import COUNTRY

COUNTED_BY = Column(
    "counted_by", pl.String(), "The figures that count this row, by their ids, blanks between."
)
HOLDER_NAME = Column(
    "holder_name",
    pl.String(),
    "Name of the holder, as a bank told it last; null where none did.",
    nullable=True,
    is_personal=True,
)
CONSIGNEE_NAME = Column(
    "consignee_name",
    pl.String(),
    "Name of the consignee in the register of legal entities.",
    nullable=True,
)
_NAMED = {"holder_iin": HOLDER_NAME, "consignee_bin": CONSIGNEE_NAME}


def annex_table(fact: Fact | DerivedFact) -> Table:
    """The contract of a table of facts as an annex has it: who counts a row first, names last."""
    names = [_NAMED[c.name] for c in fact.table.columns if c.name in _NAMED]
    return replace(fact.table, columns=(COUNTED_BY, *fact.table.columns, *names))


def rows_behind(
    fact: Fact | DerivedFact,
    rows: pl.LazyFrame,
    indicators: Sequence[Indicator],
    period: Period,
    night: date,
    *,
    holders: pl.LazyFrame,
    entities: pl.LazyFrame,
) -> pl.LazyFrame:
    """The rows of a table of facts that some figure counts in a period, as of a night.

    Args:
        fact: which table.
        rows: all of it; what was delivered after the night is not counted.
        indicators: figures of the edition; those of other facts are passed over.
        period: what the edition is about.
        night: business date as of which its figures were computed.
        holders: accepted rows of `account_holders`; only those about holders of these rows are
            kept while it is collected, so that it may be a scan of all.
        entities: accepted rows of `legal_entities`, likewise.

    Returns:
        `annex_table(fact)`, each row once, in order of the table's key. Of an asset that a figure
        counts once in several measures, all parts of the measure that it is counted in. Of a
        stock, what came to it in the period: the rest stands in the annexes before.
    """
    until = rows.filter(pl.col("business_date") <= night)
    key, own = list(fact.table.key), annex_table(fact)
    counted = pl.concat(list(_counted(fact, until, indicators, period)), how="diagonal")
    named = (
        counted.group_by(key)
        .agg(counted_by=pl.col("indicator").unique().sort().str.join(" "))
        .join(until, on=key, how="inner", nulls_equal=True)
    )
    if "holder_iin" in fact.table.schema:
        told = holders.join(named.select("holder_iin"), on="holder_iin", how="semi")
        named = named.join(_names_of_holders(told, night), on="holder_iin", how="left")
    if "consignee_bin" in fact.table.schema:
        consignees = named.select(entity_bin="consignee_bin")
        told = entities.join(consignees, on="entity_bin", how="semi")
        named = named.join(_names_of_entities(told, night), on="consignee_bin", how="left")
    return named.select(own.schema.names()).sort(key).pipe(own.require)


def of_area(rows: pl.DataFrame, area: str) -> pl.DataFrame:
    """Those that the figures of an area count."""
    return rows if area == COUNTRY else rows.filter(pl.col("region_code") == area)


def facts_of(
    indicators: Sequence[Indicator], catalogue: Mapping[str, Indicator]
) -> dict[str, list[Indicator]]:
    """By table, the figures that count its rows; of a sum or rate, those that it is made of."""
    found: dict[str, list[Indicator]] = {}
    for shown in indicators:
        for one in [catalogue[part] for part in shown.made_of] or [shown]:
            if one.fact is not None and one not in found.setdefault(one.fact.table.name, []):
                found[one.fact.table.name].append(one)
    return found


def _counted(
    fact: Fact | DerivedFact,
    until: pl.LazyFrame,
    indicators: Sequence[Indicator],
    period: Period,
) -> Iterator[pl.LazyFrame]:
    """Keys of the rows that each figure counts."""
    key = list(fact.table.key)
    yield pl.LazyFrame(
        schema={"indicator": pl.String, **{name: fact.table.schema[name] for name in key}}
    )
    for one in indicators:
        if one.rows is None or one.fact is None or one.fact.table != fact.table:
            continue
        kept, whole = one.rows(until, period), until
        if one.is_stock:
            whole = until.filter(is_during(one.happened_on, period))
        on = [name for name in key if name in kept.collect_schema()]
        yield whole.join(kept.select(on).unique(), on=on, how="semi", nulls_equal=True).select(
            *key, indicator=pl.lit(one.id)
        )


def _names_of_holders(holders: pl.LazyFrame, night: date) -> pl.LazyFrame:
    return (
        holders.filter(
            pl.col("business_date") <= night,
            pl.col("holder_name").is_not_null(),
            pl.col("holder_iin").is_not_null(),
        )
        .sort("business_date", "institution", "line", "holder_name")
        .unique("holder_iin", keep="last", maintain_order=True)
        .select("holder_iin", "holder_name")
    )


def _names_of_entities(entities: pl.LazyFrame, night: date) -> pl.LazyFrame:
    return (
        entities.filter(pl.col("business_date") <= night, pl.col("entity_name").is_not_null())
        .sort("business_date", "institution", "line", "entity_name")
        .unique("entity_bin", keep="last", maintain_order=True)
        .select(consignee_bin="entity_bin", consignee_name="entity_name")
    )
