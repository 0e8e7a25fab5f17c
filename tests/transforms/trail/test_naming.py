"""What an investigator may name, and that nothing mistyped is followed or repeated."""

import pytest

from transforms.trail.naming import Named, NotAnIdentifier, is_case, named

IBAN = "KZ86125KZT5004100100"
TRON = "TTeBtp5HtgjwBk7J756oQzmCDK1JfC8H3B"
BITCOIN = "14WU7AS6u9QVBL8NfYiz8zGLXGwhLzjgLp"
ETHEREUM = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.mark.parametrize(
    ("text", "kind", "node"),
    [
        (IBAN, "account", IBAN),
        (" kz86 125k zt50 0410 0100\n", "account", IBAN),
        ("tok_0af9cec4a80dce84", "card", "tok_0af9cec4a80dce84"),
        (TRON, "wallet", f"tron:{TRON}"),
        (f"TRON:{TRON}", "wallet", f"tron:{TRON}"),
        (BITCOIN, "wallet", f"bitcoin:{BITCOIN}"),
        (ETHEREUM, "wallet", f"ethereum:{ETHEREUM.lower()}"),
        (f"ERC20:{ETHEREUM}", "wallet", f"ethereum:{ETHEREUM.lower()}"),
        ("ton:EQabc", "wallet", "ton:EQabc"),
        ("EXCH01/871231100006", "exchange_client", "EXCH01/871231100006"),
        ("exch01/Nick Name", "exchange_client", "EXCH01/Nick Name"),
        ("871231100006", "person", "871231100006"),
        ("940140000385", "person", "940140000385"),
    ],
)
def test_each_kind_is_known_by_how_it_is_written(text, kind, node):
    assert named(text) == Named(kind, node)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (IBAN[:-1] + "1", "check digits"),
        (IBAN[:-1], "check digits"),
        (TRON[:-1] + "C", "check digits"),
        (f"tron:{BITCOIN}", "check digits"),
        (f"bitcoin:{BITCOIN[:-1]}q", "check digits"),
        (ETHEREUM.replace("aAeb", "AAeb"), "check digits"),
        ("871231100007", "check digits"),
        ("4111111111111111", "payment card"),
        ("12345", "This is no case"),
        ("two words", "This is no case"),
        ("", "This is no case"),
        (":", "This is no case"),
    ],
)
def test_what_is_mistyped_or_unknown_is_refused_without_repeating_it(text, why):
    with pytest.raises(NotAnIdentifier, match=why) as error:
        named(text)

    assert len(text) < 2 or text not in str(error.value)


def test_a_case_has_15_digits():
    assert is_case(" 257500000012345 ")
    assert not is_case("25750000001234")
    assert not is_case("25750000001234x")
