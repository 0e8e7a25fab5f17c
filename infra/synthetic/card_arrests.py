"""Orders to arrest cards, and the banks' answers, for all the days of the scenario."""

from dataclasses import replace

import numpy as np
import polars as pl

from infra.synthetic.cases import in_a_case
from infra.synthetic.days import Days, office_instants, spread, working_days
from infra.synthetic.dice import Ints, drawn, picks, rng, split
from infra.synthetic.identities import BANKS, REGION_WEIGHTS, clients
from infra.synthetic.scenario import STRETCHES, Stretch
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told, amount_text

# Numbers of clients whose cards are ordered; far above those who live an ordinary life.
FIRST_DROPPER = 10_000_000

_LAG_IN_WORKING_DAYS = (0.44, 0.525, 0.018, 0.009, 0.004)
_PARTLY = 0.031
_MOST_CARDS_IN_AN_ORDER = 14

_REASONS = {
    "partly": (
        "Остаток меньше суммы, указанной в постановлении",
        "Часть средств арестована ранее по другому делу",
        "Шоттағы қаражат жеткіліксіз",
    ),
    "refused": (
        "В постановлении не указан срок ареста",
        "Нет санкции следственного судьи",
        "Счёт закрыт до поступления постановления",
        "Социальные выплаты аресту не подлежат",
    ),
    "not_found": (
        "Карта не найдена",
        "Клиент с указанным ИИН не обслуживается",
        "Карта табылмады",
    ),
}


def card_arrests(seed: int, cases: pl.DataFrame, networks: pl.DataFrame) -> tuple[Told, Told]:
    """Orders and confirmations.

    Args:
        networks: members to be ordered on their `ordered_on`, as `clients` gives them, with
            their `network` and its region; they stand in for as many cards of that day and bank,
            in that region where there are enough. What a region orders of one network is in one
            case.
    """
    cards = pl.concat([_outcomes(seed, stretch) for stretch in STRETCHES])
    dice = rng(seed, "orders")
    cards = cards.sort("ordered_on", "BANK_BIC", maintain_order=True).with_columns(
        KATO=pl.Series(picks(dice, cards.height, REGION_WEIGHTS))
    )
    cards = _ordered(dice, _held_by(seed, cards, networks), cases)
    return _orders(cards), _confirmations(seed, cards)


def _outcomes(seed: int, stretch: Stretch) -> pl.DataFrame:
    """One card a row: what became of it, when it was ordered and answered."""
    dice = rng(seed, "card arrests", stretch.name)
    figures = stretch.figures
    days = working_days(stretch)
    arrested = _answered(dice, figures.cards_arrested, days, stretch).with_columns(
        RESULT=pl.Series(
            np.where(dice.random(figures.cards_arrested) < _PARTLY, "partly", "executed")
        ),
        held=pl.Series(split(dice, figures.cards_held_tiyn, figures.cards_arrested, spread=1.35)),
    )
    declined = _answered(dice, figures.cards_refused, days, stretch).with_columns(
        RESULT=pl.Series(picks(dice, figures.cards_refused, {"refused": 0.45, "not_found": 0.55})),
        held=pl.lit(0, pl.Int64),
    )
    silent = pl.DataFrame(
        {
            "ordered_on": spread(dice, figures.cards_never_answered, days[:-2]).astype(
                "datetime64[ms]"
            )
        }
    ).select(
        pl.col("ordered_on").cast(pl.Date),
        pl.lit(None, pl.Date).alias("answered_on"),
        pl.lit(None, pl.String).alias("RESULT"),
        pl.lit(None, pl.Int64).alias("held"),
    )
    every = pl.concat([arrested, declined, silent])
    return every.with_columns(BANK_BIC=pl.Series(picks(dice, every.height, BANKS)))


def _answered(dice: np.random.Generator, count: int, days: Days, stretch: Stretch) -> pl.DataFrame:
    """Days of answers, and the days of the same year on which they had been ordered."""
    answered = spread(dice, count, days)
    lags = drawn(dice, count, np.array(_LAG_IN_WORKING_DAYS))
    year = working_days(replace(stretch, since=stretch.since.replace(month=1, day=1)))
    places: Ints = np.searchsorted(year, answered) - lags
    return pl.DataFrame({"ordered_on": year[places.clip(0)], "answered_on": answered}).with_columns(
        pl.all().cast(pl.Date)
    )


def _held_by(seed: int, cards: pl.DataFrame, networks: pl.DataFrame) -> pl.DataFrame:
    """Gives each card its holder; the droppers of the networks come first on their day."""
    numbers = pl.int_range(FIRST_DROPPER, FIRST_DROPPER + pl.len()).over("BANK_BIC")
    numbered = cards.with_columns(number=numbers)
    holders = pl.concat(
        [
            clients(bank, of_bank["number"].to_numpy(), seed).with_columns(number=of_bank["number"])
            for bank in BANKS
            if (of_bank := numbered.filter(pl.col("BANK_BIC") == bank)).height
        ]
    ).select(
        "number",
        pl.col("bank").alias("BANK_BIC"),
        pl.col("iin").alias("IIN"),
        pl.col("iban").alias("ACCOUNT"),
        pl.col("token").alias("CARD_TOKEN"),
    )
    return _stood_in_for(
        numbered.join(holders, on=["BANK_BIC", "number"], how="left", maintain_order="left"),
        networks,
    ).drop("number")


