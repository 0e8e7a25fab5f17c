"""Imports of precursors without a licence: facts, legal entities, weight."""

from transforms.facts import FACT_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.money import total

_FACT = FACT_BY_NAME["facts.precursor_violations"]
_SOURCE = "Import declarations (State Revenue Committee), register of licences (Interior Ministry)"

_NOT_RECOGNISED = Words(
    ru="Транзит и иные процедуры, кроме выпуска для внутреннего потребления; вещества общих "
    "товарных позиций, в описании которых нет номера CAS.",
    kk="Транзит және ішкі тұтыну үшін шығарудан басқа рәсімдер; сипаттамасында CAS нөмірі жоқ "
    "ортақ тауар позицияларындағы заттар.",
    en="Transit and procedures other than release for home use; substances of basket subheadings "
    "whose description has no CAS number.",
)

_violations = during("registered_on")
_in_order = ("registered_on", "declaration_no", "item_no", "substance_id")

INDICATORS = (
    Indicator(
        id="precursor_import_violations",
        name=Words(
            ru="Факты ввоза прекурсоров без лицензии",
            kk="Прекурсорларды лицензиясыз әкелу фактілері",
            en="Imports of precursors without a licence",
        ),
        unit="facts",
        definition=Words(
            ru="Вещества в товарных позициях деклараций, зарегистрированных в периоде, на ввоз "
            "которых у получателя в тот день не было действующей лицензии.",
            kk="Кезеңде тіркелген декларациялардың тауар позицияларындағы, алушыда сол күні "
            "қолданыстағы әкелу лицензиясы болмаған заттар.",
            en="Substances in items of declarations registered in the period for which the "
            "consignee held no licence in force on the day.",
        ),
        leaves_out=_NOT_RECOGNISED,
        source=_SOURCE,
        fact=_FACT,
        happened_on="registered_on",
        rows=_violations,
        value=count(),
        by=("reason_code", "substance_id"),
        is_watched=True,
    ),
    Indicator(
        id="precursor_entities_liable",
        name=Words(
            ru="Юридические лица, ввозившие прекурсоры без лицензии",
            kk="Прекурсорларды лицензиясыз әкелген заңды тұлғалар",
            en="Legal entities that imported precursors without a licence",
        ),
        unit="entities",
        definition=Words(
            ru="Различные получатели по БИН; юридическое лицо учтено один раз, в регионе первого "
            "нарушения периода.",
            kk="БСН бойынша түрлі алушылар; заңды тұлға бір рет, кезеңдегі алғашқы бұзушылық "
            "өңірінде есептеледі.",
            en="Different consignees by BIN; an entity counts once, in the region of its first "
            "violation of the period.",
        ),
        leaves_out=_NOT_RECOGNISED,
        source=_SOURCE,
        fact=_FACT,
        happened_on="registered_on",
        rows=first_of_each(_violations, "consignee_bin", in_order_of=_in_order),
        value=count(),
    ),
    Indicator(
        id="precursor_net_weight",
        name=Words(
            ru="Масса прекурсоров, ввезённых без лицензии",
            kk="Лицензиясыз әкелінген прекурсорлардың салмағы",
            en="Weight of precursors imported without a licence",
        ),
        unit="gram",
        definition=Words(
            ru="Масса нетто товарных позиций с нарушением; позиция с двумя веществами учтена "
            "один раз.",
            kk="Бұзушылық бар тауар позицияларының таза салмағы; екі заты бар позиция бір рет "
            "есептеледі.",
            en="Net weight of items with a violation; an item with two substances counts once.",
        ),
        leaves_out=_NOT_RECOGNISED,
        source=_SOURCE,
        fact=_FACT,
        happened_on="registered_on",
        rows=first_of_each(_violations, "declaration_no", "item_no", in_order_of=_in_order),
        value=total("net_g"),
    ),
)
