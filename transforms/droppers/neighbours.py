"""Whom and what an account is tied to: distinct others, shared devices, its holder's accounts."""

from datetime import date

import polars as pl

from transforms.arrests.measures import state_on
from transforms.droppers.several import of_several
from transforms.droppers.windows import DISTINCT, WINDOWS

_LINK_OF = {
    "payers": "payer",
    "payees": "payee",
    "firms": "firm",
    "devices": "device",
    "cards": "card",
    "turns": "turn",
}
_FREED = ("lifted", "returned")
_BY_TRANSFER = ["payer", "payee", "own"]


def distinct_others(link_windows: pl.LazyFrame, *, turn_days: pl.Expr) -> pl.LazyFrame:
    """Different payers, payees, firms, devices and cards of each account, by window.

    Args:
        link_windows: `LINK_WINDOWS`.
        turn_days: on so many days two have to take cash in turn to be counted as `turns`.
    """
    is_told = {
        w: pl.col(f"transactions_{w}d")
        >= pl.when(pl.col("link_code") == "turn").then(turn_days).otherwise(1)
        for w in WINDOWS
    }
    by_kind = link_windows.group_by("account_iban", "link_code").agg(
        **{f"some_{w}d": is_told[w].sum() for w in WINDOWS},
        **{f"once_{w}d": (pl.col(f"transactions_{w}d") == 1).sum() for w in WINDOWS},
    )
    return by_kind.group_by("account_iban").agg(
        pl.col(f"{'once' if name == 'single_payers' else 'some'}_{w}d")
        .filter(pl.col("link_code") == _LINK_OF.get(name, "payer"))
        .sum()
        .cast(pl.Int64)
        .alias(f"{name}_{w}d")
        for w in WINDOWS
        for name in DISTINCT
    )


def shared_devices(link_windows: pl.LazyFrame) -> pl.LazyFrame:
    """Devices of more than one account, with their accounts by window. Collects.

    Args:
        link_windows: `LINK_WINDOWS` of all accounts.
    """
    devices = link_windows.filter(pl.col("link_code") == "device")
    is_used = {w: pl.col(f"transactions_{w}d") > 0 for w in WINDOWS}
    return (
        of_several(devices, "other")
        .group_by("other")
        .agg(**{f"device_accounts_{w}d": is_used[w].sum().cast(pl.Int64) for w in WINDOWS})
        .collect(engine="streaming")
        .lazy()
    )


