"""The rules of the reconciliation for cards: each gives the breaks that it finds.

`cards` are `CARD_ARRESTS` with `account_iban`; `answers` are accepted confirmations; `cases` are
accepted cases, each once. A rule returns the columns of `FOUND`.
"""

import polars as pl

from transforms.arrests.cards import ORDER, is_carried_out
from transforms.droppers.parameters import in_force
from transforms.periods import civil_date
from transforms.regions import UNKNOWN_REGION

FOUND = (
    *("break_code", "business_date", "order_id", "asset_code", "asset_id", "case_no"),
    *("other_case_no", "bank_bic", "agency_code", "region_code", "since_on", "ended_on"),
)

_is_answer_of_arrest = pl.col("result_code").is_in(["executed", "partly"])
_answered_on = civil_date(pl.col("answered_at"))


def confirmation_without_order(answers: pl.LazyFrame, cards: pl.LazyFrame) -> pl.LazyFrame:
    """A bank answered an order that is not in the register, or a card that it does not name."""
    return (
        answers.join(cards, on=ORDER, how="anti")
        .group_by(ORDER)
        .agg(
            business_date=pl.col("business_date").min(),
            bank_bic=pl.col("institution").min(),
            since_on=_answered_on.min(),
        )
        .pipe(_found, "confirmation_without_order")
    )


def order_not_answered(cards: pl.LazyFrame) -> pl.LazyFrame:
    """A bank let the term pass without any answer; a late one ends the break."""
    first_day_late = pl.col("due_on").dt.offset_by("1d")
    return (
        cards.filter(is_not_answered_in_time())
        .drop_nulls("due_on")
        .with_columns(since_on=first_day_late, ended_on="answered_on")
        .with_columns(business_date=pl.max_horizontal("business_date", "since_on"))
        .pipe(_found, "order_not_answered")
    )


def is_not_answered_in_time() -> pl.Expr:
    """Of a card: its bank answered after the term, or has not yet."""
    return pl.col("answered_on").is_null() | (pl.col("answered_on") > pl.col("due_on"))


