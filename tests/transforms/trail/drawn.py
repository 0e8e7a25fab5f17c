"""Drawn transfers and seeds, and trails of them."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from tests.transforms.drawings import accepted, rows_of
from transforms.trail.crossing import CROSSINGS
from transforms.trail.parameters import ties
from transforms.trail.reach import Limits
from transforms.trail.seeds import SEEDS
from transforms.trail.trails import HOLDINGS, Told, Trails, trails
from transforms.trail.transfers import TRANSFERS

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
NIGHT = date(2026, 3, 2)
LIMITS = Limits(most_hops=6, most_poison_hops=6, least_tiyn=1, most_payees=50)


def transfers_of(drawing: str) -> pl.LazyFrame:
    """Accounts pay accounts, unless a kind is drawn; `at` is a time of the day, or an instant."""
    drawn = rows_of(TRANSFERS, drawing)
    kinds = [c for c in ("from_kind", "to_kind") if c not in drawing]
    return drawn.with_columns(
        *(pl.lit("account").alias(c) for c in kinds),
        business_date=pl.col("at").dt.date(),
        operation_code=pl.col("operation_code").fill_null("transfer"),
        confidence=pl.lit(1.0),
    )


def seeds_of(*nodes: str, case_no: str = "c", from_at: datetime = MIDNIGHT) -> pl.LazyFrame:
    """Accounts that are seeds of one case from an instant on."""
    return pl.LazyFrame(
        {
            "case_no": [case_no] * len(nodes),
            "node_kind": ["account"] * len(nodes),
            "node_id": list(nodes),
            "from_at": [from_at] * len(nodes),
        },
        schema={
            "case_no": pl.String(),
            "node_kind": pl.String(),
            "node_id": pl.String(),
            "from_at": SEEDS.schema["from_at"],
        },
    )


def followed(
    transfers: pl.LazyFrame,
    seeds: pl.LazyFrame,
    holdings: pl.LazyFrame | None = None,
    labels: str | None = None,
    *,
    limits: Limits = LIMITS,
    since: date = date(2026, 3, 1),
    night: date = NIGHT,
) -> Trails:
    """Trails from the beginning, or from where `holdings` left them."""
    before = pl.LazyFrame(schema=HOLDINGS.schema) if holdings is None else holdings
    told = Told(transfers, rows_of(CROSSINGS), accepted("wallet_labels", labels))
    return trails(told, seeds, before, limits=limits, ties=ties(), since=since, night=night)


def frame_of(rows: list[tuple[int, str, str, int]], *, kinds: dict[str, str]) -> pl.LazyFrame:
    """Transfers (half hours since midnight, payer, payee, amount)."""
    drawn = [
        {
            "business_date": (MIDNIGHT + timedelta(minutes=30) * at).date(),
            "transfer_id": f"{n:04}",
            "at": MIDNIGHT + timedelta(minutes=30) * at,
            "from_kind": kinds.get(payer, "account"),
            "from_id": payer,
            "to_kind": kinds.get(payee, "account"),
            "to_id": payee,
            "amount_tiyn": amount,
            "operation_code": "salary" if payer == "S" else "transfer",
            "confidence": 1.0,
        }
        for n, (at, payer, payee, amount) in enumerate(rows)
    ]
    schema = TRANSFERS.schema
    return pl.LazyFrame([{c: r.get(c) for c in schema} for r in drawn], schema=schema)
