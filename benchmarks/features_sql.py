"""The daily figures, links and windows of accounts as plain SQL for DuckDB."""

from datetime import date
from pathlib import Path

import duckdb

from transforms.droppers.measures import KINDS, MEASURE_NAMES
from transforms.droppers.windows import WINDOWS

NIGHT = date(2025, 8, 30)

_KIND = " ".join(
    f"WHEN direction_code = '{direction}' AND operation_code = '{operation}' THEN '{name}'"
    for (direction, operation), (name, _) in KINDS.items()
)
_KINDS = (*(name for name, _ in KINDS.values()), "other_in", "other_out")

_MOVEMENTS = f"""
CREATE TEMP {{kind}} movements AS
SELECT * EXCLUDE (business_date),
    CAST(booked_at AT TIME ZONE 'Asia/Almaty' AS DATE) AS business_date,
    CASE {_KIND} WHEN direction_code = 'credit' THEN 'other_in' ELSE 'other_out' END AS kind
FROM (
    SELECT DISTINCT ON (institution, transaction_id)
        institution, transaction_id, booked_at, account_iban, card_token, holder_iin,
        direction_code, amount_minor, currency_code, operation_code, counterparty_iban,
        counterparty_iin, device_id, region_code, business_date
    FROM ({{rows}})
    ORDER BY business_date
)
WHERE currency_code = 'KZT'
"""

_PASSED_ON = """
CREATE TEMP TABLE passed_on AS
WITH moving AS (
    SELECT business_date, account_iban, booked_at, kind,
        CASE WHEN kind = 'transfers_in' THEN amount_minor ELSE 0 END AS came,
        CASE WHEN kind = 'transfers_in' THEN 0 ELSE amount_minor END AS went
    FROM movements
    WHERE kind IN ('transfers_in', 'transfers_out', 'cash_out', 'exchange_topups')
        AND (business_date, account_iban) IN (
            SELECT (business_date, account_iban) FROM movements GROUP BY business_date, account_iban
            HAVING bool_or(kind = 'transfers_in')
                AND bool_or(kind IN ('transfers_out', 'cash_out', 'exchange_topups'))
        )
), sums AS (
    SELECT *, sum(came) OVER run AS came_so_far, sum(went) OVER run AS went_so_far,
        sum(came) OVER (
            PARTITION BY business_date, account_iban ORDER BY booked_at
            RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 3600000001 MICROSECOND PRECEDING
        ) AS came_long_ago
    FROM moving
    WINDOW run AS (
        PARTITION BY business_date, account_iban
        ORDER BY booked_at, kind <> 'transfers_in', kind, came + went
        ROWS UNBOUNDED PRECEDING
    )
), queue AS (
    SELECT *, went_so_far - max(greatest(went_so_far - came_so_far, 0)) OVER run AS taken
    FROM sums
    WINDOW run AS (
        PARTITION BY business_date, account_iban
        ORDER BY booked_at, kind <> 'transfers_in', kind, came + went
        ROWS UNBOUNDED PRECEDING
    )
), steps AS (
    SELECT *, coalesce(lag(taken) OVER run, 0) AS taken_before FROM queue
    WINDOW run AS (
        PARTITION BY business_date, account_iban
        ORDER BY booked_at, kind <> 'transfers_in', kind, came + went
    )
)
SELECT business_date, account_iban,
    sum(greatest(taken - greatest(taken_before, coalesce(came_long_ago, 0)), 0))
        AS passed_on_soon_tiyn,
    sum(taken - taken_before) AS passed_on_same_day_tiyn,
    coalesce(sum(taken - taken_before) FILTER (kind = 'cash_out'), 0)
        AS cash_out_after_transfers_in_tiyn,
    coalesce(sum(taken - taken_before) FILTER (kind = 'exchange_topups'), 0)
        AS exchange_topups_after_transfers_in_tiyn
FROM steps WHERE went > 0 AND taken > taken_before GROUP BY ALL
"""

