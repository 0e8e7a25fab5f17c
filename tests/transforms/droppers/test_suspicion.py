"""Suspicion goes on by transfers, a step at a time, and never by what a market or a hub explains."""

import polars as pl

from transforms.droppers.suspicion import COLUMNS, beside_suspects

NIGHT = pl.date(2026, 3, 2)


def windows(**sums: dict[str, int]) -> pl.LazyFrame:
    names = ("transfers_in", "transfers_out", "p2p_sales", "p2p_purchases")
    return pl.LazyFrame(
        [
            {"account_iban": account, **{f"{n}_tiyn_90d": given.get(n, 0) for n in names}}
            for account, given in sums.items()
        ]
    ).with_columns(night=NIGHT)


def links(*rows: tuple[str, str, int]) -> pl.LazyFrame:
    """Payer, payee, amount: told from both sides, as banks do."""
    both = [(payer, "payee", payee, tiyn) for payer, payee, tiyn in rows]
    both += [(payee, "payer", payer, tiyn) for payer, payee, tiyn in rows]
    return pl.LazyFrame(
        both, schema=("account_iban", "link_code", "other", "amount_tiyn_90d"), orient="row"
    )


def beside(made: pl.LazyFrame, moved: pl.LazyFrame, *suspects: str, hub: int = 50) -> dict:
    found = beside_suspects(
        made,
        moved,
        pl.LazyFrame({"account_iban": suspects}, schema={"account_iban": pl.String}),
        hub_links=pl.lit(hub),
        payee_share=pl.lit(0.2),
    ).collect()
    return {row["account_iban"]: [row[c] for c in COLUMNS] for row in found.to_dicts()}


def test_who_is_paid_by_suspects_is_told_by_number_and_by_share():
    made = windows(collector={"transfers_in": 100}, friend={"transfers_in": 1_000})
    moved = links(("s1", "collector", 60), ("s2", "collector", 30), ("s1", "friend", 10))

    found = beside(made, moved, "s1", "s2")

    assert found["collector"][0] == 2
    assert found["collector"][3] == 0.9
    assert found["friend"][0] == 1
    assert found["friend"][3] == 0.01


def test_an_account_is_not_suspect_for_itself():
    made = windows(
        s1={"transfers_out": 100}, s2={"transfers_out": 100}, other={"transfers_out": 100}
    )
    moved = links(("s1", "till", 100), ("s2", "till", 100), ("other", "till", 100))

    found = beside(made, moved, "s1", "s2")

    assert found["s1"][2] == 1
    assert found["other"][2] == 2


def test_money_for_crypto_sold_at_an_exchange_and_its_sellers_carry_no_suspicion():
    made = windows(
        seller={"transfers_in": 100, "p2p_sales": 90}, buyer={"transfers_out": 100}, s1={}, s2={}
    )
    moved = links(("s1", "seller", 50), ("s2", "seller", 40), ("buyer", "seller", 100))

    found = beside(made, moved, "s1", "s2")

    assert found["seller"][3] == 0
    assert "buyer" not in found


def test_a_suspect_with_very_many_others_carries_none():
    made = windows(paid={"transfers_in": 10})
    moved = links(*[("hub", f"p{n}", 1) for n in range(5)], ("hub", "paid", 10))

    assert beside(made, moved, "hub", hub=5) == {}
    assert beside(made, moved, "hub", hub=6)["paid"][3] == 1


def test_small_change_to_where_suspects_pay_is_not_paying_where_they_pay():
    made = windows(s1={}, s2={}, s3={}, passer={"transfers_out": 100})
    moved = links(
        *[(s, "till", 100) for s in ("s1", "s2", "s3")], ("passer", "till", 10), ("passer", "x", 90)
    )

    assert beside(made, moved, "s1", "s2", "s3").get("passer") is None
