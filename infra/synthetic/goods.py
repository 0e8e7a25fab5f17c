"""What crosses the border on an ordinary day: goods and firms, as a declaration words them."""

from dataclasses import dataclass
from datetime import date

from transforms.reference import reference


@dataclass(frozen=True, slots=True)
class Good:
    """One kind of goods: its code, its wording, a usual weight and price, and where from."""

    hs_code: str
    text: str
    kilograms: float
    cents_a_kilogram: int
    origins: str


ORDINARY = (
    Good("8517130000", "Смартфоны для сотовых сетей связи", 180, 31_000, "CN VN KR"),
    Good("8471300000", "Портативные вычислительные машины", 260, 24_000, "CN TW"),
    Good("8528729000", "Телевизоры цветного изображения, экран 55 дюймов", 2_400, 1_450, "CN RU"),
    Good("8703231940", "Автомобили легковые новые, 1998 см3", 14_800, 1_290, "CN KR JP"),
    Good("8708999709", "Части и принадлежности автомобилей", 950, 1_120, "CN DE RU"),
    Good(
        "4011100003", "Шины пневматические резиновые для легковых автомобилей", 5_600, 430, "CN RU"
    ),
    Good("8429520000", "Экскаваторы гусеничные полноповоротные", 22_400, 760, "CN KR"),
    Good("8481808199", "Арматура трубопроводная, клапаны стальные", 1_300, 1_900, "CN IT TR"),
    Good("7304290009", "Трубы обсадные бесшовные из стали", 21_500, 165, "CN UA"),
    Good("7210490000", "Прокат плоский оцинкованный", 24_000, 98, "CN RU"),
    Good("8544499309", "Провода изолированные на напряжение до 1000 В", 3_100, 720, "TR CN"),
    Good("9403609009", "Мебель деревянная бытовая", 2_700, 390, "CN TR IT"),
    Good("6203423100", "Брюки мужские из денима", 640, 1_850, "TR CN BD"),
    Good("6404110000", "Обувь спортивная с верхом из текстиля", 820, 2_150, "VN CN"),
    Good("6110209900", "Свитера хлопчатобумажные трикотажные", 560, 1_700, "TR UZ"),
    Good(
        "3004900002",
        "Лекарственные средства, расфасованные для розничной продажи",
        430,
        9_800,
        "DE IN",
    ),
    Good("3304990000", "Косметика для ухода за кожей", 380, 2_650, "KR FR"),
    Good("3402500000", "Средства моющие, расфасованные", 8_200, 190, "TR RU"),
    Good("3208909100", "Краски и лаки на основе полимеров", 4_100, 310, "TR RU"),
    Good("3907610000", "Полиэтилентерефталат в гранулах", 23_500, 118, "CN"),
    Good("3902100000", "Полипропилен в первичных формах", 22_000, 126, "RU CN"),
    Good("2836200000", "Карбонат динатрия (сода кальцинированная)", 24_500, 32, "CN TR"),
    Good("2815110000", "Гидроксид натрия твёрдый (сода каустическая)", 20_800, 58, "CN RU"),
    Good("2833110000", "Сульфат динатрия", 21_600, 17, "CN"),
    Good("2905110000", "Метанол", 19_400, 41, "RU"),
    Good("2915210000", "Уксусная кислота ледяная", 17_300, 74, "CN"),
    Good("2918140000", "Лимонная кислота", 6_400, 112, "CN"),
    Good("2903120000", "Дихлорметан (хлористый метилен)", 5_200, 88, "CN"),
    Good("2902440000", "Смеси изомеров ксилола", 15_900, 93, "RU"),
    Good("1806329000", "Шоколад в плитках без начинки", 3_900, 690, "RU DE"),
    Good("0901210008", "Кофе жареный в зёрнах", 1_450, 1_120, "IT BR"),
    Good("0805102000", "Апельсины свежие", 19_700, 84, "EG TR"),
    Good("0902300000", "Чай чёрный в упаковке до 3 кг", 2_600, 540, "IN LK KE"),
    Good("1701991009", "Сахар белый", 23_900, 66, "RU BR"),
    Good("2709009009", "Нефть сырая, проба для анализа", 40, 900, "RU AZ"),
    Good("8413703509", "Насосы погружные центробежные", 1_100, 2_050, "CN DE"),
)