_BY_KIND = ", ".join(
    f"count(*) FILTER (kind = '{k}') AS {k}, "
    f"coalesce(sum(amount_minor) FILTER (kind = '{k}'), 0) AS {k}_tiyn"
    for k in _KINDS
)
_HOUR = "hour(booked_at AT TIME ZONE 'Asia/Almaty')"

_BOOKED = f"""
CREATE TEMP TABLE booked AS
SELECT business_date, account_iban, max(holder_iin) AS holder_iin, max(institution) AS bank_bic,
    max(region_code) AS region_code, min(booked_at) AS first_at, max(booked_at) AS last_at,
    {_BY_KIND}, 0 AS p2p_sales, 0 AS p2p_sales_tiyn, 0 AS p2p_purchases, 0 AS p2p_purchases_tiyn,
    count(*) FILTER (kind = 'transfers_in' AND amount_minor % 100000 = 0) AS round_transfers_in,
    count(*) FILTER (kind = 'transfers_in' AND amount_minor <= 50000000
        AND amount_minor > 45000000) AS transfers_in_just_under,
    count(*) FILTER (kind = 'cash_out' AND amount_minor <= 20000000
        AND amount_minor > 18000000) AS cash_out_just_under,
    count(*) FILTER ({_HOUR} >= 23 OR {_HOUR} < 6) AS night_transactions,
    count(*) AS transactions, 0 AS other_currency_transactions
FROM movements GROUP BY business_date, account_iban
"""

_DAYS = """
CREATE TEMP TABLE days AS
SELECT booked.*, coalesce(repeated_transfers_in, 0) AS repeated_transfers_in,
    coalesce(passed_on_soon_tiyn, 0) AS passed_on_soon_tiyn,
    coalesce(passed_on_same_day_tiyn, 0) AS passed_on_same_day_tiyn,
    coalesce(cash_out_after_transfers_in_tiyn, 0) AS cash_out_after_transfers_in_tiyn,
    coalesce(exchange_topups_after_transfers_in_tiyn, 0) AS exchange_topups_after_transfers_in_tiyn
FROM booked
LEFT JOIN passed_on USING (business_date, account_iban)
LEFT JOIN (
    SELECT business_date, account_iban, sum(n) AS repeated_transfers_in FROM (
        SELECT business_date, account_iban, count(*) AS n FROM movements
        WHERE kind = 'transfers_in' GROUP BY business_date, account_iban, amount_minor
        HAVING count(*) > 1
    ) GROUP BY business_date, account_iban
) USING (business_date, account_iban)
ORDER BY business_date, account_iban
"""

_LINKS = """
CREATE TEMP TABLE links AS
SELECT business_date, account_iban, link_code, other, max(other_iin) AS other_iin,
    count(*) AS transactions, sum(amount_minor) AS amount_tiyn
FROM (
    SELECT business_date, account_iban, amount_minor, counterparty_iin AS other_iin,
        coalesce(counterparty_iban, counterparty_iin) AS other,
        CASE WHEN kind IN ('salaries', 'social_payments', 'utilities', 'exchange_topups')
            THEN 'firm'
        WHEN kind IN ('transfers_in', 'transfers_out') AND counterparty_iin = holder_iin THEN 'own'
        WHEN kind = 'transfers_in' THEN 'payer' WHEN kind = 'transfers_out' THEN 'payee'
        END AS link_code
    FROM movements
    UNION ALL
    SELECT business_date, account_iban, amount_minor, NULL, device_id, 'device'
    FROM movements WHERE direction_code = 'debit'
    UNION ALL
    SELECT business_date, account_iban, amount_minor, NULL, card_token, 'card' FROM movements
)
WHERE other IS NOT NULL AND link_code IS NOT NULL
GROUP BY business_date, account_iban, link_code, other
ORDER BY business_date, account_iban, link_code, other
"""


def _within(days: int) -> str:
    return f"business_date > DATE '{NIGHT}' - {days}"


