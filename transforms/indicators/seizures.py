"""Seizures: acts, drugs by weight, cash and property by value."""

import polars as pl

from transforms.facts import FACT_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.money import total
from transforms.seizures.items import ITEM

_FACT = FACT_BY_NAME["facts.seizures"]
_SOURCE = "Seizure acts of the agencies, official rates of the National Bank"

INDICATORS = (
    Indicator(
        id="seizure_acts",
        name=Words(ru="Изъятия", kk="Алып қоюлар", en="Seizures"),
        unit="acts",
        definition=Words(
            ru="Изъятия периода. Изъятие, о котором сообщили два органа, — одно; изъятие "
            "нескольких веществ — одно; несколько обысков одной операции — одно изъятие.",
            kk="Кезеңдегі алып қоюлар. Екі орган хабарлаған алып қою — біреу; бірнеше зат алынған "
            "алып қою — біреу; бір операцияның бірнеше тінтуі — бір алып қою.",
            en="Seizures of the period. One that two agencies report is one; one of several "
            "substances is one; the raids of one operation are one.",
        ),
        leaves_out=Words(
            ru="Аресты: изъятие не является арестом.",
            kk="Тыйым салулар: алып қою тыйым салу болып табылмайды.",
            en="Arrests: a seizure is not an arrest.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="seized_on",
        rows=first_of_each(during("seized_on"), "seizure_id", in_order_of=("seized_on", *ITEM)),
        value=count(),
        by=("agency_code",),
        is_watched=True,
    ),
    Indicator(
        id="drug_seizures",
        name=Words(
            ru="Изъятия по наркотикам", kk="Есірткі бойынша алып қоюлар", en="Seizures by drug"
        ),
        unit="acts",
        definition=Words(
            ru="Изъятия периода, сосчитанные по одному разу для каждого изъятого наркотика.",
            kk="Кезеңдегі алып қоюлар, әр алынған есірткі үшін бір реттен есептелген.",
            en="Seizures of the period, counted once for each drug that was found.",
        ),
        leaves_out=Words(
            ru="Изъятия, в которых наркотиков не было.",
            kk="Есірткі табылмаған алып қоюлар.",
            en="Seizures in which there was no drug.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="seized_on",
        rows=first_of_each(
            during("seized_on", pl.col("asset_code") == "drug"),
            "seizure_id",
            "substance_code",
            in_order_of=("seized_on", *ITEM),
        ),
        value=count(),
        by=("substance_code",),
    ),
    Indicator(
        id="drugs_seized",
        name=Words(ru="Изъятые наркотики", kk="Алып қойылған есірткі", en="Drugs seized"),
        unit="gram",
        definition=Words(
            ru="Масса нетто наркотических средств и психотропных веществ, изъятых в периоде; "
            "каждая позиция округлена до грамма; о чём сообщили два органа, учтено один раз.",
            kk="Кезеңде алып қойылған есірткі мен психотроптық заттардың таза салмағы; әр позиция "
            "грамға дейін дөңгелектенеді; екі орган хабарлағаны бір рет есептеледі.",
            en="Net weight of narcotic drugs and psychotropic substances seized in the period; "
            "each item is rounded to the gram; what two agencies report counts once.",
        ),
        leaves_out=Words(
            ru="Прекурсоры и позиции без массы, чья единица не переводится в граммы.",
            kk="Прекурсорлар және салмағы жоқ, бірлігі грамға айналмайтын позициялар.",
            en="Precursors, and items without a weight whose unit has no equivalent in grams.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="seized_on",
        rows=during("seized_on", pl.col("is_counted"), pl.col("asset_code") == "drug"),
        value=total("net_g"),
        by=("substance_code", "agency_code"),
    ),
    Indicator(
        id="seized_value",
        name=Words(
            ru="Стоимость изъятых денег и имущества",
            kk="Алып қойылған ақша мен мүліктің құны",
            en="Value of cash and property seized",
        ),
        unit="tiyn",
        definition=Words(
            ru="Стоимость денег и имущества, изъятых в периоде, по официальному курсу дня.",
            kk="Кезеңде алып қойылған ақша мен мүліктің сол күнгі ресми бағам бойынша құны.",
            en="Value of cash and property seized in the period, at the official rate of the day.",
        ),
        leaves_out=Words(
            ru="Наркотики: законной цены у них нет; позиции без стоимости или курса.",
            kk="Есірткі: оның заңды бағасы жоқ; құны немесе бағамы жоқ позициялар.",
            en="Drugs, which have no lawful price; items without a value or a rate.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="seized_on",
        rows=during("seized_on", pl.col("is_counted"), pl.col("asset_code") != "drug"),
        value=total("value_tiyn"),
        by=("asset_code", "agency_code"),
    ),
)
