"""What was planted in a world: who belongs to which network, and each step of its money."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from infra.synthetic.told import INSTITUTION
from infra.synthetic.worlds.books import NOBODY
from infra.synthetic.worlds.crews import Crews


@dataclass(frozen=True, slots=True)
class Planted:
    """The truth of a world.

    accounts: every account of a reporting bank: `account_iban`, `is_member`, `role` (in the
        network, or the kind of life outside), `network` and `scheme`, its typology (null outside);
        as `planted.accounts` of `transforms.droppers.evaluation`. Whoever has done nothing for the
        network yet is no member that could be found, and is not in it.
    members: all of the networks: `account_iban`, `iin`, `bank_bic`, `network`, `typology`,
        `role`, `first_on` and `last_on`, days of their first and last movement for the network.
    transfers: each movement of a network: `network`, `typology`, `step`, `at`, `from_iban`,
        `to_iban` (null: cash, a merchant), `amount_tiyn`, `transfer_id` as in `facts.transfers`.
    networks: `network`, `typology`, `kato`, `shop_iban`, `wallets`.
    """

    accounts: pl.DataFrame
    members: pl.DataFrame
    transfers: pl.DataFrame
    networks: pl.DataFrame


def planted(
    moves: pl.DataFrame, booked: pl.DataFrame, accounts: pl.DataFrame, crews: Crews, since: date
) -> Planted:
    """The truth behind the moves; `booked` gives the numbers under which banks told them."""
    networks = pl.DataFrame(
        [(n.number, n.name, n.typology, n.kato, list(n.wallets)) for n in crews.networks],
        schema={
            "number": pl.Int64,
            "network": pl.String,
            "typology": pl.String,
            "kato": pl.String,
            "wallets": pl.List(pl.String),
        },
        orient="row",
    )
    transfers = _transfers(moves, booked, accounts, networks, since)
    members = _members(crews, transfers)
    shops = members.filter(pl.col("role") == "shop").select("network", shop_iban="account_iban")
    return Planted(
        accounts=_accounts(accounts, booked, members),
        members=members,
        transfers=transfers,
        networks=networks.drop("number").join(shops, on="network", how="left", validate="1:1"),
    )


def _transfers(
    moves: pl.DataFrame,
    booked: pl.DataFrame,
    accounts: pl.DataFrame,
    networks: pl.DataFrame,
    since: date,
) -> pl.DataFrame:
    # Of two sides the payer's number counts, as in facts.transfers.
    numbers = (
        booked.sort("move", pl.col("DIRECTION") == "credit", maintain_order=True)
        .group_by("move", maintain_order=True)
        .first()
        .select("move", transfer_id=pl.concat_str(INSTITUTION, "TXN_ID", separator="/"))
    )
    midnight = pl.lit(since).cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Almaty")
    of_networks = (
        moves.with_row_index("move")
        .filter(pl.col("network") != NOBODY)
        .rename({"network": "number"})
        .join(networks.select("number", "network", "typology"), on="number", validate="m:1")
        .join(numbers, on="move", how="left", validate="1:1")
    )
    iban = accounts["iban"]
    return (
        of_networks.with_columns(
            from_iban=iban.gather(_known(of_networks["payer"])),
            to_iban=iban.gather(_known(of_networks["payee"])),
            at=(midnight + pl.duration(seconds=pl.col("at"))).dt.convert_time_zone("UTC"),
        )
        .select(
            "network",
            "typology",
            "step",
            "at",
            "from_iban",
            "to_iban",
            "transfer_id",
            amount_tiyn="tiyn",
        )
        .sort("at", "transfer_id")
    )


def _known(ends: pl.Series) -> pl.Series:
    return pl.select(pl.when(ends >= 0).then(ends)).to_series()


def _members(crews: Crews, transfers: pl.DataFrame) -> pl.DataFrame:
    seen = (
        pl.concat(
            transfers.select("network", "at", account_iban=end) for end in ("from_iban", "to_iban")
        )
        .drop_nulls("account_iban")
        .with_columns(on=pl.col("at").dt.convert_time_zone("Asia/Almaty").dt.date())
        .group_by("network", "account_iban")
        .agg(first_on=pl.col("on").min(), last_on=pl.col("on").max())
    )
    return (
        crews.members.select(
            "network", "typology", "role", "iin", account_iban="iban", bank_bic="bank"
        )
        .join(seen, on=["network", "account_iban"], how="left", validate="1:1")
        .sort("network", "role", "account_iban")
    )


def _accounts(accounts: pl.DataFrame, booked: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    working = members.filter(pl.col("first_on").is_not_null())
    return (
        accounts.filter("is_client")
        .select("kind", account_iban="iban")
        .join(booked.select(account_iban="ACCOUNT").unique(), on="account_iban", how="semi")
        .join(
            working.select("account_iban", "network", "role", scheme="typology"),
            on="account_iban",
            how="left",
            validate="1:1",
        )
        .select(
            "account_iban",
            is_member=pl.col("network").is_not_null(),
            role=pl.coalesce("role", "kind"),
            network="network",
            scheme="scheme",
        )
        .sort("account_iban")
    )
