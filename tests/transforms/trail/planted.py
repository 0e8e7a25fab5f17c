"""What the simulator's networks moved, as transfers; and apart from it who is who."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from infra.synthetic.networks import members, traffic
from tests.transforms.drawings import accepted, rows_of
from transforms.sentences import sentence
from transforms.trail.crossing import CROSSINGS
from transforms.trail.parameters import limits, ties
from transforms.trail.trails import HOLDINGS, Told, Trails, trails
from transforms.trail.transfers import TRANSFERS

_SEED = 1
_ALMATY_AHEAD = timedelta(hours=5)


def networks_moved(since: date, *, days: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Transfers of all networks, and the planted members that nobody else may read."""
    everybody = members(_SEED)
    parts = [_day(everybody, since + timedelta(days=n)) for n in range(days)]
    moved = (
        pl.concat(parts)
        .with_row_index("n")
        .with_columns(
            transfer_id=sentence("BANK/{}", "n"),
            asset_code=pl.lit("KZT"),
            quantity=pl.lit(None, TRANSFERS.schema["quantity"]),
            confidence=pl.lit(1.0),
        )
        .select(TRANSFERS.schema.names())
    )
    return moved, everybody


def followed_from_shops(moved: pl.DataFrame, everybody: pl.DataFrame) -> Trails:
    """Trails of one case for each network, its shop the only seed."""
    seeds = everybody.filter(pl.col("role") == "shop").select(
        case_no="network",
        node_kind=pl.lit("account"),
        node_id="iban",
        from_at=pl.lit(moved["at"].min()),
    )
    return trails(
        Told(moved.lazy(), rows_of(CROSSINGS), accepted("wallet_labels")),
        seeds.lazy(),
        rows_of(HOLDINGS),
        limits=limits(),
        ties=ties(),
        since=moved["business_date"].min(),
        night=moved["business_date"].max(),
    )


def _day(everybody: pl.DataFrame, day: date) -> pl.DataFrame:
    made = traffic(_SEED, everybody, day)
    nobody = pl.lit(None, pl.String)
    own = {"from_id": pl.col("iban"), "from_iin": pl.col("iin"), "to_iin": nobody}
    parts = [
        _rows(
            made.transfers,
            "transfer",
            "account",
            from_id=pl.col("from_iban"),
            to_id=pl.col("to_iban"),
            from_iin=pl.col("from_iin"),
            to_iin=pl.col("to_iin"),
        ),
        _rows(
            made.withdrawals,
            "cash_withdrawal",
            "cash",
            to_id="cash:" + pl.col("kato").str.head(2),
            **own,
        ),
        _rows(made.topups, "exchange_topup", "service", to_id=pl.lit("service:EXCHANGE"), **own),
    ]
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - _ALMATY_AHEAD
    return pl.concat(parts).with_columns(
        business_date=pl.lit(day),
        at=(pl.lit(midnight) + pl.duration(seconds=pl.col("second"))).cast(TRANSFERS.schema["at"]),
    )


def _rows(made: pl.DataFrame, operation: str, to_kind: str, **ends: pl.Expr) -> pl.DataFrame:
    return made.select(
        "second",
        amount_tiyn="minor",
        operation_code=pl.lit(operation),
        from_kind=pl.lit("account"),
        to_kind=pl.lit(to_kind),
        **{end: ends[end] for end in ("from_id", "to_id", "from_iin", "to_iin")},
    )
