"""Field :86: of MT940 and MT942: what the bank tells of an entry, in the forms that banks use.

Structured (`166?00GUTSCHRIFT?20EREF+…?30BIC?31account?32name`, German and Polish banks), with
codes between slashes (`/EREF/…/NAME/…/KNP/119`, Dutch and Kazakh banks), or plain text.
"""

import re
from collections.abc import Iterable, Mapping

_FULL_CHUNK = 27
_FULL_LINE = 65

_STRUCTURED = re.compile(r"^\s*(\d{3})([^\w\s])(?=\d\d)")
_KEYWORD = re.compile(
    r"(?:^|(?<=\s))(EREF|KREF|MREF|CRED|DEBT|PURP|SVWZ|MDAT|ABWA|ABWE|COAM|OAMT|SQTP|MTLG|IBAN|BIC)[+:]"
)
_BIC = re.compile(r"^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$")
_SLASH_CODE = re.compile(r"/(EREF|NAME|IBAN|IDN|KNP|KBE|REMI|ASSIGN|PURP|BIC)/([^/]*)")
_NOTHING = frozenset({"", "N", "NONREF", "NOTPROVIDED", "NOTPROVIDE", "KREF+"})


def told_reference(*written: str | None) -> str | None:
    """The first that is a reference, not a word for having none."""
    found = (text.strip() for text in written if text)
    return next((text for text in found if text.upper() not in _NOTHING), None)


def details(texts: Iterable[str], direction: str | None) -> dict[str, str | None]:
    """Cells of an entry by its :86: fields; lines of a field are parted by line feeds.

    KIND is the bank's code of the kind of entry, REFERENCE the payer's reference: both are for
    the caller to place.
    """
    written = list(texts)
    structured = _STRUCTURED.match(written[0]) if written else None
    if structured is not None:
        return _structured("\n".join(written), structured, direction)
    text = _words(" ".join(_unwrapped(field, _FULL_LINE) for field in written))
    codes = {code: told.strip() for code, told in reversed(_SLASH_CODE.findall(text))}
    return {
        "PURPOSE": text or None,
        "REFERENCE": codes.get("EREF"),
        "KNP": codes.get("KNP") or codes.get("PURP"),
        "KBE": codes.get("KBE"),
        "COUNTERPARTY_NAME": codes.get("NAME") or None,
        "COUNTERPARTY_ACCOUNT": codes.get("IBAN") or None,
        "COUNTERPARTY_IIN": codes.get("IDN") or None,
        "COUNTERPARTY_BANK": codes.get("BIC") or None,
    }


def _structured(
    text: str, beginning: re.Match[str], direction: str | None
) -> dict[str, str | None]:
    parts = _parts(text[beginning.end() - 1 :], beginning.group(2))
    purpose, codes = _purpose([told for key, told in parts if key[0] == "2" or "60" <= key <= "69"])
    further = [told for key, told in parts if key[0] == "7"]
    of = {key: told.strip() for key, told in reversed(parts)}
    bank = of.get("30") or codes.get("BIC") or ""
    account = re.sub(r"\s", "", of.get("38") or of.get("31") or codes.get("IBAN") or "")
    if bank.isdecimal() and account.isdecimal():  # national: the bank's number is part of it
        account = f"{bank}/{account}"
    mine, theirs = ("ABWE", "ABWA") if direction == "credit" else ("ABWA", "ABWE")
    name = _joined([told for key, told in parts if key in ("32", "33")])
    return {
        "KIND": beginning.group(1),
        "REFERENCE": told_reference(codes.get("EREF"), codes.get("KREF")),
        "PURPOSE": _words(" ".join((purpose or of.get("00", ""), *further))) or None,
        "KNP": codes.get("PURP"),
        "COUNTERPARTY_ACCOUNT": account or None,
        "COUNTERPARTY_NAME": _words(name) or None,
        "COUNTERPARTY_BANK": bank if _BIC.match(bank) else None,
        "COUNTERPARTY_ULTIMATE_NAME": codes.get(theirs),
        "HOLDER_ULTIMATE_NAME": codes.get(mine),
    }


def _parts(text: str, separator: str) -> list[tuple[str, str]]:
    """Number and content of each sub-field; a line may end within the number."""
    mark = re.escape(separator)
    found = re.split(rf"{mark}(?:[ ]*\n)?(\d)(?:[ ]*\n)?(\d)", text)[1:]
    return [
        (found[n] + found[n + 1], found[n + 2].replace("\n", ""))
        for n in range(0, len(found) - 2, 3)
    ]


def _purpose(chunks: list[str]) -> tuple[str, Mapping[str, str]]:
    """Words of the purpose, and what SEPA keywords in it say."""
    text = _joined(chunks)
    pieces = _KEYWORD.split(text)
    codes = {
        code: _words(told)
        for code, told in zip(pieces[1::2], pieces[2::2], strict=True)
        if told.strip()
    }
    return _words(" ".join((pieces[0], codes["SVWZ"])) if "SVWZ" in codes else text), codes


def _joined(chunks: list[str]) -> str:
    """A word goes on in the next chunk only where the chunk is full; keywords begin a chunk."""
    text = ""
    for chunk, following in zip(chunks, [*chunks, ""][1:], strict=True):
        is_going_on = len(chunk) == _FULL_CHUNK and not _KEYWORD.match(following)
        text += chunk if is_going_on else f"{chunk} "
    return text


def _unwrapped(text: str, full: int) -> str:
    return "".join(line if len(line) >= full else f"{line} " for line in text.split("\n"))


def _words(text: str) -> str:
    return " ".join(text.split())