_SUMS = ", ".join(
    [
        f"coalesce(sum({m}) FILTER ({_within(w)}), 0) AS {m}_{w}d"
        for w in WINDOWS
        for m in MEASURE_NAMES
    ]
    + [f"count(*) FILTER ({_within(w)}) AS active_days_{w}d" for w in WINDOWS]
)
_PAIRS = f"""
CREATE TEMP TABLE pairs AS
SELECT account_iban, link_code, other,
    {", ".join(f"coalesce(sum(transactions) FILTER ({_within(w)}), 0) AS n_{w}" for w in WINDOWS)},
    sum(amount_tiyn) AS amount_tiyn_90d
FROM links WHERE {_within(90)} GROUP BY account_iban, link_code, other
ORDER BY account_iban, link_code, other
"""
_DISTINCT = ", ".join(
    f"count(*) FILTER (link_code = '{code}' AND n_{w} > 0) AS {code}s_{w}d"
    for w in WINDOWS
    for code in ("payer", "payee", "firm", "device", "card")
)
_SINGLE = ", ".join(
    f"count(*) FILTER (link_code = 'payer' AND n_{w} = 1) AS single_payers_{w}d" for w in WINDOWS
)
_SHARED = ", ".join(f"count(*) FILTER (n_{w} > 0) AS a_{w}" for w in WINDOWS)
_MOST_SHARED = ", ".join(
    f"max(CASE WHEN n_{w} > 0 THEN a_{w} ELSE 0 END) AS device_accounts_{w}d" for w in WINDOWS
)
_WINDOWS = f"""
CREATE TEMP TABLE windows AS
WITH sums AS (
    SELECT account_iban, arg_max(holder_iin, business_date) AS holder_iin,
        arg_max(bank_bic, business_date) AS bank_bic, max(business_date) AS last_active_on, {_SUMS}
    FROM days WHERE {_within(90)} GROUP BY account_iban
), others AS (SELECT account_iban, {_DISTINCT}, {_SINGLE} FROM pairs GROUP BY account_iban
), shared AS (SELECT other, {_SHARED} FROM pairs WHERE link_code = 'device' GROUP BY other
), devices AS (
    SELECT account_iban, {_MOST_SHARED} FROM pairs JOIN shared USING (other)
    WHERE link_code = 'device' GROUP BY account_iban
), holders AS (
    SELECT holder_iin, count(DISTINCT account_iban) AS holder_accounts_90d,
        count(DISTINCT bank_bic) AS holder_banks_90d, count(DISTINCT other) AS holder_cards_90d
    FROM sums LEFT JOIN (SELECT account_iban, other FROM pairs WHERE link_code = 'card')
        USING (account_iban)
    GROUP BY holder_iin
)
SELECT sums.*, others.* EXCLUDE (account_iban), devices.* EXCLUDE (account_iban),
    holders.* EXCLUDE (holder_iin)
FROM sums LEFT JOIN others USING (account_iban) LEFT JOIN devices USING (account_iban)
LEFT JOIN holders USING (holder_iin) ORDER BY account_iban
"""


def in_duckdb(folder: Path, rows: str | None = None) -> None:
    """Days, links, pairs and windows, each written as Parquet.

    Args:
        folder: where they go, and what does not fit into memory.
        rows: a query for accepted rows, which is asked once; absent: the files
            `rows-*.parquet` of the folder, read as often as they are needed.
    """
    kind = "TABLE" if rows else "VIEW"
    rows = rows or f"SELECT * FROM read_parquet('{folder}/rows-*.parquet')"
    base = duckdb.connect()
    base.execute("SET TimeZone = 'UTC'")
    base.execute("SET preserve_insertion_order = false")
    base.execute("SET memory_limit = '12GB'")
    base.execute(f"SET temp_directory = '{folder}/spill'")
    base.execute("SET max_temp_directory_size = '30GB'")  # of 50 million rows 44 are not enough
    base.execute(_MOVEMENTS.replace("{kind}", kind).replace("{rows}", rows))
    for statement in (_PASSED_ON, _BOOKED, _DAYS, _LINKS, _PAIRS, _WINDOWS):
        base.execute(statement)
    for table in ("days", "links", "pairs", "windows"):
        base.execute(f"COPY {table} TO '{folder}/duckdb-{table}.parquet' (FORMAT parquet)")
