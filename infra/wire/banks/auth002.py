"""Answers of a bank to an authority: auth.002, InformationRequestResponse, of every version.

What an answer fills depends on what was asked for (`AuthrtyReqTp`):

- account_movements: a report on an account (camt.052 and its kin) wrapped in a result, read as
  `infra.wire.banks.camt` reads it anywhere.
- account_holders: parties of an account (supl.027) and customers with their beneficiaries
  (fin.013), as Finnish Customs describe both in the "Query interface description of the data
  retrieval system". A record is a person in a role, with the telephone (`CtctDtls`, the mobile
  one first) and the address (`PstlAdr`) where the party has them: parties of supl.027 may, those of
  fin.013 do not. `AddtlInf` of an account, where it is a day, is when it was opened. Of a customer,
  the account is the one that was asked about; an answer about a person names none.
- card_arrest_confirmations: the answer to an arrest order (`infra.wire.banks.arrest_order`). By
  agreement its result or supplementary data hold `ArrstRspn` with `OrdrDt`, `CardTkn`, `Rslt`
  (executed, partly, refused, not_found), `HldAmt`, `AnswrdAt` and `Rsn`. What is not there is
  told by the standard's own codes: an account not found (NFOU) or not applicable (NOAP) is
  not_found or refused; found (FOUN) is carried out in full or in part as `RspnSts` says. The
  time of the answer is then that of the header. Where nothing was carried out nothing is held;
  else an amount that is not told stays unknown.

One answer may fill both of the first two. Movements are read as a stream; what else an answer
says is about one account, and is held in memory.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from lxml import etree

from infra.wire.banks import camt
from infra.wire.banks.arrest_order import ASKS_FOR
from infra.wire.banks.auth001 import account_number, arrest
from infra.wire.beginning import Beginning
from infra.wire.iso20022 import (
    Node,
    amount,
    authority_version,
    iin,
    local,
    moment,
    names,
    numbers,
    tree,
    xpath,
)
from infra.wire.records import Format, Record
from infra.wire.safe_xml import ended

_ROOT = "InfReqRspn"
_Cells = dict[str, str | None]
_WRAPPED = {
    "account_movements": {"BkToCstmrAcctRpt", "BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"},
    "account_holders": {"InfRspnSD1", "InfRspnFin013"},
}
_ASKED = {
    "account_movements": re.compile(r">\s*camt\.05[234]\b"),
    "account_holders": re.compile(r">\s*(?:supl\.027|fin\.013)\b"),
}
_ROLES = {"OWNE": "owner", "ACCE": "authorised", "BENE": "beneficial_owner"}
# What stands among identifications and is none: day of registration, nationality, sequence number.
_NO_NUMBERS = {"RGDT", "NATI", "ORDN"}
_OF_ADDRESS = ("PstCd", "CtrySubDvsn", "TwnNm", "StrtNm", "BldgNb", "BldgNm", "Room", "PstBx")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?")
_RESULTS = {
    ("FOUN", "COMP"): "executed",
    ("FOUN", "PART"): "partly",
    "NFOU": "not_found",
    "NOAP": "refused",
}


def holders(path: Path) -> Iterator[Record]:
    """Persons in their roles; an entry is an account with its parties, or a customer."""
    entry = 0
    for _, answer in _answers(path):
        asked = account_number(tree(answer).at("SchCrit/Acct/Id"))
        for element in answer.iter("{*}AcctAndPties", "{*}LegalPersonInfo", "{*}PrivatePersonInfo"):
            entry += 1
            told = tree(element)
            is_account = told.name == "AcctAndPties"
            found = _parties(told) if is_account else _customers(told, asked)
            for place, cells in found:
                yield Record(entry, f"{xpath(element)}{place}", cells)


def confirmations(path: Path) -> Iterator[Record]:
    """Answers to arrest orders, one each."""
    for entry, (header, answer) in enumerate(_answers(path), start=1):
        yield Record(entry, xpath(answer), _confirmation(tree(answer), header))


def _answers(path: Path) -> Iterator[tuple[Node[str], etree._Element]]:
    """Each answer with the header before it, without the entries of wrapped statements."""
    header = Node("AppHdr", "")
    for element in ended(path, "AppHdr", "Ntry", _ROOT):
        name = local(str(element.tag))
        if name == "AppHdr":
            header = tree(element)
        elif name == "Ntry":
            element.clear()
        else:
            yield header, element
            element.clear()


def _parties(account: Node[str]) -> Iterator[tuple[str, _Cells]]:
    about = {
        "ACCOUNT": account_number(account.at("Acct")),
        "CURRENCY": _first(account.found("Acct/Ccy")),
        "OPENED_ON": _day(_first(account.found("AddtlInf"))),
        "CLOSED_ON": moment(_first(account.found("Acct/ClsgDt")))[0],
    }
    roles = account.all("Role")
    if not roles:
        yield "", about
    for n, role in enumerate(roles, start=1):
        kind = _first(role.found("OwnrTp/Prtry/Id", "OwnrTp/Tp"))
        said = {**about, "ROLE": _ROLES.get(kind or "", kind)}
        said |= _during(role, "StartDt", "EndDt")
        for m, party in enumerate(role.all("Pty") or [None], start=1):
            place = f"/Role[{n}]/Pty[{m}]" if m > 1 else f"/Role[{n}]"
            yield place, said | _person(party)


def _customers(customer: Node[str], account: str | None) -> Iterator[tuple[str, _Cells]]:
    who = _person(customer.at("Id"))
    since = _during(customer, "CustomerInfo/OpngDt", "CustomerInfo/ClsgDt")
    yield "", {"ACCOUNT": account, "ROLE": "customer"} | who | since
    owned = {"CUSTOMER_NAME": who["HOLDER_NAME"], "CUSTOMER_IIN": who["HOLDER_IIN"]}
    said = {"ACCOUNT": account, "ROLE": "beneficial_owner"} | owned
    for n, person in enumerate(customer.every("Beneficiaries/Id"), start=1):
        # Here the name and the numbers stand side by side, not the numbers within `Id`.
        within = Node("Id", "", children=[it for it in person.children if it.name != "Nm"])
        party = Node("Pty", "", children=[*person.all("Nm"), within])
        yield (
            f"/Beneficiaries/Id[{n}]",
            said | _person(party) | _during(person, "StartDt", "EndDt"),
        )


def _during(told: Node[str], since: str, until: str) -> _Cells:
    return {
        "SINCE": moment(_first(told.found(since)))[0],
        "UNTIL": moment(_first(told.found(until)))[0],
    }


def _day(text: str | None) -> str | None:
    """The day, where the text is one and no other words."""
    return moment(text)[0] if text and _DAY.fullmatch(text) else None


def _person(party: Node[str] | None) -> _Cells:
    told = numbers(party)
    foreign = [number for number, schemes in told if not _NO_NUMBERS & set(schemes)]
    return {
        "HOLDER_NAME": _first(names(party)),
        "HOLDER_IIN": iin(told) or _first(foreign),
        "PHONE": _first(party.found("CtctDtls/MobNb", "CtctDtls/PhneNb")) if party else None,
        "ADDRESS": _address(party.at("PstlAdr")) if party else None,
    }


def _address(told: Node[str] | None) -> str | None:
    """In one line; a town or country alone is nobody's address."""
    if told is None:
        return None
    lines = [line.value for line in told.all("AdrLine") if line.value]
    if not lines and _first(told.found("StrtNm", "BldgNm", "PstBx")) is None:
        return None
    return ", ".join(filter(None, [*told.found(*_OF_ADDRESS), *lines]))


