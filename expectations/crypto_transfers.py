"""What we hold an exchange to in its file of deposits and withdrawals.

The agreed layout tells completed transfers and no status, and names the client by IIN. Rows of
an exchange's own interface tell their status: of them only what makes them useful is demanded,
and an asset or network that cannot be valued or checked is reported, not set aside.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column, OrCondition

from expectations.rules import (
    IIN,
    above_zero,
    filled,
    instant_told,
    is_filled,
    known_crypto_asset,
    known_network,
    known_status,
    mandatory,
    one_of,
    readable,
    right_address,
    rule,
    told_once,
)
from expectations.vocabulary import ExpectColumnValuesToBeValidIin
from transforms.feeds.crypto_transfers import FEED

_ANNEX = "Exchange agreement, annex 7 (assumed)"
_INTERFACES = "Interfaces of exchanges for account data"

_IS_AGREED = Column("status_code").is_null()
_IS_FROM_INTERFACE = Column("status_code").is_not_null()
_HAS_HASHES = OrCondition(
    conditions=[Column("network_code") == name for name in ("bitcoin", "ethereum", "tron")]
)
_IS_ON_CHAIN = (Column("status_code") == "completed") & (Column("is_internal") == False)  # noqa: E712

suite = gx.ExpectationSuite(
    name="crypto_transfers",
    expectations=[
        filled("XTR-01", "transfer_id", "id is the exchange's number of the transfer.", _ANNEX),
        filled(
            "XTR-02",
            "completed_at",
            "completed_at is a time with its UTC offset, as 2025-08-18T10:15:00+05:00.",
            _ANNEX,
            where=Column("created_at").is_null(),
        ),
        filled("XTR-03", "direction_code", "direction says which way it went.", _ANNEX),
        filled(
            "XTR-04",
            "user_iin",
            "user_iin is the client's IIN.",
            _ANNEX,
            where=_IS_AGREED,
        ),
        filled("XTR-05", "network_code", "network names the chain.", _ANNEX, where=_IS_AGREED),
        filled("XTR-06", "address", "address is the outside address.", _ANNEX, where=_IS_AGREED),
        filled(
            "XTR-07",
            "chain_transaction_id",
            "txid names the transaction.",
            _ANNEX,
            where=_IS_AGREED,
        ),
        filled("XTR-08", "asset_code", "asset names what was moved.", _ANNEX),
        filled(
            "XTR-09",
            "quantity",
            "quantity is a number of whole units with a point and at most 18 decimals.",
            _ANNEX,
        ),
        instant_told("XTR-10", "completed_at", "completed_at", _ANNEX),
        one_of("XTR-11", "direction_code", "direction", ("deposit", "withdrawal"), _ANNEX),
        rule(
            ExpectColumnValuesToBeValidIin,
            "XTR-12",
            "user_iin is a person's number of 12 digits, its control digit right.",
            IIN,
            column="user_iin",
        ),
        known_network("XTR-13", _ANNEX, where=_IS_AGREED),
        right_address("XTR-14", "bitcoin"),
        right_address("XTR-15", "ethereum"),
        right_address("XTR-16", "tron"),
        known_crypto_asset("XTR-17", "asset", _ANNEX, where=_IS_AGREED),
        above_zero("XTR-18", "quantity", "quantity is above zero.", _ANNEX),
        told_once("XTR-19", FEED, "A transfer stands once in a file.", _ANNEX),
        rule(
            gxe.ExpectColumnValuesToMatchRegex,
            "XTR-20",
            "txid is the chain's own: 64 hexadecimal digits, with or without 0x.",
            "Bitcoin, Ethereum and TRON: a transaction is named by a hash of 32 bytes",
            severity="warning",
            where=_HAS_HASHES,
            column="chain_transaction_id",
            regex=r"^(0x)?[0-9a-fA-F]{64}$",
        ),
        known_status("XTR-21", _INTERFACES),
        known_network("XTR-22", _INTERFACES, severity="warning", where=_IS_FROM_INTERFACE),
        known_crypto_asset(
            "XTR-23", "asset", _INTERFACES, severity="warning", where=_IS_FROM_INTERFACE
        ),
        rule(
            gxe.ExpectColumnValuesToNotBeNull,
            "XTR-24",
            "txid names the transaction of a completed transfer over a chain.",
            _INTERFACES,
            severity="warning",
            where=_IS_ON_CHAIN,
            column="chain_transaction_id",
        ),
        readable(
            "XTR-25",
            "Cells that may be empty are empty, or times and numbers in their form.",
            _INTERFACES,
            where=is_filled(*mandatory(FEED)),
        ),
        rule(
            gxe.ExpectColumnValuesToNotBeNull,
            "XTR-26",
            "The client is told: its IIN, or the exchange's own number or name for it.",
            _INTERFACES,
            severity="warning",
            where=_IS_FROM_INTERFACE & Column("user_id").is_null() & Column("user_name").is_null(),
            column="user_iin",
        ),
    ],
)
