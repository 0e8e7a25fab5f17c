"""Which reports may be about one seizure, and how far each two of them agree.

Only reports about the same substance in the same country, a few days apart and not of one agency
are compared: an agency numbers its acts, so that two equal ones of its own are two seizures.
"""

import polars as pl
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from transforms.contracts import Column, Table
from transforms.place_names import place_tokens
from transforms.sentences import sentence

REPORTS = Table(
    name="reports of seizures",
    grain="one substance or asset of one seizure act, as one agency reported it",
    key=("report_id",),
    columns=(
        Column("report_id", pl.String(), "The item of the act; in order, whatever it is made of."),
        Column("act_id", pl.String(), "The act; one act is one seizure, of several items maybe."),
        Column(
            "agency_code",
            pl.String(),
            "Whose act it is; null where that is not told.",
            nullable=True,
        ),
        Column("scope", pl.String(), "Country: nothing is compared across."),
        Column("kind", pl.String(), "Substance, or asset and currency: compared with its like."),
        Column("seized_on", pl.Date(), "Day of the seizure."),
        Column(
            "amount",
            pl.Int64(),
            "Milligrams or minor units, so that units compare.",
            nullable=True,
        ),
        Column("place", pl.String(), "Where, in the agency's words.", nullable=True),
        Column("case_no", pl.String(), "Register number.", nullable=True),
        Column("operation_id", pl.String(), "Operation it was part of.", nullable=True),
        Column("told_on", pl.Date(), "Business date of the report; null untold.", nullable=True),
        Column(
            "circumstances",
            pl.List(pl.String()),
            "Hiding place, transport, route and so on, as `TRANSPORT=Rail`; empty where untold.",
        ),
    ),
    partitioned_by=(),
)

COMPARISONS = ("amount", "day", "place", "circumstances", "case", "operation")

WORD_SHARES = Table(
    name="shares of words of places",
    grain="one word",
    key=("word",),
    columns=(
        Column("word", pl.String(), "As `place_tokens` writes it."),
        Column("share", pl.Float64(), "Reports with a place that name it.", unit="ratio"),
    ),
    partitioned_by=(),
)

RARE_SHARE = 0.01
"""Words that fewer reports name, or nobody knows how many, count as named by so many."""

_SAME_WORD = 0.92
_MOST_DIGITS = 4


def candidate_pairs(reports: pl.LazyFrame, *, within_days: int) -> pl.LazyFrame:
    """Every two reports that may be about one seizure, each pair once.

    Returns:
        All columns of `REPORTS` twice, those of the other report with `_other`; `report_id` is
        the lower of the two.
    """
    others = reports.select(pl.all().name.suffix("_other"))
    days = pl.lit(list(range(-within_days, within_days + 1)), dtype=pl.List(pl.Int64))
    is_own = (pl.col("agency_code") == pl.col("agency_code_other")).fill_null(value=False)
    return (
        reports.with_columns(_shift=days)
        .explode("_shift")
        .with_columns(_day=pl.col("seized_on") + pl.duration(days="_shift"))
        .join(
            others,
            left_on=["scope", "kind", "_day"],
            right_on=["scope_other", "kind_other", "seized_on_other"],
            how="inner",
            coalesce=False,
        )
        .filter(
            pl.col("report_id") < pl.col("report_id_other"),
            pl.col("act_id") != pl.col("act_id_other"),
            ~is_own,
        )
        .drop("_shift", "_day")
    )


def distant_pairs(reports: pl.LazyFrame, *, least_days: int, most_reports: int) -> pl.LazyFrame:
    """Pairs of reports too far apart in time to be one seizure: how much agrees by chance.

    Args:
        least_days: how far apart at least.
        most_reports: so many reports of each scope and kind, spread over the whole.
    """
    place = pl.int_range(pl.len()).over("scope", "kind")
    step = (pl.len().over("scope", "kind") / most_reports).ceil()
    chosen = reports.sort("report_id").filter(place % step == 0)
    others = chosen.select(pl.all().name.suffix("_other"))
    days = (pl.col("seized_on") - pl.col("seized_on_other")).dt.total_days().abs()
    return chosen.join(
        others, left_on=["scope", "kind"], right_on=["scope_other", "kind_other"], coalesce=False
    ).filter(pl.col("report_id") < pl.col("report_id_other"), days >= least_days)


def compared(pairs: pl.LazyFrame, word_shares: pl.DataFrame) -> pl.LazyFrame:
    """`pairs` with a level of agreement for each of `COMPARISONS`; null where one says nothing.

    Args:
        word_shares: `WORD_SHARES`: words of places, as `place_tokens` writes them, that many
            reports name, so that agreeing on them says little.

    Returns:
        Besides, `place_share`: how many reports name the rarest word that both places share.
    """
    levels = pairs.pipe(_with_places, word_shares).with_columns(
        amount_level=_amount_level(pl.col("amount"), pl.col("amount_other")),
        day_level=_day_level(),
        circumstances_level=_circumstances_level(),
        case_level=_told_level("case_no"),
        operation_level=_told_level("operation_id"),
    )
    return levels.rename({f"{name}_level": f"{name}_says" for name in COMPARISONS})