def _confirmation(answer: Node[str], header: Node[str]) -> _Cells:
    given = answer.all("RtrInd")
    given = [one for one in given if ASKS_FOR in one.found("AuthrtyReqTp/MsgNmId")] or given
    wrapped = [found for one in given for found in one.every("InvstgtnRslt/Rslt/ArrstRspn")]
    agreed = wrapped[0] if wrapped else arrest(answer, "ArrstRspn")
    status = _first([code for one in given for code in one.found("InvstgtnRslt/InvstgtnSts")]) or ""
    state = _first(answer.found("RspnSts")) or ""
    by_standard = _RESULTS.get(status) or _RESULTS.get((status, state))
    result = _first(agreed.found("Rslt")) or by_standard
    nothing = "0" if result in ("not_found", "refused") else None
    held = agreed.at("HldAmt")
    ordered_on = _first(agreed.found("OrdrDt"))
    return {
        "ORDER_NO": _first(answer.found("InvstgtnId")),
        "ORDERED_ON": moment(ordered_on)[0],
        "CARD_TOKEN": _first(agreed.found("CardTkn")),
        "RESULT": result,
        "ANSWERED_AT": _first(agreed.found("AnswrdAt")) or _first(header.found("CreDt")),
        "HELD_KZT": _tenge(held) if held else nothing,
        "REASON": _first(agreed.found("Rsn"))
        or _first([words for one in given for words in one.found("AddtlInf")]),
    }


def _tenge(held: Node[str]) -> str | None:
    """The amount; one in another currency stays as written, and so is reported as unreadable."""
    is_tenge = held.currency in (None, "KZT")
    return amount(held.value) if is_tenge else f"{held.value} {held.currency}"


def _first(values: list[str]) -> str | None:
    return next(filter(None, values), None)


def _version(beginning: Beginning, feed: str) -> str | None:
    """The version, where the answer may hold what the feed is made of."""
    version = authority_version(beginning, root=_ROOT, name="auth.002")
    return version if version and feed in _fills(beginning) else None


def _fills(beginning: Beginning) -> list[str]:
    """Feeds that the answer fills, by what it wraps and by what was asked for.

    What is wrapped may stand far behind; what was asked for is named before it.
    """
    elements = {name for _, name in beginning.elements}
    if "ArrstRspn" in elements or ASKS_FOR in beginning.text:
        return ["card_arrest_confirmations"]
    return [
        feed
        for feed, wrapped in _WRAPPED.items()
        if wrapped & elements or _ASKED[feed].search(beginning.text)
    ] or [*_WRAPPED]


def _format(
    feed: str, says: str, read: Callable[[Path], Iterator[Record]], needs: tuple[str, ...]
) -> Format:
    return Format("auth.002", feed, says, partial(_version, feed=feed), read, needs)


FORMATS: tuple[Format, ...] = (
    replace(
        _format(
            "account_movements",
            "ISO 20022 answer of a bank to an authority: movements of an account",
            camt.records,
            ("ACCOUNT", "DIRECTION", "AMOUNT", "CURRENCY"),
        ),
        batches=camt.batches,
    ),
    _format(
        "account_holders",
        "ISO 20022 answer of a bank to an authority: whose an account is",
        holders,
        ("ROLE",),
    ),
    _format(
        "card_arrest_confirmations",
        "ISO 20022 answer of a bank to an arrest order",
        confirmations,
        ("ORDER_NO", "RESULT"),
    ),
)
