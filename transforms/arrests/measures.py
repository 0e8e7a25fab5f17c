"""The life of each arrest: ordered, sent, answered, and how it ended, on any day.

Arrested (in a criminal case) is neither blocked (`facts.payment_holds`) nor seized
(`facts.seizures`), and an arrest ends in one of four ways: lifted, expired, returned to the
owner, or confiscated by a court. Cards, accounts, wallets and property are each counted in their
own right: money stands at accounts, wallets and property, never at cards.
"""

from datetime import date

import polars as pl

from transforms.arrests.measure_events import answers, events_by_asset, extensions
from transforms.arrests.measure_parts import parts
from transforms.arrests.measure_sources import ASSET_OF_MEASURE
from transforms.contracts import Column, Table

MEASURES = Table(
    name="arrests.measures",
    grain="one asset under one arrest; several parts where they ended in different ways",
    key=("asset_code", "measure_id", "asset_id", "part"),
    columns=(
        Column("business_date", pl.Date(), "Day of the delivery that told of the arrest."),
        Column(
            "asset_code",
            pl.String(),
            "card, bank_account, wallet, cash, real_estate, vehicle or business_share.",
        ),
        Column("measure_id", pl.String(), "Number of the arrest order or measure."),
        Column(
            "asset_id",
            pl.String(),
            "One asset has one number in every register: BIC/token, IBAN, wallet address, "
            "cadastral number, VIN, BIN; the number of the measure where the asset has none.",
            is_personal=True,
        ),
        Column("part", pl.Int64(), "Part of the asset, from 0."),
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("agency_code", pl.String(), "Who asked for it; null if not told.", nullable=True),
        Column("region_code", pl.String(), "Region of the case: KATO, 2 digits, or unknown."),
        Column(
            "executor_code",
            pl.String(),
            "Bank that has to carry it out; null for other assets.",
            nullable=True,
        ),
        Column("holder_iin", pl.String(), "If told.", nullable=True, is_personal=True),
        Column("ordered_on", pl.Date(), "Day of the order."),
        Column("sent_on", pl.Date(), "Day on which it was sent to be carried out.", nullable=True),
        Column("answered_on", pl.Date(), "Day of the answer that counts.", nullable=True),
        Column(
            "result_code",
            pl.String(),
            "executed, partly, refused or not_found; null while it is not answered.",
            nullable=True,
        ),
        Column(
            "answered_by_code",
            pl.String(),
            "executor (bank, exchange, registrar) or register, which tells of the result alone.",
            nullable=True,
        ),
        Column(
            "executed_on", pl.Date(), "Day on which it was carried out, if it was.", nullable=True
        ),
        Column(
            "term_on",
            pl.Date(),
            "Last day of the arrest: of its order or the law, as extended; null: until lifted.",
            nullable=True,
        ),
        Column("expired_on", pl.Date(), "First day after the term, if it ended so.", nullable=True),
        Column("lifted_on", pl.Date(), "Day on which it was lifted.", nullable=True),
        Column("returned_on", pl.Date(), "Day of the return to the owner.", nullable=True),
        Column("confiscated_on", pl.Date(), "Day of the court's decision in force.", nullable=True),
        Column(
            "held_tiyn",
            pl.Int64(),
            "Worth of the part on the day of the arrest; null for cards, where it is not known, or "
            "not carried out.",
            unit="tiyn",
            nullable=True,
        ),
        Column("first_case_no", pl.String(), "The case in which the asset was first ordered."),
        Column(
            "holding_case_no",
            pl.String(),
            "The case whose arrest of the asset came first of those that stand on the night; null "
            "where none stands.",
            nullable=True,
        ),
    ),
)

_ENDED_ON = {"confiscated": "confiscated_on", "returned": "returned_on", "lifted": "lifted_on"}


