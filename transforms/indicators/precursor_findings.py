"""Other violations in imports of precursors, and what all of them bring in: how much, from where.

The headline stays imports without a valid licence; these stand beside it, never in it.
"""

import polars as pl

from transforms.indicators.indicator import Indicator, Words, count, during, first_of_each
from transforms.indicators.precursors import FACT, IN_ORDER, NOT_RECOGNISED, SOURCE
from transforms.money import total
from transforms.precursors.violations import UNLICENSED

_NOT_TOLD = Words(
    ru=f"{NOT_RECOGNISED.ru} Получатели, о которых реестр не сообщил.",
    kk=f"{NOT_RECOGNISED.kk} Тізілім хабарламаған алушылар.",
    en=f"{NOT_RECOGNISED.en} Consignees of whom the register told nothing.",
)
_UPPER_BOUND = Words(
    ru="Вещества, для которых обоснованный коэффициент не известен (растворители, кислоты, "
    "окислители), и смеси без указанной доли. Верхняя граница: потерь нет.",
    kk="Негізделген коэффициенті белгісіз заттар (еріткіштер, қышқылдар, тотықтырғыштар) және "
    "үлесі көрсетілмеген қоспалар. Жоғарғы шек: шығын жоқ деп алынған.",
    en="Substances without a sound factor (solvents, acids, oxidants), and mixtures of which no "
    "share is told. An upper bound: nothing is lost.",
)
_ALL_SOURCES = (
    f"{SOURCE}, register of legal entities (Ministry of Justice), card arrest orders, official "
    "exchange rates"
)

_others = during("registered_on", pl.col("violation_code") != UNLICENSED)
_every = during("registered_on")
_items = first_of_each(_every, "declaration_no", "item_no", in_order_of=IN_ORDER)

_ONE_A_KIND = Words(
    ru="Один факт на товарную позицию.",
    kk="Тауар позициясына бір факт.",
    en="One fact an item.",
)

KINDS: dict[str, Words] = {
    "over_quota": Words(
        ru="Ввоз прекурсоров сверх годовой квоты",
        kk="Прекурсорларды жылдық квотадан артық әкелу",
        en="Imports of precursors over the quota of the year",
    ),
    "split_under_threshold": Words(
        ru="Дробление партий прекурсоров ниже порога",
        kk="Прекурсор партияларын шектен төмен бөлшектеу",
        en="Consignments of precursors split under a threshold",
    ),
    "split_among_related": Words(
        ru="Дробление партий прекурсоров между связанными получателями",
        kk="Прекурсор партияларын байланысты алушылар арасында бөлшектеу",
        en="Consignments of precursors split among related consignees",
    ),
    "misdeclared": Words(
        ru="Недостоверное декларирование прекурсоров",
        kk="Прекурсорларды жалған декларациялау",
        en="Misdeclared precursors",
    ),
    "consignee_unregistered": Words(
        ru="Прекурсоры для незарегистрированных получателей",
        kk="Тіркелмеген алушыларға келген прекурсорлар",
        en="Precursors for consignees that are not registered",
    ),
    "consignee_newly_founded": Words(
        ru="Прекурсоры для недавно созданных получателей",
        kk="Жақында құрылған алушыларға келген прекурсорлар",
        en="Precursors for newly founded consignees",
    ),
    "consignee_known_from_case": Words(
        ru="Прекурсоры для получателей, известных по делу",
        kk="Іс бойынша белгілі алушыларға келген прекурсорлар",
        en="Precursors for consignees known from a case",
    ),
    "no_end_use": Words(
        ru="Прекурсоры без указанного конечного использования",
        kk="Түпкі пайдалануы көрсетілмеген прекурсорлар",
        en="Precursors without a stated end use",
    ),
}


def _of_kind(code: str, name: Words) -> Indicator:
    return Indicator(
        id=f"precursor_{code}",
        name=name,
        unit="facts",
        definition=_ONE_A_KIND,
        leaves_out=_NOT_TOLD,
        source=_ALL_SOURCES,
        fact=FACT,
        happened_on="registered_on",
        rows=during("registered_on", pl.col("violation_code") == code),
        value=count(),
        by=("reason_code",),
    )


_DIFFERENT = (
    (
        "substances",
        "substance_id",
        Words(
            ru="Различные прекурсоры в товарах с нарушением",
            kk="Бұзушылығы бар тауарлардағы түрлі прекурсорлар",
            en="Different precursors in goods with a violation",
        ),
    ),
    (
        "countries",
        "origin_country_code",
        Words(
            ru="Страны происхождения товаров с нарушением",
            kk="Бұзушылығы бар тауарлардың шыққан елдері",
            en="Countries of origin of goods with a violation",
        ),
    ),
    (
        "offices",
        "office_code",
        Words(
            ru="Таможенные посты, оформившие товары с нарушением",
            kk="Бұзушылығы бар тауарларды рәсімдеген кеден бекеттері",
            en="Customs offices that cleared goods with a violation",
        ),
    ),
)


