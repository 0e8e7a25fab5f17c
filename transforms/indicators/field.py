"""What the regional offices report: shops, laboratories, persons, adverts; and advert cases."""

import polars as pl

from transforms.facts import FACT_BY_NAME
from transforms.indicators.indicator import Indicator, Rows, Words, count, during
from transforms.money import total

_EVENTS = FACT_BY_NAME["facts.field_events"]
_CASES = FACT_BY_NAME["facts.criminal_cases"]
_SOURCE = "Daily reports of the regional prosecutors' offices"

_UNREPORTED = Words(
    ru="То, о чём прокуратура региона не сообщила.",
    kk="Өңір прокуратурасы хабарламаған деректер.",
    en="What the region's office did not report.",
)

_PERSONS = Words(
    ru="Лица, о которых прокуратура региона не сообщила; повторное сообщение о том же лице "
    "не распознаётся.",
    kk="Өңір прокуратурасы хабарламаған адамдар; сол адам туралы қайталама хабар ажыратылмайды.",
    en="Persons whom the region's office did not report; a second report of the same person is "
    "not recognised.",
)


def reported(event_code: str) -> Rows:
    """Lines of field reports about one kind of event."""
    return during("reported_on", pl.col("event_code") == event_code)


INDICATORS = (
    Indicator(
        id="shop_transactions",
        name=Words(
            ru="Платежи наркомагазинам",
            kk="Есірткі дүкендеріне төленген төлемдер",
            en="Payments to drug shops",
        ),
        unit="transactions",
        definition=Words(
            ru="Платежи наркомагазинам, установленные в периоде на проверенных счетах.",
            kk="Кезеңде тексерілген шоттарда анықталған есірткі дүкендеріне төлемдер.",
            en="Payments to drug shops found in the period on examined accounts.",
        ),
        leaves_out=_UNREPORTED,
        source=_SOURCE,
        fact=_EVENTS,
        happened_on="reported_on",
        rows=reported("shop_account_examined"),
        value=total("transactions"),
        is_watched=True,
    ),
    Indicator(
        id="shop_transaction_amount",
        name=Words(
            ru="Сумма платежей наркомагазинам",
            kk="Есірткі дүкендеріне төленген төлемдердің сомасы",
            en="Sum of payments to drug shops",
        ),
        unit="tiyn",
        definition=Words(
            ru="Сумма платежей наркомагазинам, установленных в периоде на проверенных счетах.",
            kk="Кезеңде тексерілген шоттарда анықталған есірткі дүкендеріне төлемдердің сомасы.",
            en="Sum of payments to drug shops found in the period on examined accounts.",
        ),
        leaves_out=_UNREPORTED,
        source=_SOURCE,
        fact=_EVENTS,
        happened_on="reported_on",
        rows=reported("shop_account_examined"),
        value=total("amount_tiyn"),
    ),
    Indicator(
        id="labs_dismantled",
        name=Words(
            ru="Ликвидированные нарколаборатории",
            kk="Жойылған есірткі зертханалары",
            en="Clandestine laboratories dismantled",
        ),
        unit="laboratories",
        definition=Words(
            ru="Нарколаборатории, ликвидированные в периоде.",
            kk="Кезеңде жойылған есірткі зертханалары.",
            en="Clandestine laboratories dismantled in the period.",
        ),
        leaves_out=_UNREPORTED,
        source=_SOURCE,
        fact=_EVENTS,
        happened_on="reported_on",
        rows=reported("laboratory_dismantled"),
        value=total("objects"),
    ),
    Indicator(
        id="participants_arrested",
        name=Words(
            ru="Арестованные участники",
            kk="Қамауға алынған қатысушылар",
            en="Participants arrested",
        ),
        unit="persons",
        definition=Words(
            ru="Участники наркопреступлений, арестованные в периоде.",
            kk="Кезеңде қамауға алынған есірткі қылмысына қатысушылар.",
            en="Participants of drug crime arrested in the period.",
        ),
        leaves_out=_PERSONS,
        source=_SOURCE,
        fact=_EVENTS,
        happened_on="reported_on",
        rows=reported("participant_arrested"),
        value=total("objects"),
        is_watched=True,
    ),
    Indicator(
        id="ocg_members_detained",
        name=Words(
            ru="Задержанные члены ОПГ",
            kk="Ұсталған ұйымдасқан қылмыстық топ мүшелері",
            en="Members of organised crime groups detained",
        ),
        unit="persons",
        definition=Words(
            ru="Члены организованных преступных групп, задержанные в периоде.",
            kk="Кезеңде ұсталған ұйымдасқан қылмыстық топтардың мүшелері.",
            en="Members of organised crime groups detained in the period.",
        ),
        leaves_out=_PERSONS,
        source=_SOURCE,
        fact=_EVENTS,
        happened_on="reported_on",
        rows=reported("member_detained"),
        value=total("objects"),
    ),
    Indicator(
        id="drug_adverts_removed",
        name=Words(
            ru="Устранённая наркореклама",
            kk="Жойылған есірткі жарнамасы",
            en="Drug adverts removed",
        ),
        unit="objects",
        definition=Words(
            ru="Объекты наркорекламы, включая наркограффити, устранённые в периоде.",
            kk="Кезеңде жойылған есірткі жарнамасының нысандары, граффитиді қоса алғанда.",
            en="Drug adverts, graffiti included, removed in the period.",
        ),
        leaves_out=_UNREPORTED,
        source=_SOURCE,
        fact=_EVENTS,
        happened_on="reported_on",
        rows=reported("advert_removed"),
        value=total("objects"),
        is_watched=True,
    ),
    Indicator(
        id="drug_advertisers_detained",
        name=Words(
            ru="Задержанные распространители наркорекламы",
            kk="Ұсталған есірткі жарнамасын таратушылар",
            en="Drug advertisers detained",
        ),
        unit="persons",
        definition=Words(
            ru="Лица, задержанные в периоде за распространение наркорекламы.",
            kk="Кезеңде есірткі жарнамасын таратқаны үшін ұсталған адамдар.",
            en="Persons detained in the period for spreading drug adverts.",
        ),
        leaves_out=_PERSONS,
        source=_SOURCE,
        fact=_EVENTS,
        happened_on="reported_on",
        rows=reported("advertiser_detained"),
        value=total("objects"),
        is_watched=True,
    ),
    Indicator(
        id="drug_advert_cases",
        name=Words(
            ru="Уголовные дела о наркорекламе",
            kk="Есірткі жарнамасы туралы қылмыстық істер",
            en="Criminal cases of drug advertising",
        ),
        unit="cases",
        definition=Words(
            ru="Уголовные дела, зарегистрированные в периоде по статье 299-1 УК.",
            kk="ҚК-нің 299-1-бабы бойынша кезеңде тіркелген қылмыстық істер.",
            en="Criminal cases registered in the period under Article 299-1 of the Criminal Code.",
        ),
        leaves_out=Words(
            ru="Дела, зарегистрированные по другой статье и переквалифицированные без нового "
            "сообщения регистра.",
            kk="Басқа бап бойынша тіркеліп, тізілімнің жаңа хабарынсыз қайта сараланған істер.",
            en="Cases registered under another article and requalified without a new notice of "
            "the register.",
        ),
        source="Unified Register of Pre-trial Investigations",
        fact=_CASES,
        happened_on="registered_on",
        rows=during("registered_on", pl.col("article_code") == "299-1"),
        value=count(),
        by=("agency_code",),
        is_watched=True,
    ),
)
