"""A trail of 500 000 transfers inside 50 million, from Parquet, against graph libraries.

Ninety days of transfers lie as the lake keeps them, one folder a day. A network of accounts hands
stolen money on, a hundredth of all transfers; the rest is other people's life, which also pays
into the network. Ours reads the days, finds what concerns the trail, and tells by all three rules
what each transfer carried and what is left where.

The libraries have the easier task: read the same files, number the accounts, build the graph, and
find what can be reached from the seeds, whatever the time. igraph is given an array, networkx and
rustworkx an object for each edge. All of it would take them minutes and more memory than there
may be, so that each is given the first days only, and ours is measured on those days too; and ours
on all days beside what a library took, scaled by how many days it had, as loading is linear: that
is an estimate in its favour, and said so. Each side is a process of its own, its reading counted.
The machine may be shared: times are of CPU, all threads together.
"""

import os
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.measured_rows import Row
from benchmarks.processes import measured
from transforms.feeds import FEED_BY_NAME
from transforms.sentences import sentence
from transforms.trail.crossing import CROSSINGS
from transforms.trail.parameters import ties
from transforms.trail.reach import Limits
from transforms.trail.seeds import SEED_NODES
from transforms.trail.trails import HOLDINGS, Told, trails
from transforms.trail.transfers import TRANSFERS

TRANSFERS_IN_ALL = int(os.environ.get("AQSHA_BENCH_TRANSFERS", "50_000_000"))
DAYS = 90
MOST_MB = 4096
MOST_CPU_S = 60

_FIRST = date(2026, 1, 1)
_SHARE_OF_NETWORK = 80
_OF_A_NETWORK_NODE = 100
_OF_ANOTHER_NODE = 10
_SEEDS = 200
# So that nearly all of the network's transfers are carried, by each rule.
_NONE = Limits(most_hops=100, most_poison_hops=100, least_tiyn=1, most_payees=200)
_AGAINST = {"igraph": (18, 1.0), "rustworkx": (18, 1.0), "networkx": (5, 0.1)}