def device_accounts(link_windows: pl.LazyFrame, shared: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts on the most shared device of each account, by window.

    Args:
        link_windows: `LINK_WINDOWS` of some accounts.
        shared: `shared_devices` of all.
    """
    devices = link_windows.filter(pl.col("link_code") == "device")
    return (
        devices.join(shared, on="other", how="left", validate="m:1")
        .group_by("account_iban")
        .agg(
            pl.when(pl.col(f"transactions_{w}d") > 0)
            .then(pl.col(f"device_accounts_{w}d").fill_null(1))
            .otherwise(0)
            .max()
            .alias(f"device_accounts_{w}d")
            for w in WINDOWS
        )
    )


def holders_of_several(accounts: pl.LazyFrame, link_windows: pl.LazyFrame) -> pl.LazyFrame:
    """For each known holder of more than one account: accounts, banks and cards. Collects.

    Args:
        accounts: one row an account, with `holder_iin` and `bank_bic`; all of them.
        link_windows: `LINK_WINDOWS` of the same.
    """
    narrow = accounts.drop_nulls("holder_iin").select("account_iban", "holder_iin", "bank_bic")
    known = of_several(narrow, "holder_iin").collect(engine="streaming").lazy()
    cards = (
        link_windows.filter(pl.col("link_code") == "card")
        .select("account_iban", "other")
        .join(known, on="account_iban", validate="m:1")
        .select("holder_iin", "other")
        .unique()
        .group_by("holder_iin")
        .agg(holder_cards_90d=pl.len().cast(pl.Int64))
    )
    return (
        known.group_by("holder_iin")
        .agg(
            holder_accounts_90d=pl.len().cast(pl.Int64),
            holder_banks_90d=pl.col("bank_bic").drop_nulls().n_unique().cast(pl.Int64),
        )
        .join(cards, on="holder_iin", how="left", validate="1:1")
        .with_columns(pl.col("holder_cards_90d").fill_null(0))
        .collect(engine="streaming")
        .lazy()
    )


def holders(accounts: pl.LazyFrame, shared: pl.LazyFrame) -> pl.LazyFrame:
    """`accounts`, each with accounts, banks and cards of its holder; 0 for an unknown one.

    Args:
        accounts: some accounts, with `holder_iin`, `bank_bic` and `cards_90d`.
        shared: `holders_of_several` of all.
    """
    alone = {
        "holder_accounts_90d": pl.lit(1, pl.Int64),
        "holder_banks_90d": pl.col("bank_bic").is_not_null().cast(pl.Int64),
        "holder_cards_90d": pl.col("cards_90d"),
    }
    is_known = pl.col("holder_iin").is_not_null()
    return accounts.join(shared, on="holder_iin", how="left", validate="m:1").with_columns(
        pl.when(is_known).then(pl.coalesce(name, own)).otherwise(0).alias(name)
        for name, own in alone.items()
    )


def known_accounts(
    measures: pl.LazyFrame, accounts: pl.LazyFrame, link_windows: pl.LazyFrame, night: date
) -> pl.LazyFrame:
    """Accounts ordered to be arrested, and of ordered cards used in the 90 days. Collects.

    Whose arrest was lifted, or whose money was returned, is known no more. Banks share tokens: a
    card is known at the bank that was ordered, and at no other.

    Args:
        measures: `arrests.measures`.
        accounts: `account_iban` and `bank_bic` of all accounts of the night.
        link_windows: `LINK_WINDOWS` of the night.
        night: what was ordered or decided later is left out.

    Returns:
        `account_iban`, each once.
    """
    ordered = measures.filter(~state_on(night).is_in(_FREED)).select("asset_code", "asset_id")
    bank_and_token = pl.col("asset_id").str.splitn("/", 2).struct.rename_fields(["bank", "token"])
    cards = ordered.filter(pl.col("asset_code") == "card").select(card=bank_and_token)
    told = cards.unnest("card").collect(engine="streaming").lazy()
    used = link_windows.filter(pl.col("link_code") == "card").select("account_iban", "other")
    of_tokens = used.join(told, left_on="other", right_on="token", how="semi")
    of_cards = (
        of_tokens.collect(engine="streaming")
        .lazy()
        .join(accounts.select("account_iban", "bank_bic"), on="account_iban", validate="m:1")
        .join(told, left_on=["bank_bic", "other"], right_on=["bank", "token"], how="semi")
    )
    ordered_accounts = ordered.filter(pl.col("asset_code") == "bank_account")
    named = [of_cards.select("account_iban"), ordered_accounts.select(account_iban="asset_id")]
    return pl.concat(named).unique().collect(engine="streaming").lazy()


def known_distances(
    link_windows: pl.LazyFrame, known: pl.LazyFrame, *, hub_links: pl.Expr
) -> pl.LazyFrame:
    """Steps along transfers, either way, to the nearest known account: 0, 1 or 2. Collects.

    Args:
        link_windows: `LINK_WINDOWS` of the night.
        known: `account_iban`, each once.
        hub_links: an account with more others than this is no way from one to another.

    Returns:
        `account_iban` and `known_distance` of those at most two steps away, clients or not.
    """
    transfers = link_windows.filter(pl.col("link_code").is_in(_BY_TRANSFER))
    start = known.select(node="account_iban")
    first = _beside(transfers, start).select("node").unique().collect(engine="streaming").lazy()
    around = _beside(transfers, first).unique().collect(engine="streaming").lazy()
    walkable = around.group_by("beside").agg(n=pl.len()).filter(pl.col("n") <= hub_links)
    second = around.join(walkable, on="beside", how="semi").select("node").unique()
    reached = [
        nodes.select(account_iban="node", known_distance=pl.lit(steps, pl.Int32))
        for steps, nodes in enumerate((start, first, second))
    ]
    return pl.concat(reached).group_by("account_iban").agg(pl.col("known_distance").min())


def _beside(transfers: pl.LazyFrame, nodes: pl.LazyFrame) -> pl.LazyFrame:
    """Each `node` that moved money with one of these few, `beside` which it stands."""
    return pl.concat(
        transfers.select(node=other, beside=one).join(
            nodes, left_on="beside", right_on="node", how="semi"
        )
        for one, other in (("account_iban", "other"), ("other", "account_iban"))
    )
