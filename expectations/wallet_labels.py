"""What we hold public collections of wallet labels to.

They are not ours to correct, so that little sets a label aside. Codes are for good: a retired code
is never used again. `critical` sets a row aside; `warning` is reported only.
"""

import great_expectations as gx
from great_expectations.expectations.row_conditions import Column

from expectations.rules import day_told, filled, is_filled, mandatory, readable, rule, told_once
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidBtcAddress,
    ExpectColumnValuesToBeValidEthAddress,
    ExpectColumnValuesToBeValidTronAddress,
)
from transforms.feeds.wallet_labels import FEED

_TAGPACKS = "GraphSense TagPacks; OFAC list of Specially Designated Nationals"
_ADDRESS_OF = {
    "BTC": (ExpectColumnValuesToBeValidBtcAddress, "BIP-13, BIP-16, BIP-173, BIP-350"),
    "ETH": (ExpectColumnValuesToBeValidEthAddress, "EIP-55"),
    "TRX": (ExpectColumnValuesToBeValidTronAddress, "TRON documentation, account address format"),
}

suite = gx.ExpectationSuite(
    name="wallet_labels",
    expectations=[
        filled("WLB-01", "address", "address is the wallet's address.", _TAGPACKS),
        filled("WLB-02", "asset_code", "asset names the asset or chain, as BTC.", _TAGPACKS),
        filled("WLB-03", "label", "label names the tag.", _TAGPACKS),
        *(
            rule(
                kind,
                code,
                f"address, where asset is {asset}, is an address of its chain with the right "
                f"checksum: copied whole, letters in their case.",
                source,
                severity="warning",
                where=Column("asset_code") == asset,
                column="address",
            )
            for code, (asset, (kind, source)) in zip(
                ("WLB-04", "WLB-05", "WLB-06"), _ADDRESS_OF.items(), strict=True
            )
        ),
        day_told("WLB-07", "as_of", "as_of", _TAGPACKS),
        told_once(
            "WLB-08",
            FEED,
            "A source says the same of an address once.",
            _TAGPACKS,
        ),
        readable(
            "WLB-09",
            "as_of, where it is told, is a day, as 2025-08-18.",
            _TAGPACKS,
            where=is_filled(*mandatory(FEED)),
        ),
    ],
)
