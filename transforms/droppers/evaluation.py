"""How often the alerts were right: by typology, by network and from the top of the list.

Truth comes in as a frame, from outside: nothing that makes alerts reads it. It is known only of
planted networks, so that these figures are of a simulation, and are published as such with the
version of the rules.
"""

from collections.abc import Iterator
from datetime import date
from typing import cast

import numpy as np
import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.accuracy import (
    Share,
    average_precision,
    hits_at,
    resampled,
    wilson,
)

TRUTH = Table(
    name="planted.accounts",
    grain="one account of a simulated world",
    key=("account_iban",),
    partitioned_by=(),
    columns=(
        Column("account_iban", pl.String(), "Account.", is_personal=True),
        Column("is_member", pl.Boolean(), "It is of a planted network and should be found."),
        Column("role", pl.String(), "Role in the network, or what makes it look like one."),
        Column("network", pl.String(), "Planted network; null for others.", nullable=True),
        Column("scheme", pl.String(), "How that network works; null likewise.", nullable=True),
    ),
)

EVALUATION = Table(
    name="droppers.evaluation",
    grain="one measure of one part of one evaluation",
    key=("night", "rule_version", "part_code", "name"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Night whose alerts were measured."),
        Column("rule_version", pl.String(), "Version of the rules that made them."),
        Column(
            "part_code",
            pl.String(),
            "list: the whole list. top: its first `listed`. typology: accounts with evidence of "
            "one. network: members of one. scheme: members of all networks that work alike. "
            "role: accounts of one role. trail_role: accounts told in one role by the trail from "
            "each shop's account; `innocent` among them: whom the money met.",
        ),
        Column("name", pl.String(), "Typology, network, scheme or role; `all` for the list."),
        Column(
            "accounts",
            pl.Int64(),
            "Accounts of the network, scheme or role, listed or not; else all of the world.",
            unit="accounts",
        ),
        Column("planted", pl.Int64(), "Members to be found.", unit="accounts"),
        Column("listed", pl.Int64(), "Accounts that were listed.", unit="accounts"),
        Column("found", pl.Int64(), "Members among those listed.", unit="accounts"),
        *(
            Column(f"{name}{end}", pl.Float64(), says + ends, unit="ratio", nullable=True)
            for name, says in (
                ("precision", "Found of those listed"),
                ("recall", "Found of those planted"),
                ("wronged", "Innocents listed of all innocents of the part"),
            )
            for end, ends in (
                ("", "; null where there are none."),
                ("_low", ": lower end of the 95% interval (Wilson)."),
                ("_high", ": upper end of it."),
            )
        ),
        *(
            Column(
                f"average_precision{end}",
                pl.Float64(),
                f"Mean precision over the members{says}; of the whole list only.",
                unit="ratio",
                nullable=True,
            )
            for end, says in (
                ("", ", those not listed counted as never found"),
                ("_low", ": lower end of the 95% interval over networks drawn anew"),
                ("_high", ": upper end of it"),
            )
        ),
    ),
)

_COUNTS = ("part_code", "name", "accounts", "planted", "listed", "found")


class TruthUnknown(ValueError):
    """Alerts name accounts whose truth is not given."""


def last_of_rules(evaluations: pl.LazyFrame, rule_version: str) -> pl.LazyFrame:
    """The evaluation of this version of the rules, without a model, of the last night measured.

    Args:
        evaluations: `EVALUATION`, whole.

    Returns:
        `EVALUATION`, in order of its key; no rows where this version was never measured.
    """
    of_rules = evaluations.filter(pl.col("rule_version") == rule_version)
    return (
        of_rules.filter(pl.col("night") == pl.col("night").max())
        .sort(EVALUATION.key)
        .pipe(EVALUATION.require)
    )


def evaluation(
    alerts: pl.LazyFrame,
    evidence: pl.LazyFrame,
    truth: pl.LazyFrame,
    *,
    rule_version: str,
    tops: tuple[int, ...],
    seed: int,
    trail_roles: pl.DataFrame | None = None,
) -> pl.LazyFrame:
    """What one night's alerts found of what was planted. Collects: ranks are of the whole list.

    Args:
        alerts: `night`, `account_iban` and `score` of one night.
        evidence: `night`, `account_iban`, `typology_code` and `points`; rows without points are
            what was measured below a threshold, and list nobody.
        truth: `TRUTH` of every account of that world.
        rule_version: what to publish the figures under.
        tops: how many of the list are looked at from above. Of equal scores at the edge none
            is preferred: members among them count in their share, rounded down.
        seed: of the draws of networks for the interval.
        trail_roles: rows of `role_counts` of the same worlds, to be published beside.

    Returns:
        `EVALUATION`, in order of its key.

    Raises:
        TruthUnknown: an account is listed of which the truth says nothing.
        ValueError: alerts of more than one night, or of none.
    """
    listed = alerts.select("night", "account_iban", "score").collect()
    known = truth.pipe(TRUTH.require).collect()
    night = _night(listed, known)
    ranked = known.join(listed, on="account_iban", how="left", validate="1:1")
    ranked = ranked.sort("account_iban")
    shown = (
        evidence.filter(pl.col("points") > 0, pl.col("night") == night)
        .select("account_iban", "typology_code")
        .collect()
    )
    rows = [
        *_tops(ranked, tops),
        *_by_typology(ranked, shown),
        *_by(ranked.filter("is_member"), "network"),
        *_by(ranked.filter("is_member"), "scheme"),
        *_by(ranked, "role"),
        *(("trail_role", *row) for row in (() if trail_roles is None else trail_roles.rows())),
    ]
    types = {name: EVALUATION.schema[name] for name in _COUNTS}
    counted = pl.DataFrame([_whole(ranked), *rows], types, orient="row")
    ap = _average_precision(ranked, seed)
    return (
        counted.lazy()
        .with_columns(night=pl.lit(night), rule_version=pl.lit(rule_version))
        .pipe(_with_shares, counted)
        .with_columns(
            pl.when(part_code="list").then(pl.lit(value, pl.Float64)).alias(name)
            for name, value in ap.items()
        )
        .select(EVALUATION.schema.names())
        .sort(EVALUATION.key)
        .pipe(EVALUATION.require)
    )


