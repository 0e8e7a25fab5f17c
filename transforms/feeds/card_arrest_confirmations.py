"""A bank's answers to arrest orders: what was carried out, when, and what was held."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT, code, day, instant, money, text
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="card_arrest_confirmations",
    grain="one answer for one card of one order",
    key=(
        "order_id",
        "card_token",
        "answered_at",
    ),
    happens=("answered_at",),
    adds_up=("held_tiyn", "KZT"),
    fields=(
        Field("ORDER_NO", Column("order_id", pl.String(), "Number of the arrest order."), text),
        Field(
            "ORDERED_ON",
            Column("ordered_on", pl.Date(), "Date of the order as the bank quotes it."),
            day,
        ),
        Field(
            "CARD_TOKEN",
            Column(
                "card_token",
                pl.String(),
                "Bank's token for the card; never its number.",
                is_personal=True,
            ),
            text,
        ),
        Field(
            "RESULT",
            Column("result_code", pl.String(), "executed, partly, refused or not_found."),
            code,
        ),
        Field(
            "ANSWERED_AT",
            Column("answered_at", INSTANT, "When the bank carried it out or refused."),
            instant,
        ),
        Field(
            "HELD_KZT",
            Column(
                "held_tiyn",
                pl.Int64(),
                "Balance held by the arrest; zero when refused or not found.",
                unit="tiyn",
            ),
            money,
        ),
        Field(
            "REASON",
            Column(
                "reason",
                pl.String(),
                "Why not, or not in full, in the bank's words.",
                nullable=True,
            ),
            text,
        ),
    ),
)