def rows() -> list[Row]:
    """Ours on all days, then each library beside ours on the same days, and scaled to all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder / "transfers")
        whole = _row(folder, "trail", DAYS)
        found = [_named(whole, "trail", DAYS, most_cpu_s=MOST_CPU_S, most_mb=MOST_MB)]
        for library, (days, most_times) in _AGAINST.items():
            theirs, ours = _row(folder, library, days), _row(folder, "trail", days)
            times = {"of": theirs, "most_times": most_times, "is_by_cpu": True}
            found += [
                _named(theirs, library, days),
                _named(ours, "trail", days, **times),
                Row(
                    f"trail in all, beside {library} x {DAYS / days:g}",
                    whole,
                    of_times=DAYS / days,
                    **times,
                ),
            ]
        return found


def _row(folder: Path, side: str, days: int) -> Any:
    command = [sys.executable, "-m", "benchmarks.trail", side, str(folder), str(days)]
    return measured(command, {}, folder / "log")


def _named(found: Any, side: str, days: int, **budget: Any) -> Row:
    among = TRANSFERS_IN_ALL * days // DAYS
    says = "trail by three rules" if side == "trail" else f"{side}: load, reach"
    return Row(f"{says}, {among // _SHARE_OF_NETWORK:,} in {among:,} transfers", found, **budget)


def _write(folder: Path) -> None:
    """Nodes below `network` are the network's; those of others follow."""
    dice = np.random.default_rng(1)
    a_day = TRANSFERS_IN_ALL // DAYS
    own = a_day // _SHARE_OF_NETWORK
    network = max(_SEEDS * 2, TRANSFERS_IN_ALL // _SHARE_OF_NETWORK // _OF_A_NETWORK_NODE)
    others = TRANSFERS_IN_ALL // _OF_ANOTHER_NODE
    for n in range(DAYS):
        day = _FIRST + timedelta(days=n)
        payer = dice.integers(network, network + others, a_day)
        payee = dice.integers(network, network + others, a_day)
        payer[:own] = dice.integers(0, network, own)
        payee[:own] = dice.integers(0, network, own)
        payee[own : own + own // 5] = dice.integers(0, network, own // 5)
        is_spent = np.arange(a_day) % 10 == 0
        seconds = dice.integers(0, 86_400, a_day)
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=5)
        place = folder / f"business_date={day}"
        place.mkdir(parents=True)
        pl.DataFrame({"payer": payer, "payee": payee, "s": seconds, "is_spent": is_spent}).select(
            transfer_id=sentence("BANK/{}", pl.int_range(pl.len()) + n * a_day),
            at=(pl.lit(midnight) + pl.duration(seconds="s")).cast(TRANSFERS.schema["at"]),
            from_kind=pl.lit("account"),
            from_id=_iban("payer"),
            to_kind=pl.when("is_spent").then(pl.lit("cash")).otherwise(pl.lit("account")),
            to_id=pl.when("is_spent").then(pl.lit("cash:75")).otherwise(_iban("payee")),
            amount_tiyn=pl.Series(np.exp(dice.normal(14.5, 1.0, a_day)).astype(np.int64) + 100_000),
            operation_code=pl.lit("transfer"),
            asset_code=pl.lit("KZT"),
            quantity=pl.lit(None, TRANSFERS.schema["quantity"]),
            from_iin=pl.lit(None, pl.String),
            to_iin=pl.lit(None, pl.String),
            confidence=pl.lit(1.0),
        ).write_parquet(place / "part.parquet")


def _iban(node: str) -> pl.Expr:
    return "KZ86125KZT" + pl.col(node).cast(pl.String).str.zfill(10)


def _scanned(folder: Path, days: int) -> pl.LazyFrame:
    return (
        pl.scan_parquet(
            folder / "transfers" / "**" / "*.parquet",
            hive_partitioning=True,
            hive_schema={"business_date": pl.Date},
        )
        .filter(pl.col("business_date") < _FIRST + timedelta(days=days))
        .select(TRANSFERS.schema.names())
    )


def _seed_ids() -> list[str]:
    return pl.select(node=pl.int_range(_SEEDS)).select(_iban("node")).to_series().to_list()


def _trail(folder: Path, days: int) -> None:
    seeds = pl.LazyFrame(
        {
            "case_no": ["1"] * _SEEDS,
            "node_kind": ["account"] * _SEEDS,
            "node_id": _seed_ids(),
            "from_at": [datetime(2025, 12, 31, tzinfo=UTC)] * _SEEDS,
        },
        schema=SEED_NODES.schema,
    )
    labels = pl.LazyFrame(schema=FEED_BY_NAME["wallet_labels"].accepted_table.schema)
    found = trails(
        Told(_scanned(folder, days), pl.LazyFrame(schema=CROSSINGS.schema), labels),
        seeds,
        pl.LazyFrame(schema=HOLDINGS.schema),
        limits=_NONE,
        ties=ties(),
        since=_FIRST,
        night=_FIRST + timedelta(days=days - 1),
    )
    found.steps.sink_parquet(folder / "steps.parquet")
    found.holdings.sink_parquet(folder / "holdings.parquet")
    steps = pl.scan_parquet(folder / "steps.parquet")
    print(steps.group_by("rule_code").len().collect())


def _numbered(folder: Path, days: int) -> tuple[pl.DataFrame, int]:
    """Edges between numbers, and the number of a source that pays every seed: one search is all."""
    ends = _scanned(folder, days).select("from_id", "to_id").collect()
    nodes = pl.concat([ends["from_id"], ends["to_id"].rename("from_id")]).unique()
    codes = nodes.rename("id").to_frame().with_row_index("code").cast({"code": pl.Int32})
    source = pl.lit(len(nodes), pl.Int32)
    edges = (
        ends.lazy()
        .join(codes.lazy(), left_on="from_id", right_on="id")
        .join(codes.lazy(), left_on="to_id", right_on="id", suffix="_to")
        .select("code", "code_to")
    )
    sown = codes.lazy().filter(pl.col("id").is_in(_seed_ids())).select(source, code_to="code")
    both = pl.concat([edges, sown.rename({"literal": "code"})]).collect()
    return both, len(nodes)


def _igraph(folder: Path, days: int) -> None:
    import igraph  # noqa: PLC0415

    edges, source = _numbered(folder, days)
    graph = igraph.Graph(n=source + 1, edges=np.ascontiguousarray(edges.to_numpy()), directed=True)
    print(len(graph.subcomponent(source, mode="out")))


def _rustworkx(folder: Path, days: int) -> None:
    import rustworkx  # noqa: PLC0415

    edges, source = _numbered(folder, days)
    graph = rustworkx.PyDiGraph()
    graph.extend_from_edge_list(edges.rows())
    print(len(rustworkx.descendants(graph, source)))


def _networkx(folder: Path, days: int) -> None:
    import networkx  # noqa: PLC0415

    ends = _scanned(folder, days).select("from_id", "to_id").collect()
    graph = networkx.DiGraph()
    graph.add_edges_from(ends.iter_rows())
    graph.add_edges_from(("source", seed) for seed in _seed_ids())
    print(len(networkx.descendants(graph, "source")))


_SIDES = {
    "trail": _trail,
    "igraph": _igraph,
    "rustworkx": _rustworkx,
    "networkx": _networkx,
}

if __name__ == "__main__":
    side, at, first_days = sys.argv[1:]
    _SIDES[side](Path(at), int(first_days))
