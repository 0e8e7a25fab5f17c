"""Whom not to block, why and until when: decisions of people, never of a rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT

REASONS = (
    "close_relatives",
    "wages",
    "social_payments",
    "registered_business",
    "charity",
    "investigator",
)
"""Why something may be exempted: of the family, wages, benefits, business, charity, a case."""

KINDS = ("account", "card", "person")

EXEMPTIONS = Table(
    name="droppers.exemptions",
    grain="one decision on the exemption of one account, card or person",
    key=("kind", "id", "decided_at"),
    columns=(
        Column("business_date", pl.Date(), "Day on which it was decided, in Almaty."),
        Column(
            "kind",
            pl.String(),
            "account; card: the account that it is on; or person: all accounts of that holder.",
        ),
        Column(
            "id", pl.String(), "IBAN, bank's token of the card, or IIN or BIN.", is_personal=True
        ),
        Column("reason_code", pl.String(), "A code of `REASONS`."),
        Column(
            "expires_on",
            pl.Date(),
            "Last day on which it counts; the day before the decision's ends it at once.",
        ),
        Column("why", pl.String(), "In the words of who decided.", is_personal=True),
        Column("decided_by", pl.String(), "Who decided.", is_personal=True),
        Column("decided_at", INSTANT, "When; of two decisions on one id the later counts."),
    ),
    is_append_only=True,
)

EXEMPT_COLUMNS = ("exemption_code", "exempt_until_on")

EXEMPTED = Table(
    name="droppers.exempted",
    grain="one account that is exempted on one night",
    key=("night", "account_iban"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column("exemption_code", pl.String(), "Why: a code of `REASONS`."),
        Column("exempt_until_on", pl.Date(), "Last day of the exemption."),
    ),
)


class UnknownReason(ValueError):
    """An exemption for a reason, or of a kind of thing, that there is none of."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, as it was taken."""

    kind: str
    id: str
    reason_code: str
    expires_on: date
    why: str
    decided_by: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.reason_code not in REASONS:
            raise UnknownReason(
                f"{self.reason_code} of {self.kind} is no exemption; nothing was noted. "
                f"Exempt one of {', '.join(KINDS)} for one of {', '.join(REASONS)}."
            )


def decided(decisions: Sequence[Decision], *, on: date, at: datetime) -> pl.LazyFrame:
    """Decisions of one moment as rows: `EXEMPTIONS`."""
    names = ("kind", "id", "reason_code", "expires_on", "why", "decided_by")
    types = {name: EXEMPTIONS.schema[name] for name in names}
    rows = [[getattr(one, name) for name in names] for one in decisions]
    return (
        pl.LazyFrame(rows, schema=types, orient="row")
        .with_columns(business_date=pl.lit(on), decided_at=pl.lit(at).cast(INSTANT))
        .select(EXEMPTIONS.schema.names())
        .sort(EXEMPTIONS.key)
        .pipe(EXEMPTIONS.require)
    )


def standing(exemptions: pl.LazyFrame, *, on: date) -> pl.LazyFrame:
    """What is exempted on a day: the last decision of up to then on each id, unless it expired.

    Args:
        exemptions: `EXEMPTIONS`.

    Returns:
        `EXEMPTIONS`, in order of its key.
    """
    return (
        exemptions.filter(pl.col("business_date") <= on)
        .sort("decided_at")
        .unique(["kind", "id"], keep="last", maintain_order=True)
        .filter(pl.col("expires_on") >= on)
        .sort(EXEMPTIONS.key)
        .pipe(EXEMPTIONS.require)
    )


def standing_too(exemptions: pl.LazyFrame, others: pl.LazyFrame, *, on: date) -> pl.LazyFrame:
    """What is exempted on a day and has a decision among others too: `EXEMPTIONS`, in its order."""
    return standing(exemptions, on=on).join(
        others, on=["kind", "id"], how="semi", maintain_order="left"
    )


def exempted(
    exemptions: pl.LazyFrame, windows: pl.LazyFrame, links: pl.LazyFrame, night: date
) -> pl.LazyFrame:
    """Accounts that stand under an exemption on a night.

    An exempted card exempts its account, whose money it pays with, and an exempted account all its
    cards: orders are drafted by account.

    Args:
        exemptions: `EXEMPTIONS`.
        windows: `ACCOUNT_WINDOWS` of the night: whose an account is.
        links: `LINK_WINDOWS` of the night: which cards it has.
        night: a day from the night on.

    Returns:
        `EXEMPTED`, in order of its key. Where an account, its card or its holder are exempted
        alike, the exemption that lasts longest is told.
    """
    stands = standing(exemptions, on=night)
    known = windows.select("account_iban", "holder_iin")
    of_accounts = stands.filter(pl.col("kind") == "account").join(
        known, left_on="id", right_on="account_iban", how="inner", validate="1:1"
    )
    of_people = stands.filter(pl.col("kind") == "person").join(
        known.drop_nulls(), left_on="id", right_on="holder_iin", how="inner", validate="1:m"
    )
    of_cards = stands.filter(pl.col("kind") == "card").join(
        links.filter(pl.col("link_code") == "card").select("account_iban", "other"),
        left_on="id",
        right_on="other",
        how="inner",
        validate="1:m",
    )
    told = {"exemption_code": "reason_code", "exempt_until_on": "expires_on"}
    return (
        pl.concat(
            [
                of_accounts.select(account_iban="id", **told),
                of_cards.select("account_iban", **told),
                of_people.select("account_iban", **told),
            ]
        )
        .sort("exempt_until_on", "exemption_code")
        .unique("account_iban", keep="last", maintain_order=True)
        .with_columns(night=pl.lit(night))
        .select(EXEMPTED.schema.names())
        .sort(EXEMPTED.key)
        .pipe(EXEMPTED.require)
    )


def standing_by_reason(exemptions: pl.LazyFrame, *, on: date) -> pl.LazyFrame:
    """How many exemptions stand on a day, and when the next ends; no personal data."""
    return (
        standing(exemptions, on=on)
        .group_by("kind", "reason_code")
        .agg(exemptions=pl.len().cast(pl.Int64), next_ends_on=pl.col("expires_on").min())
        .sort("kind", "reason_code")
    )
