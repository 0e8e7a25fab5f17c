"""What is publicly known of wallet addresses: exchanges, mixers, drug markets, sanctions."""

from dataclasses import replace

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, text
from transforms.feeds.feed import Feed, Field, maybe

FEED = Feed(
    name="wallet_labels",
    grain="one statement of one source about one address",
    key=("address", "asset_code", "label", "source_uri"),
    happens=("as_of",),
    fields=(
        Field("address", Column("address", pl.String(), "Wallet address."), text),
        Field("asset", Column("asset_code", pl.String(), "Asset or chain, as BTC."), code),
        Field("label", Column("label", pl.String(), "Name of the tag, as Hydra."), text),
        maybe(
            "category",
            "category_code",
            "exchange, mixer, market, sanction; others as the source names them.",
        ),
        maybe("actor", "actor_id", "Whose the address is, as the source numbers actors."),
        maybe("abuse", "abuse_code", "Kind of abuse, as the source names it."),
        maybe("confidence", "confidence_code", "How sure, as the source names it."),
        maybe("source", "source_uri", "Where it is said."),
        Field(
            "as_of",
            Column("as_of", pl.Date(), "Day of which the statement is.", nullable=True),
            day,
        ),
        replace(
            maybe("context", "context", "What else the source says, as it is written."),
            in_tables=False,
        ),
    ),
)
