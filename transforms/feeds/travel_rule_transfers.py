"""Who sends crypto to whom, as exchanges tell each other under the travel rule (IVMS101)."""

from dataclasses import replace

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT as _INSTANT
from transforms.feeds.cells import QUANTITY, code, day, instant, quantity
from transforms.feeds.feed import Feed, Field, maybe


def _side(wire: str, side: str, who: str) -> tuple[Field, ...]:
    return (
        maybe(f"{wire}_name", f"{side}_name", f"{who}'s legal name.", is_personal=True),
        maybe(
            f"{wire}_local_name",
            f"{side}_local_name",
            f"{who}'s name in its own script.",
            is_personal=True,
        ),
        maybe(f"{wire}_kind", f"{side}_kind_code", f"{who}: natural or legal person."),
        maybe(f"{wire}_id", f"{side}_id", f"{who}'s national number.", is_personal=True),
        maybe(f"{wire}_country", f"{side}_country_code", f"{who}'s country, ISO 3166-1 alpha-2."),
        Field(
            f"{wire}_born_on",
            Column(
                f"{side}_born_on", pl.Date(), f"{who}'s birth.", nullable=True, is_personal=True
            ),
            day,
        ),
        maybe(f"{wire}_address", f"{side}_address", f"{who}'s wallet.", is_personal=True),
        maybe(f"{wire}_vasp", f"{side}_vasp_name", f"{who}'s exchange."),
        *(replace(field, in_tables=False) for field in _more_of_a_side(wire, side, who)),
    )


def _more_of_a_side(wire: str, side: str, who: str) -> tuple[Field, ...]:
    return (
        maybe(
            f"{wire}_id_type", f"{side}_id_type_code", f"Kind of {wire}_id, as IVMS101 codes it."
        ),
        maybe(f"{wire}_id_country", f"{side}_id_country_code", f"Country that issued {wire}_id."),
        maybe(
            f"{wire}_customer_id",
            f"{side}_customer_id",
            f"{who} as their exchange numbers them.",
            is_personal=True,
        ),
        maybe(
            f"{wire}_address_tag",
            f"{side}_address_tag",
            f"Memo or tag beside {wire}_address.",
            is_personal=True,
        ),
        maybe(f"{wire}_vasp_id", f"{side}_vasp_id", f"Number of {who.lower()}'s exchange, as LEI."),
        maybe(
            f"{wire}_others",
            f"{side}_others",
            f"Persons named beside the {who.lower()}, and further wallets.",
            is_personal=True,
        ),
    )


FEED = Feed(
    name="travel_rule_transfers",
    grain="one transfer as one message tells it",
    key=("institution", "message_id"),
    happens=("sent_at",),
    adds_up=("quantity", "asset_code"),
    fields=(
        maybe("message_id", "message_id", "Number of the message or transfer."),
        Field(
            "sent_at",
            Column("sent_at", _INSTANT, "When the message was sent.", nullable=True),
            instant,
        ),
        *_side("originator", "originator", "Originator"),
        *_side("beneficiary", "beneficiary", "Beneficiary"),
        Field("asset", Column("asset_code", pl.String(), "Asset, as BTC.", nullable=True), code),
        Field(
            "quantity",
            Column(
                "quantity",
                QUANTITY,
                "Quantity, in whole units of the asset.",
                unit="asset_units",
                nullable=True,
            ),
            quantity,
        ),
        maybe("network", "network_code", "Network."),
        maybe("txid", "chain_transaction_id", "Transaction on the chain."),
    ),
)
