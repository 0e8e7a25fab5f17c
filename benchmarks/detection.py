"""Members of planted rings among ordinary accounts, in data made by others: who ranks them best.

Ours: rings and shapes ranked by their surprise, without labels; and our learned model on the same
shapes, by cross-validation. Beside them, in the same run: in-degree, pass-through ratio, PageRank,
core number and membership in short cycles of igraph, outlier detectors of scikit-learn, and
gradient boosting on plain sums. Nothing here is fitted to a set: windows and shares are those of
the rules (90 days, 10%).

No leakage: no feature reads a label; members who pass the very same amount to each other, or
repeat it, are one group, and a group is in one fold only, so that no account of a ring is scored
by trees that saw another of that ring. Shapes are of the whole graph, as on a night.

`python -m benchmarks.detection [FOLDER …]` tries other sets of the same layouts.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import igraph
import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest
from sklearn.neighbors import LocalOutlierFactor
from sklearn.preprocessing import RobustScaler
from threadpoolctl import threadpool_limits

from benchmarks.labelled import SAMPLES, Labelled, labelled_sets
from transforms.droppers.accuracy import Flags, Numbers, average_precision, hits_at
from transforms.droppers.boosted import explained, matrix
from transforms.droppers.graph_features import GRAPH_FEATURES, graph_features
from transforms.droppers.learned import NothingToLearn, grown, held_out
from transforms.droppers.model_card import Way
from transforms.droppers.rings import rings

WITHIN = timedelta(days=90)
MOST_LOST_SHARE = 0.1
MOST_LEGS = 10
MOST_COUNTERPARTIES = 300
TOPS = (100, 500)
WAY = Way(
    trees=150,
    most_leaves=15,
    learning_rate=0.05,
    fewest_rows_in_a_leaf=20,
    folds=5,
    least_precision=0.8,
    seed=11,
)
CYCLE_LEGS = 4
MOST_FOR_CYCLES = 200_000
MOST_BEHIND = 0.02


@dataclass(frozen=True, slots=True)
class Ranked:
    """One detector's order of all accounts.

    `is_artefact`: shown only to say how far a mark of the generator goes (AMLSim's rings move
    smaller amounts than anybody else); nothing is compared with it.
    """

    name: str
    scores: Numbers
    is_ours: bool = False
    is_learned: bool = False
    is_artefact: bool = False


def main(folders: list[Path]) -> int:
    """The exit code: 0 where ours are not behind the others on any set, by more than chance.

    2 where transfers have no labels.
    """
    try:
        sets = [found for folder in folders if folder.exists() for found in labelled_sets(folder)]
    except FileNotFoundError as error:
        print(error)
        return 2
    if not sets:
        print(f"Detection was not measured: no labelled set in {', '.join(map(str, folders))}.")
        return 0
    return max(int(not _is_abreast(labelled)) for labelled in sets)


def _is_abreast(labelled: Labelled) -> bool:
    members, everyone = labelled.members, labelled.accounts.height
    if members == 0 or everyone < 1000 or labelled.transfers.is_empty():
        few = "no transfer could be read" if everyone >= 1000 else "too few for ranks to mean much"
        why = "nobody is labelled" if members == 0 else few
        print(
            f"{labelled.name}: {members} members among {everyone} accounts, "
            f"{labelled.transfers.height} transfers. Not measured: {why}."
        )
        return True
    found = list(_ranked(labelled))
    _show(labelled, found)
    truth = labelled.accounts["is_member"].to_numpy()
    return all(
        max(_precision(r, truth) for r in found if r.is_learned == learned and r.is_ours)
        + MOST_BEHIND
        >= max(
            _precision(r, truth)
            for r in found
            if r.is_learned == learned and not r.is_ours and not r.is_artefact
        )
        for learned in {r.is_learned for r in found}
    )


def _precision(ranked: Ranked, truth: Flags) -> float:
    return average_precision(ranked.scores, truth)


def _show(labelled: Labelled, found: list[Ranked]) -> None:
    truth = labelled.accounts["is_member"].to_numpy()
    tops = (*TOPS, labelled.members)
    table = Table(
        title=f"{labelled.name}: {labelled.transfers.height} transfers, "
        f"{labelled.accounts.height} accounts, {labelled.members} members"
    )
    headings = ("detector", "average precision", *(f"recall at {k}" for k in tops))
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "detector" else "right")
    for ranked in found:
        table.add_row(
            ("ours: " if ranked.is_ours else "") + ranked.name,
            f"{average_precision(ranked.scores, truth):.3f}",
            *(f"{hits_at(ranked.scores, truth, k) / labelled.members:.3f}" for k in tops),
            style="bold" if ranked.is_ours else None,
        )
    console = Console(width=110)
    console.print(table)
    console.print(_ceiling(labelled))


def _ceiling(labelled: Labelled) -> str:
    marked = _marks(labelled)
    ends = pl.concat([marked["from_id"], marked["to_id"]]).n_unique()
    return (
        f"{ends} of {labelled.members} members take part in a transfer that a ring could be known "
        "by (the same amount on to another member, or repeated); of the others the set holds "
        "ordinary transfers only."
    )


def _ranked(labelled: Labelled) -> Iterator[Ranked]:
    shapes = _shapes(labelled.transfers)
    plain = _plain(labelled.transfers)
    ours = _of_accounts(labelled, shapes)
    sums = _of_accounts(labelled, plain)
    yield Ranked("rings and shapes by surprise", _column(ours, "surprise"), is_ours=True)
    yield Ranked("only rings", _column(ours, "ring_surprise"), is_ours=True)
    yield Ranked("only pass-through", _column(ours, "pass_through_surprise"), is_ours=True)
    yield Ranked("only repetition", _column(ours, "repetition_surprise"), is_ours=True)
    once = _of_accounts(labelled, _shapes(labelled.transfers.unique(maintain_order=True)))
    yield Ranked("by surprise, equal rows once", _column(once, "surprise"), is_ours=True)
    yield Ranked("in-degree", _column(sums, "payers"))
    yield Ranked("pass-through ratio", _column(ours, "passed_on_share"))
    yield from _of_igraph(labelled)
    yield from _of_scikit_learn(sums)
    yield Ranked("smallest amount (artefact of a set)", -_column(sums, "least"), is_artefact=True)
    yield from _learned(labelled, ours, sums)


def _shapes(transfers: pl.DataFrame) -> pl.DataFrame:
    """Rings in whatever order of payment; hops only forward in time."""
    found = rings(
        transfers.lazy(),
        most_legs=MOST_LEGS,
        within=WITHIN,
        most_lost_share=MOST_LOST_SHARE,
        most_counterparties=MOST_COUNTERPARTIES,
        is_order_kept=False,
    )
    return graph_features(
        transfers.lazy(),
        found,
        within=WITHIN,
        most_lost_share=MOST_LOST_SHARE,
        most_counterparties=MOST_COUNTERPARTIES,
        is_order_kept=True,
    ).collect()


def _plain(transfers: pl.DataFrame) -> pl.DataFrame:
    """What anybody would compute first: counts, others, sums, means, extremes, spread."""
    amount = pl.col("amount_tiyn").cast(pl.Float64)
    sides = [
        transfers.group_by(account_id=own).agg(
            pl.len().cast(pl.Float64).alias(f"{side}_transfers"),
            pl.col(other).n_unique().cast(pl.Float64).alias(others),
            amount.sum().alias(f"{side}_sum"),
            amount.mean().alias(f"{side}_mean"),
            amount.max().alias(f"{side}_most"),
            amount.min().alias(f"{side}_least"),
            amount.std().alias(f"{side}_spread"),
        )
        for side, own, other, others in (
            ("in", "to_id", "from_id", "payers"),
            ("out", "from_id", "to_id", "payees"),
        )
    ]
    joined = sides[0].join(sides[1], on="account_id", how="full", coalesce=True)
    return joined.with_columns(least=pl.min_horizontal("in_least", "out_least")).fill_null(0.0)


def _of_accounts(labelled: Labelled, features: pl.DataFrame) -> pl.DataFrame:
    return labelled.accounts.join(
        features, on="account_id", how="left", maintain_order="left", validate="1:1"
    ).fill_null(0)


def _column(rows: pl.DataFrame, name: str) -> Numbers:
    return rows[name].cast(pl.Float64).to_numpy()


def _of_igraph(labelled: Labelled) -> Iterator[Ranked]:
    places = labelled.accounts.select("account_id", place=pl.int_range(pl.len()))
    edges = (
        labelled.transfers.select("from_id", "to_id")
        .unique(maintain_order=True)
        .filter(pl.col("from_id") != pl.col("to_id"))
        .join(places.rename({"account_id": "from_id", "place": "a"}), on="from_id")
        .join(places.rename({"account_id": "to_id", "place": "b"}), on="to_id")
    )
    graph = igraph.Graph(places.height, edges.select("a", "b").rows(), directed=True)
    yield Ranked("igraph PageRank", np.array(graph.pagerank()))
    yield Ranked("igraph core number", np.array(graph.coreness(), dtype=np.float64))
    if edges.height > MOST_FOR_CYCLES:
        print(f"igraph's cycles were not looked for: {edges.height} pairs would take it too long.")
        return
    found = np.zeros(places.height)
    for cycle in graph.simple_cycles(min=3, max=CYCLE_LEGS):
        found[list(cycle)] += 1
    yield Ranked(f"igraph cycles of 3 to {CYCLE_LEGS}", found)


def _of_scikit_learn(sums: pl.DataFrame) -> Iterator[Ranked]:
    names = [name for name in sums.columns if name not in {"account_id", "is_member", "least"}]
    scaled = RobustScaler().fit_transform(np.log1p(matrix(sums, names)))
    forest = IsolationForest(random_state=WAY.seed).fit(scaled)
    yield Ranked("scikit-learn IsolationForest", -forest.score_samples(scaled))
    nearby = LocalOutlierFactor(n_neighbors=20).fit(scaled)
    yield Ranked("scikit-learn LocalOutlierFactor", -nearby.negative_outlier_factor_)


def _learned(labelled: Labelled, ours: pl.DataFrame, sums: pl.DataFrame) -> Iterator[Ranked]:
    truth = labelled.accounts["is_member"].to_numpy()
    try:
        folds = held_out(_groups(labelled), truth, folds=WAY.folds)
    except NothingToLearn as error:
        print(f"{labelled.name}: nothing was learned. {error}")
        return
    shapes = [c.name for c in GRAPH_FEATURES.columns if c.name != "account_id"]
    plain = [name for name in sums.columns if name not in {"account_id", "is_member", "least"}]
    both = ours.hstack(sums.select(pl.col(plain).name.prefix("plain_")))
    sets = {
        "learned, held-out rings": (both, [*shapes, *(f"plain_{n}" for n in plain)]),
        "learned on shapes alone": (ours, shapes),
    }
    for name, (rows, names) in sets.items():
        measured = matrix(rows, names)
        scores = np.zeros(truth.size)
        for fold in range(WAY.folds):
            is_held = folds == fold
            trees = grown(measured[~is_held], truth[~is_held], names, WAY)
            scores[is_held] = explained(trees, measured[is_held], names).log_odds
        yield Ranked(name, scores, is_ours=True, is_learned=True)
    measured, scores = matrix(sums, plain), np.zeros(truth.size)
    for fold in range(WAY.folds):
        is_held = folds == fold
        model = HistGradientBoostingClassifier(random_state=WAY.seed)
        with threadpool_limits(limits=1, user_api="openmp"):
            model.fit(measured[~is_held], truth[~is_held])
        scores[is_held] = model.decision_function(measured[is_held])
    yield Ranked("scikit-learn boosting on plain sums", scores, is_learned=True)


def _marks(labelled: Labelled) -> pl.DataFrame:
    """Transfers between members that a ring can be known by: the amount goes on, or is repeated."""
    members = labelled.accounts.filter("is_member").select("account_id")
    inside = labelled.transfers.join(
        members, left_on="from_id", right_on="account_id", how="semi"
    ).join(members, left_on="to_id", right_on="account_id", how="semi")
    came = inside.select(from_id="to_id", amount_tiyn="amount_tiyn")
    goes_on = inside.join(came, on=["from_id", "amount_tiyn"], how="semi")
    went = inside.select(to_id="from_id", amount_tiyn="amount_tiyn")
    has_come = inside.join(went, on=["to_id", "amount_tiyn"], how="semi")
    repeated = inside.filter(pl.len().over("from_id", "to_id", "amount_tiyn", "at") > 1)
    return pl.concat([goes_on, has_come, repeated]).unique(maintain_order=True)


def _groups(labelled: Labelled) -> list[str]:
    """Rings, as far as the labels let them be known; every other account is by itself."""
    ids = labelled.accounts["account_id"].to_list()
    places = {account: place for place, account in enumerate(ids)}
    marks = _marks(labelled).select("from_id", "to_id").rows()
    graph = igraph.Graph(len(ids), [(places[a], places[b]) for a, b in marks])
    return [f"ring-{n}" for n in graph.connected_components("weak").membership]


if __name__ == "__main__":
    sys.exit(main([Path(folder) for folder in sys.argv[1:]] or [SAMPLES]))
