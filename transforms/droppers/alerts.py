"""The list of a night: accounts whose evidence weighs enough, or that the model points at."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.exemptions import EXEMPT_COLUMNS
from transforms.droppers.parameters import in_force
from transforms.droppers.signs import came_in_tiyn, went_out_tiyn
from transforms.droppers.windows import WINDOWS
from transforms.feeds.cells import INSTANT
from transforms.reference import reference

AT_STAKE_DAYS = max(WINDOWS)
"""The longest window comes nearest to the account's balance, which no bank tells."""

ALERTS = Table(
    name="droppers.alerts",
    grain="one listed account on one night",
    key=("night", "account_iban"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column(
            "holder_iin",
            pl.String(),
            "Holder's IIN or BIN; null where not known.",
            nullable=True,
            is_personal=True,
        ),
        Column("bank_bic", pl.String(), "Bank of the account; else null.", nullable=True),
        Column("region_code", pl.String(), "KATO, 2 digits, or unknown."),
        Column("score", pl.Int64(), "Sum of the points of its evidence; 0 without any."),
        Column("typologies", pl.Int64(), "Typologies that count against it.", unit="typologies"),
        Column(
            "produced_by_code",
            pl.String(),
            "rules: its score is high enough; model: its probability is; both.",
        ),
        Column(
            "probability",
            pl.Float64(),
            "Model's calibrated probability; null on nights that no model decides.",
            unit="ratio",
            nullable=True,
        ),
        Column(
            "amount_at_stake_tiyn",
            pl.Int64(),
            f"Tenge that came in over {AT_STAKE_DAYS} days less what went out, never below 0: what "
            "may still be there to block. The bank tells the balance.",
            unit="tiyn",
        ),
        Column("freshest_at", INSTANT, "Last thing booked."),
        Column(
            "exemption_code",
            pl.String(),
            "Reason why it is not to be blocked; null: it is.",
            nullable=True,
        ),
        Column("exempt_until_on", pl.Date(), "Last day of the exemption.", nullable=True),
    ),
)


def parameters_of_alerts() -> pl.DataFrame:
    """The dated numbers of the list, each row with its source."""
    return reference("alert_parameters")


def amount_at_stake_tiyn() -> pl.Expr:
    """What came in and has not left within the longest window, never below 0."""
    return (came_in_tiyn(AT_STAKE_DAYS) - went_out_tiyn(AT_STAKE_DAYS)).clip(0)


def alerts(
    windows: pl.LazyFrame,
    evidence: pl.LazyFrame,
    exempted: pl.LazyFrame,
    *,
    parameters: pl.DataFrame,
    scores: pl.LazyFrame | None = None,
    least_probability: float = 1.0,
) -> pl.LazyFrame:
    """Accounts to look at tonight, those to block first; exempted ones stand at the end.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night.
        evidence: `EVIDENCE` of the same night.
        exempted: `EXEMPTED` of the same night.
        parameters: `parameters_of_alerts()`; says from which score on an account is listed.
        scores: `MODEL_SCORES` of the same night; None: rules alone make the list.
        least_probability: from which probability on the model lists an account.

    Returns:
        `ALERTS`: not exempted ones first, by score, then amount at stake, then account. An account
        with evidence of too little weight has no row.
    """
    key = ["night", "account_iban"]
    weighed = evidence.group_by(key).agg(
        pl.col("points").sum().alias("score"),
        typologies=(pl.col("points") > 0).sum().cast(pl.Int64),
    )
    seen = pl.LazyFrame(
        schema={"night": pl.Date, "account_iban": pl.String, "probability": pl.Float64}
    )
    probabilities = seen if scores is None else scores.select(*key, "probability")
    by_rules = pl.col("score") >= in_force(parameters, "least_score", pl.col("night"))
    by_model = (pl.col("probability") >= least_probability).fill_null(value=False)
    # Few are listed: of all others nothing is held.
    listed = pl.concat(
        [weighed.filter(by_rules).select(key), probabilities.filter(by_model).select(key)]
    )
    return (
        windows.join(listed, on=key, how="semi")
        .select(
            *key,
            "holder_iin",
            "bank_bic",
            "region_code",
            amount_at_stake_tiyn=amount_at_stake_tiyn(),
            freshest_at="last_at",
        )
        .join(weighed, on=key, how="left", validate="1:1")
        .join(probabilities.join(listed, on=key, how="semi"), on=key, how="left", validate="1:1")
        # Evidence was looked for in every account: none is a score of zero.
        .with_columns(pl.col("score", "typologies").fill_null(0))
        .with_columns(
            produced_by_code=pl.when(by_rules & by_model)
            .then(pl.lit("both"))
            .when(by_rules)
            .then(pl.lit("rules"))
            .when(by_model)
            .then(pl.lit("model"))
        )
        .pipe(with_exemptions, exempted)
    )


def with_exemptions(alerts: pl.LazyFrame, exempted: pl.LazyFrame) -> pl.LazyFrame:
    """Alerts of one night under the exemptions of a day, in place of those that they had.

    Args:
        alerts: `ALERTS` of one night.
        exempted: `EXEMPTED` of that night, or of a later day on which the list is used.

    Returns:
        `ALERTS`, in the order of `alerts`.
    """
    stands = exempted.select("account_iban", *EXEMPT_COLUMNS)
    return (
        alerts.drop(EXEMPT_COLUMNS, strict=False)
        .join(stands, on="account_iban", how="left", validate="1:1")
        .select(ALERTS.schema.names())
        .pipe(most_urgent_first)
        .pipe(ALERTS.require)
    )


def most_urgent_first(alerts: pl.LazyFrame) -> pl.LazyFrame:
    """`ALERTS` of a night in the order in which they are to be blocked."""
    return alerts.sort(
        pl.col("exemption_code").is_not_null(),
        -pl.col("score"),
        -pl.col("amount_at_stake_tiyn"),
        "account_iban",
    )
