"""Orders to arrest accounts, wallets and property: asked for, answered how, or not yet.

Each asset counts once, whatever the number of cases and orders; cards are counted in `droppers`.
"""

import polars as pl

from transforms.arrests.measures import state_on
from transforms.facts import DERIVED_BY_NAME
from transforms.indicators.indicator import Indicator, Rows, Words, count, during, first_of_each
from transforms.periods import Period

_MEASURES = DERIVED_BY_NAME["arrests.measures"]
_ASSET = ("asset_code", "asset_id")
_is_card = pl.col("asset_code") == "card"
_LEFT_OUT = Words(
    ru="Карты: они учтены отдельно; блокировки и изъятия: это другие меры.",
    kk="Карталар: олар бөлек есептеледі; бұғаттау мен алып қою: бұл басқа шаралар.",
    en="Cards, which are counted on their own; blocks and seizures, which are other measures.",
)


def in_state(*states: str) -> Rows:
    """Assets of which an arrest was in one of these states at the end of the period."""

    def rows(measures: pl.LazyFrame, period: Period) -> pl.LazyFrame:
        is_so = state_on(period.end).is_in(states)
        return (
            measures.filter(~_is_card, is_so)
            .sort("ordered_on", "measure_id", "part")
            .unique(subset=_ASSET, keep="first", maintain_order=True)
        )

    return rows


def _first(day: str, *conditions: pl.Expr) -> Rows:
    return first_of_each(
        during(day, ~_is_card, *conditions), *_ASSET, in_order_of=(day, "measure_id", "part")
    )


def _indicator(
    id_: str, name: Words, definition: Words, *, rows: Rows, on: str, is_stock: bool = False
) -> Indicator:
    return Indicator(
        id=id_,
        name=name,
        unit="objects",
        definition=definition,
        leaves_out=_LEFT_OUT,
        source="Registers of arrest orders, answers of banks, exchanges and registrars",
        fact=_MEASURES,
        happened_on=on,
        rows=rows,
        value=count(),
        by=("asset_code",),
        is_stock=is_stock,
    )


INDICATORS = (
    _indicator(
        "assets_ordered",
        Words(
            ru="Счета, кошельки и имущество, подлежащие аресту по постановлениям",
            kk="Қаулы бойынша тыйым салынуға тиіс шоттар, әмияндар және мүлік",
            en="Accounts, wallets and property ordered to be arrested",
        ),
        Words(
            ru="В постановлениях и мерах периода; объект учтён один раз, в том числе по двум "
            "делам. Имущество, о котором реестр сообщает только действующий арест, учтено в день "
            "ареста.",
            kk="Кезеңдегі қаулылар мен шараларда; объект екі іс бойынша да бір рет есептеледі. "
            "Тізілім тек қолданыстағы тыйым салуды хабарлайтын мүлік тыйым салынған күні "
            "есептеледі.",
            en="In orders and measures of the period; an object counts once, in two cases too. "
            "Property of which the register tells the arrest in force alone counts on the day of "
            "the arrest.",
        ),
        rows=_first("ordered_on"),
        on="ordered_on",
    ),
    _indicator(
        "assets_not_answered",
        Words(
            ru="Счета, кошельки и имущество без ответа",
            kk="Жауап алынбаған шоттар, әмияндар және мүлік",
            en="Accounts, wallets and property not answered yet",
        ),
        Words(
            ru="На конец периода: счета, кошельки и имущество, по постановлению о которых, в любой "
            "день, нет ответа: вынесено, направлено, или биржа заморозила без ареста.",
            kk="Кезең соңында: кез келген күнгі қаулысына жауап жоқ шоттар, әмияндар және мүлік: "
            "шығарылған, жіберілген немесе биржа тыйым салусыз қатырған.",
            en="At the end of the period: accounts, wallets and property of which an order, of "
            "any day, has no answer: ordered, sent, or frozen by an exchange and not arrested.",
        ),
        rows=in_state("ordered", "sent"),
        on="ordered_on",
        is_stock=True,
    ),
    _indicator(
        "assets_arrested_partly",
        Words(
            ru="Счета, кошельки и имущество: арест исполнен частично",
            kk="Шоттар, әмияндар және мүлік: тыйым салу ішінара орындалған",
            en="Accounts, wallets and property arrested in part",
        ),
        Words(
            ru="На конец периода: объекты под арестом, исполненным частично; входят в число "
            "объектов под арестом.",
            kk="Кезең соңында: тыйым салу ішінара орындалған объектілер; тыйым салынғандар санына "
            "кіреді.",
            en="At the end of the period: objects under an arrest that was carried out in part; "
            "they are among the objects under arrest.",
        ),
        rows=in_state("partly"),
        on="executed_on",
        is_stock=True,
    ),
    _indicator(
        "assets_refused",
        Words(
            ru="Счета, кошельки и имущество: отказано или не найдено",
            kk="Шоттар, әмияндар және мүлік: бас тартылды немесе табылмады",
            en="Accounts, wallets and property refused or not found",
        ),
        Words(
            ru="Объекты, по которым в периоде ответили отказом или что не нашли, и ответ не "
            "изменился.",
            kk="Кезеңде бас тартылған немесе табылмады деп жауап берілген және жауабы өзгермеген "
            "объектілер.",
            en="Objects of which it was answered in the period that the arrest is refused or that "
            "they were not found, and that answer stands.",
        ),
        rows=_first("answered_on", pl.col("result_code").is_in(["refused", "not_found"])),
        on="answered_on",
    ),
)
