"""What became of arrests: what stands, what ended how, and what courts confiscated.

Accounts, wallets and property together are objects, each counted once whatever the number of
cases and arrests; cards are another count, and hold no money of their own.
"""

import polars as pl

from transforms.arrests.clock import is_term_ending_on
from transforms.arrests.measures import stands_on
from transforms.facts import DERIVED_BY_NAME
from transforms.indicators.indicator import Indicator, Rows, Words, count
from transforms.money import total
from transforms.periods import Period, is_during

_MEASURES = DERIVED_BY_NAME["arrests.measures"]
_SOURCE = (
    "Registers of arrest orders and of decisions on them, answers of banks, exchanges and "
    "registrars"
)

_ASSET = ("asset_code", "asset_id")
_is_card = pl.col("asset_code") == "card"

_OTHER_MEASURES = Words(
    ru="Блокировки и изъятия: это другие меры; карты учтены отдельно.",
    kk="Бұғаттау мен алып қою: бұл басқа шаралар; карталар бөлек есептеледі.",
    en="Blocks and seizures, which are other measures; cards are counted on their own.",
)
_WORTH = Words(
    ru="Карты: деньги лежат на счёте; активы без известной стоимости. Стоимость — на день ареста.",
    kk="Карталар: ақша шотта жатады; құны белгісіз активтер. Құны тыйым салынған күнгі.",
    en="Cards, as the money is the account's, and assets of unknown worth. Worth on the day of the "
    "arrest.",
)


def _once(measures: pl.LazyFrame) -> pl.LazyFrame:
    """Each asset once, as in the arrest that holds most of it: two hold the same money."""
    arrest = (*_ASSET, "measure_id")
    return (
        measures.group_by(arrest)
        .agg(
            pl.col("business_date", "region_code").sort_by("business_date", "region_code").first(),
            held_tiyn=total("held_tiyn"),
        )
        .sort("held_tiyn", "measure_id", descending=[True, False])
        .unique(subset=_ASSET, keep="first", maintain_order=True)
    )


def standing(*, cards: bool = False) -> Rows:
    """Assets under an arrest that stands at the end of the period."""

    def rows(measures: pl.LazyFrame, period: Period) -> pl.LazyFrame:
        is_meant = _is_card if cards else ~_is_card
        return measures.filter(is_meant, stands_on(period.end)).pipe(_once)

    return rows


