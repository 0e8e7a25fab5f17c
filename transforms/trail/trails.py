"""Trails of cases: from their seeds, step by step, to what is still there and where it ended."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT

_CASE = Column("case_no", pl.String(), "Register number (ERDR), 15 digits.")
_RULE = Column(
    "rule_code",
    pl.String(),
    "By which tainted money is told from clean: poison, haircut or fifo. The figures of one rule "
    "are never added to another's.",
)
_LABEL = Column(
    "label_code",
    pl.String(),
    "What is publicly known of the wallet: exchange, mixer, market, sanction or as the source "
    "names it; null for others.",
    nullable=True,
)

SEEDS = Table(
    name="trail.seeds",
    grain="one decision of one person to follow the money of one node in one case",
    key=("case_no", "kind", "id"),
    columns=(
        Column("business_date", pl.Date(), "Day on which it was decided."),
        _CASE,
        Column("kind", pl.String(), "account, card, wallet, exchange_client or person."),
        Column(
            "id",
            pl.String(),
            "IBAN, card token, network:address, EXCHANGE/client, or IIN: all accounts of a person.",
            is_personal=True,
        ),
        Column("from_at", INSTANT, "Its money is followed from then on."),
        Column("reason", pl.String(), "Why, in the investigator's words.", is_personal=True),
        Column("set_by", pl.String(), "Who decided."),
    ),
    is_append_only=True,
)

STEPS = Table(
    name="trail.steps",
    grain="one transfer that carried tainted money, in one case by one rule",
    key=("case_no", "rule_code", "transfer_id"),
    columns=(
        Column("business_date", pl.Date(), "Day of the transfer, in Almaty."),
        _CASE,
        _RULE,
        Column("transfer_id", pl.String(), "As in `facts.transfers`."),
        Column("at", INSTANT, "When."),
        Column("from_kind", pl.String(), "As in `facts.transfers`, as all of the two nodes."),
        Column("from_id", pl.String(), "Payer.", is_personal=True),
        Column("to_kind", pl.String(), "Kind of the payee."),
        Column("to_id", pl.String(), "Payee.", is_personal=True),
        Column("amount_tiyn", pl.Int64(), "The whole transfer.", unit="tiyn"),
        Column("tainted_tiyn", pl.Int64(), "The part of it that is tainted.", unit="tiyn"),
        Column("layer", pl.Int32(), "Transfers from the nearest seed, this one counted.", "hops"),
        Column(
            "ended_by_code",
            pl.String(),
            "Why the trail ends with this step: service, cash, abroad, busy (the payee pays too "
            "many others), hops or amount (the limit of the trail), label (of the wallet); null "
            "where it goes on.",
            nullable=True,
        ),
        _LABEL,
        Column(
            "confidence",
            pl.Float64(),
            "1 for a told transfer; below 1 where a P2P order ties tenge to crypto.",
            unit="ratio",
        ),
    ),
)

HOLDINGS = Table(
    name="trail.holdings",
    grain="one node that tainted money of a case reached by a rule, as of a night",
    key=("night", "case_no", "rule_code", "node_id"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night; all its transfers are counted."),
        _CASE,
        _RULE,
        Column("node_kind", pl.String(), "As in `facts.transfers`."),
        Column("node_id", pl.String(), "As in `facts.transfers`.", is_personal=True),
        Column(
            "came_in_tiyn",
            pl.Int64(),
            "Tainted money that came, and what became tainted here: at a seed all money but "
            "wages and benefits, under poison all that mixes. Equals went out + held + ended.",
            unit="tiyn",
        ),
        Column("went_out_tiyn", pl.Int64(), "Tainted money that left.", unit="tiyn"),
        Column("held_tiyn", pl.Int64(), "Tainted money still there.", unit="tiyn"),
        Column("ended_tiyn", pl.Int64(), "Tainted money whose trail ended here.", unit="tiyn"),
        Column(
            "entered_tiyn",
            pl.Int64(),
            "The part of what came in that became tainted here. Over all nodes of a case, by "
            "haircut or FIFO: entered = held + ended.",
            unit="tiyn",
        ),
        Column(
            "balance_tiyn",
            pl.Int64(),
            "All money seen to come and not to leave since the first tainted arrival; what was "
            "there before is not known and not counted.",
            unit="tiyn",
        ),
        Column("layer", pl.Int32(), "Transfers from the nearest seed; 0 is a seed.", "hops"),
        _LABEL,
        Column("first_at", INSTANT, "First tainted money; of a seed, when it is followed from."),
        Column("last_at", INSTANT, "Last movement of tainted money here."),
        Column(
            "lots_tiyn",
            pl.List(pl.Int64()),
            "FIFO only: the balance by lots, oldest first; a clean lot is negative.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)
