"""Digital assets: wallets arrested or being arrested, and value in open cases."""

import polars as pl

from transforms.facts import FACT_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.money import total

_WALLETS = FACT_BY_NAME["facts.wallet_freezes"]
_ASSETS = FACT_BY_NAME["facts.asset_arrests"]
_SOURCE = "Answers of the exchanges, daily reference prices, official rates of the National Bank"

_NO_PRICE = Words(
    ru="Активы, для которых на день меры нет цены или курса.",
    kk="Шара қолданылған күні бағасы немесе бағамы жоқ активтер.",
    en="Assets without a price or rate on the day of the measure.",
)

_is_arrested = pl.col("stage_code") == "arrested"
_is_under_way = pl.col("stage_code") == "measures_taken"

INDICATORS = (
    Indicator(
        id="crypto_arrested",
        name=Words(
            ru="Арестованные цифровые активы",
            kk="Тыйым салынған цифрлық активтер",
            en="Digital assets arrested",
        ),
        unit="usd_cent",
        definition=Words(
            ru="Стоимость в долларах США цифровых активов, арестованных в периоде, по цене дня.",
            kk="Кезеңде тыйым салынған цифрлық активтердің сол күнгі баға бойынша АҚШ "
            "долларындағы құны.",
            en="Value in US dollars of digital assets arrested in the period, at the price of "
            "the day.",
        ),
        leaves_out=_NO_PRICE,
        source=_SOURCE,
        fact=_WALLETS,
        happened_on="frozen_on",
        rows=during("frozen_on", _is_arrested),
        value=total("value_usd_cent"),
        by=("asset_code",),
    ),
    Indicator(
        id="crypto_arrested_tenge",
        name=Words(
            ru="Арестованные цифровые активы, в тенге",
            kk="Тыйым салынған цифрлық активтер, теңгемен",
            en="Digital assets arrested, in tenge",
        ),
        unit="tiyn",
        definition=Words(
            ru="То же по официальному курсу доллара на день ареста.",
            kk="Сол активтер, тыйым салынған күнгі доллардың ресми бағамымен.",
            en="The same at the official dollar rate of the day of arrest.",
        ),
        leaves_out=_NO_PRICE,
        source=_SOURCE,
        fact=_WALLETS,
        happened_on="frozen_on",
        rows=during("frozen_on", _is_arrested),
        value=total("value_tiyn"),
        by=("asset_code",),
    ),
    Indicator(
        id="crypto_arrest_measures",
        name=Words(
            ru="Цифровые активы, по которым принимаются меры к аресту",
            kk="Тыйым салу шаралары қабылданып жатқан цифрлық активтер",
            en="Digital assets under measures to arrest them",
        ),
        unit="usd_cent",
        definition=Words(
            ru="Стоимость в долларах США цифровых активов, по которым в периоде приняты меры, "
            "а арест ещё не исполнен.",
            kk="Кезеңде шаралар қабылданған, бірақ тыйым салу әлі орындалмаған цифрлық "
            "активтердің АҚШ долларындағы құны.",
            en="Value in US dollars of digital assets on which measures were taken in the period "
            "and the arrest is not carried out yet.",
        ),
        leaves_out=_NO_PRICE,
        source=_SOURCE,
        fact=_WALLETS,
        happened_on="frozen_on",
        rows=during("frozen_on", _is_under_way),
        value=total("value_usd_cent"),
        by=("asset_code",),
    ),
    Indicator(
        id="crypto_wallets",
        name=Words(
            ru="Криптокошельки, по которым принимаются меры к аресту",
            kk="Тыйым салу шаралары қабылданып жатқан криптоәмияндар",
            en="Wallets under measures to arrest them",
        ),
        unit="wallets",
        definition=Words(
            ru="Различные адреса, по которым в периоде приняты меры, а арест ещё не исполнен.",
            kk="Кезеңде шаралар қабылданған, бірақ тыйым салу әлі орындалмаған түрлі мекенжайлар.",
            en="Different addresses on which measures were taken in the period and the arrest is "
            "not carried out yet.",
        ),
        leaves_out=Words(
            ru="Уже арестованные кошельки; адреса одного владельца не объединяются.",
            kk="Тыйым салынып қойған әмияндар; бір иенің мекенжайлары біріктірілмейді.",
            en="Wallets already arrested; addresses of one owner are not merged.",
        ),
        source=_SOURCE,
        fact=_WALLETS,
        happened_on="frozen_on",
        rows=first_of_each(
            during("frozen_on", _is_under_way),
            "address",
            in_order_of=("frozen_on", "measure_id", "asset_code"),
        ),
        value=count(),
    ),
    Indicator(
        id="crypto_case_amount",
        name=Words(
            ru="Цифровые активы в расследуемых делах",
            kk="Тергеп-тексеріліп жатқан істердегі цифрлық активтер",
            en="Digital assets in cases under investigation",
        ),
        unit="usd_cent",
        definition=Words(
            ru="Стоимость в долларах США цифровых активов, установленных в периоде в "
            "расследуемых делах.",
            kk="Тергеп-тексеріліп жатқан істерде кезеңде анықталған цифрлық активтердің АҚШ "
            "долларындағы құны.",
            en="Value in US dollars of digital assets found in the period in cases under "
            "investigation.",
        ),
        leaves_out=Words(
            ru="Арестованные цифровые активы и суммы в валюте, для которой нет курса.",
            kk="Тыйым салынған цифрлық активтер және бағамы жоқ валютадағы сомалар.",
            en="Digital assets already arrested, and amounts in a currency without a rate.",
        ),
        source="Register of arrest orders, official rates of the National Bank",
        fact=_ASSETS,
        happened_on="arrested_on",
        rows=during(
            "arrested_on",
            pl.col("stage_code") == "under_investigation",
            pl.col("asset_code") == "crypto",
        ),
        value=total("value_usd_cent"),
        by=("agency_code",),
    ),
)
