"""What we hold an exchange to in its file of deposits and withdrawals.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx

from expectations.rules import (
    IIN,
    above_zero,
    filled,
    instant_told,
    known_crypto_asset,
    known_network,
    one_of,
    right_address,
    rule,
    shaped,
    told_once,
)
from expectations.vocabulary import ExpectColumnValuesToBeValidIin
from transforms.feeds.crypto_transfers import FEED

_ANNEX = "Exchange agreement, annex 7 (assumed)"

suite = gx.ExpectationSuite(
    name="crypto_transfers",
    expectations=[
        filled("XTR-01", "transfer_id", "id is the exchange's number of the transfer.", _ANNEX),
        filled(
            "XTR-02",
            "completed_at",
            "completed_at is a time with its UTC offset, as 2025-08-18T10:15:00+05:00.",
            _ANNEX,
        ),
        filled("XTR-03", "direction_code", "direction says which way it went.", _ANNEX),
        filled("XTR-04", "user_iin", "user_iin is the client's IIN.", _ANNEX),
        filled("XTR-05", "network_code", "network names the chain.", _ANNEX),
        filled("XTR-06", "address", "address is the outside address.", _ANNEX),
        filled("XTR-07", "chain_transaction_id", "txid names the transaction.", _ANNEX),
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
        known_network("XTR-13", _ANNEX),
        right_address("XTR-14", "bitcoin"),
        right_address("XTR-15", "ethereum"),
        right_address("XTR-16", "tron"),
        known_crypto_asset("XTR-17", "asset", _ANNEX),
        above_zero("XTR-18", "quantity", "quantity is above zero.", _ANNEX),
        told_once("XTR-19", FEED, "A transfer stands once in a file.", _ANNEX),
        shaped(
            "XTR-20",
            "chain_transaction_id",
            r"^(0x)?[0-9a-fA-F]{64}$",
            "txid is the chain's own: 64 hexadecimal digits, with or without 0x.",
            "Bitcoin, Ethereum and TRON: a transaction is named by a hash of 32 bytes",
            severity="warning",
        ),
    ],
)
