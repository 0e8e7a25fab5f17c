"""Who moves money with accounts that evidence already weighs against: suspicion, one step on.

A suspect is an account whose own evidence, what favours it taken off, weighs as much as the method
asks for. Suspicion goes on by transfers only, never through an account with very many others, and
what people openly paid for crypto at an exchange is not counted: sellers would be wronged.
"""

import polars as pl

from transforms.droppers.windows import WINDOWS

LONGEST = max(WINDOWS)
COUNTED = ("suspect_payers", "suspect_payees", "suspects_at_payee")
SHARES = ("suspect_in_share", "suspect_out_share")
COLUMNS = tuple(f"{name}_{LONGEST}d" for name in (*COUNTED, *SHARES))
"""What `beside_suspects` tells of an account, over the longest window."""

OF_WINDOWS = tuple(
    f"{name}_tiyn_{LONGEST}d"
    for name in ("transfers_in", "transfers_out", "p2p_sales", "p2p_purchases")
)
"""What it needs of `ACCOUNT_WINDOWS`."""

_AMOUNT = f"amount_tiyn_{LONGEST}d"


def beside_suspects(
    windows: pl.LazyFrame,
    links: pl.LazyFrame,
    suspects: pl.LazyFrame,
    *,
    hub_links: pl.Expr,
    payee_share: pl.Expr,
) -> pl.LazyFrame:
    """What each account has to do with suspects over the longest window. Collects, each time few.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night.
        links: `LINK_WINDOWS` of the same night.
        suspects: `account_iban`, each once; an account is never its own suspect.
        hub_links: a suspect with more others than this counts in nothing, and neither does a
            payee with more payers.
        payee_share: who got at least this share of what an account sent is one of its payees.

    Returns:
        `night`, `account_iban` and `COLUMNS`, for accounts that have any of it. Shares are of
        transfers in and out by amount, orders at exchanges taken off; null where nothing is left.
    """
    # The few rows that name a suspect come first: all else is about them only.
    beside = links.filter(pl.col("link_code").is_in(["payer", "payee"]))
    of_suspects = _few(beside.join(suspects, on="account_iban", how="semi"))
    busy = of_suspects.group_by("account_iban").agg(n=pl.len()).filter(pl.col("n") > hub_links)
    few = _few(suspects.select("account_iban").join(busy, on="account_iban", how="anti"))
    market = _few(_sellers_of_crypto(windows))
    gathers = _at_payees(
        _paid(beside, market),
        _paid(of_suspects, market).join(few, on="account_iban", how="semi"),
        few,
        hub_links=hub_links,
        payee_share=payee_share,
    )
    met = _by_side(beside, few).join(gathers, on="account_iban", how="full", coalesce=True)
    return (
        windows.select("night", "account_iban", *OF_WINDOWS)
        .join(_few(met), on="account_iban", validate="1:1")
        .select(
            "night",
            "account_iban",
            pl.col("payers").fill_null(0).alias(COLUMNS[0]),
            pl.col("payees").fill_null(0).alias(COLUMNS[1]),
            pl.col("at_payee").fill_null(0).alias(COLUMNS[2]),
            _share("in_tiyn", "transfers_in", "p2p_sales").alias(COLUMNS[3]),
            _share("out_tiyn", "transfers_out", "p2p_purchases").alias(COLUMNS[4]),
        )
    )


def _few(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.collect(engine="streaming").lazy()


def _paid(beside: pl.LazyFrame, market: pl.LazyFrame) -> pl.LazyFrame:
    return (
        beside.filter(pl.col("link_code") == "payee")
        .join(market, left_on="other", right_on="account_iban", how="anti")
        .select("account_iban", "other", tiyn=_AMOUNT)
    )


def _share(part: str, whole: str, traded: str) -> pl.Expr:
    moved, orders = (pl.col(f"{name}_tiyn_{LONGEST}d") for name in (whole, traded))
    left = moved - orders
    return pl.when(left > 0).then((pl.col(part).fill_null(0) - orders).clip(0) / left)


def _sellers_of_crypto(windows: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts that got most of what came by transfer for orders at exchanges."""
    sold, came = (pl.col(f"{name}_tiyn_{LONGEST}d") for name in ("p2p_sales", "transfers_in"))
    return windows.filter(sold * 2 > came).select("account_iban")


def _by_side(beside: pl.LazyFrame, suspects: pl.LazyFrame) -> pl.LazyFrame:
    is_payer = pl.col("link_code") == "payer"
    return (
        beside.join(suspects, left_on="other", right_on="account_iban", how="semi")
        .group_by("account_iban")
        .agg(
            payers=is_payer.sum().cast(pl.Int64),
            payees=(~is_payer).sum().cast(pl.Int64),
            in_tiyn=pl.col(_AMOUNT).filter(is_payer).cast(pl.Int128).sum().cast(pl.Int64),
            out_tiyn=pl.col(_AMOUNT).filter(~is_payer).cast(pl.Int128).sum().cast(pl.Int64),
        )
    )


def _at_payees(
    paid: pl.LazyFrame,
    by_suspects: pl.LazyFrame,
    suspects: pl.LazyFrame,
    *,
    hub_links: pl.Expr,
    payee_share: pl.Expr,
) -> pl.LazyFrame:
    """Suspects that pay whom an account pays most to: the most at one such payee, itself apart."""
    crowd = by_suspects.group_by("other").agg(crowd=pl.len().cast(pl.Int64))
    to_crowd = _few(paid.join(crowd, on="other", validate="m:1"))
    payers = to_crowd.group_by("other").agg(n=pl.len()).filter(pl.col("n") <= hub_links)
    sent = (
        paid.join(to_crowd, on="account_iban", how="semi")
        .group_by("account_iban")
        .agg(sent=pl.col("tiyn").cast(pl.Int128).sum())
    )
    is_suspect = suspects.select("account_iban", itself=pl.lit(1, pl.Int64))
    return (
        to_crowd.join(payers, on="other", how="semi")
        .join(sent, on="account_iban", validate="m:1")
        .filter(pl.col("tiyn") >= payee_share * pl.col("sent"))
        .join(is_suspect, on="account_iban", how="left", validate="m:1")
        .group_by("account_iban")
        .agg(at_payee=(pl.col("crowd") - pl.col("itself").fill_null(0)).max())
    )
