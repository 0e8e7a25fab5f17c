"""What we hold an exchange to in its file of peer-to-peer orders.

The agreed layout tells completed orders and no status, and both sides by IIN. Rows of an
exchange's own interface tell their status and name buyer or seller as the exchange does; an asset
or currency of theirs that cannot be valued is reported, not set aside.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
from great_expectations.expectations.row_conditions import AndCondition, Column

from expectations.rules import (
    IBAN,
    IIN,
    above_zero,
    at_most,
    filled,
    instant_told,
    is_filled,
    known_crypto_asset,
    known_currency,
    known_status,
    mandatory,
    one_of,
    readable,
    rule,
    told_once,
)
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidIin,
    ExpectColumnValuesToBeValidKzIban,
)
from transforms.feeds.p2p_orders import FEED

_ANNEX = "Exchange agreement, annex 8 (assumed)"
_INTERFACES = "Interfaces of exchanges for account data"

_IS_AGREED = Column("status_code").is_null()
_IS_FROM_INTERFACE = Column("status_code").is_not_null()
_NOBODY_IS_NAMED = AndCondition(
    conditions=[
        Column(f"{side}_{known_by}").is_null()
        for side in ("buyer", "seller")
        for known_by in ("id", "name", "nickname")
    ]
)

suite = gx.ExpectationSuite(
    name="p2p_orders",
    expectations=[
        filled("PPO-01", "p2p_order_id", "order_no is the exchange's number.", _ANNEX),
        filled(
            "PPO-02",
            "completed_at",
            "completed_at is a time with its UTC offset, as 2025-08-18T10:15:00+05:00.",
            _ANNEX,
            where=Column("created_at").is_null(),
        ),
        filled(
            "PPO-03",
            "maker_iin",
            "maker_iin is the IIN of who published the offer; or the exchange names a side.",
            _ANNEX,
            where=_NOBODY_IS_NAMED,
        ),
        filled(
            "PPO-04",
            "taker_iin",
            "taker_iin is the IIN of who took it; or the exchange names a side.",
            _ANNEX,
            where=_NOBODY_IS_NAMED,
        ),
        filled(
            "PPO-05",
            "side_code",
            "side says what the taker did, unless buyer or seller are named as such.",
            _ANNEX,
            where=_NOBODY_IS_NAMED,
        ),
        filled("PPO-06", "asset_code", "asset names the crypto asset.", _ANNEX),
        filled(
            "PPO-07",
            "quantity",
            "quantity is a number of whole units with a point and at most 18 decimals.",
            _ANNEX,
        ),
        filled("PPO-08", "currency_code", "fiat is the currency of the price.", _ANNEX),
        filled(
            "PPO-09",
            "amount_minor",
            "fiat_amount is an amount with a point and at most two decimals.",
            _ANNEX,
        ),
        instant_told("PPO-10", "completed_at", "completed_at", _ANNEX),
        *(
            rule(
                ExpectColumnValuesToBeValidIin,
                code,
                f"{column} is a person's number of 12 digits, its control digit right.",
                IIN,
                column=column,
            )
            for code, column in (("PPO-11", "maker_iin"), ("PPO-12", "taker_iin"))
        ),
        one_of("PPO-13", "side_code", "side", ("buy", "sell"), _ANNEX),
        known_crypto_asset("PPO-14", "asset", _ANNEX, where=_IS_AGREED),
        above_zero("PPO-15", "quantity", "quantity is above zero.", _ANNEX),
        known_currency("PPO-16", "fiat", where=_IS_AGREED),
        above_zero("PPO-17", "amount_minor", "fiat_amount is above zero.", _ANNEX),
        told_once("PPO-18", FEED, "An order stands once in a file.", _ANNEX),
        rule(
            ExpectColumnValuesToBeValidKzIban,
            "PPO-19",
            "pay_account, if known, is a Kazakh IBAN without blanks, its check digits right.",
            IBAN,
            severity="warning",
            column="pay_account_iban",
        ),
        at_most(
            "PPO-20",
            "amount_minor",
            100_000_000_000,
            "fiat_amount over a thousand million is confirmed: it is whole units, not tiyn.",
            _ANNEX,
        ),
        known_status("PPO-21", _INTERFACES),
        known_crypto_asset(
            "PPO-22", "asset", _INTERFACES, severity="warning", where=_IS_FROM_INTERFACE
        ),
        known_currency("PPO-23", "fiat", severity="warning", where=_IS_FROM_INTERFACE),
        readable(
            "PPO-24",
            "Cells that may be empty are empty, or times and numbers in their form.",
            _INTERFACES,
            where=is_filled(*mandatory(FEED)),
        ),
    ],
)
