"""What of traced money is still there, what of it is arrested, and what can still be.

What became of an arrest counts: one that was lifted, expired or returned holds nothing, and its
money can be arrested again. Confiscated money is the state's: it stands apart from both.
"""

from datetime import date

import polars as pl

from transforms.arrests.case_wallets import CASE_WALLETS
from transforms.arrests.measures import stands_on, state_on
from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT
from transforms.money import total
from transforms.trail.counterparties import NODE
from transforms.trail.wallet_nodes import address_of, known_address

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
            "Of arrests of any case as of the night, what says most: executed or partly while one "
            "stands; of wallets measures_taken; sent, ordered; confiscated, returned, lifted, "
            "expired; refused, not_found. Null where nobody ordered anything.",
            nullable=True,
        ),
        Column(
            "arrested_tiyn",
            pl.Int64(),
            "What arrests that stand hold there; of several the greatest, since they hold the "
            "same money.",
            unit="tiyn",
        ),
        Column(
            "confiscated_tiyn",
            pl.Int64(),
            "What a court took of it for good; of several arrests the greatest.",
            unit="tiyn",
        ),
        Column(
            "arrestable_tiyn",
            pl.Int64(),
            "Tainted money there that no arrest holds and no court took: none where an arrest "
            "stands in full, else the difference. The balance of today is the bank's to say.",
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
            "As of the night: ordered, sent, refused or not_found; executed or partly while it "
            "stands, restricted where for ten days only; lifted, expired, returned or confiscated; "
            "of wallets also measures_taken, of assets under_investigation.",
        ),
        Column("objects", pl.Int64(), "Accounts, assets or wallets.", unit="objects"),
        Column(
            "amount_tiyn",
            pl.Int64(),
            "Worth on the day of the measure; what has no known value counts nothing.",
            unit="tiyn",
        ),
    ),
)

WALLETS = Table(
    name="trail.wallets",
    grain="one wallet and asset in one case",
    key=CASE_WALLETS.key,
    partitioned_by=(),
    columns=(
        *CASE_WALLETS.columns,
        Column(
            "state_code",
            pl.String(),
            "What became of it, as in `trail.held_money`: executed or partly while an arrest of "
            "the case stands, measures_taken, else how it ended; as its stage where no life of it "
            "is told.",
        ),
    ),
)

_HOLDING_KINDS = ("account", "exchange_client", "wallet")
_STRONGEST = (
    "executed", "partly", "measures_taken", "sent", "ordered",
    "confiscated", "returned", "lifted", "expired", "refused", "not_found",
)  # fmt: skip
_ASSET = ["asset_code", "asset_id"]


def held_money(
    holdings: pl.LazyFrame,
    roles: pl.LazyFrame,
    measures: pl.LazyFrame,
    wallet_freezes: pl.LazyFrame,
    *,
    night: date,
) -> pl.LazyFrame:
    """Where tainted money is, and which of it an arrest holds on a night.

    Args:
        holdings: `HOLDINGS` of one night.
        roles: `ROLES` of the same trails.
        measures: `arrests.measures`, all cases.
        wallet_freezes: `facts.wallet_freezes`, all cases: on which network a wallet is.
        night: what was ordered or decided later is left out.

    Returns:
        `HELD_MONEY`, in order of its key.
    """
    told = roles.select(*NODE, "holder_iin", "role_code")
    kept = holdings.filter(pl.col("node_kind").is_in(_HOLDING_KINDS), pl.col("held_tiyn") > 0)
    left = pl.col("held_tiyn") - pl.col("arrested_tiyn") - pl.col("confiscated_tiyn")
    is_in_full = pl.col("arrest_code").eq_missing("executed")
    return (
        kept.join(told, on=NODE, how="left", validate="1:1")
        .join(_by_node(kept, measures, wallet_freezes, night), on="node_id", how="left")
        .with_columns(pl.col("arrested_tiyn", "confiscated_tiyn").fill_null(0))
        .with_columns(
            arrestable_tiyn=pl.when(~is_in_full)
            .then(pl.max_horizontal(left, 0))
            .otherwise(0)
            .cast(pl.Int64),
        )
        .select(HELD_MONEY.schema.names())
        .sort(HELD_MONEY.key)
        .pipe(HELD_MONEY.require)
    )


def case_measures(
    measures: pl.LazyFrame,
    asset_arrests: pl.LazyFrame,
    wallet_freezes: pl.LazyFrame,
    *,
    night: date,
) -> pl.LazyFrame:
    """What was ordered, taken and ended in each case, kinds and stages strictly apart.

    Args:
        measures: `arrests.measures`; cards hold no money and are left out.
        asset_arrests: `facts.asset_arrests`: what is restricted only, or investigated.
        wallet_freezes: `facts.wallet_freezes`: where an exchange took measures, not an arrest.
        night: what was ordered or decided later is left out.

    Returns:
        `CASE_MEASURES`, in order of its key.
    """
    of = pl.col("asset_code")
    kind = (
        pl.when(of == "bank_account")
        .then(pl.lit("account"))
        .when(of == "wallet")
        .then(pl.lit("wallet"))
        .otherwise(pl.lit("asset"))
    )
    lived = (
        _by_stage(measures.filter(of != "card"), wallet_freezes, night)
        .join(_restricted(asset_arrests), on="measure_id", how="left", validate="m:1")
        .with_columns(
            stage_code=pl.when("is_restricted", stands_on(night))
            .then(pl.lit("restricted"))
            .otherwise("stage_code")
        )
        .group_by("case_no", *_ASSET, "measure_id", "stage_code")
        .agg(held_tiyn=total("held_tiyn"))
        # One asset under several arrests of a case in one stage is one asset, as all it holds.
        .group_by("case_no", "stage_code", *_ASSET)
        .agg(amount_tiyn=pl.col("held_tiyn").max())
        .select("case_no", "stage_code", "amount_tiyn", measure_code=kind)
    )
    return (
        pl.concat([lived, _investigated(asset_arrests)])
        .group_by("case_no", "measure_code", "stage_code")
        .agg(objects=pl.len().cast(pl.Int64), amount_tiyn=total("amount_tiyn"))
        .select(CASE_MEASURES.schema.names())
        .sort(CASE_MEASURES.key)
        .pipe(CASE_MEASURES.require)
    )


