"""Arrests: accounts and holders, how long they took, what contradicts what."""

import polars as pl

from transforms.arrests.breaks import is_open_on
from transforms.arrests.cards import is_carried_out
from transforms.arrests.clock import is_unanswered_on
from transforms.facts import DERIVED_BY_NAME, FACT_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.periods import CIVIL_TIME_ZONE, Period

_CARDS = FACT_BY_NAME["facts.card_arrests"]
_ACCOUNTS = FACT_BY_NAME["facts.account_arrests"]
_BREAKS = DERIVED_BY_NAME["arrests.breaks"]
_SOURCE = "Register of arrest orders (Committee on Legal Statistics) and answers of the banks"
_WITH_CASES = "Register of arrest orders, answers of the banks, register of criminal cases"

_SECONDS_OF_AN_HOUR = 3600

_NOT_ARRESTED = Words(
    ru="Блокировки, изъятия и конфискации: это другие меры.",
    kk="Бұғаттау, алып қою және тәркілеу: бұл басқа шаралар.",
    en="Blocks, seizures and confiscations, which are other measures.",
)

arrested_accounts = first_of_each(
    during("executed_on", is_carried_out()),
    "account_iban",
    in_order_of=("executed_at", "order_id"),
)

arrested_holders = first_of_each(
    during("executed_on", is_carried_out()),
    "holder_iin",
    in_order_of=("executed_at", "order_id", "account_iban"),
)


