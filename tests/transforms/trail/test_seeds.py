"""Seeds: what they name, from when on, and which cases a night replays."""

from datetime import date, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from tests.transforms.trail.drawn import LIMITS, MIDNIGHT, followed, seeds_of, transfers_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.trail.crossing import CROSSINGS
from transforms.trail.nights import Night, night_of_trails
from transforms.trail.parameters import ties
from transforms.trail.seeds import SEEDS, nights_covering, seed_nodes
from transforms.trail.trails import Told

TWO_DAYS = transfers_of(
    """
    transfer_id | at                   | from_id | to_id | amount_tiyn
    ------------------------------------------------------------------
    1           | 2026-03-02T01:00:00Z | A       | B     | 100
    2           | 2026-03-03T01:00:00Z | B       | C     | 70
    3           | 2026-03-03T02:00:00Z | X       | Y     | 70
    """
)
FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)


def nodes(seeds: str | None = None, arrests: str | None = None) -> pl.LazyFrame:
    return seed_nodes(
        rows_of(SEEDS, seeds),
        rows_of(ACCOUNT_ARRESTS, arrests),
        rows_of(
            LINK_WINDOWS,
            """
            account_iban | link_code | other
            --------------------------------
            KZ1          | card      | t
            KZ2          | card      | t
            KZ8          | payer     | t
            KZ1          | payee     | KZ7
            """,
        ),
        rows_of(ACCOUNT_WINDOWS, "account_iban | holder_iin\n-\nKZ1 | p\nKZ3 | p\nKZ4 | -"),
        exchanges=["E1", "E2"],
        look_back=timedelta(days=2),
    )


def test_cards_and_people_are_their_accounts_a_person_clients_too_and_the_rest_itself():
    result = nodes(
        """
        case_no | kind    | id     | from_at
        ---------------------------------------------
        c       | card    | t      | 2026-03-02T00:00:00Z
        c       | person  | p      | 2026-03-01T00:00:00Z
        c       | wallet  | tron:w | 2026-03-02T00:00:00Z
        d       | account | KZ9    | 2026-03-02T00:00:00Z
        d       | card    | gone   | 2026-03-02T00:00:00Z
        """
    )

    assert_drawn(
        result,
        """
        case_no | node_kind       | node_id | from_at
        ----------------------------------------------------------
        c       | exchange_client | E1/p    | 2026-03-01T00:00:00Z
        c       | exchange_client | E2/p    | 2026-03-01T00:00:00Z
        c       | account         | KZ1     | 2026-03-01T00:00:00Z
        c       | account         | KZ2     | 2026-03-02T00:00:00Z
        c       | account         | KZ3     | 2026-03-01T00:00:00Z
        c       | wallet          | tron:w  | 2026-03-02T00:00:00Z
        d       | account         | KZ9     | 2026-03-02T00:00:00Z
        """,
    )


def test_an_account_ordered_to_be_arrested_is_followed_from_before_the_order():
    result = nodes(
        arrests="""
        case_no | account_iban | ordered_on
        -----------------------------------
        c       | KZ1          | 2026-03-05
        c       | KZ7          | 2026-03-06
        c       | KZ6          | 2026-03-05
        """
    )

    # KZ7 is with a bank that tells nothing: others paid it. Nobody told anything of KZ6 yet.
    assert_drawn(
        result,
        """
        node_id | from_at
        ------------------------------
        KZ1     | 2026-03-02T19:00:00Z
        KZ6     | 2026-03-02T19:00:00Z
        KZ7     | 2026-03-03T19:00:00Z
        """,
    )


def test_windows_of_nights_ninety_days_apart_cover_every_day():
    every = [FIRST + timedelta(days=n) for n in range(400)]
    gap = [*every[:20], *every[300:]]

    found = nights_covering(every, every[-1])

    assert found == [every[-1 - 90 * n] for n in range(5)] + [FIRST]
    assert nights_covering(reversed(every), every[200]) == [
        every[200],
        every[110],
        every[20],
        FIRST,
    ]
    assert nights_covering(gap, every[-1]) == [every[399], every[309], every[300], every[19], FIRST]
    assert (nights_covering(every, FIRST - timedelta(days=1)), nights_covering([], FIRST)) == (
        [FIRST],
        [],
    )


def night_of(seeds: pl.LazyFrame, holdings: pl.LazyFrame | None = None) -> Night:
    return night_of_trails(
        Told(TWO_DAYS, rows_of(CROSSINGS), accepted("wallet_labels")),
        seeds,
        holdings,
        limits=LIMITS,
        ties=ties(),
        earliest=FIRST,
        since=SECOND,
        night=SECOND,
    )


def test_a_known_trail_goes_on_by_what_is_new():
    before = followed(TWO_DAYS, seeds_of("A"), night=FIRST).holdings

    night = night_of(seeds_of("A"), before)

    assert (night.replayed, night.first) == ((), SECOND)
    assert set(night.steps.collect()["transfer_id"]) == {"2"}
    assert_frame_equal(night.holdings, followed(TWO_DAYS, seeds_of("A"), night=SECOND).holdings)


def test_a_case_with_a_new_seed_is_replayed_and_the_others_are_not():
    before = followed(TWO_DAYS, seeds_of("A"), night=FIRST).holdings
    seeds = pl.concat([seeds_of("A"), seeds_of("A", "X", case_no="d")])

    night = night_of(seeds, before)

    told = night.steps.select("case_no", "transfer_id").unique().collect()
    assert (night.replayed, night.first) == (("d",), FIRST)
    assert set(told.iter_rows()) == {("c", "2"), ("d", "1"), ("d", "2"), ("d", "3")}


def test_a_seed_that_is_dated_back_or_taken_away_replays_its_case():
    before = followed(TWO_DAYS, seeds_of("A", "X"), night=FIRST).holdings

    fewer = night_of(seeds_of("A"), before)
    earlier = night_of(seeds_of("A", "X", from_at=MIDNIGHT - timedelta(days=9)), before)
    none = night_of(seeds_of(), before)

    assert (fewer.replayed, earlier.replayed) == (("c",), ("c",))
    assert none.holdings.collect().is_empty()
