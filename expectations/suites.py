"""The suite of every feed."""

import great_expectations as gx

from expectations import (
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
    p2p_orders,
    precursor_licences,
    seizures,
    travel_rule_transfers,
    wallet_freezes,
    wallet_labels,
)

SUITE_BY_FEED: dict[str, gx.ExpectationSuite] = {
    "card_transactions": card_transactions.suite,
    "card_arrest_orders": card_arrest_orders.suite,
    "card_arrest_confirmations": card_arrest_confirmations.suite,
    "criminal_cases": criminal_cases.suite,
    "asset_arrests": asset_arrests.suite,
    "wallet_freezes": wallet_freezes.suite,
    "crypto_transfers": crypto_transfers.suite,
    "p2p_orders": p2p_orders.suite,
    "import_declarations": import_declarations.suite,
    "precursor_licences": precursor_licences.suite,
    "seizures": seizures.suite,
    "field_reports": field_reports.suite,
    "exchange_rates": exchange_rates.suite,
    "crypto_prices": crypto_prices.suite,
    "account_movements": account_movements.suite,
    "account_holders": account_holders.suite,
    "interbank_payments": interbank_payments.suite,
    "fiat_transfers": fiat_transfers.suite,
    "wallet_labels": wallet_labels.suite,
    "travel_rule_transfers": travel_rule_transfers.suite,
}
