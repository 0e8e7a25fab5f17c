"""Cards of droppers: ordered to be arrested, arrested, refused, missed; and the money held."""

import polars as pl

from transforms.arrests.cards import is_carried_out
from transforms.facts import FACT_BY_NAME
from transforms.indicators.arrests import arrested_accounts
from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.money import total
from transforms.periods import Period, is_during

_FACT = FACT_BY_NAME["facts.card_arrests"]
_ACCOUNTS = FACT_BY_NAME["facts.account_arrests"]
_SOURCE = "Register of arrest orders (Committee on Legal Statistics) and answers of the banks"

_BLOCKS = Words(
    ru="Краткосрочные блокировки банков и Антифрод-центра.",
    kk="Банктер мен Антифрод-орталықтың қысқа мерзімді бұғаттаулары.",
    en="Short blocks by banks and the Anti-Fraud Centre.",
)

arrested = first_of_each(
    during("executed_on", is_carried_out()),
    "bank_bic",
    "card_token",
    in_order_of=("executed_at", "order_id"),
)


def arrested_in_part(card_arrests: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Of the arrested cards, those whose arrest was carried out in part."""
    return arrested(card_arrests, period).filter(pl.col("status_code") == "partly")


def missed(card_arrests: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Cards due in the period and not arrested by its end, refusals among them."""
    is_arrested_by_then = (pl.col("executed_on") <= period.end).fill_null(value=False)
    return card_arrests.filter(is_during("due_on", period), ~is_arrested_by_then)


INDICATORS = (
    Indicator(
        id="dropper_cards_ordered",
        name=Words(
            ru="Карты дропперов, подлежащие аресту",
            kk="Тыйым салу туралы қаулы шығарылған дроппер карталары",
            en="Dropper cards ordered to be arrested",
        ),
        unit="cards",
        definition=Words(
            ru="Карты в постановлениях об аресте, санкционированных в периоде; карта, названная "
            "в двух постановлениях, учтена дважды.",
            kk="Кезеңде санкцияланған тыйым салу туралы қаулылардағы карталар; екі қаулыда "
            "көрсетілген карта екі рет есептеледі.",
            en="Cards in arrest orders sanctioned in the period; a card named in two orders "
            "counts twice.",
        ),
        leaves_out=_BLOCKS,
        source=_SOURCE,
        fact=_FACT,
        happened_on="ordered_on",
        rows=during("ordered_on"),
        value=count(),
        by=("bank_bic", "agency_code"),
        is_watched=True,
    ),
    Indicator(
        id="dropper_cards_arrested",
        name=Words(
            ru="Арестованные карты дропперов",
            kk="Тыйым салынған дроппер карталары",
            en="Dropper cards arrested",
        ),
        unit="cards",
        definition=Words(
            ru="Карты, арест которых банк исполнил в периоде полностью или частично; карта "
            "учтена один раз, по первому исполнению.",
            kk="Банк кезеңде тыйым салуды толық немесе ішінара орындаған карталар; карта бір "
            "рет, алғашқы орындалуы бойынша есептеледі.",
            en="Cards whose arrest the bank carried out in the period, in full or in part; a "
            "card counts once, when it was first carried out.",
        ),
        leaves_out=Words(
            ru="Блокировки, отказы и постановления, на которые банк ещё не ответил.",
            kk="Бұғаттаулар, бас тартулар және банк әлі жауап бермеген қаулылар.",
            en="Blocks, refusals, and orders that the bank has not answered yet.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="executed_on",
        rows=arrested,
        value=count(),
        by=("bank_bic",),
        is_watched=True,
    ),
    Indicator(
        id="dropper_cards_partly",
        name=Words(
            ru="Карты дропперов, арестованные частично",
            kk="Ішінара тыйым салынған дроппер карталары",
            en="Dropper cards arrested in part",
        ),
        unit="cards",
        definition=Words(
            ru="Из арестованных в периоде карт — те, арест которых исполнен частично.",
            kk="Кезеңде тыйым салынған карталардың ішінде тыйым салу ішінара орындалғандары.",
            en="Of the cards arrested in the period, those whose arrest was carried out in part.",
        ),
        leaves_out=Words(
            ru="Карты, арест которых позднее исполнен полностью по тому же постановлению.",
            kk="Сол қаулы бойынша тыйым салу кейін толық орындалған карталар.",
            en="Cards whose arrest was later carried out in full under the same order.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="executed_on",
        rows=arrested_in_part,
        value=count(),
        by=("bank_bic",),
    ),
    Indicator(
        id="dropper_cards_refused",
        name=Words(
            ru="Карты, в аресте которых отказано или которые не найдены",
            kk="Тыйым салудан бас тартылған немесе табылмаған карталар",
            en="Cards refused or not found",
        ),
        unit="cards",
        definition=Words(
            ru="Карты, по которым банк в периоде отказал в аресте или сообщил, что карты нет; "
            "карта учтена по каждому постановлению.",
            kk="Банк кезеңде тыйым салудан бас тартқан немесе табылмағанын хабарлаған карталар; "
            "карта әр қаулы бойынша есептеледі.",
            en="Cards whose arrest the bank refused in the period, or that it did not find; a "
            "card counts for each order.",
        ),
        leaves_out=Words(
            ru="Отказы, после которых арест по тому же постановлению исполнен.",
            kk="Сол қаулы бойынша тыйым салу кейін орындалған бас тартулар.",
            en="Refusals after which the arrest was carried out under the same order.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="answered_on",
        rows=during("answered_on", pl.col("status_code").is_in(["refused", "not_found"])),
        value=count(),
        by=("bank_bic", "status_code"),
        is_watched=True,
    ),
    Indicator(
        id="dropper_cards_missed",
        name=Words(
            ru="Карты, арест которых не исполнен в срок",
            kk="Тыйым салу мерзімінде орындалмаған карталар",
            en="Cards not arrested in time",
        ),
        unit="cards",
        definition=Words(
            ru="Карты, срок ареста которых истёк в периоде, а арест к концу периода не исполнен; "
            "отказы и ненайденные карты включены.",
            kk="Тыйым салу мерзімі кезеңде өтіп, кезең соңына дейін тыйым салу орындалмаған "
            "карталар; бас тартулар мен табылмаған карталар да кіреді.",
            en="Cards whose term ended in the period and whose arrest was not carried out by the "
            "end of it; refusals and cards not found are included.",
        ),
        leaves_out=Words(
            ru="Карты, арестованные после срока, но до конца периода.",
            kk="Мерзімінен кеш, бірақ кезең аяқталғанға дейін тыйым салынған карталар.",
            en="Cards arrested after their term but before the end of the period.",
        ),
        source=_SOURCE,
        fact=_FACT,
        happened_on="due_on",
        rows=missed,
        value=count(),
        by=("bank_bic",),
        is_watched=True,
    ),
    Indicator(
        id="dropper_amount_arrested",
        name=Words(
            ru="Сумма, арестованная на картах дропперов",
            kk="Дроппер карталарында тыйым салынған сома",
            en="Amount arrested on dropper cards",
        ),
        unit="tiyn",
        definition=Words(
            ru="Остатки, удержанные первым арестом каждого счёта, исполненным в периоде полностью "
            "или частично; остаток у карт одного счёта общий, поэтому счёт учтён один раз, с "
            "наибольшим остатком, названным банком по его картам.",
            kk="Әр шотқа кезеңде алғаш толық немесе ішінара орындалған тыйым салумен ұсталған "
            "қалдықтар; бір шоттың карталарының қалдығы ортақ, сондықтан шот бір рет, оның "
            "карталары бойынша банк көрсеткен ең үлкен қалдықпен есептеледі.",
            en="Balances held by the first arrest of each account carried out in the period, in "
            "full or in part; cards of one account share its balance, so that an account counts "
            "once, with the greatest balance answered for its cards.",
        ),
        leaves_out=Words(
            ru="Остатки, удержанные повторным арестом того же счёта, в том числе по другому делу, "
            "и блокировки.",
            kk="Сол шотқа қайта, соның ішінде басқа іс бойынша тыйым салумен ұсталған қалдықтар "
            "және бұғаттаулар.",
            en="Balances held by a further arrest of the same account, in another case too, and "
            "blocks.",
        ),
        source=_SOURCE,
        fact=_ACCOUNTS,
        happened_on="executed_on",
        rows=arrested_accounts,
        value=total("held_tiyn"),
        by=("bank_bic",),
    ),
)
