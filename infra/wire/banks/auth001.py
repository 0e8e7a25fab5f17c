"""Requests of an authority to a bank: auth.001, InformationRequestOpening, of every version.

An arrest order (`infra.wire.banks.arrest_order`) comes out as it went in. A plain request for
information, such as for the movements of an account, says only its number and the account or
person that it is about: the rest of the record is empty, so that nobody takes it for an order.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from infra.wire.iso20022 import Node, accounts, bics, iin, local, numbers, tree, xpath
from infra.wire.iso20022 import authority_version as version
from infra.wire.records import Format, Record
from infra.wire.safe_xml import ended

_ROOT = "InfReqOpng"


def records(path: Path) -> Iterator[Record]:
    """Every request, in order.

    Raises:
        Unreadable: the file cannot be read on.
    """
    for entry, element in enumerate(ended(path, _ROOT), start=1):
        yield Record(entry, xpath(element), _cells(tree(element)))
        element.clear()


def _cells(request: Node[str]) -> dict[str, str | None]:
    account, person = request.at("SchCrit/Acct/Id"), request.at("SchCrit/CstmrId/Pty")
    order = arrest(request, "ArrstOrdr")
    return {
        "ORDER_NO": _first(request.found("InvstgtnId")),
        "CASE_NO": _first(order.found("CaseNb")),
        "ORDERED_ON": _first(order.found("OrdrDt")),
        "BANK_BIC": _first(bics(account.at("Svcr")) if account else []),
        "CARD_TOKEN": _first(order.found("CardTkn")),
        "ACCOUNT": account_number(account),
        "IIN": iin(numbers(account.at("Ownr") if account else person)),
        "KATO": _first(order.found("Rgn")),
        "AGENCY": _first(order.found("Agcy")),
    }


def account_number(account: Node[str] | None) -> str | None:
    """IBAN or the bank's number; one too long for its place (GLID) stands as the name."""
    if account is not None and "GLID" in account.found("Id/Othr/SchmeNm/Cd"):
        return _first(account.found("Nm"))
    return _first(accounts(account))


def arrest(message: Node[str], name: str) -> Node[str]:
    """The supplementary data of that name, wherever the channel puts them; empty without."""
    found = message.every(f"SplmtryData/Envlp/{name}")
    return found[0] if found else Node(local(name), "")


def _first(values: list[str]) -> str | None:
    return next(filter(None, values), None)


FORMATS: tuple[Format, ...] = (
    Format(
        name="auth.001",
        feed="card_arrest_orders",
        says="ISO 20022 request of an authority to a bank",
        version=partial(version, root=_ROOT, name="auth.001"),
        records=records,
        needs=("ORDER_NO",),
    ),
)
