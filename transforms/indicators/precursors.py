"""Imports of precursors without a licence: facts, legal entities, weight. Other kinds are apart."""

import polars as pl

from transforms.facts import DERIVED_BY_NAME
from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.money import total
from transforms.precursors.violations import UNLICENSED

FACT = DERIVED_BY_NAME["facts.precursor_violations"]
SOURCE = "Import declarations (State Revenue Committee), register of licences (Interior Ministry)"

NOT_RECOGNISED = Words(
    ru="Транзит и иные процедуры, кроме выпуска для внутреннего потребления; вещества общих "
    "товарных позиций, не названные в описании ни номером CAS, ни узнаваемым именем; смеси ниже "
    "предельной доли.",
    kk="Транзит және ішкі тұтыну үшін шығарудан басқа рәсімдер; сипаттамасында CAS нөмірі де, "
    "танылатын атауы да жоқ ортақ тауар позицияларындағы заттар; шекті үлестен төмен қоспалар.",
    en="Transit and procedures other than release for home use; substances of basket subheadings "
    "that the description names neither by CAS number nor recognisably; mixtures below the limit.",
)

_violations = during("registered_on", pl.col("violation_code") == UNLICENSED)
IN_ORDER = ("registered_on", "declaration_no", "item_no", "violation_code")

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
            ru="Товарные позиции деклараций, зарегистрированных в периоде, с веществом, на ввоз "
            "которого у получателя в тот день не было действующей лицензии.",
            kk="Кезеңде тіркелген декларациялардың алушысында сол күні әкелуге қолданыстағы "
            "лицензиясы болмаған заты бар тауар позициялары.",
            en="Items of declarations registered in the period with a substance for which the "
            "consignee held no licence in force on the day.",
        ),
        leaves_out=NOT_RECOGNISED,
        source=SOURCE,
        fact=FACT,
        happened_on="registered_on",
        rows=_violations,
        value=count(),
        by=("reason_code", "substance_id", "origin_country_code", "office_code"),
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
        leaves_out=NOT_RECOGNISED,
        source=SOURCE,
        fact=FACT,
        happened_on="registered_on",
        rows=first_of_each(_violations, "consignee_bin", in_order_of=IN_ORDER),
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
            ru="Масса нетто товарных позиций, ввезённых без лицензии; каждая учтена один раз.",
            kk="Лицензиясыз әкелінген тауар позицияларының таза салмағы; әрқайсысы бір рет "
            "есептеледі.",
            en="Net weight of items imported without a licence; each counts once.",
        ),
        leaves_out=NOT_RECOGNISED,
        source=SOURCE,
        fact=FACT,
        happened_on="registered_on",
        rows=_violations,
        value=total("net_g"),
    ),
)
