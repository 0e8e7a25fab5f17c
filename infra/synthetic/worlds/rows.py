"""A world's books as banks and exchanges tell them, staged as the feeds stage a delivery."""

import hashlib
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from infra.synthetic.days import CLOCK
from infra.synthetic.exchanges import EXCHANGES
from infra.synthetic.markets import ASSETS, Markets
from infra.synthetic.told import INSTITUTION, amount_text, quantity_text
from infra.synthetic.wallets import chain_transaction_id
from infra.synthetic.worlds.books import DAY
from transforms.feeds import FEED_BY_NAME

_MICRO = 1_000_000
_MACHINES_OF_A_REGION = 4
_PURPOSES = {
    "transfer": "119",
    "salary": "332",
    "social_payment": "046",
    "utility": "841",
    "exchange_topup": "190",
}
_WITHOUT_CARD = ("salary", "social_payment", "utility")
_ENDS = ("bank", "iban", "iin", "token", "device", "kato", "is_client")


def bank_rows(moves: pl.DataFrame, accounts: pl.DataFrame, since: date) -> pl.DataFrame:
    """Each side that a reporting bank knows, as on the wire; with `move`, the row of `moves`."""
    named = moves.with_row_index("move").with_columns(
        accounts[c].gather(_place(moves[side])).alias(f"{side}_{c}")
        for side in ("payer", "payee")
        for c in _ENDS
    )
    sides = [
        named.filter(pl.col(f"{own}_is_client").fill_null(value=False)).select(
            "move",
            "at",
            "day",
            "tiyn",
            "operation",
            "channel",
            "machine",
            direction=pl.lit(direction),
            device=pl.col("payer_device") if own == "payer" else pl.lit(None, pl.String),
            **{c: f"{own}_{c}" for c in ("bank", "iban", "iin", "token", "kato")},
            counter_iban=f"{other}_iban",
            counter_iin=f"{other}_iin",
        )
        for own, other, direction in (("payer", "payee", "debit"), ("payee", "payer", "credit"))
    ]
    every = pl.concat(sides).sort("at", "move", "direction", descending=[False, False, True])
    operation = pl.col("operation")
    return every.select(
        "move",
        "day",
        _numbered(pl.col("day"), since).alias("TXN_ID"),
        _at(every["at"], since).alias("BOOKED_AT"),
        pl.col("iban").alias("ACCOUNT"),
        pl.when(~operation.is_in(_WITHOUT_CARD)).then("token").alias("CARD_TOKEN"),
        pl.col("iin").alias("IIN"),
        pl.col("direction").alias("DIRECTION"),
        amount_text(pl.col("tiyn")).alias("AMOUNT"),
        pl.lit("KZT").alias("CURRENCY"),
        operation.alias("OPERATION"),
        pl.col("counter_iban").alias("COUNTERPARTY_ACCOUNT"),
        pl.col("counter_iin").alias("COUNTERPARTY_IIN"),
        operation.replace_strict(_PURPOSES, default=None).alias("KNP"),
        pl.col("channel").alias("CHANNEL"),
        pl.when(pl.col("channel") == "mobile").then("device").alias("DEVICE"),
        pl.col("kato").alias("KATO"),
        pl.when(pl.col("channel") == "atm").then(_machine()).alias("ATM_ID"),
        pl.col("bank").alias(INSTITUTION),
    )


def order_rows(
    orders: pl.DataFrame, accounts: pl.DataFrame, since: date, markets: Markets
) -> pl.DataFrame:
    """Orders of people with people; whoever is paid in tenge is the maker of an offer bought."""
    is_bought = pl.col("offer") == "buy"
    buyer, seller = (accounts["iin"].gather(_place(orders[c])) for c in ("buyer", "seller"))
    return orders.with_columns(buyer_iin=buyer, seller_iin=seller).select(
        "day",
        ("P" + _numbered(pl.col("day"), since)).alias("order_no"),
        _at(orders["at"], since).alias("completed_at"),
        pl.when(is_bought).then("seller_iin").otherwise("buyer_iin").alias("maker_iin"),
        pl.when(is_bought).then("buyer_iin").otherwise("seller_iin").alias("taker_iin"),
        pl.col("offer").alias("side"),
        pl.lit("USDT").alias("asset"),
        quantity_text(_micro(orders, since, markets), 6).alias("quantity"),
        pl.lit("KZT").alias("fiat"),
        amount_text(pl.col("tiyn")).alias("fiat_amount"),
        accounts["iban"].gather(_place(orders["seller"])).alias("pay_account"),
        _exchange_of(orders["buyer"]).alias(INSTITUTION),
    )