def _ending(measures: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """Of those that stand, whose term ends soon."""
    is_ending = stands_on(period.end) & is_term_ending_on(period.end)
    return measures.filter(~_is_card, is_ending).pipe(_once)


def ended(column: str) -> Rows:
    """Assets, or their parts, of which an arrest ended so in the period."""

    def rows(measures: pl.LazyFrame, period: Period) -> pl.LazyFrame:
        return measures.filter(~_is_card, is_during(column, period)).pipe(_once)

    return rows


def _indicator(
    id_: str,
    name: Words,
    definition: Words,
    *,
    rows: Rows,
    happened_on: str,
    unit: str = "objects",
    by: tuple[str, ...] = ("asset_code",),
    is_stock: bool = False,
) -> Indicator:
    return Indicator(
        id=id_,
        name=name,
        unit=unit,
        definition=definition,
        leaves_out=_WORTH if unit == "tiyn" else _OTHER_MEASURES,
        source=_SOURCE,
        fact=_MEASURES,
        happened_on=happened_on,
        rows=rows,
        value=total("held_tiyn") if unit == "tiyn" else count(),
        by=by,
        is_stock=is_stock,
    )


INDICATORS = (
    _indicator(
        "cards_under_arrest",
        Words(
            ru="Карты под арестом",
            kk="Тыйым салынған күйдегі карталар",
            en="Cards under arrest",
        ),
        Words(
            ru="На конец периода: карты, арест которых исполнен и не снят и не истёк; карта учтена "
            "один раз, в том числе по двум делам.",
            kk="Кезең соңында: тыйым салу орындалған, алынбаған және мерзімі өтпеген карталар; "
            "карта екі іс бойынша да бір рет есептеледі.",
            en="At the end of the period: cards whose arrest was carried out, not lifted and not "
            "expired; a card counts once, in two cases too.",
        ),
        rows=standing(cards=True),
        happened_on="executed_on",
        is_stock=True,
        unit="cards",
        by=(),
    ),
    _indicator(
        "assets_under_arrest",
        Words(
            ru="Счета, кошельки и имущество под арестом",
            kk="Тыйым салынған күйдегі шоттар, әмияндар және мүлік",
            en="Accounts, wallets and property under arrest",
        ),
        Words(
            ru="На конец периода: счета, кошельки и имущество, арест которых исполнен и не снят, "
            "не истёк и не завершился возвратом или конфискацией; объект учтён один раз, в том "
            "числе по двум делам.",
            kk="Кезең соңында: тыйым салу орындалған, алынбаған, мерзімі өтпеген, қайтарумен "
            "немесе тәркілеумен аяқталмаған шоттар, әмияндар және мүлік; объект екі іс бойынша да "
            "бір рет есептеледі.",
            en="At the end of the period: accounts, wallets and property whose arrest was carried "
            "out and not lifted, did not expire, and did not end with a return or a confiscation; "
            "an object counts once, in two cases too.",
        ),
        rows=standing(),
        happened_on="executed_on",
        is_stock=True,
    ),
    _indicator(
        "assets_under_arrest_worth",
        Words(
            ru="Стоимость того, что под арестом",
            kk="Тыйым салынған күйдегілердің құны",
            en="Worth of what is under arrest",
        ),
        Words(
            ru="Тех же объектов; деньги одного счёта по двум делам учтены один раз, по большей "
            "сумме. Не складывается с блокировками, изъятиями и конфискациями.",
            kk="Сол объектілердің құны; бір шоттың екі іс бойынша ақшасы бір рет, үлкен сома "
            "бойынша есептеледі. Бұғаттау, алып қою және тәркілеумен қосылмайды.",
            en="Of the same objects; money of one account in two cases counts once, by the larger "
            "amount. Never added to blocks, seizures or confiscations.",
        ),
        rows=standing(),
        happened_on="executed_on",
        is_stock=True,
        unit="tiyn",
    ),
    _indicator(
        "arrest_terms_ending",
        Words(
            ru="Аресты, срок которых истекает",
            kk="Мерзімі аяқталып келе жатқан тыйым салулар",
            en="Arrests whose term is ending",
        ),
        Words(
            ru="Из объектов под арестом: срок истекает в ближайшие пять рабочих дней, без "
            "продления судом арест прекратится.",
            kk="Тыйым салынған объектілердің ішінде: мерзімі жақын бес жұмыс күнінде аяқталады, "
            "сот ұзартпаса, тыйым салу тоқтайды.",
            en="Of the objects under arrest: the term ends within five working days; unless a "
            "court extends it, the arrest is over.",
        ),
        rows=_ending,
        happened_on="executed_on",
        by=(),
    ),
    _indicator(
        "arrests_expired",
        Words(
            ru="Аресты, срок которых истёк",
            kk="Мерзімі өткен тыйым салулар",
            en="Arrests that expired",
        ),
        Words(
            ru="Объекты, срок ареста которых прошёл в периоде и не был продлён вовремя.",
            kk="Тыйым салу мерзімі кезеңде өткен және уақытында ұзартылмаған объектілер.",
            en="Objects the term of whose arrest ended in the period and was not extended in time.",
        ),
        rows=ended("expired_on"),
        happened_on="expired_on",
    ),
    _indicator(
        "arrests_lifted",
        Words(
            ru="Снятые аресты",
            kk="Алынған тыйым салулар",
            en="Arrests lifted",
        ),
        Words(
            ru="Объекты, арест которых снят в периоде, полностью или частично.",
            kk="Тыйым салу кезеңде толық немесе ішінара алынған объектілер.",
            en="Objects whose arrest was lifted in the period, in whole or in part.",
        ),
        rows=ended("lifted_on"),
        happened_on="lifted_on",
    ),
    _indicator(
        "assets_returned_worth",
        Words(
            ru="Возвращено владельцам",
            kk="Иелеріне қайтарылды",
            en="Returned to owners",
        ),
        Words(
            ru="Стоимость арестованного, которое в периоде возвращено владельцам.",
            kk="Кезеңде иелеріне қайтарылған тыйым салынған мүліктің құны.",
            en="Worth of what was arrested and in the period returned to its owners.",
        ),
        rows=ended("returned_on"),
        happened_on="returned_on",
        unit="tiyn",
    ),
    _indicator(
        "assets_confiscated_worth",
        Words(
            ru="Конфисковано судами",
            kk="Соттар тәркіледі",
            en="Confiscated by courts",
        ),
        Words(
            ru="Стоимость арестованного, конфискованного решениями судов, вступившими в силу в "
            "периоде.",
            kk="Кезеңде күшіне енген сот шешімдерімен тәркіленген тыйым салынған мүліктің құны.",
            en="Worth of what was arrested and confiscated by decisions of courts that came into "
            "force in the period.",
        ),
        rows=ended("confiscated_on"),
        happened_on="confiscated_on",
        unit="tiyn",
    ),
)
