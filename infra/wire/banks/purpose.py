"""What the words of a payment's purpose say besides: masked cards, codes of purpose and payee."""

import re

_LAST_FOUR = re.compile(r"[*•●#XxХх][\s-]{0,2}\d{4}(?![^\W_]|[.,]\d)")

# Signs of a mask, Latin and Cyrillic X among them; groups may be parted by one blank or dash.
# A number known from its front: first digits of a card (no 7 and 8, with which phones begin,
# nor 0 and 1), then the mask, then four digits. Known from its end only: a mask of its own, of
# which none begins within another: else a long row of signs would be walked from each of them.
_MASKED_CARD = re.compile(
    r"""
    (?= [2-69*•●\#XxХх] ) (?<! [^\W_] | [+*•●\#] )
    (?:
        [2-69] \d{3} (?:[\s-]?\d){0,4} [\s-]?
        (?: (?:[*•●\#][\s-]?)+ | (?:[XxХх][\s-]?){3,} )
      | (?<![*•●\#][\s-])
        (?: [*•●\#] (?:[\s-]?[*•●\#])* [\s-]? | [XxХх]{2} (?:[\s-]?[XxХх])* [\s-]? )
    )
    \d{4} (?! [^\W_] | [.,]\d )
    """,
    re.VERBOSE,
)
_CARD_WORD = re.compile(
    r"(?i)(?:visa|mastercard|maestro|card|gold|мир|карт\w*)([*•●#]{1,12}\d{4})\b"
)
_LONGEST = 64  # of a card number with its blanks, with something to spare
_PARTED = re.compile(r"[\s-]+")


def masked_card(text: str | None) -> str | None:
    """The first masked card number in a text, as masked, without blanks and dashes in it.

    `4405 63** **** 1234` → `440563******1234`, `Kaspi Gold *0000` → `*0000`. Null where there is
    none. A number that is written out is not taken: it is no masked one, and not ours to keep.
    Masked phones and accounts (`+7701***1234`, `KZ86****1234`) are none either.
    """
    ending = _LAST_FOUR.search(text) if text else None
    if text is None or ending is None:
        return None
    found = _MASKED_CARD.search(text, max(0, ending.start() - _LONGEST))
    if found is not None:
        return _PARTED.sub("", found.group())
    found = _CARD_WORD.search(text)
    return None if found is None else found.group(1)


_KNP = re.compile(
    r"(?i)(?<![^\W_])(?:КНП|KNP|код\s+назначения\s+платежа)[\s:=№/.\-]{0,4}(\d{3})(?![^\W_])"
)
_KBE = re.compile(r"(?i)(?<![^\W_])(?:КБЕ|KBE|код\s+бенефициара)[\s:=№/.\-]{0,4}(\d{2})(?![^\W_])")
_KNP_WORDS = ("кнп", "knp", "назначения")
_KBE_WORDS = ("кбе", "kbe", "бенефициара")


def told_knp(text: str | None) -> str | None:
    """The payment purpose code that a text names as such (`КНП 119`, `/KNP/119/`); else null."""
    return _told(_KNP, text, _KNP_WORDS)


def told_kbe(text: str | None) -> str | None:
    """The payee code that a text names as such (`КБе 19`, `/KBE/19/`); else null."""
    return _told(_KBE, text, _KBE_WORDS)


def _told(code: re.Pattern[str], text: str | None, words: tuple[str, str, str]) -> str | None:
    if not text:
        return None
    folded = text.lower()
    local, latin, whole = words
    if local not in folded and latin not in folded and whole not in folded:
        return None
    found = code.search(text)
    return None if found is None else found.group(1)


def purpose_codes(
    code: str | None, purpose: str | None, further: str | None = None
) -> tuple[str | None, str | None, str | None]:
    """KNP, KBE and masked card of a payment.

    The KNP is the purpose code where that is three digits, else what the words name, else the
    purpose code as written (`SALA`).

    Args:
        code: the payment's own purpose code.
        purpose: the payer's words.
        further: the bank's words, looked at second.
    """
    card = masked_card(purpose) or (masked_card(further) if further else None)
    kbe = told_kbe(purpose) or (told_kbe(further) if further else None)
    if code and len(code) == 3 and code.isascii() and code.isdigit():
        return code, kbe, card
    knp = told_knp(code) or told_knp(purpose) or told_knp(further)
    return knp or code, kbe or told_kbe(code), card