def measures(sources: pl.LazyFrame, measure_events: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """Each arrest with what became of it by the end of a night.

    Args:
        sources: rows of `measure_sources.sources`.
        measure_events: accepted rows, the whole feed.
        night: what was delivered later is left out.

    Returns:
        `MEASURES`, in order of its key.
    """
    known = sources.filter(pl.col("business_date") <= night).cache()
    told = measure_events.filter(pl.col("business_date") <= night)
    events = events_by_asset(told, known).cache()
    answered = known.pipe(_answered, events).pipe(_with_terms, events).cache()
    cut = parts(events, answered.select(*ASSET_OF_MEASURE, "held_tiyn"))
    return (
        answered.join(cut, on=ASSET_OF_MEASURE, how="left", validate="1:m")
        .with_columns(
            part=pl.col("part").fill_null(0),
            held_tiyn=pl.when(pl.col("part").is_null()).then("held_tiyn").otherwise("part_tiyn"),
        )
        .with_columns(expired_on=_expired_on(night))
        .pipe(_with_cases, night)
        .select(MEASURES.schema.names())
        .sort(MEASURES.key)
        .pipe(MEASURES.require)
    )


def state_on(day: date) -> pl.Expr:
    """What had become of the arrest by the end of a day; null before its order.

    confiscated, returned, lifted, expired; executed or partly while it stands; refused or
    not_found; sent; ordered.
    """
    by_then = {state: _is_by(column, day) for state, column in _ENDED_ON.items()}
    by_then["expired"] = _is_by("expired_on", day)
    ended = [pl.when(is_so).then(pl.lit(state)) for state, is_so in by_then.items()]
    return pl.coalesce(
        *ended,
        pl.when(_is_by("answered_on", day)).then("result_code"),
        pl.when(_is_by("sent_on", day)).then(pl.lit("sent")),
        pl.when(_is_by("ordered_on", day)).then(pl.lit("ordered")),
    )


def stands_on(day: date) -> pl.Expr:
    """The arrest had been carried out, in full or in part, and nothing had ended it."""
    return state_on(day).is_in(["executed", "partly"]).fill_null(value=False)


def _is_by(column: str, day: date) -> pl.Expr:
    return (pl.col(column) <= day).fill_null(value=False)


def _answered(sources: pl.LazyFrame, events: pl.LazyFrame) -> pl.LazyFrame:
    """The word of who carries it out counts before the register's; a bank's own answer stands."""
    is_of_bank = pl.col("executor_code").is_not_null() & pl.col("result_code").is_not_null()
    is_told = pl.col("event_result_code").is_not_null() & ~is_of_bank
    is_done = pl.col("result_code").is_in(["executed", "partly"])
    is_of_executor = is_of_bank | is_told | (pl.col("asset_code") == "wallet")
    said_by = pl.when(is_of_executor).then(pl.lit("executor")).otherwise(pl.lit("register"))
    return (
        sources.join(answers(events), on=ASSET_OF_MEASURE, how="left", validate="1:1")
        .with_columns(
            sent_on=pl.coalesce("sent_on", "event_sent_on"),
            answered_by_code=said_by,
            answered_on=pl.when(is_told).then("event_answered_on").otherwise("answered_on"),
            result_code=pl.when(is_told).then("event_result_code").otherwise("result_code"),
            held_tiyn=pl.when(is_told)
            .then(pl.coalesce("event_held_tiyn", "held_tiyn"))
            .otherwise("held_tiyn"),
        )
        .with_columns(
            answered_by_code=pl.when(pl.col("result_code").is_not_null()).then("answered_by_code"),
            executed_on=pl.when(is_done).then("answered_on"),
            held_tiyn=pl.when(is_done, pl.col("asset_code") != "card").then("held_tiyn"),
        )
    )


def _with_terms(answered: pl.LazyFrame, events: pl.LazyFrame) -> pl.LazyFrame:
    terms = answered.select(*ASSET_OF_MEASURE, "term_on")
    return answered.join(
        extensions(events, terms), on=ASSET_OF_MEASURE, how="left", validate="1:1"
    ).with_columns(term_on=pl.max_horizontal("term_on", "extended_until_on"))


def _expired_on(night: date) -> pl.Expr:
    first_day_after = pl.col("term_on").dt.offset_by("1d")
    ended_on = pl.min_horizontal(_ENDED_ON.values())
    is_over = first_day_after <= night
    is_first = ended_on.is_null() | (ended_on >= first_day_after)
    return pl.when(pl.col("executed_on").is_not_null(), is_over, is_first).then(first_day_after)


def _with_cases(rows: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """Which case had the asset first, and which holds it."""
    asset = ["asset_code", "asset_id"]
    first = pl.col("case_no").sort_by("ordered_on", "measure_id").first()
    holding = pl.col("case_no").filter(stands_on(night))
    earliest = holding.sort_by(
        pl.col("executed_on").filter(stands_on(night)),
        pl.col("measure_id").filter(stands_on(night)),
    ).first()
    by_asset = rows.group_by(asset).agg(first_case_no=first, holding_case_no=earliest)
    return rows.join(by_asset, on=asset, how="left", validate="m:1")
