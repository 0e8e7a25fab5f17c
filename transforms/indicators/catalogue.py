"""Every indicator there is. A figure that is not listed here is in no report."""

from transforms.indicators import (
    arrest_days,
    arrests,
    asset_orders,
    assets,
    crypto,
    droppers,
    field,
    holds,
    measures,
    outflows,
    precursor_findings,
    precursors,
    rates,
    seizures,
    wallets,
)
from transforms.indicators.indicator import Indicator

INDICATORS: tuple[Indicator, ...] = (
    *droppers.INDICATORS,
    *assets.INDICATORS,
    *crypto.INDICATORS,
    *field.INDICATORS,
    *precursors.INDICATORS,
    *precursor_findings.INDICATORS,
    *seizures.INDICATORS,
    *arrests.INDICATORS,
    *asset_orders.INDICATORS,
    *measures.INDICATORS,
    *arrest_days.INDICATORS,
    *holds.INDICATORS,
    *outflows.INDICATORS,
    *wallets.INDICATORS,
    *rates.INDICATORS,
)

INDICATOR_BY_ID = {indicator.id: indicator for indicator in INDICATORS}