def pending(card_arrests: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Cards ordered by the end of the period and not answered by then."""
    return card_arrests.filter(is_unanswered_on(period.end))


def open_breaks(breaks: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Breaks that stood open at the end of the period."""
    return breaks.filter(is_open_on(period.end))


def hours_to_arrest() -> pl.Expr:
    """Hours from the first moment of the day of the order to the arrest; a begun one is whole."""
    ordered_at = (
        pl.col("ordered_on")
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone(CIVIL_TIME_ZONE, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
    )
    seconds = (pl.col("executed_at") - ordered_at).dt.total_seconds()
    return (seconds + _SECONDS_OF_AN_HOUR - 1) // _SECONDS_OF_AN_HOUR


def hours_of_share(share: float) -> pl.Expr:
    """The least number of hours within which this share of the cards was arrested."""
    return hours_to_arrest().quantile(share, "equiprobable").cast(pl.Int64)


_taken_time = during("executed_on", is_carried_out(), pl.col("executed_on") >= pl.col("ordered_on"))

_TIME_LEFT_OUT = Words(
    ru="Карты, на арест которых банк ещё не ответил или отказал: они учтены отдельно; аресты "
    "раньше дня постановления.",
    kk="Банк әлі жауап бермеген немесе бас тартқан карталар: олар бөлек есептеледі; қаулы "
    "күнінен бұрынғы тыйым салулар.",
    en="Cards that the bank has not answered yet, or refused: they are counted on their own; "
    "arrests before the day of the order.",
)


def _hours_of_accounts(id_: str, share: float, name: Words, definition: Words) -> Indicator:
    return Indicator(
        id=id_,
        name=name,
        unit="hours",
        definition=definition,
        leaves_out=_TIME_LEFT_OUT,
        source=_SOURCE,
        fact=_ACCOUNTS,
        happened_on="executed_on",
        rows=_taken_time,
        value=hours_of_share(share),
        by=("bank_bic",),
        adds_up=False,
        has_zeros=False,
    )


INDICATORS = (
    Indicator(
        id="dropper_accounts_arrested",
        name=Words(
            ru="Арестованные счета дропперов",
            kk="Тыйым салынған дроппер шоттары",
            en="Dropper accounts arrested",
        ),
        unit="accounts",
        definition=Words(
            ru="Счета, по картам которых банк в периоде исполнил арест полностью или частично; "
            "счёт учтён один раз, в том числе по двум делам и с двумя картами.",
            kk="Кезеңде банк карталары бойынша тыйым салуды толық немесе ішінара орындаған "
            "шоттар; шот екі іс пен екі карта бойынша да бір рет есептеледі.",
            en="Accounts of whose cards the bank arrested one or more in the period, in full or "
            "in part; an account counts once, in two cases and with two cards too.",
        ),
        leaves_out=_NOT_ARRESTED,
        source=_SOURCE,
        fact=_ACCOUNTS,
        happened_on="executed_on",
        rows=arrested_accounts,
        value=count(),
        by=("bank_bic",),
    ),
    Indicator(
        id="dropper_holders_arrested",
        name=Words(
            ru="Держатели арестованных счетов дропперов",
            kk="Тыйым салынған дроппер шоттарының иелері",
            en="Holders of dropper accounts arrested",
        ),
        unit="persons",
        definition=Words(
            ru="Лица, хотя бы один счёт которых арестован в периоде; лицо учтено один раз, во всех "
            "банках и делах. Арестован счёт, а не лицо.",
            kk="Кезеңде кемінде бір шотына тыйым салынған тұлғалар; тұлға барлық банк пен іс "
            "бойынша бір рет есептеледі. Тұлғаға емес, шотқа тыйым салынған.",
            en="Persons of whose accounts at least one was arrested in the period; a person counts "
            "once over all banks and cases. The account is arrested, not the person.",
        ),
        leaves_out=_NOT_ARRESTED,
        source=_SOURCE,
        fact=_ACCOUNTS,
        happened_on="executed_on",
        rows=arrested_holders,
        value=count(),
    ),
    Indicator(
        id="dropper_cards_pending",
        name=Words(
            ru="Карты, по которым банк ещё не ответил",
            kk="Банк әлі жауап бермеген карталар",
            en="Cards that the bank has not answered yet",
        ),
        unit="cards",
        definition=Words(
            ru="На конец периода: карты в постановлениях, санкционированных к этому дню, на "
            "которые нет ни одного ответа; срок ответа мог ещё не истечь.",
            kk="Кезең соңында: сол күнге дейін санкцияланған қаулылардағы бірде-бір жауап "
            "алынбаған карталар; жауап мерзімі әлі өтпеген болуы мүмкін.",
            en="At the end of the period: cards in orders sanctioned by then that have no answer "
            "at all; the term may not have passed yet.",
        ),
        leaves_out=Words(
            ru="Отказы и ненайденные карты: это ответы.",
            kk="Бас тартулар мен табылмаған карталар: бұлар жауап.",
            en="Refusals and cards not found, which are answers.",
        ),
        source=_SOURCE,
        fact=_CARDS,
        happened_on="ordered_on",
        rows=pending,
        value=count(),
        by=("bank_bic",),
    ),
    Indicator(
        id="arrest_hours_median",
        name=Words(
            ru="Часов до ареста карты, медиана",
            kk="Картаға тыйым салынғанға дейінгі сағат, медиана",
            en="Hours to the arrest of a card, median",
        ),
        unit="hours",
        definition=Words(
            ru="Часы от начала дня постановления (Алматы) до исполнения ареста: наименьшее число, "
            "за которое исполнена половина арестов периода; начатый час считается целым. "
            "Выходные включены; час постановления в реестре не указан.",
            kk="Қаулы күнінің басынан (Алматы) тыйым салу орындалғанға дейінгі сағат саны: "
            "кезеңдегі тыйым салулардың жартысы орындалған ең аз сан; басталған сағат толық "
            "саналады. Демалыс күндері кіреді; тізілімде қаулының сағаты көрсетілмейді.",
            en="Hours from the beginning of the day of the order (Almaty) to the arrest: the least "
            "number within which half of the arrests of the period were carried out; a begun "
            "hour counts whole. Days off are included; the register has no hour of the order.",
        ),
        leaves_out=_TIME_LEFT_OUT,
        source=_SOURCE,
        fact=_CARDS,
        happened_on="executed_on",
        rows=_taken_time,
        value=hours_of_share(0.5),
        by=("bank_bic",),
        adds_up=False,
        has_zeros=False,
    ),
    Indicator(
        id="arrest_hours_p90",
        name=Words(
            ru="Часов до ареста карты, девять из десяти",
            kk="Картаға тыйым салынғанға дейінгі сағат, оннан тоғызы",
            en="Hours to the arrest of a card, nine in ten",
        ),
        unit="hours",
        definition=Words(
            ru="То же для девяти десятых арестов (90-й процентиль): каждый десятый шёл дольше.",
            kk="Тыйым салулардың оннан тоғызы үшін сол көрсеткіш (90-процентиль): әр оныншысы "
            "одан ұзақ болды.",
            en="The same for nine tenths of the arrests (90th percentile): one in ten took longer.",
        ),
        leaves_out=_TIME_LEFT_OUT,
        source=_SOURCE,
        fact=_CARDS,
        happened_on="executed_on",
        rows=_taken_time,
        value=hours_of_share(0.9),
        by=("bank_bic",),
        adds_up=False,
        has_zeros=False,
    ),
    _hours_of_accounts(
        "account_arrest_hours_median",
        0.5,
        Words(
            ru="Часов до ареста счёта, медиана",
            kk="Шотқа тыйым салынғанға дейінгі сағат, медиана",
            en="Hours to the arrest of an account, median",
        ),
        Words(
            ru="Как для карт, но счёт в одном постановлении учтён один раз, по первой его "
            "арестованной карте.",
            kk="Карталардағыдай, бірақ бір қаулыдағы шот бір рет, бірінші тыйым салынған картасы "
            "бойынша есептеледі.",
            en="As for cards, but an account counts once in an order, by the first of its cards "
            "that was arrested.",
        ),
    ),
    _hours_of_accounts(
        "account_arrest_hours_p90",
        0.9,
        Words(
            ru="Часов до ареста счёта, девять из десяти",
            kk="Шотқа тыйым салынғанға дейінгі сағат, оннан тоғызы",
            en="Hours to the arrest of an account, nine in ten",
        ),
        Words(
            ru="То же для девяти десятых счетов (90-й процентиль).",
            kk="Шоттардың оннан тоғызы үшін сол көрсеткіш (90-процентиль).",
            en="The same for nine tenths of the accounts (90th percentile).",
        ),
    ),
    Indicator(
        id="arrest_breaks",
        name=Words(
            ru="Противоречия между постановлениями, ответами банков и делами",
            kk="Қаулылар, банк жауаптары және істер арасындағы қайшылықтар",
            en="Contradictions between orders, answers of banks and cases",
        ),
        unit="breaks",
        definition=Words(
            ru="Открытые на конец периода: одно противоречие по одной карте одного постановления "
            "или по одному делу; по одной карте их может быть несколько.",
            kk="Кезең соңында ашық тұрғандары: бір қаулының бір картасы немесе бір іс бойынша "
            "бір қайшылық; бір карта бойынша бірнешеуі болуы мүмкін.",
            en="Open at the end of the period: one contradiction of one card of one order, or of "
            "one case; a card may have several.",
        ),
        leaves_out=Words(
            ru="Устранённые ответом или постановлением до конца периода.",
            kk="Кезең соңына дейін жауаппен немесе қаулымен жойылғандары.",
            en="Those that an answer or an order ended by the end of the period.",
        ),
        source=_WITH_CASES,
        fact=_BREAKS,
        happened_on="since_on",
        rows=open_breaks,
        value=count(),
        by=("break_code", "acts_code"),
    ),
)