def digits(amount: pl.Expr) -> pl.Expr:
    """How many digits of the amount say something: 1 for 5 kg, 4 for 323.4 g."""
    return amount.cast(pl.String).str.strip_chars_end("0").str.len_chars().cast(pl.Int64)


def equal_level(amount: pl.Expr) -> pl.Expr:
    """The level of agreement with an amount that equals this one."""
    return sentence("equal_{}", pl.min_horizontal(digits(amount), pl.lit(_MOST_DIGITS)))


def _amount_level(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    apart = (one - other).abs()
    share = apart / pl.max_horizontal(one, other)
    fewest = pl.min_horizontal(digits(one), digits(other))
    coarse = pl.when(digits(one) <= digits(other)).then(one).otherwise(other)
    zeros = coarse.cast(pl.String).str.len_chars().cast(pl.Int64) - digits(coarse)
    is_rounded = (2 * apart <= pl.lit(10).pow(zeros)) & (fewest > 1)
    return (
        pl.when(one.is_null() | other.is_null())
        .then(None)
        .when(apart == 0)
        .then(equal_level(one))
        .when(is_rounded)
        .then(pl.lit("rounded"))
        .when(share <= 0.01)
        .then(pl.lit("close"))
        .when(share <= 0.05)
        .then(pl.lit("near"))
        .otherwise(pl.lit("different"))
    )


def _day_level() -> pl.Expr:
    apart = (pl.col("seized_on") - pl.col("seized_on_other")).dt.total_days().abs()
    return (
        pl.when(apart == 0)
        .then(pl.lit("same"))
        .when(apart == 1)
        .then(pl.lit("next"))
        .otherwise(pl.lit("later"))
    )


def _told_level(column: str) -> pl.Expr:
    return (
        pl.when(pl.col(column) == pl.col(f"{column}_other"))
        .then(pl.lit("same"))
        .when(pl.col(column).is_not_null() & pl.col(f"{column}_other").is_not_null())
        .then(pl.lit("different"))
    )


def _circumstances_level() -> pl.Expr:
    one, other = pl.col("circumstances"), pl.col("circumstances_other")
    told = (one.list.len() > 0) & (other.list.len() > 0)
    kinds = one.list.eval(_kind()).list.set_intersection(other.list.eval(_kind())).list.len()
    agree = one.list.set_intersection(other).list.len()
    return (
        pl.when(~told | (kinds == 0))
        .then(None)
        .when(agree == kinds)
        .then(pl.lit("agree"))
        .when(agree == 0)
        .then(pl.lit("differ"))
        .otherwise(pl.lit("mixed"))
    )


def _kind() -> pl.Expr:
    return pl.element().str.extract(r"^([^=]*)=")


def _with_places(pairs: pl.LazyFrame, word_shares: pl.DataFrame) -> pl.LazyFrame:
    names = ["place", "place_other"]
    known = (
        pairs.select(names)
        .unique()
        .drop_nulls()
        .with_columns(
            _one=place_tokens(pl.col("place")), _other=place_tokens(pl.col("place_other"))
        )
        .filter(pl.col("_one").list.len() > 0, pl.col("_other").list.len() > 0)
        .collect()
    )
    return pairs.join(_place_levels(known, word_shares).lazy(), on=names, how="left")


def _place_levels(known: pl.DataFrame, word_shares: pl.DataFrame) -> pl.DataFrame:
    """A level for each two names: words are the same where their spelling nearly is."""
    crossed = known.explode("_one").explode("_other")
    words = crossed.select("_one", "_other").unique()
    alike = words.filter(_are_alike(words["_one"], words["_other"]))
    shared = crossed.join(alike, on=["_one", "_other"]).join(
        word_shares, left_on="_one", right_on="word", how="left"
    )
    of_pair = shared.group_by("place", "place_other").agg(
        _of_one=pl.col("_one").n_unique(),
        _of_other=pl.col("_other").n_unique(),
        place_share=pl.col("share").fill_null(RARE_SHARE).min(),
    )
    is_whole = (pl.col("_of_one") == pl.col("_one").list.len()) & (
        pl.col("_of_other") == pl.col("_other").list.len()
    )
    level = (
        pl.when(pl.col("_of_one").is_null())
        .then(pl.lit("different"))
        .when(is_whole)
        .then(pl.lit("same"))
        .when(pl.col("place_share") > RARE_SHARE)
        .then(pl.lit("part_common"))
        .otherwise(pl.lit("part"))
    )
    return known.join(of_pair, on=["place", "place_other"], how="left").select(
        "place", "place_other", "place_share", place_level=level
    )


def _are_alike(one: pl.Series, other: pl.Series) -> pl.Series:
    likeness = cpdist(one.to_list(), other.to_list(), scorer=JaroWinkler.normalized_similarity)
    return pl.Series(likeness, dtype=pl.Float64) >= _SAME_WORD


def word_shares(reports: pl.LazyFrame) -> pl.DataFrame:
    """`WORD_SHARES` of these reports, of words that more than `RARE_SHARE` of them name."""
    named = reports.select(word=place_tokens(pl.col("place"))).drop_nulls().collect()
    return (
        named.explode("word")
        .drop_nulls()
        .group_by("word")
        .agg(share=pl.len() / named.height)
        .filter(pl.col("share") > RARE_SHARE)
        .select(WORD_SHARES.schema.names())
        .sort("word")
    )
