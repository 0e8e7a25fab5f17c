"""Wallets arrested: how many, and what they were worth at the arrest and are worth tonight."""

import polars as pl

from transforms.facts import DERIVED_BY_NAME, FACT_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.money import total
from transforms.periods import Period, is_during

_WALLETS = FACT_BY_NAME["facts.wallet_freezes"]
_CASE_WALLETS = DERIVED_BY_NAME["arrests.case_wallets"]
_SOURCE = "Answers of the exchanges, daily reference prices, official rates of the National Bank"

_LEFT_OUT = Words(
    ru="Кошельки под принимаемыми мерами; активы без цены или курса. Количество — по последней "
    "мере дела: движение после неё не учтено.",
    kk="Шаралар қабылданып жатқан әмияндар; бағасы немесе бағамы жоқ активтер. Мөлшері істің "
    "соңғы шарасы бойынша: одан кейінгі қозғалыс есепке алынбаған.",
    en="Wallets under measures; assets without a price or rate. The quantity is that of the last "
    "measure of the case: what moved since is not in it.",
)


def arrested_once(case_wallets: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Wallets arrested in the period, each with its first case, as the last night values them."""
    is_of_the_last_night = pl.col("business_date") == pl.col("business_date").max()
    return case_wallets.filter(is_of_the_last_night).filter(
        is_during("frozen_on", period), pl.col("stage_code") == "arrested", "is_first_case"
    )


def _value(id_: str, column: str, unit: str, name: Words, definition: Words) -> Indicator:
    return Indicator(
        id=id_,
        name=name,
        unit=unit,
        definition=definition,
        leaves_out=_LEFT_OUT,
        source=_SOURCE,
        fact=_CASE_WALLETS,
        happened_on="frozen_on",
        rows=arrested_once,
        value=total(column),
        by=("asset_code",),
    )


INDICATORS = (
    Indicator(
        id="crypto_wallets_arrested",
        name=Words(
            ru="Арестованные криптокошельки",
            kk="Тыйым салынған криптоәмияндар",
            en="Wallets arrested",
        ),
        unit="wallets",
        definition=Words(
            ru="Различные адреса, арестованные в периоде; адрес учтён один раз, в том числе по "
            "двум делам и с двумя активами.",
            kk="Кезеңде тыйым салынған түрлі мекенжайлар; мекенжай екі іс пен екі актив бойынша "
            "да бір рет есептеледі.",
            en="Different addresses arrested in the period; an address counts once, in two cases "
            "and with two assets too.",
        ),
        leaves_out=Words(
            ru="Кошельки, по которым принимаются меры; адреса одного владельца не объединяются.",
            kk="Шаралар қабылданып жатқан әмияндар; бір иенің мекенжайлары біріктірілмейді.",
            en="Wallets under measures to arrest them; addresses of one owner are not merged.",
        ),
        source=_SOURCE,
        fact=_WALLETS,
        happened_on="frozen_on",
        rows=first_of_each(
            during("frozen_on", pl.col("stage_code") == "arrested"),
            "address",
            in_order_of=("frozen_on", "measure_id", "asset_code"),
        ),
        value=count(),
    ),
    _value(
        "crypto_held_at_arrest",
        "value_usd_cent",
        "usd_cent",
        Words(
            ru="Арестованные кошельки: стоимость в день ареста",
            kk="Тыйым салынған әмияндар: тыйым салынған күнгі құны",
            en="Wallets arrested: value on the day of the arrest",
        ),
        Words(
            ru="Кошельки, арестованные в периоде, в долларах США по цене дня ареста; кошелёк и "
            "актив учтены один раз, в первом деле.",
            kk="Кезеңде тыйым салынған әмияндар, тыйым салынған күнгі баға бойынша АҚШ "
            "долларымен; әмиян мен актив бір рет, бірінші іс бойынша есептеледі.",
            en="Wallets arrested in the period, in US dollars at the price of the day of arrest; "
            "a wallet and asset count once, in the first case.",
        ),
    ),
    _value(
        "crypto_held_tonight",
        "night_value_usd_cent",
        "usd_cent",
        Words(
            ru="Те же кошельки: стоимость на отчётный день",
            kk="Сол әмияндар: есепті күнгі құны",
            en="The same wallets: value on the day of the report",
        ),
        Words(
            ru="То же количество по последней цене на день, на который составлен отчёт.",
            kk="Сол мөлшер есеп жасалған күнгі соңғы баға бойынша.",
            en="The same quantity at the last price of the day of the report.",
        ),
    ),
    _value(
        "crypto_held_at_arrest_tenge",
        "value_tiyn",
        "tiyn",
        Words(
            ru="Арестованные кошельки: в тенге в день ареста",
            kk="Тыйым салынған әмияндар: тыйым салынған күні теңгемен",
            en="Wallets arrested: in tenge on the day of the arrest",
        ),
        Words(
            ru="То же по официальному курсу доллара на день ареста.",
            kk="Сол құн тыйым салынған күнгі доллардың ресми бағамымен.",
            en="The same at the official dollar rate of the day of arrest.",
        ),
    ),
    _value(
        "crypto_held_tonight_tenge",
        "night_value_tiyn",
        "tiyn",
        Words(
            ru="Те же кошельки: в тенге на отчётный день",
            kk="Сол әмияндар: есепті күні теңгемен",
            en="The same wallets: in tenge on the day of the report",
        ),
        Words(
            ru="Стоимость на отчётный день по официальному курсу доллара этого дня.",
            kk="Есепті күнгі құн сол күнгі доллардың ресми бағамымен.",
            en="Value on the day of the report at the official dollar rate of that day.",
        ),
    ),
)
