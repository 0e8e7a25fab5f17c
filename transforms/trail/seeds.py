"""Where trails begin: what an investigator names, and the accounts of cards under arrest."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.windows import WINDOWS
from transforms.feeds.cells import INSTANT
from transforms.periods import CIVIL_TIME_ZONE
from transforms.trail.naming import Named

SEEDS = Table(
    name="trail.seeds",
    grain="one decision of one person to follow the money of one node in one case",
    key=("case_no", "kind", "id"),
    columns=(
        Column("business_date", pl.Date(), "Day on which it was decided."),
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
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

SEED_NODES = Table(
    name="trail.seed_nodes",
    grain="one node of a case whose money is followed",
    key=("case_no", "node_id"),
    partitioned_by=(),
    columns=(
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("node_kind", pl.String(), "As in `facts.transfers`."),
        Column("node_id", pl.String(), "As in `facts.transfers`.", is_personal=True),
        Column("from_at", INSTANT, "From then on; of several decisions, the earliest."),
    ),
)


_THROUGH = ("card", "person")

NO_CASE = "unregistered"
"""Stands for the case of what is followed on demand and for no case."""


def decisions(
    names: Iterable[Named],
    *,
    case_no: str,
    decided_on: date,
    from_on: date,
    reason: str,
    set_by: str,
) -> pl.LazyFrame:
    """What somebody decided to follow, as `SEEDS`; its money from the beginning of a day on."""
    from_at = datetime(from_on.year, from_on.month, from_on.day, tzinfo=ZoneInfo(CIVIL_TIME_ZONE))
    rows = [
        {
            "business_date": decided_on,
            "case_no": case_no,
            "kind": name.kind,
            "id": name.id,
            "from_at": from_at,
            "reason": reason,
            "set_by": set_by,
        }
        for name in names
    ]
    return pl.LazyFrame(rows, schema=SEEDS.schema).unique(SEEDS.key).sort(SEEDS.key)


def new_decisions(decided: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Those of `decided` that change what is followed: no decision of the case has them as early.

    Args:
        decided: `SEEDS`.
        known: `SEEDS`, all that there are.
    """
    earliest = known.group_by(SEEDS.key).agg(known_from_at=pl.col("from_at").min())
    is_known = pl.col("known_from_at") <= pl.col("from_at")
    return (
        decided.join(earliest, on=SEEDS.key, how="left", validate="m:1")
        .filter(~is_known.fill_null(value=False))
        .select(SEEDS.schema.names())
        .pipe(SEEDS.require)
    )


def seeds_by_case(seeds: pl.LazyFrame) -> pl.LazyFrame:
    """How many seeds of which kind each case has, who named them and when last; no personal data.

    Args:
        seeds: `SEEDS`.
    """
    return (
        seeds.group_by("case_no", "kind")
        .agg(
            seeds=pl.col("id").n_unique().cast(pl.Int64),
            set_by=pl.col("set_by").unique().sort().str.join(", "),
            last_on=pl.col("business_date").max(),
        )
        .sort("case_no", "kind")
    )


def nights_covering(told: Iterable[date], night: date) -> list[date]:
    """Nights whose windows together tell of every day up to a night, the latest first.

    A card is used no more and an account rests once it is arrested: the windows of one night
    forget whose it was after 90 days, those of nights 90 days apart never do.

    Args:
        told: nights that have windows.
        night: the last that counts; where all are later, the earliest stands for it.
    """
    left = sorted(told)
    found = [max((n for n in left if n <= night), default=left[0])] if left else []
    while earlier := [n for n in left if found and n < found[-1]]:
        whole = [n for n in earlier if n >= found[-1] - timedelta(days=max(WINDOWS))]
        found.append(min(whole, default=earlier[-1]))
    return found


