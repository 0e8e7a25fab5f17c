"""Who does what in a case, told from the money alone, with the reasons.

The roles are those of the literature on laundering by networks: buyers pay *fronts* (shops and
droppers: placement), whose money *collectors* gather and *operators* bring out of the banks
(layering), and *organizers* get a share that they keep (integration). A role is a lead for an
investigator, never a finding: somebody may pass money on unknowingly.

By which rules stands in `role_rules`. Who pays a front from outside is a *payer*. Nodes other than
accounts have the role of their kind.

Sources: FATF, Professional Money Laundering (2018); Starnini et al., Smurf-Based Anti-Money
Laundering in Time-Evolving Transaction Networks (2021); thresholds: reference/trail_roles.csv.
"""

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT
from transforms.money import total
from transforms.trail.counterparties import NODE, both_ways, is_from_people, while_it_lasts
from transforms.trail.organizers import with_organizers
from transforms.trail.reach import moves_something
from transforms.trail.role_features import features
from transforms.trail.role_rules import RELAY, role_of
from transforms.trail.role_signs import Signs

REASON = pl.Struct({"reason_code": pl.String(), "measured": pl.Float64()})

ROLES = Table(
    name="trail.roles",
    grain="one node that takes part in a case, by one rule",
    key=NODE,
    partitioned_by=(),
    columns=(
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("rule_code", pl.String(), "By which tainted money is told from clean."),
        Column("node_kind", pl.String(), "As in `facts.transfers`."),
        Column("node_id", pl.String(), "As in `facts.transfers`.", is_personal=True),
        Column(
            "holder_iin",
            pl.String(),
            "IIN or BIN as transfers tell it; null where none does.",
            nullable=True,
            is_personal=True,
        ),
        Column(
            "role_code",
            pl.String(),
            "payer, shop, dropper, collector, operator, cash_out_point, organizer or recipient; "
            "account in a trail that runs backward; "
            "of what is no account: cash, exchange (that was topped up), exchange_client, wallet, "
            "service or abroad.",
        ),
        Column(
            "layer",
            pl.Int32(),
            "Fewest transfers from a seed; null of payers and of who stands beside the trail.",
            unit="hops",
            nullable=True,
        ),
        Column(
            "amount_tiyn",
            pl.Int64(),
            "Tainted money that came to it; of payers, and of droppers who are not on the trail, "
            "what they paid into the case; of such organizers, what people of the case paid them.",
            unit="tiyn",
        ),
        Column("held_tiyn", pl.Int64(), "Tainted money still there.", unit="tiyn"),
        Column("first_at", INSTANT, "First movement in the case."),
        Column("last_at", INSTANT, "Last movement in the case."),
        Column(
            "reasons",
            pl.List(REASON),
            "Why: codes of reference/trail_roles.csv without their prefix, and what was measured "
            "(shares 0 to 1); empty where the kind of the node says it.",
        ),
    ),
)

_OF = ["case_no", "rule_code"]
_FRONTS = ("shop", "dropper")
_REASONS = {
    "shop": ("seed", "front_payers", "front_outside"),
    "dropper": ("arrest_ordered", "feeds", "front_payers", "front_outside", "passes_on"),
    RELAY: ("inside_in", "passes_on"),
    "collector": ("inside_payers", "passes_on"),
    "cash_out_point": ("passes_on", "cash"),
    "operator": ("passes_on", "exits", "cash", "shares_paid"),
    "organizer": ("keeps", "payments"),
    "payer": ("payments",),
    "recipient": ("passes_on",),
}
_MEASURED = {
    "seed": pl.when("is_seed").then(1.0),
    "arrest_ordered": pl.when("is_arrest_ordered").then(1.0),
    "front_payers": pl.col("outside_payers"),
    "front_outside": pl.col("outside_share"),
    "inside_payers": pl.col("inside_payers"),
    "inside_in": pl.col("inside_in_share"),
    "passes_on": pl.col("passes_on_share"),
    "exits": pl.col("exits_share"),
    "cash": pl.col("cash_share"),
    "keeps": pl.col("keeps_share"),
    "payments": pl.col("payments"),
    "shares_paid": pl.col("shares_paid"),
    "feeds": pl.col("feeds_share"),
}


