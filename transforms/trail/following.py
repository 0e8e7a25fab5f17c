"""Trails of many cases at once, a day at a time: what concerns them, and what they carry.

The work of a day depends on the transfers of the day: of the nodes that an earlier night left, only
those are taken up that a transfer leads to or from; the others stay the rows that they are, as many
as they may be. Nodes are compared by a hash while a day is searched, which can only find too many
transfers; what is tainted is then told by their ids.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import polars as pl

from transforms.feeds.cells import INSTANT
from transforms.trail.labels import with_label
from transforms.trail.reach import ENDS_AT, Limits, arrivals, moves_something, with_busy
from transforms.trail.taint import (
    NEVER,
    RULES,
    Carried,
    Move,
    Pots,
    carried,
    conserved,
)

_OUTSIDE = 0
_WAGES = ("salary", "social_payment")
_ENDING_LABELS = ("exchange", "mixer")
_NODE = ("case_no", "node_id")
_SUMS = ("came_in", "went_out", "held", "ended", "entered", "balance")
_INSTANTS = ("seed_from_at", "first_at", "last_at")
_STANDING = {
    "night": pl.Date(),
    **dict.fromkeys(("case_no", "rule_code", "node_kind", "node_id"), pl.String()),
    **dict.fromkeys((f"{name}_tiyn" for name in _SUMS), pl.Int64()),
    "seed_from_at": INSTANT,
    "layer": pl.Int32(),
    "hops": pl.Int32(),
    **dict.fromkeys(("first_at", "last_at"), INSTANT),
    "lots_tiyn": pl.List(pl.Int64()),
}
_CARRIED = {
    "move": pl.UInt32(),
    "tainted_tiyn": pl.Int64(),
    "layer": pl.Int32(),
    "ended_by_code": pl.String(),
}


class Following:
    """The trails as they stand; `extend` takes them one day further."""

    def __init__(self, limits: Limits, labels: pl.DataFrame) -> None:
        self._labels = labels
        self._limits = limits
        self._nodes: list[tuple[str, str, str]] = [("", "", "")]
        self._codes = {"": _OUTSIDE}
        self._holding: set[int] = set()
        self._seeds: dict[int, int] = {}
        self._resting = pl.DataFrame(schema=_STANDING)
        hops = {"poison": limits.most_poison_hops}
        self._pots = {
            rule: Pots(rule, hops.get(rule, limits.most_hops), limits.least_tiyn) for rule in RULES
        }

    def resume(self, holdings: pl.DataFrame) -> None:
        """Take up trails where `holdings` left them, seeds and all."""
        self._resting = holdings.select(_STANDING.keys())

    def sow(self, seeds: pl.DataFrame) -> None:
        """Follow the money of these nodes too: `case_no`, `node_kind`, `node_id`, `from_at`."""
        known = self._resting.select(*_NODE, from_at="seed_from_at").drop_nulls()
        new = seeds.join(known, on=[*_NODE, "from_at"], how="anti")
        reached = new.join(self._resting, on=_NODE, how="semi")
        self._take_up(pl.col("node_id").is_in(reached["node_id"].implode()))
        codes = self._coded(*(reached[c].to_list() for c in ("case_no", "node_kind", "node_id")))
        for code, since in zip(codes, reached["from_at"].dt.epoch("us").to_list(), strict=True):
            self._seed(code, since)
        unmoved = _unmoved(new.join(reached, on=_NODE, how="anti"))
        self._resting = pl.concat([self._resting, unmoved])

    def _seed(self, code: int, since: int) -> None:
        self._seeds[code] = min(since, self._seeds.get(code, NEVER))
        for pots in self._pots.values():
            pots.seed(code, since)

    def _take_up(self, is_met: pl.Expr) -> None:
        """Go on with what rests at these nodes."""
        met, self._resting = self._resting.filter(is_met), self._resting.filter(~is_met)
        codes = self._coded(*(met[c].to_list() for c in ("case_no", "node_kind", "node_id")))
        for code, row in zip(codes, met.iter_rows(named=True), strict=True):
            pots = self._pots[row["rule_code"]]
            for name in _SUMS:
                getattr(pots, name)[code] = row[f"{name}_tiyn"]
            pots.hops[code] = row["hops"] or 0
            pots.layer[code] = row["layer"]
            pots.first_at[code], pots.last_at[code] = _us(row["first_at"]), _us(row["last_at"])
            pots.resume_lots(code, row["lots_tiyn"] or ())
            if row["held_tiyn"]:
                self._holding.add(code)
            if row["seed_from_at"]:
                self._seed(code, _us(row["seed_from_at"]))

    def extend(self, day: pl.LazyFrame, tied: pl.DataFrame) -> pl.DataFrame:
        """Take the trails through the transfers of one day.

        The day is read twice: the ends of all transfers, then all that is told of those whose
        ends money of a trail can have come to.

        Args:
            day: rows of `facts.transfers` of one business date, but for those in `tied`.
            tied: rows that a crossing changed, as a trail follows them.

        Returns:
            What was carried: the transfer with `label_code` of the payee, `case_no`,
            `rule_code`, `tainted_tiyn`, `layer` and `ended_by_code`.
        """
        near = self._near(day, tied)
        is_near = pl.col("from_id").hash().is_in(near) | pl.col("to_id").hash().is_in(near)
        day_near = (
            pl.concat([day.filter(is_near), tied.lazy()])
            .filter(moves_something())
            .pipe(with_label, self._labels.lazy(), node="to")
            .collect()
            .with_row_index("n")
        )
        ends = pl.concat([day_near["from_id"], day_near["to_id"]]).unique()
        self._take_up(pl.col("node_id").is_in(ends.implode()))
        return self._carried(day_near)

    def _near(self, day: pl.LazyFrame, tied: pl.DataFrame) -> pl.Series:
        """Hashes of where tainted money is, and of all that it can have come to in this day."""
        ends = pl.concat([day, tied.lazy()]).select(
            payer=pl.col("from_id").hash(),
            payee=pl.when(~pl.col("to_kind").is_in(ENDS_AT)).then(pl.col("to_id").hash()),
        )
        taken_up = (self._nodes[c][2] for c in (*self._holding, *self._seeds))
        is_start = (pl.col("held_tiyn") > 0) | pl.col("seed_from_at").is_not_null()
        starts = pl.concat(
            [pl.Series(taken_up, dtype=pl.String), self._resting.filter(is_start)["node_id"]]
        )
        near = fresh = starts.hash().unique()
        edges = (
            pl.DataFrame(schema=ends.collect_schema())
            if starts.is_empty()
            else ends.drop_nulls().collect()
        )
        for _ in range(self._limits.most_hops):
            payees = edges.filter(pl.col("payer").is_in(fresh.implode()))["payee"].unique()
            fresh = payees.filter(~payees.is_in(near.implode()))
            if fresh.is_empty():
                break
            near = pl.concat([near, fresh])
        return near.implode()

    def _carried(self, day: pl.DataFrame) -> pl.DataFrame:
        moves = self._concerned(day)
        column = {name: moves[name].to_list() for name in moves.columns}
        by = self._coded(column["case_no"], column["from_kind"], column["payer_id"])
        to = self._coded(column["case_no"], column["to_kind"], column["to_id"])
        told = (column[name] for name in ("amount_tiyn", "ends", "is_wage"))
        rows: list[Move] = list(zip(column["clock"], by, to, *told, strict=True))
        parts = [_as_frame(rule, carried(rows, pots), moves) for rule, pots in self._pots.items()]
        touched = self._holding.union(to)
        self._holding = {
            code for code in touched if any(pots.held[code] for pots in self._pots.values())
        }
        return pl.concat(parts).join(day, on="n", how="left", validate="m:1").drop("n")

    def holdings(self, night: date) -> pl.DataFrame:
        """How the trails stand now, having been taken to the end of `night`; checked.

        Raises:
            NotConserved: tainted money was made or lost.
        """
        taken_up = (self._standing(pots, night) for pots in self._pots.values())
        resting = self._resting.with_columns(night=pl.lit(night))
        return pl.concat([*taken_up, resting]).pipe(conserved)

    def _standing(self, pots: Pots, night: date) -> pl.DataFrame:
        codes = [c for c in range(1, len(pots.held)) if pots.came_in[c] or c in self._seeds]
        nodes = [self._nodes[c] for c in codes]
        is_fifo = pots.rule == "fifo"
        return pl.DataFrame(
            {
                "night": [night] * len(codes),
                "case_no": [case for case, _, _ in nodes],
                "rule_code": [pots.rule] * len(codes),
                "node_kind": [kind for _, kind, _ in nodes],
                "node_id": [node for _, _, node in nodes],
                **{f"{name}_tiyn": [getattr(pots, name)[c] for c in codes] for name in _SUMS},
                "seed_from_at": [self._seeds.get(c) for c in codes],
                "layer": [pots.layer[c] for c in codes],
                "hops": [pots.hops[c] if pots.held[c] else None for c in codes],
                "first_at": [pots.first_at[c] for c in codes],
                "last_at": [pots.last_at[c] for c in codes],
                "lots_tiyn": [list(pots.lots[c] or ()) if is_fifo else None for c in codes],
            },
            schema=_STANDING | dict.fromkeys(_INSTANTS, pl.Int64()),
        ).with_columns(pl.from_epoch(pl.col(_INSTANTS), "us").cast(INSTANT))

    def _coded(
        self, cases: Iterable[str], kinds: Iterable[str], ids: Iterable[str | None]
    ) -> list[int]:
        codes, nodes, found = self._codes, self._nodes, []
        for case, kind, node in zip(cases, kinds, ids, strict=True):
            if node is None:
                found.append(_OUTSIDE)
                continue
            key = f"{case} {node}"
            code = codes.get(key)
            if code is None:
                code = codes[key] = len(nodes)
                nodes.append((case, kind, node))
            found.append(code)
        for pots in self._pots.values():
            pots.grow(len(nodes))
        return found

    def _concerned(self, day: pl.DataFrame) -> pl.DataFrame:
        """The transfers from and to what money of a case can have reached, for each case."""
        rows = day.select(
            "n",
            "business_date",
            payer=pl.col("from_id").hash(),
            payee=pl.col("to_id").hash(),
            clock=pl.col("at").dt.epoch("us"),
            ends=self._end(),
            goes_on=self._end().is_null() & (pl.col("amount_tiyn") >= self._limits.least_tiyn),
        ).pipe(with_busy, most_payees=self._limits.most_payees)
        starts, seeds = self._starts(), self._sown()
        came = (
            arrivals(rows, pl.concat([starts, seeds]), most_hops=self._limits.most_hops)
            .filter("goes_on")
            .group_by("case_no", "node")
            .agg(came=pl.col("clock").min())
        )
        is_seed = seeds.select("case_no", "node", since="clock")
        key = ["case_no", "payer"]
        concerned = (
            pl.concat(
                [
                    came.join(rows, left_on="node", right_on=end, how="inner")
                    .filter(pl.col("clock") >= pl.col("came"))
                    .select("case_no", "n")
                    for end in ("payer", "payee")
                ]
            )
            .unique()
            .join(rows.drop("business_date"), on="n", how="left", validate="m:1")
            .join(came, left_on=key, right_on=["case_no", "node"], how="left", validate="m:1")
            .join(is_seed, left_on=key, right_on=["case_no", "node"], how="left", validate="m:1")
        )
        is_stopped = pl.col("is_by_busy") & ~(pl.col("since") <= pl.col("clock")).fill_null(
            value=False
        )
        return (
            concerned.join(
                day.select(
                    "n",
                    "transfer_id",
                    "from_kind",
                    "from_id",
                    "to_kind",
                    "to_id",
                    "amount_tiyn",
                    is_wage=pl.col("operation_code").is_in(_WAGES),
                ),
                on="n",
                how="left",
                validate="m:1",
            )
            .select(
                "case_no",
                "n",
                "clock",
                "from_kind",
                "to_kind",
                "to_id",
                "amount_tiyn",
                "is_wage",
                "transfer_id",
                payer_id=pl.when(pl.col("came").is_not_null() & ~is_stopped).then("from_id"),
                ends=pl.coalesce("ends", pl.when("is_to_busy").then(pl.lit("busy"))),
            )
            .sort("clock", "transfer_id", "case_no")
        )

    def _starts(self) -> pl.DataFrame:
        """Where tainted money is, as arrivals before all time."""
        codes = list(self._holding)
        hops = [min(pots.hops[c] for pots in self._pots.values() if pots.held[c]) for c in codes]
        return self._arrivals(codes, [-NEVER] * len(codes), hops)

    def _sown(self) -> pl.DataFrame:
        """The seeds, as arrivals from when on they are."""
        return self._arrivals([*self._seeds], [*self._seeds.values()], [0] * len(self._seeds))

    def _arrivals(self, codes: list[int], clock: list[int], layer: list[int]) -> pl.DataFrame:
        nodes = [self._nodes[c] for c in codes]
        return pl.DataFrame(
            {
                "case_no": [case for case, _, _ in nodes],
                "node": [node for _, _, node in nodes],
                "clock": clock,
                "layer": layer,
            },
            schema={"case_no": pl.String, "node": pl.String, "clock": pl.Int64, "layer": pl.Int32},
        ).with_columns(pl.col("node").hash())

    def _end(self) -> pl.Expr:
        """Why nothing goes on from the payee, by what it is."""
        return (
            pl.when(pl.col("to_kind").is_in(ENDS_AT))
            .then("to_kind")
            .when(pl.col("label_code").is_in(_ENDING_LABELS))
            .then(pl.lit("label"))
            .when(pl.col("to_id").is_in(list(self._limits.stops)))
            .then(pl.lit("stop"))
        )


def _unmoved(seeds: pl.DataFrame) -> pl.DataFrame:
    """Seeds to and from which no money has moved yet, as they stand by each rule."""
    lots: list[list[int] | None] = [[] if rule == "fifo" else None for rule in RULES]
    told = seeds.join(pl.DataFrame({"rule_code": RULES, "lots_tiyn": lots}), how="cross")
    return told.select(
        night=None,
        **{name: name for name in ("case_no", "rule_code", "node_kind", "node_id")},
        **{f"{name}_tiyn": 0 for name in _SUMS},
        seed_from_at="from_at",
        layer=0,
        hops=None,
        first_at="from_at",
        last_at="from_at",
        lots_tiyn="lots_tiyn",
    ).cast(pl.Schema(_STANDING))


def _as_frame(rule: str, found: list[Carried], moves: pl.DataFrame) -> pl.DataFrame:
    carried_by = pl.DataFrame(found, schema=_CARRIED, orient="row")
    of = moves.select("case_no", pl.lit(rule).alias("rule_code"), "n")[carried_by["move"]]
    return of.hstack(carried_by.drop("move"))


def _us(instant: datetime) -> int:
    since = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