def coin_rows(
    coins: pl.DataFrame, accounts: pl.DataFrame, since: date, markets: Markets, *, seed: int
) -> pl.DataFrame:
    """Deposits and withdrawals of clients of the exchanges, in USDT on Tron."""
    chains = [chain_transaction_id("tron", seed, "world", n) for n in range(coins.height)]
    return coins.select(
        "day",
        ("T" + _numbered(pl.col("day"), since)).alias("id"),
        _at(coins["at"], since).alias("completed_at"),
        "direction",
        accounts["iin"].gather(_place(coins["user"])).alias("user_iin"),
        pl.lit("tron").alias("network"),
        "address",
        pl.Series("txid", chains, pl.String),
        pl.lit("USDT").alias("asset"),
        quantity_text(_micro(coins, since, markets), 6).alias("quantity"),
        _exchange_of(coins["user"]).alias(INSTITUTION),
    )


def price_rows(days: list[date], markets: Markets) -> pl.DataFrame:
    rows = [(on.isoformat(), asset, markets.price(asset, on)) for on in days for asset in ASSETS]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("PRICE_ON", "ASSET", "PRICE_USD"), pl.String), orient="row"
    ).with_columns(day=pl.int_range(pl.len()) // len(ASSETS), **{INSTITUTION: pl.lit("nbk")})


def rate_rows(days: list[date], markets: Markets) -> pl.DataFrame:
    """Of the dollar only, which is all that a world's crypto is valued by."""
    rows = [(f"{on:%d.%m.%Y}", "USD", "1", f"{markets.tenge_for_dollar(on):.2f}") for on in days]
    return pl.DataFrame(
        rows,
        schema=dict.fromkeys(("date", "title", "quant", "description"), pl.String),
        orient="row",
    ).with_columns(day=pl.int_range(pl.len()), **{INSTITUTION: pl.lit("nbk")})


def staged(feed: str, wire: pl.DataFrame, since: date) -> pl.DataFrame:
    """Rows as delivered, one file of an institution and day → as accepted."""
    firsts = pl.lit(since) + pl.duration(days=pl.col("day"))
    known = wire.sort(INSTITUTION, "day", maintain_order=True)
    files = known.select(INSTITUTION, "day").unique(maintain_order=True)
    digests = [_digest(feed, *file) for file in files.iter_rows()]
    return (
        FEED_BY_NAME[feed]
        .staged(
            known.lazy()
            .join(
                files.lazy().with_columns(delivery=pl.Series(digests, dtype=pl.String)),
                on=[INSTITUTION, "day"],
                how="left",
                validate="m:1",
                maintain_order="left",
            )
            .with_columns(
                business_date=firsts.cast(pl.Date),
                line=pl.int_range(1, pl.len() + 1).over(INSTITUTION, "day").cast(pl.Int64),
            )
            .rename({INSTITUTION: "institution"})
        )
        .collect()
    )


def _machine() -> pl.Expr:
    """One of the few in the account's neighbourhood, else the one that is told."""
    lives = pl.col("iban").str.slice(-6).cast(pl.Int64)
    near = (lives + pl.col("at") % 7 // 3) % _MACHINES_OF_A_REGION
    at_home = pl.concat_str(pl.lit("ATM"), "kato", near.cast(pl.String).str.zfill(5), separator="-")
    elsewhere = pl.concat_str(pl.lit("ATM"), pl.col("machine").cast(pl.String), separator="-")
    return pl.coalesce(elsewhere, at_home)


def _digest(*words: object) -> str:
    return hashlib.sha256("|".join(map(str, words)).encode()).hexdigest()


def _place(ends: pl.Series) -> pl.Series:
    return pl.select(pl.when(ends >= 0).then(ends)).to_series()


def _at(instants: pl.Series, since: date) -> pl.Expr:
    days = pl.Series(instants // DAY).cast(pl.Int32)
    first = (since - date(1970, 1, 1)).days
    return pl.lit((days + first).cast(pl.Date).cast(pl.String) + CLOCK.gather(instants % DAY))


def _numbered(day: pl.Expr, since: date) -> pl.Expr:
    on = (pl.lit(datetime.combine(since, datetime.min.time())) + pl.duration(days=day)).dt.strftime(
        "%y%m%d"
    )
    return on + pl.int_range(1, pl.len() + 1).over(day).cast(pl.String).str.zfill(8)


def _micro(rows: pl.DataFrame, since: date, markets: Markets) -> pl.Expr:
    days = rows["day"].to_numpy()
    rates = np.array([markets.tenge_for_dollar(since + timedelta(int(d))) for d in days.tolist()])
    return pl.lit(pl.Series((rows["tiyn"].to_numpy() / 101 / rates * _MICRO).astype(np.int64)))


def _exchange_of(users: pl.Series) -> pl.Series:
    names = list(EXCHANGES)
    return pl.Series(names, dtype=pl.String).gather(users % 5 // 3)