def case_not_registered(cards: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """An order rests on a case that the register does not have."""
    return (
        cards.join(cases, on="case_no", how="anti")
        .with_columns(since_on="ordered_on")
        .pipe(_found, "case_not_registered")
    )


def case_without_orders(
    cards: pl.LazyFrame, cases: pl.LazyFrame, parameters: pl.DataFrame, holidays: pl.Series
) -> pl.LazyFrame:
    """A case of a dropper network in which no card was ordered within the time for it."""
    first_orders = cards.group_by("case_no").agg(ended_on=pl.col("ordered_on").min())
    return (
        cases.filter(pl.col("scheme_code") == "dropper_network")
        .join(first_orders, on="case_no", how="left", validate="1:1")
        .with_columns(since_on=first_order_late_on(parameters, holidays))
        .filter(pl.col("ended_on").is_null() | (pl.col("ended_on") >= pl.col("since_on")))
        .with_columns(business_date=pl.max_horizontal("business_date", "since_on"))
        .drop_nulls("since_on")
        .pipe(_found, "case_without_orders")
    )


def first_order_late_on(parameters: pl.DataFrame, holidays: pl.Series) -> pl.Expr:
    """The first day after the time that a case has for its first order; of `registered_on`."""
    within = in_force(parameters, "dropper_case_first_order_days", pl.col("registered_on"))
    due = pl.col("registered_on").dt.add_business_days(within, holidays=holidays, roll="backward")
    return due.dt.offset_by("1d")


def executed_after_refusal(answers: pl.LazyFrame, cards: pl.LazyFrame) -> pl.LazyFrame:
    """A bank refused or did not find a card, and arrested it afterwards."""
    refused = answers.filter(~_is_answer_of_arrest).group_by(ORDER)
    return (
        answers.filter(_is_answer_of_arrest)
        .join(
            refused.agg(refused_at=pl.col("answered_at").min()),
            on=ORDER,
            validate="m:1",
        )
        .filter(pl.col("answered_at") > pl.col("refused_at"))
        .group_by(ORDER)
        .agg(business_date=pl.col("business_date").min(), since_on=_answered_on.min())
        .pipe(_of_ordered, cards)
        .pipe(_found, "executed_after_refusal")
    )


def held_amount_differs(answers: pl.LazyFrame, cards: pl.LazyFrame) -> pl.LazyFrame:
    """Two answers of one kind name different amounts; `partly`, then more, is none."""
    each_kind = [*ORDER, "result_code"]
    amounts = (
        answers.filter(_is_answer_of_arrest)
        .group_by(*each_kind, "held_tiyn")
        .agg(business_date=pl.col("business_date").min(), first_on=_answered_on.min())
    )
    return (
        amounts.group_by(each_kind)
        .agg(
            amounts=pl.len(),
            business_date=pl.col("business_date").max(),
            # The first amount contradicts nothing; the second does.
            since_on=pl.col("first_on").sort().slice(1, 1).first(),
        )
        .filter(pl.col("amounts") > 1)
        .group_by(ORDER)
        .agg(pl.col("business_date", "since_on").min())
        .pipe(_of_ordered, cards)
        .pipe(_found, "held_amount_differs")
    )


def card_in_two_cases(cards: pl.LazyFrame) -> pl.LazyFrame:
    """Orders of a card in another case than the one it was first ordered in."""
    return _in_other_case(cards, ["bank_bic", "card_token"]).pipe(_found, "card_in_two_cases")


def account_in_two_cases(cards: pl.LazyFrame) -> pl.LazyFrame:
    """Orders of an account in another case than its first, through a card not ordered there."""
    told_of_the_card = _in_other_case(cards, ["bank_bic", "card_token"])
    return (
        _in_other_case(cards.drop_nulls("account_iban"), ["account_iban"])
        .join(told_of_the_card, on=ORDER, how="anti")
        .pipe(_found, "account_in_two_cases")
    )


def order_of_other_region(cards: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """The order and its case name different regions; a case not assigned yet has none."""
    is_other = (pl.col("region_code") != pl.col("_of_case")) & (
        pl.col("region_code") != UNKNOWN_REGION
    )
    return beside_its_case(cards, cases, "region_code", is_other).pipe(
        _found, "order_of_other_region"
    )


def order_of_other_agency(cards: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """The order and its case name different agencies."""
    is_other = pl.col("agency_code") != pl.col("_of_case")
    return beside_its_case(cards, cases, "agency_code", is_other).pipe(
        _found, "order_of_other_agency"
    )


def executed_before_order(cards: pl.LazyFrame) -> pl.LazyFrame:
    """A card was arrested on a day before its order was sanctioned."""
    return (
        cards.filter(is_carried_out(), pl.col("executed_on") < pl.col("ordered_on"))
        .with_columns(since_on="executed_on")
        .pipe(_found, "executed_before_order")
    )


def order_date_differs(answers: pl.LazyFrame, cards: pl.LazyFrame) -> pl.LazyFrame:
    """A bank quotes another date of the order than the register has."""
    return (
        answers.select(*ORDER, "answered_at", "business_date", quoted_on="ordered_on")
        .join(cards.select(*ORDER, "ordered_on"), on=ORDER, validate="m:1")
        .filter(pl.col("quoted_on") != pl.col("ordered_on"))
        .group_by(ORDER)
        .agg(business_date=pl.col("business_date").min(), since_on=_answered_on.min())
        .pipe(_of_ordered, cards)
        .pipe(_found, "order_date_differs")
    )


def answer_of_other_bank(answers: pl.LazyFrame, cards: pl.LazyFrame) -> pl.LazyFrame:
    """An answer came from another bank than the one that was ordered."""
    return (
        answers.join(cards.select(*ORDER, ordered_bic="bank_bic"), on=ORDER, validate="m:1")
        .filter(pl.col("institution") != pl.col("ordered_bic"))
        .group_by(ORDER)
        .agg(business_date=pl.col("business_date").min(), since_on=_answered_on.min())
        .pipe(_of_ordered, cards)
        .pipe(_found, "answer_of_other_bank")
    )


def _in_other_case(cards: pl.LazyFrame, asset: list[str]) -> pl.LazyFrame:
    first = (
        cards.sort(*asset, "ordered_on", "order_id", "case_no")
        .group_by(asset, maintain_order=True)
        .agg(other_case_no=pl.col("case_no").first())
    )
    return (
        cards.join(first, on=asset, validate="m:1")
        .filter(pl.col("case_no") != pl.col("other_case_no"))
        .with_columns(since_on="ordered_on")
    )


def beside_its_case(
    cards: pl.LazyFrame, cases: pl.LazyFrame, column: str, is_other: pl.Expr
) -> pl.LazyFrame:
    """Those of which the case says another thing, `_of_case`, since both are known."""
    of_case = cases.select(
        "case_no", _of_case=pl.col(column), _registered_in=pl.col("business_date")
    )
    return (
        cards.join(of_case, on="case_no", validate="m:1")
        .filter(is_other)
        .with_columns(
            since_on="ordered_on",
            business_date=pl.max_horizontal("business_date", "_registered_in"),
        )
    )


def _of_ordered(found: pl.LazyFrame, cards: pl.LazyFrame) -> pl.LazyFrame:
    """With what the order says of the card; without an order it is another break."""
    told = cards.select(
        *ORDER, "case_no", "bank_bic", "agency_code", "region_code", _ordered_in="business_date"
    )
    return found.join(told, on=ORDER, validate="1:1").with_columns(
        business_date=pl.max_horizontal("business_date", "_ordered_in")
    )


def _found(rows: pl.LazyFrame, code: str) -> pl.LazyFrame:
    """Of cards; a rule about a case alone has none."""
    if "card_token" in rows.collect_schema():
        rows = rows.with_columns(asset_code=pl.lit("card"), asset_id="card_token")
    return found_by(rows, code)


def found_by(rows: pl.LazyFrame, code: str) -> pl.LazyFrame:
    """The columns of `FOUND`; what the rule does not tell is null."""
    told = {*rows.collect_schema(), "break_code"}
    dates = {"since_on", "ended_on", "business_date"}
    absent = [
        pl.lit(None, pl.Date if name in dates else pl.String).alias(name)
        for name in FOUND
        if name not in told
    ]
    return rows.with_columns(*absent, break_code=pl.lit(code)).select(FOUND)