def seed_nodes(
    seeds: pl.LazyFrame,
    account_arrests: pl.LazyFrame,
    link_windows: pl.LazyFrame,
    account_windows: pl.LazyFrame,
    *,
    exchanges: Iterable[str],
    look_back: timedelta,
) -> pl.LazyFrame:
    """The nodes that seeds and arrest orders name, whether anything moved there or not.

    An order names the account of its card. Its money is followed from `look_back` before the
    order: by then it was a dropper's. A person is all accounts, and a client of every exchange.

    Args:
        seeds: `SEEDS`.
        account_arrests: `facts.account_arrests` ordered up to the night.
        link_windows: `droppers.link_windows` of `nights_covering`: which card is of which account.
        account_windows: `droppers.account_windows` of them: whose an account is.
        exchanges: institutions that tell of their clients.
        look_back: how long.

    Returns:
        `SEED_NODES`, in order of its key.
    """
    ordered = account_arrests.select(
        "case_no",
        from_at=pl.col("ordered_on").cast(pl.Datetime("us")).dt.replace_time_zone(CIVIL_TIME_ZONE)
        - look_back,
        node_kind=pl.lit("account"),
        node_id="account_iban",
    ).with_columns(pl.col("from_at").dt.convert_time_zone("UTC"))
    through = _accounts_of_named(seeds, link_windows, account_windows).select(
        "case_no", "from_at", node_kind="kind", node_id="id"
    )
    of_exchanges = pl.LazyFrame({"exchange": list(exchanges)}, schema={"exchange": pl.String})
    clients = (
        seeds.filter(pl.col("kind") == "person")
        .join(of_exchanges, how="cross")
        .select(
            "case_no",
            "from_at",
            node_kind=pl.lit("exchange_client"),
            node_id=pl.concat_str("exchange", "id", separator="/"),
        )
    )
    itself = seeds.filter(~pl.col("kind").is_in(_THROUGH)).select(
        "case_no", "from_at", node_kind="kind", node_id="id"
    )
    return (
        pl.concat([ordered, through, clients, itself])
        .group_by("case_no", "node_kind", "node_id")
        .agg(pl.col("from_at").min())
        .select(SEED_NODES.schema.names())
        .sort(SEED_NODES.key)
        .pipe(SEED_NODES.require)
    )


def accounts_found(
    seeds: pl.LazyFrame, link_windows: pl.LazyFrame, account_windows: pl.LazyFrame, *, night: date
) -> pl.LazyFrame:
    """What a night is the first to know of the accounts of cards and people that were named.

    Windows are kept for some months only: noted among `SEEDS`, an account is where its case begins
    after years too.

    Args:
        seeds: `SEEDS`, up to the night.
        link_windows: as for `seed_nodes`.
        account_windows: as for `seed_nodes`.
        night: the business date.

    Returns:
        `SEEDS` of kind account, in order of its key.
    """
    found = _accounts_of_named(seeds, link_windows, account_windows)
    of_night = (
        found.group_by(SEEDS.key)
        .agg(pl.col("from_at").min(), pl.col("reason").min())
        .with_columns(business_date=pl.lit(night), set_by=pl.lit("aqsha nightly"))
        .select(SEEDS.schema.names())
    )
    return new_decisions(of_night, seeds).sort(SEEDS.key)


def _accounts_of_named(
    seeds: pl.LazyFrame, link_windows: pl.LazyFrame, account_windows: pl.LazyFrame
) -> pl.LazyFrame:
    """`case_no`, `kind`, `id`, `from_at` and `reason`, as far as windows tell whose they are."""
    of_cards = link_windows.filter(pl.col("link_code") == "card").select(
        "account_iban", id="other", kind=pl.lit("card")
    )
    of_people = account_windows.select("account_iban", id="holder_iin", kind=pl.lit("person"))
    named = seeds.filter(pl.col("kind").is_in(_THROUGH))
    # Windows are long, what is named is short: they are only passed through.
    known = (
        pl.concat([of_cards, of_people])
        .join(named.select("kind", "id").unique(), on=["kind", "id"], how="semi")
        .unique()
    )
    return named.join(known, on=["kind", "id"], how="inner", validate="m:m").select(
        "case_no",
        "from_at",
        reason="Account of a named " + pl.col("kind"),
        kind=pl.lit("account"),
        id="account_iban",
    )