def _stood_in_for(cards: pl.DataFrame, networks: pl.DataFrame) -> pl.DataFrame:
    """Cards, those of members instead of as many that are promptly arrested, with `network`."""
    arrested = cards.with_row_index("row").filter(pl.col("RESULT").is_in(["executed", "partly"]))
    known = networks.select(
        "ordered_on",
        "network",
        BANK_BIC="bank",
        KATO="kato",
        known_iin="iin",
        known_iban="iban",
        known_card="token",
    )
    found = []
    for key in (["ordered_on", "BANK_BIC", "KATO"], ["ordered_on", "BANK_BIC"]):
        place = pl.int_range(pl.len()).over(key)
        rows = arrested.select(*key, "row", place=place)
        there = known.with_columns(place=place).join(rows, on=[*key, "place"], how="inner")
        found.append(there.select("row", "network", "known_iin", "known_iban", "known_card"))
        known = known.join(there, on="known_card", how="anti")
        arrested = arrested.join(there, on="row", how="anti")
    return (
        cards.with_row_index("row")
        .join(pl.concat(found), on="row", how="left", maintain_order="left")
        .with_columns(
            IIN=pl.coalesce("known_iin", "IIN"),
            ACCOUNT=pl.coalesce("known_iban", "ACCOUNT"),
            CARD_TOKEN=pl.coalesce("known_card", "CARD_TOKEN"),
        )
        .drop("row", "known_iin", "known_iban", "known_card")
    )


def _ordered(dice: np.random.Generator, cards: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Cards of one day, region and bank share an order, and with it a case."""
    cards = cards.sort("ordered_on", "KATO", "BANK_BIC", maintain_order=True)
    group = ["ordered_on", "KATO", "BANK_BIC"]
    sheet = pl.int_range(pl.len()).over(group) // _MOST_CARDS_IN_AN_ORDER
    cards = cards.with_columns(sheet=sheet)
    orders = cards.group_by(*group, "sheet", maintain_order=True).agg(pl.col("network").max())
    suitable = cases.filter(
        pl.col("SCHEME").is_in(["dropper_network", "drug_shop"]), pl.col("KATO").is_not_null()
    )
    serial = pl.int_range(1, pl.len() + 1).over(pl.col("ordered_on").dt.year(), "KATO")
    in_one = pl.col("CASE_NO", "CASE_AGENCY").first().over("network", "KATO", order_by="ordered_on")
    is_theirs = pl.col("network").is_not_null()
    orders = in_a_case(orders, suitable, "ordered_on", dice).with_columns(
        pl.when(is_theirs).then(in_one).otherwise(pl.col("CASE_NO", "CASE_AGENCY")),
        ORDER_NO=pl.col("KATO")
        + "-"
        + serial.cast(pl.String).str.zfill(5)
        + "/"
        + pl.col("ordered_on").dt.strftime("%y"),
    )
    return (
        cards.drop("network")
        .join(orders, on=[*group, "sheet"], how="left", maintain_order="left")
        .drop("sheet")
    )


def _orders(cards: pl.DataFrame) -> Told:
    rows = cards.select(
        "ORDER_NO",
        "CASE_NO",
        "BANK_BIC",
        "CARD_TOKEN",
        "ACCOUNT",
        "IIN",
        "KATO",
        pl.col("ordered_on").cast(pl.String).alias("ORDERED_ON"),
        pl.col("CASE_AGENCY").alias("AGENCY"),
        pl.col("ordered_on").alias(EVENT_ON),
        pl.lit("kpssu").alias(INSTITUTION),
    )
    return Told("card_arrest_orders", rows)


def _confirmations(seed: int, cards: pl.DataFrame) -> Told:
    dice = rng(seed, "confirmations")
    answers = cards.drop_nulls("answered_on")
    days = answers["answered_on"].to_numpy().astype("datetime64[D]")
    chance = pl.Series(dice.integers(0, 12, answers.height))
    reason = pl.coalesce(
        pl.when(pl.col("RESULT") == result, chance % len(reasons) == n).then(pl.lit(text))
        for result, reasons in _REASONS.items()
        for n, text in enumerate(reasons)
    )
    rows = answers.select(
        "ORDER_NO",
        "CARD_TOKEN",
        "RESULT",
        pl.col("ordered_on").cast(pl.String).alias("ORDERED_ON"),
        office_instants(dice, days, since_hour=10.5).alias("ANSWERED_AT"),
        amount_text(pl.col("held")).alias("HELD_KZT"),
        reason.alias("REASON"),
        pl.col("answered_on").alias(EVENT_ON),
        pl.col("BANK_BIC").alias(INSTITUTION),
    )
    return Told("card_arrest_confirmations", rows.sort("ANSWERED_AT", maintain_order=True))
