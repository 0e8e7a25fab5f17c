"""Arrested assets: cases of the special prosecutors, and cash-out."""

import polars as pl

from transforms.facts import FACT_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.money import total
from transforms.regions import UNKNOWN_REGION

_FACT = FACT_BY_NAME["facts.asset_arrests"]
_SOURCE = "Register of arrest orders, register of cases, official rates of the National Bank"

_NO_RATE = Words(
    ru="Активы без ареста, цифровые активы и суммы в валюте, для которой нет курса.",
    kk="Тыйым салынбаған активтер, цифрлық активтер және бағамы жоқ валютадағы сомалар.",
    en="Assets not arrested, digital assets, and amounts in a currency without a rate.",
)

_is_arrested = pl.col("stage_code") == "arrested"
_is_special_prosecutors = pl.col("agency_code") == "special_prosecutors"
_is_cash_out = pl.col("scheme_code") == "cash_out"

followmoney = during(
    "arrested_on", _is_arrested, _is_special_prosecutors, pl.col("asset_code") != "crypto"
)

followmoney_regions = first_of_each(
    during(
        "arrested_on",
        _is_arrested,
        _is_special_prosecutors,
        pl.col("asset_code") != "crypto",
        pl.col("region_code") != UNKNOWN_REGION,
    ),
    "region_code",
    in_order_of=("arrested_on", "measure_id"),
)

INDICATORS = (
    Indicator(
        id="followmoney_case_amount",
        name=Words(
            ru="Арестованные активы по делам спецпрокуроров",
            kk="Арнайы прокурорлардың істері бойынша тыйым салынған активтер",
            en="Assets arrested in cases of special prosecutors",
        ),
        unit="tiyn",
        definition=Words(
            ru="Стоимость активов, арестованных в периоде по делам спецпрокуроров, по "
            "официальному курсу на день ареста.",
            kk="Арнайы прокурорлардың істері бойынша кезеңде тыйым салынған активтердің тыйым "
            "салынған күнгі ресми бағам бойынша құны.",
            en="Value of assets arrested in the period in cases of special prosecutors, at the "
            "official rate of the day of arrest.",
        ),
        leaves_out=_NO_RATE,
        source=_SOURCE,
        fact=_FACT,
        happened_on="arrested_on",
        rows=followmoney,
        value=total("value_tiyn"),
        by=("asset_code",),
    ),
    Indicator(
        id="followmoney_regions",
        name=Words(
            ru="Регионы с арестами по делам спецпрокуроров",
            kk="Арнайы прокурорлардың істері бойынша тыйым салу болған өңірлер",
            en="Regions with arrests in cases of special prosecutors",
        ),
        unit="regions",
        definition=Words(
            ru="Регионы, в которых в периоде по делам спецпрокуроров арестован хотя бы один актив.",
            kk="Кезеңде арнайы прокурорлардың істері бойынша кемінде бір активке тыйым салынған "
            "өңірлер.",
            en="Regions in which at least one asset was arrested in the period in a case of "
            "special prosecutors.",
        ),
        leaves_out=Words(
            ru="Дела без указания региона и аресты цифровых активов.",
            kk="Өңірі көрсетілмеген істер және цифрлық активтерге тыйым салу.",
            en="Cases without a region, and arrests of digital assets.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="arrested_on",
        rows=followmoney_regions,
        value=count(),
    ),
    Indicator(
        id="drug_assets_arrested_total",
        name=Words(
            ru="Арестованные активы наркобизнеса, всего",
            kk="Есірткі бизнесінің тыйым салынған активтері, барлығы",
            en="Assets of the drug trade arrested, in all",
        ),
        unit="tiyn",
        definition=Words(
            ru="Сумма, арестованная на картах дропперов, и арестованные активы по делам "
            "спецпрокуроров.",
            kk="Дроппер карталарында тыйым салынған сома және арнайы прокурорлардың істері "
            "бойынша тыйым салынған активтер.",
            en="Amount arrested on dropper cards, and assets arrested in cases of special "
            "prosecutors.",
        ),
        leaves_out=Words(
            ru="Цифровые активы и аресты иных органов, кроме арестов карт.",
            kk="Цифрлық активтер және карталарға тыйым салудан басқа өзге органдардың тыйым "
            "салулары.",
            en="Digital assets, and arrests by other agencies except those of cards.",
        ),
        source="Sum of its parts",
        parts=("dropper_amount_arrested", "followmoney_case_amount"),
    ),
    Indicator(
        id="cashout_amount_cash",
        name=Words(
            ru="Арестованные наличные по делам об обналичивании",
            kk="Қолма-қол ақшаға айналдыру істері бойынша тыйым салынған қолма-қол ақша",
            en="Cash arrested in cash-out cases",
        ),
        unit="tiyn",
        definition=Words(
            ru="Наличные, арестованные в периоде по делам об обналичивании, по официальному "
            "курсу на день ареста.",
            kk="Қолма-қол ақшаға айналдыру істері бойынша кезеңде тыйым салынған қолма-қол ақша, "
            "тыйым салынған күнгі ресми бағаммен.",
            en="Cash arrested in the period in cash-out cases, at the official rate of the day.",
        ),
        leaves_out=_NO_RATE,
        source=_SOURCE,
        fact=_FACT,
        happened_on="arrested_on",
        rows=during("arrested_on", _is_arrested, _is_cash_out, pl.col("asset_code") == "cash"),
        value=total("value_tiyn"),
        by=("agency_code",),
    ),
    Indicator(
        id="cashout_amount_on_accounts",
        name=Words(
            ru="Арестованные средства на счетах по делам об обналичивании",
            kk="Қолма-қол ақшаға айналдыру істері бойынша банк шоттарында тыйым салынған қаражат",
            en="Money on accounts arrested in cash-out cases",
        ),
        unit="tiyn",
        definition=Words(
            ru="Средства на банковских счетах, арестованные в периоде по делам об обналичивании, "
            "по официальному курсу на день ареста.",
            kk="Қолма-қол ақшаға айналдыру істері бойынша кезеңде тыйым салынған банктік "
            "шоттардағы қаражат, тыйым салынған күнгі ресми бағаммен.",
            en="Money on bank accounts arrested in the period in cash-out cases, at the official "
            "rate of the day.",
        ),
        leaves_out=_NO_RATE,
        source=_SOURCE,
        fact=_FACT,
        happened_on="arrested_on",
        rows=during(
            "arrested_on", _is_arrested, _is_cash_out, pl.col("asset_code") == "bank_account"
        ),
        value=total("value_tiyn"),
        by=("agency_code",),
    ),
    Indicator(
        id="cashout_amount_intercepted",
        name=Words(
            ru="Арестовано по делам об обналичивании, всего",
            kk="Қолма-қол ақшаға айналдыру істері бойынша тыйым салынған қаражат, барлығы",
            en="Arrested in cash-out cases, in all",
        ),
        unit="tiyn",
        definition=Words(
            ru="Арестованные по делам об обналичивании наличные и средства на счетах.",
            kk="Қолма-қол ақшаға айналдыру істері бойынша тыйым салынған қолма-қол ақша мен "
            "шоттардағы қаражат.",
            en="Cash and money on accounts arrested in cash-out cases.",
        ),
        leaves_out=Words(
            ru="Недвижимость, транспорт, доли в бизнесе и цифровые активы.",
            kk="Жылжымайтын мүлік, көлік, бизнестегі үлестер және цифрлық активтер.",
            en="Real estate, vehicles, business shares and digital assets.",
        ),
        source="Sum of its parts",
        parts=("cashout_amount_cash", "cashout_amount_on_accounts"),
    ),
)
