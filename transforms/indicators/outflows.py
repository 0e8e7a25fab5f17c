"""Money that left ordered accounts before they were arrested, and what is not known of it."""

import polars as pl

from transforms.facts import DERIVED_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count, during
from transforms.money import total

_OUTFLOWS = DERIVED_BY_NAME["arrests.outflows"]
_ORDER_OUTFLOWS = DERIVED_BY_NAME["arrests.order_outflows"]
_WITH_TRANSACTIONS = "Register of arrest orders, answers and transactions of the banks"

not_judged = during("ordered_on", pl.col("days_judged") < pl.col("days"))

INDICATORS = (
    Indicator(
        id="amount_left_before_arrest",
        name=Words(
            ru="Ушло со счетов между постановлением и арестом",
            kk="Қаулы мен тыйым салу арасында шоттардан кеткен сома",
            en="Left the accounts between order and arrest",
        ),
        unit="tiyn",
        definition=Words(
            ru="Списания в тенге в дни периода со счетов, подлежащих аресту: с начала дня "
            "постановления до ареста, отказа или, без ответа, 30 дней. Списание учтено один раз, "
            "по первому постановлению.",
            kk="Тыйым салынуға тиіс шоттардан кезең күндерінде теңгемен шығарылған сомалар: қаулы "
            "күнінің басынан тыйым салуға, бас тартуға дейін немесе жауапсыз 30 күн ішінде. "
            "Әр сома бір рет, бірінші қаулы бойынша есептеледі.",
            en="Debits in tenge on days of the period from accounts ordered to be arrested: from "
            "the beginning of the day of the order to the arrest or refusal or, without an "
            "answer, for 30 days. A debit counts once, with the first order.",
        ),
        leaves_out=Words(
            ru="Дни, за которые банк не передал операции, и операции в иной валюте.",
            kk="Банк операцияларын бермеген күндер және басқа валютадағы операциялар.",
            en="Days of which the bank delivered no transactions, and other currencies.",
        ),
        source=_WITH_TRANSACTIONS,
        fact=_OUTFLOWS,
        happened_on="business_date",
        rows=during("business_date"),
        value=total("counted_tiyn"),
        by=("bank_bic",),
        has_zeros=False,
    ),
    Indicator(
        id="accounts_not_judged_before_arrest",
        name=Words(
            ru="Счета, по которым утечка не известна полностью",
            kk="Кеткен сомасы толық белгісіз шоттар",
            en="Accounts of which it is not fully known what left",
        ),
        unit="accounts",
        definition=Words(
            ru="Счета в постановлениях периода, по которым хотя бы за один день между "
            "постановлением и арестом нет операций банка; счёт учтён по каждому постановлению.",
            kk="Кезең қаулыларындағы, қаулы мен тыйым салу арасындағы кемінде бір күн бойынша "
            "банк операциялары жоқ шоттар; шот әр қаулы бойынша есептеледі.",
            en="Accounts in orders of the period for which the transactions of the bank are "
            "missing for at least one day between order and arrest; an account counts for each "
            "order.",
        ),
        leaves_out=Words(
            ru="Счета, по которым за каждый день операции банка есть.",
            kk="Әр күні бойынша банк операциялары бар шоттар.",
            en="Accounts with transactions of the bank for every day.",
        ),
        source=_WITH_TRANSACTIONS,
        fact=_ORDER_OUTFLOWS,
        happened_on="ordered_on",
        rows=not_judged,
        value=count(),
        by=("bank_bic",),
    ),
)
