"""How long arrests of wallets and property took; cards and accounts are timed in `arrests`."""

import polars as pl

from transforms.facts import DERIVED_BY_NAME
from transforms.indicators.indicator import Indicator, Words
from transforms.periods import Period, is_during

_MEASURES = DERIVED_BY_NAME["arrests.measures"]
_SOURCE = "Registers of arrest orders, answers of exchanges and registrars"


def _executed(measures: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Wallets and property of which it is known when the arrest was asked for.

    Of what the register only tells as in force, the days of order and arrest are one day told
    twice. A wallet that an exchange froze of itself was asked for by nobody.
    """
    is_wallet_alone = (pl.col("asset_code") == "wallet") & pl.col("agency_code").is_null()
    is_known = (pl.col("answered_by_code") == "executor") & ~is_wallet_alone
    is_in_order = pl.col("executed_on") >= pl.col("ordered_on")
    is_of_bank = pl.col("executor_code").is_not_null()
    return measures.filter(
        ~is_of_bank & is_known & is_in_order,
        pl.col("part") == 0,
        is_during("executed_on", period),
    )


def _days(id_: str, share: float, name: Words, definition: Words) -> Indicator:
    taken = (pl.col("executed_on") - pl.col("ordered_on")).dt.total_days()
    return Indicator(
        id=id_,
        name=name,
        unit="days",
        definition=definition,
        leaves_out=Words(
            ru="Счета по картам: они учтены в часах, по банкам; кошельки, замороженные биржей без "
            "постановления; имущество, для которого реестр указывает только день ареста.",
            kk="Карта шоттары: олар банктер бойынша сағатпен есептеледі; биржа қаулысыз қатырған "
            "әмияндар; тізілімде тек тыйым салынған күні көрсетілген мүлік.",
            en="Accounts of cards, which are counted in hours, by bank; wallets that an exchange "
            "froze without an order; property of which the register has the day of arrest only.",
        ),
        source=_SOURCE,
        fact=_MEASURES,
        happened_on="executed_on",
        rows=_executed,
        value=taken.quantile(share, "equiprobable").cast(pl.Int64),
        by=("asset_code",),
        adds_up=False,
        has_zeros=False,
    )


INDICATORS = (
    _days(
        "asset_arrest_days_median",
        0.5,
        Words(
            ru="Дней до ареста кошелька или имущества, медиана",
            kk="Әмиянға немесе мүлікке тыйым салынғанға дейінгі күн, медиана",
            en="Days to the arrest of a wallet or property, median",
        ),
        Words(
            ru="Календарные дни от постановления до исполнения: наименьшее число, за которое "
            "исполнена половина арестов периода; 0 — в тот же день. Часа исполнения реестры не "
            "указывают.",
            kk="Қаулыдан орындалғанға дейінгі күнтізбелік күндер: кезеңдегі тыйым салулардың "
            "жартысы орындалған ең аз сан; 0 — сол күні. Тізілімдер орындау сағатын көрсетпейді.",
            en="Calendar days from the order to its execution: the least number within which half "
            "of the arrests of the period were carried out; 0 is the same day. The registers "
            "have no hour of execution.",
        ),
    ),
    _days(
        "asset_arrest_days_p90",
        0.9,
        Words(
            ru="Дней до ареста кошелька или имущества, девять из десяти",
            kk="Әмиянға немесе мүлікке тыйым салынғанға дейінгі күн, оннан тоғызы",
            en="Days to the arrest of a wallet or property, nine in ten",
        ),
        Words(
            ru="То же для девяти десятых арестов (90-й процентиль).",
            kk="Тыйым салулардың оннан тоғызы үшін сол көрсеткіш (90-процентиль).",
            en="The same for nine tenths of the arrests (90th percentile).",
        ),
    ),
)
