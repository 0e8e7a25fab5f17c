"""What of traced money is still there, what of it is arrested, and what can still be."""

import polars as pl

from transforms.arrests.cards import is_carried_out
from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT
from transforms.money import total
from transforms.trail.role_features import NODE

HELD_MONEY = Table(
    name="trail.held_money",
    grain="one account, client of an exchange or wallet that holds tainted money, by one rule",
    key=NODE,
    partitioned_by=(),
    columns=(
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("rule_code", pl.String(), "By which tainted money is told from clean."),
        Column("node_kind", pl.String(), "As in `facts.transfers`."),
        Column("node_id", pl.String(), "As in `facts.transfers`.", is_personal=True),
        Column("holder_iin", pl.String(), "IIN or BIN, if told.", nullable=True, is_personal=True),
        Column("role_code", pl.String(), "As in `trail.roles`."),
        Column("held_tiyn", pl.Int64(), "Tainted money that came and did not leave.", unit="tiyn"),
        Column(
            "arrest_code",
            pl.String(),
            "executed, partly, pending, refused or not_found, of orders of any case; of wallets "
            "arrested or measures_taken; null where nobody ordered anything.",
            nullable=True,
        ),
        Column(
            "arrested_tiyn",
            pl.Int64(),
            "What measures hold there; of several the greatest, since they hold the same money.",
            unit="tiyn",
        ),
        Column(
            "arrestable_tiyn",
            pl.Int64(),
            "Tainted money there that no measure holds: none where an arrest was carried out in "
            "full, the difference where in part. The balance of today is the bank's to say.",
            unit="tiyn",
        ),
        Column("last_at", INSTANT, "Last movement of tainted money there."),
    ),
)

CASE_MEASURES = Table(
    name="trail.case_measures",
    grain="one kind of measure at one stage in one case",
    key=("case_no", "measure_code", "stage_code"),
    partitioned_by=(),
    columns=(
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("measure_code", pl.String(), "account, asset or wallet."),
        Column(
            "stage_code",
            pl.String(),
            "Of accounts executed, partly, pending, refused or not_found; of assets and wallets "
            "arrested, under_investigation or measures_taken.",
        ),
        Column("objects", pl.Int64(), "Accounts, assets or wallets.", unit="objects"),
        Column(
            "amount_tiyn",
            pl.Int64(),
            "Held, or worth on the day of the measure; what has no known value counts nothing.",
            unit="tiyn",
        ),
    ),
)

_HOLDING_KINDS = ("account", "exchange_client", "wallet")
_IN_FULL = ("executed", "arrested")
_STRONGEST = ("executed", "arrested", "partly", "measures_taken", "pending", "refused", "not_found")


def held_money(
    holdings: pl.LazyFrame,
    roles: pl.LazyFrame,
    account_arrests: pl.LazyFrame,
    wallet_freezes: pl.LazyFrame,
) -> pl.LazyFrame:
    """Where tainted money is, and which of it a measure holds already.

    Args:
        holdings: `HOLDINGS` of one night.
        roles: `ROLES` of the same trails.
        account_arrests: `facts.account_arrests`, all cases.
        wallet_freezes: `facts.wallet_freezes`, all cases.

    Returns:
        `HELD_MONEY`, in order of its key.
    """
    measures = _measures_by_node(account_arrests, wallet_freezes)
    told = roles.select(*NODE, "holder_iin", "role_code")
    is_in_full = pl.col("arrest_code").is_in(_IN_FULL)
    left = pl.max_horizontal(pl.col("held_tiyn") - pl.col("arrested_tiyn"), 0)
    return (
        holdings.filter(pl.col("node_kind").is_in(_HOLDING_KINDS), pl.col("held_tiyn") > 0)
        .join(told, on=NODE, how="left", validate="1:1")
        .join(measures, on="node_id", how="left", validate="m:1")
        .with_columns(pl.col("arrested_tiyn").fill_null(0))
        .with_columns(
            arrestable_tiyn=pl.when(is_in_full).then(0).otherwise(left).cast(pl.Int64),
        )
        .select(HELD_MONEY.schema.names())
        .sort(HELD_MONEY.key)
        .pipe(HELD_MONEY.require)
    )


def case_measures(
    account_arrests: pl.LazyFrame, asset_arrests: pl.LazyFrame, wallet_freezes: pl.LazyFrame
) -> pl.LazyFrame:
    """What was ordered and taken in each case, kinds and stages strictly apart.

    Args:
        account_arrests: `facts.account_arrests`.
        asset_arrests: `facts.asset_arrests`.
        wallet_freezes: `facts.wallet_freezes`.

    Returns:
        `CASE_MEASURES`, in order of its key.
    """
    # The wallet itself stands below, as its exchange tells.
    is_wallet_order = (pl.col("asset_code") == "crypto") & (pl.col("stage_code") == "ordered")
    rows = [
        account_arrests.group_by("case_no", object="account_iban", stage_code="status_code").agg(
            amount_tiyn=pl.col("held_tiyn").max().fill_null(0), measure_code=pl.lit("account")
        ),
        asset_arrests.filter(~is_wallet_order).select(
            "case_no",
            "stage_code",
            object="measure_id",
            amount_tiyn=pl.col("value_tiyn").fill_null(0),
            measure_code=pl.lit("asset"),
        ),
        wallet_freezes.group_by("case_no", "stage_code", object="address").agg(
            amount_tiyn=total("value_tiyn"), measure_code=pl.lit("wallet")
        ),
    ]
    columns = ("case_no", "measure_code", "stage_code", "object", "amount_tiyn")
    return (
        pl.concat([part.select(columns) for part in rows])
        .group_by("case_no", "measure_code", "stage_code")
        .agg(objects=pl.len().cast(pl.Int64), amount_tiyn=total("amount_tiyn"))
        .select(CASE_MEASURES.schema.names())
        .sort(CASE_MEASURES.key)
        .pipe(CASE_MEASURES.require)
    )


def _measures_by_node(account_arrests: pl.LazyFrame, wallet_freezes: pl.LazyFrame) -> pl.LazyFrame:
    accounts = account_arrests.select(
        node_id="account_iban",
        arrest_code="status_code",
        arrested_tiyn=pl.when(is_carried_out()).then("held_tiyn"),
    )
    wallets = wallet_freezes.group_by(
        "measure_id",
        node_id=pl.concat_str("network_code", "address", separator=":"),
        arrest_code="stage_code",
    ).agg(arrested_tiyn=total("value_tiyn"))
    found = pl.concat([accounts, wallets.drop("measure_id")])
    strongest = pl.col("arrest_code").cast(pl.Enum(_STRONGEST)).min().cast(pl.String)
    return found.group_by("node_id").agg(
        arrest_code=strongest, arrested_tiyn=pl.col("arrested_tiyn").max()
    )
