"""A trail as FollowTheMoney entities, one JSON object a line, for Aleph, OpenAleph and others.

Ids are digests of what an entity is, so that two exports name the same account or person alike.
Nobody is given a topic of crime: a role is a lead, and stands in the summary with its reasons.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from followthemoney.proxy import EntityProxy

_COMPANY_MARKS = "456"  # fifth digit of a BIN; in an IIN it is the tens of the day, 0 to 3
_PREFIX = "aqsha"


def follow_the_money(steps: pl.DataFrame, roles: pl.DataFrame) -> bytes:
    """One case by one rule: persons, companies, accounts, wallets, and each step as a payment.

    A node whose holder nobody told is held by a legal entity of its own. Equal rows give equal
    bytes.

    Args:
        steps: `STEPS` of one case and rule.
        roles: `ROLES` of them; every node of a step is there.
    """
    entities: dict[str, EntityProxy] = {}
    parties: dict[str, tuple[str, str | None]] = {}
    for row in roles.sort("node_id").iter_rows(named=True):
        holder, *others = _of_node(row)
        accounts = [str(one.id) for one in others if one.schema.name == "BankAccount"]
        parties[row["node_id"]] = str(holder.id), next(iter(accounts), None)
        for entity in (holder, *others):
            known = entities.get(str(entity.id))
            entities[str(entity.id)] = known.merge(entity) if known else entity
    lines = {key: _line(entity) for key, entity in entities.items()}
    for step in steps.iter_rows(named=True):
        payment = _payment(step, parties)
        lines[str(payment.id)] = _line(payment)
    return "".join(lines[key] for key in sorted(lines)).encode()


def _line(entity: "EntityProxy") -> str:
    return json.dumps(entity.to_dict(), ensure_ascii=False, sort_keys=True) + "\n"


def _of_node(row: dict[str, Any]) -> Iterator["EntityProxy"]:
    holder = _holder(row)
    yield holder
    if row["node_kind"] == "account":
        account = _entity("BankAccount", row["node_id"])
        account.add("name", row["node_id"])
        account.add("iban", row["node_id"])
        account.add("accountNumber", row["node_id"])
        account.add("currency", "KZT")
        account.add("summary", _told(row))
        yield account
        owns = _entity("Ownership", row["node_id"], "owner")
        owns.add("owner", holder.id)
        owns.add("asset", account.id)
        owns.add("role", "account holder")
        yield owns
    if row["node_kind"] == "wallet":
        network, _, address = row["node_id"].partition(":")
        wallet = _entity("CryptoWallet", row["node_id"])
        wallet.add("name", address)
        wallet.add("publicKey", address)
        wallet.add("currency", network)
        wallet.add("holder", holder.id)
        wallet.add("summary", _told(row))
        yield wallet


def _holder(row: dict[str, Any]) -> "EntityProxy":
    number = row["holder_iin"]
    if number is None:
        holder = _entity("LegalEntity", row["node_id"], "holder")
        holder.add("name", row["node_id"])
    elif number[4] in _COMPANY_MARKS:
        holder = _entity("Company", number)
        holder.add("registrationNumber", number)
        holder.add("name", number)
    else:
        holder = _entity("Person", number)
        holder.add("idNumber", number)
        holder.add("name", number)
    holder.add("summary", _told(row))
    holder.add("country", None if row["node_kind"] == "abroad" else "kz")
    return holder


def _payment(step: dict[str, Any], parties: dict[str, tuple[str, str | None]]) -> "EntityProxy":
    payment = _entity("Payment", step["transfer_id"])
    for side, party in (("from", "payer"), ("to", "beneficiary")):
        holder, account = parties[step[f"{side}_id"]]
        payment.add(party, holder)
        payment.add(f"{party}Account", account)
    payment.add("date", step["at"].isoformat())
    payment.add("amount", _tenge(step["amount_tiyn"]))
    payment.add("currency", "KZT")
    payment.add("transactionNumber", step["transfer_id"])
    tainted = f"tainted {_tenge(step['tainted_tiyn'])} KZT by {step['rule_code']}"
    payment.add("summary", f"{tainted}, layer {step['layer']}, confidence {step['confidence']:g}")
    return payment


def _told(row: dict[str, Any]) -> str:
    """The role with what was measured; a lead, so it names the rule."""
    reasons = ", ".join(f"{r['reason_code']} {r['measured']:.4g}" for r in row["reasons"])
    role = f"Role in case {row['case_no']} by {row['rule_code']}: {row['role_code']}"
    return f"{role} ({reasons})" if reasons else role


def _tenge(tiyn: int) -> str:
    return f"{Decimal(tiyn) / 100:.2f}"


def _entity(schema: str, *parts: str) -> "EntityProxy":
    from followthemoney import model  # noqa: PLC0415  a second to load

    entity = model.make_entity(schema, key_prefix=_PREFIX)
    entity.make_id(schema, *parts)
    return entity
