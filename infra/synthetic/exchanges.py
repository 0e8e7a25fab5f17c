"""What the exchanges tell of one day: peer-to-peer orders, deposits and withdrawals."""

from datetime import date

import numpy as np
import polars as pl

from infra.synthetic.days import CLOCK
from infra.synthetic.dice import picks, rng
from infra.synthetic.markets import Markets
from infra.synthetic.networks import Traffic, ordinary_clients
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told, amount_text, quantity_text
from infra.synthetic.wallets import NETWORK_OF, address, chain_transaction_id

EXCHANGES = {"EXCH01": 0.6, "EXCH02": 0.4}

_COINS = {"USDT": 0.78, "BTC": 0.07, "ETH": 0.06, "TRX": 0.06, "USDC": 0.03}
_LEAST_ROWS, _MOST_ROWS = 160, 20_000
_ROWS_FOR_A_TRANSACTION = 100
_WALLETS = 240
_WALLETS_OF_A_NETWORK = 3
_MICRO = 1_000_000
_LAST_SECOND = 86_399


def exchanges_of(
    seed: int, day: date, transactions: int, planted: Traffic, markets: Markets
) -> tuple[Told, Told]:
    """`p2p_orders` and `crypto_transfers` of one business date."""
    count = min(_MOST_ROWS, max(_LEAST_ROWS, transactions // _ROWS_FOR_A_TRANSACTION))
    orders = _planted_orders(seed, planted.orders, day, markets)
    return (
        _orders(seed, day, count, orders, markets),
        _transfers(seed, day, count, orders, markets),
    )


def fiat_transfers_of(seed: int, day: date, topups: pl.DataFrame) -> Told:
    """`fiat_transfers` of one business date: each top-up, minutes after the bank's entry.

    Args:
        topups: the rows of banks that tell of them, as on the wire.
    """
    dice = rng(seed, "fiat_transfers", day)
    clock = topups["BOOKED_AT"].str.slice(len(f"{day}T"), 8).str.to_time("%H:%M:%S")
    booked = clock.cast(pl.Int64) // 1_000_000_000
    waited = pl.Series(dice.integers(20, 600, topups.height))
    deposits = topups.select(
        "IIN",
        "BOOKED_AT",
        "AMOUNT",
        second=(booked + waited).clip(0, _LAST_SECOND),
        exchange=pl.Series(picks(dice, topups.height, EXCHANGES)),
    ).sort("second", "IIN", "AMOUNT")
    return Told(
        "fiat_transfers",
        deposits.select(
            (pl.lit(f"F{day:%y%m%d}") + pl.int_range(pl.len()).cast(pl.String).str.zfill(6)).alias(
                "transfer_no"
            ),
            pl.col("BOOKED_AT").alias("created_at"),
            _at(deposits, day).alias("completed_at"),
            pl.lit("deposit").alias("direction"),
            pl.col("IIN").alias("user_iin"),
            pl.lit(None, pl.String).alias("user_id"),
            pl.lit(None, pl.String).alias("user_name"),
            pl.lit("KZT").alias("fiat"),
            pl.col("AMOUNT").alias("fiat_amount"),
            pl.lit("0.00").alias("fiat_fee"),
            pl.lit("card").alias("pay_method"),
            pl.lit("completed").alias("status"),
            pl.lit(day).alias(EVENT_ON),
            pl.col("exchange").alias(INSTITUTION),
        ),
    )


def network_wallets(seed: int, network: str) -> list[str]:
    """Where a network's crypto goes; the same wallets every day."""
    return [address("tron", seed, network, n) for n in range(_WALLETS_OF_A_NETWORK)]


def _planted_orders(seed: int, orders: pl.DataFrame, day: date, markets: Markets) -> pl.DataFrame:
    """Bought a few minutes after the tenge were paid, a little above the official rate."""
    dice = rng(seed, "planted orders", day)
    rate = markets.tenge_for_dollar(day) * dice.uniform(1.004, 1.019, orders.height)
    micro = (orders["minor"].to_numpy() / 100 / rate * _MICRO).astype(np.int64)
    return orders.with_columns(
        second=orders["second"] + pl.Series(dice.integers(60, 390, orders.height)),
        micro=pl.Series(micro),
        exchange=pl.Series(picks(dice, orders.height, EXCHANGES)),
    )


def _orders(seed: int, day: date, count: int, planted: pl.DataFrame, markets: Markets) -> Told:
    ordinary = _ordinary_orders(seed, day, count, markets)
    bought = planted.with_columns(side=pl.lit("buy")).select(ordinary.columns)
    every = pl.concat([ordinary, bought]).sort("second", maintain_order=True)
    return Told(
        "p2p_orders",
        every.select(
            (pl.lit(f"P{day:%y%m%d}") + pl.int_range(pl.len()).cast(pl.String).str.zfill(6)).alias(
                "order_no"
            ),
            _at(every, day).alias("completed_at"),
            "maker_iin",
            "taker_iin",
            "side",
            pl.lit("USDT").alias("asset"),
            quantity_text(pl.col("micro"), 6).alias("quantity"),
            pl.lit("KZT").alias("fiat"),
            amount_text(pl.col("minor")).alias("fiat_amount"),
            "pay_account",
            pl.lit(day).alias(EVENT_ON),
            pl.col("exchange").alias(INSTITUTION),
        ),
    )


def _ordinary_orders(seed: int, day: date, count: int, markets: Markets) -> pl.DataFrame:
    """Orders between ordinary people; tenge go to the maker of an offer that is bought."""
    dice = rng(seed, "p2p_orders", day)
    people = ordinary_clients(seed)
    makers, takers = (people[dice.integers(0, people.height, count)] for _ in range(2))
    tenge = np.exp(dice.normal(11.1, 0.9, count)).astype(np.int64) + 500
    rate = markets.tenge_for_dollar(day) * dice.uniform(0.992, 1.02, count)
    return pl.DataFrame(
        {
            "second": dice.integers(20_000, 86_000, count),
            "maker_iin": makers["iin"],
            "taker_iin": takers["iin"],
            "side": picks(dice, count, {"buy": 0.6, "sell": 0.4}),
            "micro": (tenge / rate * _MICRO).astype(np.int64),
            "minor": tenge * 100,
            "exchange": picks(dice, count, EXCHANGES),
        }
    ).with_columns(
        pay_account=pl.when(pl.col("side") == "buy").then(makers["iban"]).otherwise(takers["iban"])
    )


def _transfers(seed: int, day: date, count: int, orders: pl.DataFrame, markets: Markets) -> Told:
    every = pl.concat([_ordinary(seed, day, count, markets), _withdrawn(seed, day, orders)]).sort(
        "second", maintain_order=True
    )
    chains = [
        chain_transaction_id(network, seed, day, n)
        for n, network in enumerate(every["network"].to_list())
    ]
    return Told(
        "crypto_transfers",
        every.select(
            (pl.lit(f"T{day:%y%m%d}") + pl.int_range(pl.len()).cast(pl.String).str.zfill(6)).alias(
                "id"
            ),
            _at(every, day).alias("completed_at"),
            "direction",
            "user_iin",
            "network",
            "address",
            pl.Series("txid", chains),
            "asset",
            quantity_text(pl.col("micro"), 6).alias("quantity"),
            pl.lit(day).alias(EVENT_ON),
            pl.col("exchange").alias(INSTITUTION),
        ),
    )


def _ordinary(seed: int, day: date, count: int, markets: Markets) -> pl.DataFrame:
    dice = rng(seed, "crypto_transfers", day)
    people = ordinary_clients(seed)
    coins = picks(dice, count, _COINS)
    wallets = dice.integers(0, _WALLETS, count)
    known = {
        (network, n): address(network, seed, "somebody", n)
        for network in set(NETWORK_OF.values())
        for n in range(_WALLETS)
    }
    networks = [NETWORK_OF[coin] for coin in coins.tolist()]
    prices = np.array([float(markets.price(coin, day)) for coin in coins.tolist()])
    dollars = np.exp(dice.normal(5.6, 1.1, count))
    return pl.DataFrame(
        {
            "second": dice.integers(10_000, 86_000, count),
            "direction": picks(dice, count, {"deposit": 0.45, "withdrawal": 0.55}),
            "user_iin": people["iin"].gather(dice.integers(0, people.height, count)),
            "network": networks,
            "address": [known[key] for key in zip(networks, wallets.tolist(), strict=True)],
            "asset": coins,
            "micro": np.maximum(1, (dollars / prices * _MICRO).astype(np.int64)),
            "exchange": picks(dice, count, EXCHANGES),
        }
    )


def _withdrawn(seed: int, day: date, orders: pl.DataFrame) -> pl.DataFrame:
    """All that an operator bought leaves the exchange soon after the last purchase."""
    sums = orders.group_by("network", "taker_iin", "exchange", maintain_order=True).agg(
        pl.col("micro").sum(), pl.col("second").max()
    )
    dice = rng(seed, "withdrawn", day)
    places = dice.integers(0, _WALLETS_OF_A_NETWORK, sums.height).tolist()
    homes = [
        network_wallets(seed, network)[place]
        for network, place in zip(sums["network"].to_list(), places, strict=True)
    ]
    return sums.select(
        second=(pl.col("second") + pl.Series(dice.integers(600, 3_600, sums.height))).clip(
            0, 86_300
        ),
        direction=pl.lit("withdrawal"),
        user_iin="taker_iin",
        network=pl.lit("tron"),
        address=pl.Series(homes),
        asset=pl.lit("USDT"),
        micro=pl.col("micro") - _MICRO,
        exchange="exchange",
    )


def _at(rows: pl.DataFrame, day: date) -> pl.Expr:
    return pl.lit(day.isoformat()) + CLOCK.gather(rows["second"])