def _night(listed: pl.DataFrame, known: pl.DataFrame) -> date:
    nights = listed["night"].unique()
    if len(nights) != 1:
        raise ValueError(f"Alerts of {len(nights)} nights. One night is evaluated at a time.")
    strangers = listed.join(known, on="account_iban", how="anti").height
    if strangers:
        raise TruthUnknown(
            f"{strangers} of {listed.height} listed accounts are not in the truth. Nothing was "
            "measured. Give the truth of every account of the world that was simulated."
        )
    return cast(date, nights[0])


_Counts = tuple[str, str, int, int, int, int]


def _whole(ranked: pl.DataFrame) -> _Counts:
    is_listed = ranked["score"].is_not_null()
    members = ranked["is_member"]
    found = int((members & is_listed).sum())
    return ("list", "all", ranked.height, int(members.sum()), int(is_listed.sum()), found)


def _tops(ranked: pl.DataFrame, tops: tuple[int, ...]) -> Iterator[_Counts]:
    on_list = ranked.filter(pl.col("score").is_not_null())
    scores = on_list["score"].cast(pl.Float64).to_numpy()
    members = on_list["is_member"].to_numpy()
    planted = int(ranked["is_member"].sum())
    for top in tops:
        found = int(hits_at(scores, members, top))
        yield ("top", str(top), ranked.height, planted, min(top, on_list.height), found)


def _by_typology(ranked: pl.DataFrame, shown: pl.DataFrame) -> Iterator[_Counts]:
    planted = int(ranked["is_member"].sum())
    of_members = shown.unique().join(
        ranked.select("account_iban", "is_member"), on="account_iban", how="inner", validate="m:1"
    )
    counts = of_members.group_by("typology_code").agg(
        listed=pl.len(), found=pl.col("is_member").sum()
    )
    for code, listed, found in counts.iter_rows():
        yield ("typology", code, ranked.height, planted, listed, found)


def _by(ranked: pl.DataFrame, column: str) -> Iterator[_Counts]:
    is_listed = pl.col("score").is_not_null()
    counts = ranked.group_by(column).agg(
        accounts=pl.len(),
        planted=pl.col("is_member").sum(),
        listed=is_listed.sum(),
        found=(pl.col("is_member") & is_listed).sum(),
    )
    for name, accounts, planted, listed, found in counts.iter_rows():
        yield (column, name, accounts, planted, listed, found)


def _with_shares(rows: pl.LazyFrame, counted: pl.DataFrame) -> pl.LazyFrame:
    found, innocent = pl.col("found"), pl.col("accounts") - pl.col("planted")
    parts = {
        "precision": (found, pl.col("listed")),
        "recall": (found, pl.col("planted")),
        "wronged": (pl.col("listed") - found, innocent),
    }
    shares = {
        name: [wilson(hits, cases) for hits, cases in counted.select(h=h, n=n).iter_rows()]
        for name, (h, n) in parts.items()
    }
    return rows.with_columns(
        pl.lit(pl.Series(f"{name}{end}", [_end(share, end) for share in column], pl.Float64))
        for name, column in shares.items()
        for end in ("", "_low", "_high")
    )


def _end(share: Share, end: str) -> float | None:
    if share.cases == 0:
        return None
    return {"": share.value, "_low": share.low, "_high": share.high}[end]


def _average_precision(ranked: pl.DataFrame, seed: int) -> dict[str, float | None]:
    """Over all accounts: one that was not listed stands behind every one that was."""
    lowest = ranked["score"].min()
    behind = 0 if lowest is None else lowest - 1  # type: ignore[operator]
    scores = ranked["score"].fill_null(behind).cast(pl.Float64).to_numpy()
    members = ranked["is_member"].to_numpy().astype(np.bool_)
    groups = ranked["network"].fill_null(ranked["account_iban"]).to_list()
    low, high = resampled(scores, members, groups, seed=seed)
    found = {"": average_precision(scores, members), "_low": low, "_high": high}
    return {
        f"average_precision{end}": None if np.isnan(value) else value
        for end, value in found.items()
    }