def roles(
    transfers: pl.LazyFrame,
    steps: pl.LazyFrame,
    holdings: pl.LazyFrame,
    account_arrests: pl.LazyFrame,
    *,
    signs: Signs,
) -> pl.LazyFrame:
    """The role of every node of each case, and of those who paid its fronts.

    Payers are told from the fronts, so it collects.

    Args:
        transfers: `facts.transfers` of the days that were followed.
        steps: `STEPS` of those days.
        holdings: `HOLDINGS` of the last night.
        account_arrests: `facts.account_arrests`: whose cards were ordered to be arrested.
        signs: thresholds.

    Returns:
        `ROLES`, in order of its key.
    """
    ordered = account_arrests.select(
        node_id="account_iban", is_arrest_ordered=pl.lit(value=True)
    ).unique()
    told = (
        features(transfers, steps, holdings, signs=signs)
        .join(ordered, on="node_id", how="left", validate="m:1")
        .with_columns(role_code=role_of(signs))
        .collect()
        .lazy()
        .pipe(with_organizers, transfers, steps, signs=signs)
        .collect()
        .lazy()
    )
    everybody = pl.concat([told, _payers(transfers, told)], how="diagonal")
    return (
        everybody.join(_holders(transfers), on="node_id", how="left", validate="m:1")
        .with_columns(
            reasons=_reasons(),
            amount_tiyn=pl.coalesce("amount_tiyn", "fed_tiyn", "came_in_tiyn", "share_tiyn"),
            held_tiyn=pl.col("held_tiyn").fill_null(0),
        )
        .with_columns(pl.col("role_code").replace({RELAY: "dropper"}))
        .select(ROLES.schema.names())
        .sort(ROLES.key)
        .pipe(ROLES.require)
    )


def roles_by_kind(transfers: pl.LazyFrame, holdings: pl.LazyFrame) -> pl.LazyFrame:
    """The nodes of trails that run backward, by what they are: what they do is told forward only.

    Args:
        transfers: as for `roles`.
        holdings: as for `roles`.

    Returns:
        `ROLES`, in order of its key; an account has the role `account`.
    """
    return (
        holdings.join(_holders(transfers), on="node_id", how="left", validate="m:1")
        .with_columns(
            role_code="node_kind",
            amount_tiyn="came_in_tiyn",
            reasons=pl.lit([], dtype=pl.List(REASON)),
        )
        .select(ROLES.schema.names())
        .sort(ROLES.key)
        .pipe(ROLES.require)
    )


def _payers(transfers: pl.LazyFrame, told: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts outside the case that paid a front, and how often."""
    window = while_it_lasts(told)
    fronts = told.filter(pl.col("role_code").is_in(_FRONTS)).select(NODE)
    members = told.select(NODE).with_columns(is_member=pl.lit(value=True))
    return (
        both_ways(transfers.filter(moves_something()), fronts, window, end="to")
        .filter(is_from_people())
        .join(
            members.rename({"node_id": "other_id"}),
            on=[*_OF, "other_id"],
            how="left",
            validate="m:1",
        )
        .filter(pl.col("is_member").is_null())
        .group_by(*_OF, node_id="other_id", node_kind="other_kind")
        .agg(
            role_code=pl.lit("payer").first(),
            payments=pl.len().cast(pl.Int64),
            amount_tiyn=total("amount_tiyn"),
            first_at=pl.col("at").min(),
            last_at=pl.col("at").max(),
        )
    )


def _holders(transfers: pl.LazyFrame) -> pl.LazyFrame:
    """Whose a node is, as transfers tell it; of several, the smallest, so that it is always one."""
    sides = [
        transfers.select(node_id=f"{end}_id", holder_iin=f"{end}_iin").drop_nulls()
        for end in ("from", "to")
    ]
    return pl.concat(sides).group_by("node_id").agg(pl.col("holder_iin").min())


def _reasons() -> pl.Expr:
    """The reasons of the role, those that could be measured."""
    role = pl.col("role_code")
    listed = [
        pl.when(role.is_in([r for r, codes in _REASONS.items() if code in codes])).then(
            pl.struct(
                reason_code=pl.lit(code),
                measured=pl.when(measured.is_not_null()).then(measured.cast(pl.Float64)),
            )
        )
        for code, measured in _MEASURED.items()
    ]
    return pl.concat_list(listed).list.filter(pl.element().struct.field("measured").is_not_null())