def wallets(
    case_wallets: pl.LazyFrame,
    measures: pl.LazyFrame,
    wallet_freezes: pl.LazyFrame,
    *,
    night: date,
) -> pl.LazyFrame:
    """Wallets of cases, worth then and on the night, and what became of their arrests.

    Args:
        case_wallets: `arrests.case_wallets` of the night.
        measures: `arrests.measures`, all cases.
        wallet_freezes: as for `case_measures`.
        night: what was decided later is left out.

    Returns:
        `WALLETS`, in order of its key.
    """
    lived = (
        _by_stage(measures.filter(pl.col("asset_code") == "wallet"), wallet_freezes, night)
        .group_by("case_no", "asset_id")
        .agg(state_code=pl.col("stage_code").cast(pl.Enum(_STRONGEST)).min().cast(pl.String))
    )
    return (
        case_wallets.with_columns(asset_id=known_address(pl.col("address")))
        .join(lived, on=["case_no", "asset_id"], how="left", validate="m:1")
        .with_columns(state_code=pl.coalesce("state_code", "stage_code"))
        .select(WALLETS.schema.names())
        .sort(WALLETS.key)
        .pipe(WALLETS.require)
    )


def _restricted(asset_arrests: pl.LazyFrame) -> pl.LazyFrame:
    of_law = asset_arrests.filter(pl.col("stage_code") == "restricted")
    return of_law.select("measure_id", is_restricted=pl.lit(value=True)).unique()


def _investigated(asset_arrests: pl.LazyFrame) -> pl.LazyFrame:
    return asset_arrests.filter(pl.col("stage_code") == "under_investigation").select(
        "case_no",
        "stage_code",
        amount_tiyn=pl.col("value_tiyn").fill_null(0),
        measure_code=pl.lit("asset"),
    )


def _by_stage(measures: pl.LazyFrame, wallet_freezes: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """`measures` with `stage_code`; those of later days are absent."""
    taken = wallet_freezes.filter(pl.col("stage_code") == "measures_taken").select(
        "measure_id",
        asset_code=pl.lit("wallet"),
        asset_id=known_address(pl.col("address")),
        is_taken=pl.lit(value=True),
    )
    is_taken = pl.col("is_taken") & (pl.col("stage_code") == "sent")
    return (
        measures.with_columns(stage_code=state_on(night))
        .drop_nulls("stage_code")
        .join(taken.unique(), on=["measure_id", *_ASSET], how="left", validate="m:1")
        .with_columns(
            stage_code=pl.when(is_taken).then(pl.lit("measures_taken")).otherwise("stage_code")
        )
    )


def _by_node(
    kept: pl.LazyFrame, measures: pl.LazyFrame, wallet_freezes: pl.LazyFrame, night: date
) -> pl.LazyFrame:
    """`arrest_code`, `arrested_tiyn` and `confiscated_tiyn` of each node under any arrest.

    No two networks have one form of address, so that a wallet is known by its address alone.
    """
    is_wallet = pl.col("node_kind") == "wallet"
    address = address_of(pl.col("node_id"))
    nodes = kept.select("node_kind", "node_id").unique()
    assets = nodes.select(
        "node_id",
        asset_code=pl.when(is_wallet).then(pl.lit("wallet")).otherwise(pl.lit("bank_account")),
        asset_id=pl.when(is_wallet).then(known_address(address)).otherwise("node_id"),
    )
    found = _by_stage(measures, wallet_freezes, night).join(assets, on=_ASSET, validate="m:m")
    return (
        found.group_by("node_id", "measure_id")
        .agg(_of_arrest())
        .group_by("node_id")
        .agg(
            pl.col("arrest_code").cast(pl.Enum(_STRONGEST)).min().cast(pl.String),
            pl.col("arrested_tiyn", "confiscated_tiyn").max(),
        )
    )


def _of_arrest() -> list[pl.Expr]:
    """One arrest from its parts: where some of it was given back, the rest stands in part."""
    stage, held = pl.col("stage_code").cast(pl.Enum(_STRONGEST)), pl.col("held_tiyn")
    stands, is_taken = stage.is_in(["executed", "partly"]), stage == "confiscated"
    is_cut = stands.any() & ~(stands | is_taken).all()
    return [
        pl.when(is_cut).then(pl.lit("partly")).otherwise(stage.min()).alias("arrest_code"),
        held.filter(stands).sum().alias("arrested_tiyn"),
        held.filter(is_taken).sum().alias("confiscated_tiyn"),
    ]
