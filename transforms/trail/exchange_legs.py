"""What exchanges tell of their clients, as transfers between two nodes.

A P2P order moves crypto from the seller to the buyer inside the exchange; the tenge that pay for
it are a bank's transfer. Deposits and withdrawals lead from wallets and to them.
"""

import polars as pl

from transforms.periods import civil_date
from transforms.redelivery import earliest
from transforms.trail.wallet_nodes import wallet_node
from transforms.valuation import cents_of, tiyn_of, with_price, with_rate


def p2p_legs(p2p_orders: pl.LazyFrame, exchange_rates: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of `facts.transfers` from P2P orders: the crypto, at the price paid for it.

    Args:
        p2p_orders: accepted rows of the days wanted; only completed ones moved anything.
        exchange_rates: accepted rows, the whole feed.
    """
    return (
        p2p_orders.pipe(completed_orders)
        .with_columns(
            business_date=civil_date(pl.col("at")),
            from_kind=_client_kind("seller"),
            from_id=_client("seller"),
            to_kind=_client_kind("buyer"),
            to_id=_client("buyer"),
            transfer_id=pl.concat_str("institution", "p2p_order_id", separator="/"),
            operation_code=pl.lit("p2p_order"),
            from_iin="seller_iin",
            to_iin="buyer_iin",
        )
        .pipe(with_rate, exchange_rates, day="business_date", currency="currency_code")
        .with_columns(
            amount_tiyn=tiyn_of(pl.col("amount_minor"), pl.col("tenge_per_quant"), pl.col("quant"))
        )
    )


def completed_orders(p2p_orders: pl.LazyFrame) -> pl.LazyFrame:
    """Orders that moved crypto, each once, with `at`, and both sides as seller and buyer."""
    is_bought = pl.col("side_code") == "buy"  # by the taker
    maker, taker = pl.col("maker_iin"), pl.col("taker_iin")
    return (
        p2p_orders.filter(_is_completed())
        .pipe(earliest, ("institution", "p2p_order_id"))
        .with_columns(
            at=pl.coalesce("completed_at", "created_at"),
            seller_iin=pl.when(is_bought).then(maker).when(~is_bought).then(taker),
            buyer_iin=pl.when(is_bought).then(taker).when(~is_bought).then(maker),
        )
        .with_columns(
            seller=pl.coalesce("seller_iin", "seller_id", "seller_nickname", "seller_name"),
            buyer=pl.coalesce("buyer_iin", "buyer_id", "buyer_nickname", "buyer_name"),
        )
    )


def crypto_legs(
    crypto_transfers: pl.LazyFrame, crypto_prices: pl.LazyFrame, exchange_rates: pl.LazyFrame
) -> pl.LazyFrame:
    """Rows of `facts.transfers` from deposits and withdrawals, at the day's price and rate.

    Args:
        crypto_transfers: accepted rows of the days wanted; only completed ones moved anything.
        crypto_prices: accepted rows, the whole feed.
        exchange_rates: accepted rows, the whole feed.
    """
    sides = {"deposit": ("wallet", "client"), "withdrawal": ("client", "wallet")}
    return (
        crypto_transfers.filter(_is_completed())
        .pipe(earliest, ("institution", "transfer_id"))
        .with_columns(
            at=pl.coalesce("completed_at", "created_at"),
            client=pl.coalesce("user_iin", "user_id", "user_name"),
            wallet=wallet_node(
                pl.col("network_code"), pl.col("address"), teller=pl.col("institution")
            ),
        )
        .with_columns(
            business_date=civil_date(pl.col("at")),
            client_kind=_client_kind("client"),
            client_id=_client("client"),
            client_iin="user_iin",
            wallet_kind=pl.when(pl.col("wallet").is_null())
            .then(pl.lit("service"))
            .otherwise(pl.lit("wallet")),
            wallet_id=pl.coalesce("wallet", "service:" + pl.col("institution")),
            wallet_iin=pl.lit(None, pl.String),
            transfer_id=pl.concat_str("institution", "transfer_id", separator="/"),
            operation_code="direction_code",
        )
        .with_columns(
            **{
                f"{side}_{what}": pl.when(pl.col("direction_code") == "deposit")
                .then(f"{sides['deposit'][n]}_{what}")
                .otherwise(f"{sides['withdrawal'][n]}_{what}")
                for n, side in enumerate(("from", "to"))
                for what in ("kind", "id", "iin")
            }
        )
        .pipe(with_price, crypto_prices, day="business_date")
        .pipe(with_rate, exchange_rates, day="business_date", currency=None)
        .with_columns(value_usd_cent=cents_of(pl.col("quantity"), pl.col("price_usd")))
        .with_columns(
            amount_tiyn=tiyn_of(
                pl.col("value_usd_cent"), pl.col("tenge_per_quant"), pl.col("quant")
            )
        )
    )


def _is_completed() -> pl.Expr:
    return (pl.col("status_code") == "completed").fill_null(value=True)


def _client(side: str) -> pl.Expr:
    """A client that nobody named is the exchange itself: its money goes no further."""
    named = pl.concat_str("institution", side, separator="/")
    return pl.coalesce(named, "service:" + pl.col("institution"))


def _client_kind(side: str) -> pl.Expr:
    return (
        pl.when(pl.col(side).is_null()).then(pl.lit("service")).otherwise(pl.lit("exchange_client"))
    )
