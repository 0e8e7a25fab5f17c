"""Every feed there is. A feed that is not listed here does not exist."""

from transforms.feeds import (
    account_holders,
    account_movements,
    asset_arrests,
    card_arrest_confirmations,
    card_arrest_orders,
    card_transactions,
    criminal_cases,
    crypto_prices,
    crypto_transfers,
    exchange_rates,
    fiat_transfers,
    field_reports,
    import_declarations,
    interbank_payments,
    measure_events,
    p2p_orders,
    payment_holds,
    precursor_licences,
    seizures,
    travel_rule_transfers,
    wallet_freezes,
    wallet_labels,
)
from transforms.feeds.feed import Feed

FEEDS: tuple[Feed, ...] = (
    card_transactions.FEED,
    card_arrest_orders.FEED,
    card_arrest_confirmations.FEED,
    criminal_cases.FEED,
    asset_arrests.FEED,
    wallet_freezes.FEED,
    measure_events.FEED,
    payment_holds.FEED,
    crypto_transfers.FEED,
    p2p_orders.FEED,
    import_declarations.FEED,
    precursor_licences.FEED,
    seizures.FEED,
    field_reports.FEED,
    exchange_rates.FEED,
    crypto_prices.FEED,
    account_movements.FEED,
    account_holders.FEED,
    interbank_payments.FEED,
    fiat_transfers.FEED,
    wallet_labels.FEED,
    travel_rule_transfers.FEED,
)

FEED_BY_NAME = {feed.name: feed for feed in FEEDS}
