"""Where orders, answers of the banks and the register of cases contradict each other.

Each of the three tells of the same arrest: who ordered it and in which case, what the bank, the
exchange or the registrar did, and what the case is. A break is a contradiction of one order and
asset (or of one case) that somebody has to clear up. Its codes, who has to act and why stand in
`reference/arrest_breaks.csv`.
"""

from datetime import date

import polars as pl

from transforms.arrests import break_rules
from transforms.arrests import measure_break_rules as rules
from transforms.arrests.accounts import with_account
from transforms.contracts import Column, Table
from transforms.redelivery import latest
from transforms.reference import reference
from transforms.regions import UNKNOWN_REGION

ARREST_BREAKS = Table(
    name="arrests.breaks",
    grain="one break of one asset of one order, or of one case",
    key=("break_code", "order_id", "asset_code", "asset_id", "case_no"),
    columns=(
        Column(
            "business_date",
            pl.Date(),
            "First business date on which what was delivered, or the calendar, showed it.",
        ),
        Column("break_code", pl.String(), "Which break, as in reference/arrest_breaks.csv."),
        Column(
            "acts_code",
            pl.String(),
            "Who has to act: bank, executor (exchange or registrar), agency (that investigates), "
            "or committee (on legal statistics, that keeps the registers).",
        ),
        Column("severity_code", pl.String(), "critical, or warning where it may be in order."),
        Column(
            "order_id",
            pl.String(),
            "Number of the arrest order; null where a case has none.",
            nullable=True,
        ),
        Column(
            "asset_code",
            pl.String(),
            "card, or as in `arrests.measures`; null where a case has no order.",
            nullable=True,
        ),
        Column(
            "asset_id",
            pl.String(),
            "Bank's token for the card, or as in `arrests.measures`; null where none is named.",
            nullable=True,
            is_personal=True,
        ),
        Column("case_no", pl.String(), "Register number; null where unknown.", nullable=True),
        Column("other_case_no", pl.String(), "The first case, of two.", nullable=True),
        Column("bank_bic", pl.String(), "Bank concerned; null for others.", nullable=True),
        Column("agency_code", pl.String(), "Agency concerned; null where unknown.", nullable=True),
        Column("region_code", pl.String(), "Region of the order or case, or unknown."),
        Column("since_on", pl.Date(), "First day of the contradiction."),
        Column(
            "ended_on",
            pl.Date(),
            "Day on which an answer or order ended it; null while it is open. A break that only a "
            "correction ends leaves the table with it.",
            nullable=True,
        ),
    ),
)

BREAK_CODES: tuple[str, ...] = tuple(reference("arrest_breaks")["code"])


def arrest_breaks(
    *,
    card_arrest_orders: pl.LazyFrame,
    card_arrest_confirmations: pl.LazyFrame,
    criminal_cases: pl.LazyFrame,
    card_arrests: pl.LazyFrame,
    asset_arrests: pl.LazyFrame,
    measures: pl.LazyFrame,
    measure_events: pl.LazyFrame,
    night: date,
    parameters: pl.DataFrame,
    holidays: pl.Series,
) -> pl.LazyFrame:
    """Every break that could be seen by the end of a night.

    Args:
        card_arrest_orders: accepted rows, the whole feed up to the night.
        card_arrest_confirmations: accepted rows, likewise.
        criminal_cases: accepted rows, likewise; a case delivered again is as last registered.
        card_arrests: `CARD_ARRESTS` of the same rows.
        asset_arrests: `ASSET_ARRESTS`.
        measures: `MEASURES` of the same night.
        measure_events: accepted rows, the whole feed up to the night.
        night: what only time shows (an answer that does not come) is judged as of its end.
        parameters: dated numbers of the law and of the method.
        holidays: days off on Monday to Friday.

    Returns:
        `ARREST_BREAKS`, in order of its key.
    """
    cards = card_arrests.pipe(with_account, card_arrest_orders).cache()
    cases = criminal_cases.pipe(latest, ("case_no",)).cache()
    answers = card_arrest_confirmations.cache()
    found = [
        break_rules.confirmation_without_order(answers, cards),
        break_rules.order_not_answered(cards),
        break_rules.case_not_registered(cards, cases),
        break_rules.case_without_orders(cards, cases, parameters, holidays),
        break_rules.executed_after_refusal(answers, cards),
        break_rules.held_amount_differs(answers, cards),
        break_rules.card_in_two_cases(cards),
        break_rules.account_in_two_cases(cards),
        break_rules.order_of_other_region(cards, cases),
        break_rules.order_of_other_agency(cards, cases),
        break_rules.executed_before_order(cards),
        break_rules.order_date_differs(answers, cards),
        break_rules.answer_of_other_bank(answers, cards),
        *_of_measures(
            measures,
            measure_events,
            asset_arrests,
            cases,
            parameters=parameters,
            holidays=holidays,
        ),
    ]
    return (
        pl.concat(found)
        .filter(pl.col("business_date") <= night, pl.col("since_on") <= night)
        .with_columns(region_code=pl.col("region_code").fill_null(UNKNOWN_REGION))
        .join(_rules(), on="break_code", how="left", validate="m:1")
        .select(ARREST_BREAKS.schema.names())
        .sort(ARREST_BREAKS.key, nulls_last=True)
        .pipe(ARREST_BREAKS.require)
    )


def _of_measures(
    measures: pl.LazyFrame,
    measure_events: pl.LazyFrame,
    asset_arrests: pl.LazyFrame,
    cases: pl.LazyFrame,
    *,
    parameters: pl.DataFrame,
    holidays: pl.Series,
) -> list[pl.LazyFrame]:
    every = measures.filter(pl.col("part") == 0).cache()
    is_of_card_order = (pl.col("asset_code") == "card") | pl.col("executor_code").is_not_null()
    registered = every.filter(~is_of_card_order)
    return [
        rules.event_without_measure(measure_events, every),
        rules.measure_not_answered(registered, parameters, holidays),
        rules.case_not_registered(registered, cases),
        rules.order_of_other_region(registered, cases),
        rules.order_of_other_agency(registered, cases),
        rules.executed_before_order(registered),
        rules.asset_in_two_cases(every),
        rules.register_and_answer_differ(registered, asset_arrests),
        rules.wallet_frozen_without_order(registered, asset_arrests),
        rules.confiscated_without_arrest(measures),
    ]


def is_open_on(day: date) -> pl.Expr:
    """The break had begun by the end of a day, and had not ended by then."""
    is_over = (pl.col("ended_on") <= day).fill_null(value=False)
    return (pl.col("since_on") <= day) & ~is_over


def _rules() -> pl.LazyFrame:
    return (
        reference("arrest_breaks")
        .lazy()
        .select("acts_code", break_code="code", severity_code="severity")
    )