def _different(unit: str, column: str, name: Words) -> Indicator:
    return Indicator(
        id=f"precursor_{unit}",
        name=name,
        unit=unit,
        definition=Words(
            ru="Каждое учтено один раз в регионе и один раз в стране.",
            kk="Әрқайсысы өңірде бір рет, елде бір рет есептеледі.",
            en="Each counts once in a region and once in the country.",
        ),
        leaves_out=_NOT_TOLD,
        source=_ALL_SOURCES,
        fact=FACT,
        happened_on="registered_on",
        rows=_items,
        value=pl.col(column).drop_nulls().n_unique().cast(pl.Int64),
        adds_up=False,
    )


INDICATORS = (
    Indicator(
        id="precursor_other_violations",
        name=Words(
            ru="Иные нарушения при ввозе прекурсоров",
            kk="Прекурсор әкелудегі өзге бұзушылықтар",
            en="Other violations in imports of precursors",
        ),
        unit="facts",
        definition=Words(
            ru="Сверх квоты, дробление, недостоверное декларирование, получатель не "
            "зарегистрирован, недавно создан или известен по делу, не указано конечное "
            "использование: один факт на вид нарушения и товарную позицию.",
            kk="Квотадан асыру, бөлшектеу, жалған декларациялау, алушы тіркелмеген, жақында "
            "құрылған немесе іс бойынша белгілі, түпкі пайдалану көрсетілмеген: бұзушылық түрі "
            "мен тауар позициясына бір факт.",
            en="Over quota, splitting, misdeclaration, a consignee that is not registered, newly "
            "founded or known from a case, no end use: one fact a kind and item.",
        ),
        leaves_out=_NOT_TOLD,
        source=_ALL_SOURCES,
        fact=FACT,
        happened_on="registered_on",
        rows=_others,
        value=count(),
        by=("violation_code",),
    ),
    *(_of_kind(code, words) for code, words in KINDS.items()),
    Indicator(
        id="precursor_entities_of_any_violation",
        name=Words(
            ru="Юридические лица с любым нарушением при ввозе прекурсоров",
            kk="Прекурсор әкелуде кез келген бұзушылығы бар заңды тұлғалар",
            en="Legal entities with any violation in imports of precursors",
        ),
        unit="entities",
        definition=Words(
            ru="Различные получатели по БИН; юридическое лицо учтено один раз, сколько бы раз и "
            "как бы оно ни нарушило, в регионе первого факта периода.",
            kk="БСН бойынша түрлі алушылар; заңды тұлға қанша рет және қалай бұзса да бір рет, "
            "кезеңдегі алғашқы факт өңірінде есептеледі.",
            en="Different consignees by BIN; an entity counts once, however and however often it "
            "violates, in the region of its first fact of the period.",
        ),
        leaves_out=_NOT_TOLD,
        source=_ALL_SOURCES,
        fact=FACT,
        happened_on="registered_on",
        rows=first_of_each(_every, "consignee_bin", in_order_of=IN_ORDER),
        value=count(),
    ),
    Indicator(
        id="precursor_substance_weight",
        name=Words(
            ru="Масса самих веществ в товарах с нарушением",
            kk="Бұзушылығы бар тауарлардағы заттардың өз салмағы",
            en="Weight of the substances themselves in goods with a violation",
        ),
        unit="gram",
        definition=Words(
            ru="Масса нетто с учётом указанной доли; товарная позиция учтена один раз.",
            kk="Көрсетілген үлесі ескерілген таза салмақ; тауар позициясы бір рет есептеледі.",
            en="Net weight by the share that is told; an item counts once.",
        ),
        leaves_out=_NOT_TOLD,
        source=_ALL_SOURCES,
        fact=FACT,
        happened_on="registered_on",
        rows=_items,
        value=total("substance_g"),
        by=("substance_id",),
    ),
    Indicator(
        id="precursor_possible_product",
        name=Words(
            ru="Сколько наркотика можно изготовить из них, не более",
            kk="Олардан ең көбі қанша есірткі жасауға болады",
            en="How much of drugs they could make at most",
        ),
        unit="gram",
        definition=Words(
            ru="Один моль даёт один моль (уксусный ангидрид: два), без потерь; коэффициенты в "
            "precursor_products.csv.",
            kk="Бір моль бір моль береді (сірке ангидриді: екі), шығынсыз; коэффициенттер "
            "precursor_products.csv файлында.",
            en="One mole makes one mole (of acetic anhydride two are needed), nothing lost; "
            "factors in precursor_products.csv.",
        ),
        leaves_out=_UPPER_BOUND,
        source=_ALL_SOURCES,
        fact=FACT,
        happened_on="registered_on",
        rows=_items,
        value=total("product_g"),
        by=("product_code",),
    ),
    Indicator(
        id="precursor_possible_doses",
        name=Words(
            ru="То же в дозах",
            kk="Сол мөлшер дозамен",
            en="The same in doses",
        ),
        unit="doses",
        definition=Words(
            ru="По опубликованной средней действующей дозе; только вещества, для которых она "
            "известна.",
            kk="Жарияланған орташа әсер ететін доза бойынша; доза белгілі заттар ғана.",
            en="By the published median effective dose; only drugs of which one is known.",
        ),
        leaves_out=_UPPER_BOUND,
        source=_ALL_SOURCES,
        fact=FACT,
        happened_on="registered_on",
        rows=_items,
        value=total("product_doses"),
        by=("product_code",),
    ),
    *(_different(*words) for words in _DIFFERENT),
)
