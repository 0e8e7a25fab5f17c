import pytest

from infra.wire.banks.purpose import masked_card, told_kbe, told_knp


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("Прочие переводы денег на карту Kaspi Gold *0000", "*0000"),
        ("снятие 440563******1234 АТМ 17", "440563******1234"),
        ("4405 63** **** 1234", "440563******1234"),
        ("карта 4405-63XX-XXXX-1234, KZT", "440563XXXXXX1234"),
        ("карта 4405ХХХХХХХХ1234", "4405ХХХХХХХХ1234"),
        ("4405********1234", "4405********1234"),
        ("card **** **** **** 1234.", "************1234"),
        ("xx1234", "xx1234"),
        ("(*1234)", "*1234"),
        ("•••• 1234", "••••1234"),
        ("VISA*1234", "*1234"),
        ("на карту **1234, с карты *9999", "**1234"),
    ],
)
def test_a_masked_card_is_found_and_given_without_blanks(text, card):
    assert masked_card(text) == card


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "оплата по счету 1234",
        "2*1500",
        "итого *1500.00",
        "*12345",
        "*123",
        "+7701***1234",
        "8701***1234",
        "KZ86****1234",
        "KZ86125***1234",
        "4111111111111111",
        "договор АХ1234",
        "model X1234",
        "AMZN*1234AB",
        "USD*1500",
    ],
)
def test_what_only_looks_like_a_masked_card_is_left(text):
    assert masked_card(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "перевод, КНП 119",
        "кнп:119; КБе-19",
        "/KNP/119/KBE/19/",
        "Код назначения платежа 119.",
        "KNP119",
        "KNP = 119",
    ],
)
def test_a_purpose_code_named_in_the_text_is_told(text):
    assert told_knp(text) == "119"


@pytest.mark.parametrize("text", [None, "", "119", "КНП 1190", "КНП 11", "КНП", "ТКНП 119"])
def test_a_number_that_is_not_named_a_purpose_code_is_none(text):
    assert told_knp(text) is None


@pytest.mark.parametrize("text", ["КБЕ 19", "кбе:19", "/KNP/119/KBE/19/", "Код бенефициара 19"])
def test_a_payee_code_named_in_the_text_is_told(text):
    assert told_kbe(text) == "19"
