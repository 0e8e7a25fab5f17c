"""Holds on payments: blocked, which is neither arrested nor confiscated."""

import polars as pl

from transforms.arrests.clock import has_lapsed_on, is_held_on, is_warned_on
from transforms.facts import FACT_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count
from transforms.money import total
from transforms.periods import Period

_HOLDS = FACT_BY_NAME["facts.payment_holds"]
_SOURCE = "Register of held payments (Anti-Fraud Centre of the National Bank)"

_NOT_BLOCKED = Words(
    ru="Аресты по уголовным делам и конфискации: это другие меры; снятые блокировки.",
    kk="Қылмыстық істер бойынша тыйым салулар мен тәркілеу: бұл басқа шаралар; алынған "
    "бұғаттаулар.",
    en="Arrests in criminal cases and confiscations, which are other measures; ended holds.",
)


def standing(holds: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Holds that nobody had ended by the end of the period."""
    return holds.filter(is_held_on(period.end))


def ending(holds: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Of these, whose term ends so soon that somebody has to decide."""
    return holds.filter(is_held_on(period.end), is_warned_on(period.end))


def lapsed(holds: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Of these, whose term is over."""
    return holds.filter(is_held_on(period.end), has_lapsed_on(period.end))


INDICATORS = (
    Indicator(
        id="payment_holds",
        name=Words(
            ru="Заблокированные платежи",
            kk="Бұғатталған төлемдер",
            en="Payments on hold",
        ),
        unit="holds",
        definition=Words(
            ru="На конец периода: приостановленные банком или Антифрод-центром платежи, "
            "о снятии, возврате или аресте которых не сообщено.",
            kk="Кезең соңында: банк немесе Антифрод-орталық тоқтатқан, алып тасталғаны, "
            "қайтарылғаны немесе тыйым салынғаны туралы хабарланбаған төлемдер.",
            en="At the end of the period: payments held by a bank or the Anti-Fraud Centre of "
            "which no release, return or arrest was told.",
        ),
        leaves_out=_NOT_BLOCKED,
        source=_SOURCE,
        fact=_HOLDS,
        happened_on="blocked_on",
        rows=standing,
        value=count(),
        by=("bank_bic", "blocked_by_code"),
    ),
    Indicator(
        id="payment_holds_amount",
        name=Words(
            ru="Сумма заблокированных платежей",
            kk="Бұғатталған төлемдер сомасы",
            en="Amount of payments on hold",
        ),
        unit="tiyn",
        definition=Words(
            ru="Сумма тех же блокировок.",
            kk="Сол бұғаттаулардың сомасы.",
            en="What these hold.",
        ),
        leaves_out=_NOT_BLOCKED,
        source=_SOURCE,
        fact=_HOLDS,
        happened_on="blocked_on",
        rows=standing,
        value=total("blocked_tiyn"),
        by=("bank_bic",),
    ),
    Indicator(
        id="payment_holds_ending",
        name=Words(
            ru="Блокировки, срок которых истекает",
            kk="Мерзімі аяқталып келе жатқан бұғаттаулар",
            en="Holds whose term is ending",
        ),
        unit="holds",
        definition=Words(
            ru="Из них: срок истекает в последний день периода или на следующий рабочий день. "
            "Без постановления об аресте деньги вернутся держателю.",
            kk="Оның ішінде: мерзімі кезеңнің соңғы күні немесе келесі жұмыс күні аяқталатындары. "
            "Тыйым салу қаулысы болмаса, ақша иесіне қайтады.",
            en="Of these, the term ends on the last day of the period or the next working day. "
            "Without an arrest order the money returns to its holder.",
        ),
        leaves_out=_NOT_BLOCKED,
        source=_SOURCE,
        fact=_HOLDS,
        happened_on="blocked_on",
        rows=ending,
        value=count(),
        by=("bank_bic",),
    ),
    Indicator(
        id="payment_holds_lapsed",
        name=Words(
            ru="Блокировки с истёкшим сроком",
            kk="Мерзімі өткен бұғаттаулар",
            en="Holds whose term is over",
        ),
        unit="holds",
        definition=Words(
            ru="Из них: срок прошёл, а о снятии, возврате или аресте не сообщено.",
            kk="Оның ішінде: мерзімі өткен, бірақ алынғаны, қайтарылғаны немесе тыйым салынғаны "
            "туралы хабарланбағандары.",
            en="Of these, the term has passed and no release, return or arrest was told.",
        ),
        leaves_out=_NOT_BLOCKED,
        source=_SOURCE,
        fact=_HOLDS,
        happened_on="blocked_on",
        rows=lapsed,
        value=count(),
        by=("bank_bic",),
    ),
)
