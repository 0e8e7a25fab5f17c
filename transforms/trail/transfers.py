"""Movements of money between two nodes, whoever told of them: what a trail is followed along.

A node is an account, a client of an exchange, a wallet, cash of a region, a service, or an
account abroad. Its id tells it from every other, whatever their kinds: an IBAN of an account,
and elsewhere a prefix before the id.
"""

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT, QUANTITY
from transforms.trail.bank_legs import bank_legs
from transforms.trail.exchange_legs import crypto_legs, p2p_legs

NODE_KINDS = ("account", "exchange_client", "wallet", "cash", "service", "abroad")

TRANSFERS = Table(
    name="facts.transfers",
    grain="one movement of money between two nodes; both banks' sides of a transfer are one row",
    key=("transfer_id",),
    columns=(
        Column(
            "business_date",
            pl.Date(),
            "Day, in Almaty, on which it was booked, whenever it was delivered.",
        ),
        Column(
            "transfer_id",
            pl.String(),
            "Who told of it, a slash and its number there; of two banks' sides, the payer's; "
            "of a bank's and an exchange's, the bank's.",
        ),
        Column("at", INSTANT, "When it was booked or completed; of two sides, the payer's."),
        Column(
            "from_kind",
            pl.String(),
            "account, exchange_client, wallet, cash, service (utility, employer, state, merchant, "
            "an exchange's own account) or abroad.",
        ),
        Column(
            "from_id",
            pl.String(),
            "IBAN; EXCHANGE/IIN or EXCHANGE/its number of the client; network:address; "
            "cash:region; service:BIN, or service:what it is where no BIN is known; "
            "abroad:IBAN.",
            is_personal=True,
        ),
        Column("to_kind", pl.String(), "As `from_kind`."),
        Column("to_id", pl.String(), "As `from_id`.", is_personal=True),
        Column(
            "amount_tiyn",
            pl.Int64(),
            "Amount; crypto and foreign money at the price and the official rate of its day, a "
            "P2P order at the price paid. Null where no price or rate is known: such a transfer "
            "is told but carries no money along a trail.",
            unit="tiyn",
            nullable=True,
        ),
        Column(
            "operation_code",
            pl.String(),
            "As in card_transactions; or p2p_order, deposit, withdrawal.",
        ),
        Column("asset_code", pl.String(), "KZT, another currency, or the crypto asset."),
        Column(
            "quantity",
            QUANTITY,
            "Crypto moved, in whole units of the asset; null for money.",
            unit="asset_units",
            nullable=True,
        ),
        Column(
            "from_iin",
            pl.String(),
            "IIN or BIN of the payer's side; null where nobody told it.",
            nullable=True,
            is_personal=True,
        ),
        Column(
            "to_iin",
            pl.String(),
            "IIN or BIN of the payee's side; null where nobody told it.",
            nullable=True,
            is_personal=True,
        ),
        Column(
            "confidence",
            pl.Float64(),
            "1 for what somebody told; below 1 where a trail takes it from circumstances.",
            unit="ratio",
        ),
    ),
)


def transfers(
    told: pl.LazyFrame,
    p2p_orders: pl.LazyFrame,
    crypto_transfers: pl.LazyFrame,
    fiat_transfers: pl.LazyFrame,
    *,
    crypto_prices: pl.LazyFrame,
    exchange_rates: pl.LazyFrame,
) -> pl.LazyFrame:
    """Every movement of money that these rows tell.

    What is booked on a day is paired and counted within that day: give all rows of a day, in
    whichever deliveries they came, and any number of days at once. Prices and rates are the last
    on or before the day.

    Args:
        told: as `told_by_banks` gives it, of parts that do not fit into memory together too.
        p2p_orders: accepted rows.
        crypto_transfers: accepted rows.
        fiat_transfers: accepted rows.
        crypto_prices: accepted rows, the whole feed.
        exchange_rates: accepted rows, the whole feed.

    Returns:
        `TRANSFERS`, in no order.
    """
    legs = (
        bank_legs(told, fiat_transfers, exchange_rates).with_columns(
            quantity=pl.lit(None, QUANTITY), confidence=pl.lit(1.0)
        ),
        p2p_legs(p2p_orders, exchange_rates).with_columns(confidence=pl.lit(1.0)),
        crypto_legs(crypto_transfers, crypto_prices, exchange_rates).with_columns(
            confidence=pl.lit(1.0)
        ),
    )
    every = pl.concat([leg.select(TRANSFERS.schema.names()) for leg in legs])
    return every.pipe(TRANSFERS.require)