# Codes shared with listed substances; these goods are not among them.
SHARED_CODES = (
    Good("2933399900", "Лоратадин, субстанция, CAS 79794-75-5", 45, 21_000, "IN"),
    Good("2933399900", "Имидаклоприд технический, CAS 138261-41-3", 1_900, 1_650, "CN"),
    Good("2924297000", "Парацетамол, субстанция, CAS 103-90-2", 2_700, 620, "CN IN"),
    Good("2924297000", "Лидокаина гидрохлорид, субстанция", 120, 5_400, "IN"),
    Good("2918300000", "Кетопрофен, субстанция, CAS 22071-15-4", 85, 11_200, "IN"),
    Good("2918990000", "2,4-Д кислота техническая, CAS 94-75-7", 8_800, 410, "CN"),
    Good("2932990000", "Карбофуран технический", 950, 1_480, "CN"),
)

# Chemicals that other lists name, but not the United Nations' tables.
ELSEWHERE_LISTED = (
    Good("2921110000", "Метиламин, водный раствор 40 %, CAS 74-89-5", 9_600, 190, "CN RU"),
    Good("2804700010", "Фосфор красный, CAS 7723-14-0", 1_400, 620, "CN"),
    Good("2912210000", "Бензальдегид, CAS 100-52-7", 2_100, 340, "CN"),
    Good("2904209000", "Нитроэтан технический, CAS 79-24-3", 750, 560, "CN"),
)

# Substance → a usual weight of one item, its price, and where from.
LICENSED_TRADE = {
    "acetone": (18_400, 94, "RU CN"),
    "toluene": (20_300, 102, "RU CN"),
    "sulphuric_acid": (24_100, 16, "RU UZ"),
    "hydrochloric_acid": (22_700, 21, "RU CN"),
    "potassium_permanganate": (4_800, 265, "CN IN"),
    "methyl_ethyl_ketone": (6_900, 158, "CN"),
    "ethyl_ether": (1_250, 310, "RU"),
    "acetic_anhydride": (9_300, 121, "CN"),
    "anthranilic_acid": (640, 470, "CN"),
    "piperidine": (310, 1_240, "CN DE"),
    "phenylacetic_acid": (540, 690, "CN"),
}

# What is brought in without leave; the last four stand under codes shared with other goods.
UNLICENSED_TRADE = {
    "acetic_anhydride": (7_800, 128, "CN"),
    "acetone": (15_600, 97, "RU CN"),
    "toluene": (12_200, 108, "RU"),
    "potassium_permanganate": (2_900, 281, "CN"),
    "phenylacetic_acid": (390, 720, "CN"),
    "piperonal": (120, 2_800, "CN"),
    "p2p": (60, 7_900, "CN"),
    "ethyl_ether": (880, 330, "CN"),
    "pseudoephedrine": (35, 9_400, "IN"),
    "4_piperidone": (48, 6_100, "CN"),
    "mapa": (75, 4_700, "CN"),
    "pmk_glycidate_ethyl": (52, 5_900, "CN"),
    "1_boc_4_piperidone": (30, 6_600, "CN"),
}

_CONTROLLED_FROM = {
    row["substance_id"]: date.fromisoformat(row["controlled_from"])
    for row in reference("precursor_control").iter_rows(named=True)
}

_STEMS = (
    "Алтын Дән",
    "Жетісу Сауда",
    "КазХимОпт",
    "Сарыарқа Реагент",
    "Алатау Трейд",
    "Нұр-Экспорт",
    "Тараз Реактив",
    "Каспий Логистик",
    "Ертіс Импорт",
    "ХимСнабАзия",
    "Көктем",
    "Восток-Реагент",
    "Арал Групп",
    "Достық Импекс",
    "Эмаль-Сервис",
    "Бәйтерек Фарм",
    "СтройКомплект",
    "Отырар Транзит",
    "Меркурий-М",
    "Шығыс Жолы",
    "ЛакКраска Плюс",
    "Ақ Жол Компани",
    "ТехноИмпорт",
    "Самғау Групп",
)
_FORMS = ("ТОО «{}»", "ТОО «{} {}»", "АО «{}»", "ЖШС «{}»", "ТОО «{} и К»")


def company_name(number: int) -> str:
    """The name of one company, in Russian or Kazakh form."""
    stem = _STEMS[number % len(_STEMS)]
    turn = number // len(_STEMS)
    return _FORMS[turn % len(_FORMS)].format(stem, 2005 + turn % 20)


def violators_substance(number: int, since: date) -> str:
    """What one company brings in without leave: a substance controlled on its first day."""
    controlled = [s for s in UNLICENSED_TRADE if _CONTROLLED_FROM[s] <= since]
    return controlled[number * 7 % len(controlled)]
