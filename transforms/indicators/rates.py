"""Figures per 100,000 inhabitants, where the size of a region would otherwise speak alone."""

from transforms.indicators import droppers, field, seizures
from transforms.indicators.indicator import PER_INHABITANTS, Indicator, Words

_RATED = ("dropper_cards_arrested", "drug_adverts_removed", "seizure_acts", "drug_advert_cases")


def _rate(of: Indicator) -> Indicator:
    return Indicator(
        id=f"{of.id}_per_inhabitants",
        name=Words(
            ru=f"{of.name.ru}, на 100 000 жителей",
            kk=f"{of.name.kk}, 100 000 тұрғынға шаққанда",
            en=f"{of.name.en}, per 100,000 inhabitants",
        ),
        unit=PER_INHABITANTS,
        definition=Words(
            ru=f"{of.definition.ru} Делено на число жителей региона или страны; за весь период, "
            "без пересчёта на год.",
            kk=f"{of.definition.kk} Өңір немесе ел тұрғындарының санына бөлінген; бүкіл кезең "
            "үшін, жылға шақталмаған.",
            en=f"{of.definition.en} Divided by the inhabitants of the region or country; for the "
            "whole period, not per year.",
        ),
        leaves_out=Words(
            ru="Для регионов — случаи без региона; в показатель страны они входят. Население "
            "десяти регионов — на 01.01.2026, остальных десяти — без даты; страны — отдельное "
            "число, а не сумма регионов.",
            kk="Өңірлер үшін — өңірі белгісіз жағдайлар; ел көрсеткішіне олар кіреді. Он өңірдің "
            "халқы — 01.01.2026 жағдайы бойынша, қалған онының күні белгісіз; елдікі — бөлек сан, "
            "өңірлердің қосындысы емес.",
            en="For regions, cases without a region; the country's figure counts them. Inhabitants "
            "of ten regions are of 1 January 2026, of the other ten undated; those of the country "
            "are a number of its own, not the sum of the regions.",
        ),
        source=f"{of.source}; Bureau of National Statistics",
        per_inhabitants=of.id,
        adds_up=False,
        has_zeros=False,
    )


INDICATORS = tuple(
    _rate(indicator)
    for indicator in (*droppers.INDICATORS, *field.INDICATORS, *seizures.INDICATORS)
    if indicator.id in _RATED
)
