"""A trail as GraphML, FollowTheMoney, CSV and a workbook, read back by those whose formats they are."""

import json
from datetime import UTC, datetime
from io import BytesIO

import networkx as nx
import polars as pl
import pytest
from followthemoney import model
from lxml import etree

from templates.exports.follow_the_money import follow_the_money
from templates.exports.graphml import graphml
from templates.exports.sheets import TooLong, csv, xlsx
from tests.transforms.drawings import rows_of
from transforms.trail.roles import ROLES
from transforms.trail.trails import STEPS

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
PERSON, COMPANY = "871231100006", "940140000385"


@pytest.fixture
def steps() -> pl.DataFrame:
    return rows_of(
        STEPS,
        """
        case_no | rule_code | transfer_id | at                   | from_kind | from_id | to_kind | to_id   | amount_tiyn | tainted_tiyn | layer | ended_by_code | confidence
        --------------------------------------------------------------------------------------------------------------------------------------------------------------
        c       | fifo      | B/1         | 2026-03-02T01:00:00Z | account   | KZ1     | account | KZ2     | 9007199254740993 | 12345 | 1     | -             | 1.0
        c       | fifo      | B/2         | 2026-03-02T02:00:00Z | account   | KZ1     | account | KZ2     | 100         | 50           | 1     | -             | 1.0
        c       | fifo      | B/3         | 2026-03-02T03:00:00Z | account   | KZ2     | cash    | cash:75 | 100         | 100          | 2     | cash          | 1.0
        c       | fifo      | E/4         | 2026-03-02T04:00:00Z | account   | KZ2     | wallet  | tron:T1 | 77          | 7            | 2     | -             | 0.75
        """,
    ).collect()


@pytest.fixture
def roles() -> pl.DataFrame:
    drawn = rows_of(
        ROLES,
        f"""
        case_no | rule_code | node_kind | node_id | holder_iin | role_code | layer | amount_tiyn | held_tiyn | first_at             | last_at
        ----------------------------------------------------------------------------------------------------------------------------------
        c       | fifo      | account   | KZ1     | {PERSON}   | shop      | 0     | 5           | 0         | 2026-03-02T01:00:00Z | 2026-03-02T01:00:00Z
        c       | fifo      | account   | KZ2     | {COMPANY}  | operator  | 1     | 5           | 1         | 2026-03-02T01:00:00Z | 2026-03-02T01:00:00Z
        c       | fifo      | cash      | cash:75 | -          | cash      | 2     | 5           | 0         | 2026-03-02T01:00:00Z | 2026-03-02T01:00:00Z
        c       | fifo      | wallet    | tron:T1 | -          | wallet    | 2     | 5           | 7         | 2026-03-02T01:00:00Z | 2026-03-02T01:00:00Z
        c       | fifo      | account   | KZ<&9   | -          | payer     | -     | 5           | 0         | 2026-03-02T01:00:00Z | 2026-03-02T01:00:00Z
        """,
    ).collect()
    reasons = [[{"reason_code": "exits", "measured": 0.625}] if n == 1 else [] for n in range(5)]
    return drawn.with_columns(reasons=pl.Series(reasons, dtype=ROLES.schema["reasons"]))


def test_graphml_reads_back_with_all_steps_and_their_types(steps, roles):
    graph = nx.read_graphml(BytesIO(graphml(steps, roles)))

    assert isinstance(graph, nx.MultiDiGraph)
    assert set(graph) == set(roles["node_id"])
    assert graph.nodes["KZ2"]["role_code"] == "operator"
    assert graph.edges["KZ1", "KZ2", "B/1"]["amount_tiyn"] == 9007199254740993
    assert graph.edges["KZ1", "KZ2", "B/2"]["tainted_tiyn"] == 50
    assert graph.edges["KZ2", "tron:T1", "E/4"]["confidence"] == 0.75
    assert graph.edges["KZ2", "cash:75", "B/3"]["ended_by_code"] == "cash"
    assert "ended_by_code" not in graph.edges["KZ1", "KZ2", "B/1"]


def test_graphml_declares_each_attribute_that_it_uses(steps, roles):
    tree = etree.fromstring(graphml(steps, roles))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}

    keys = set(tree.xpath("g:key/@id", namespaces=space))
    used = set(tree.xpath("//g:data/@key", namespaces=space))
    assert used <= keys
    assert tree.xpath("count(//g:edge)", namespaces=space) == 4


def entities(steps: pl.DataFrame, roles: pl.DataFrame) -> dict[str, list]:
    found: dict[str, list] = {}
    for line in follow_the_money(steps, roles).decode().splitlines():
        entity = model.get_proxy(json.loads(line), cleaned=False)
        entity.schema.validate(entity.to_dict())
        found.setdefault(entity.schema.name, []).append(entity)
    return found


def test_every_entity_is_valid_and_is_what_it_should_be(steps, roles):
    found = entities(steps, roles)

    counts = {schema: len(rows) for schema, rows in found.items()}
    assert counts == {
        "Person": 1,
        "Company": 1,
        "LegalEntity": 3,
        "BankAccount": 3,
        "CryptoWallet": 1,
        "Ownership": 3,
        "Payment": 4,
    }


def test_no_value_is_lost_by_cleaning(steps, roles):
    for line in follow_the_money(steps, roles).decode().splitlines():
        told = json.loads(line)
        assert model.get_proxy(told, cleaned=False).clone().to_dict() == told


def test_payments_lead_to_entities_that_are_there(steps, roles):
    found = entities(steps, roles)
    ids = {entity.id for rows in found.values() for entity in rows}

    for payment in found["Payment"]:
        ends = payment.get("payer") + payment.get("beneficiary") + payment.get("payerAccount")
        assert len(ends) == 3
        assert set(ends) <= ids
    amounts = {p.first("transactionNumber"): p.first("amount") for p in found["Payment"]}
    assert amounts["B/1"] == "90071992547409.93"


def test_a_role_is_told_with_its_reasons_and_nobody_is_called_a_criminal(steps, roles):
    company = entities(steps, roles)["Company"][0]

    assert company.get("summary") == ["Role in case c by fifo: operator (exits 0.625)"]
    assert company.get("topics") == []


def test_the_same_person_has_the_same_id_in_every_export(steps, roles):
    again = entities(steps.head(1), roles.filter(pl.col("node_id").is_in(["KZ1", "KZ2"])))

    assert again["Person"][0].id == entities(steps, roles)["Person"][0].id


@pytest.mark.parametrize("export", [graphml, follow_the_money])
def test_equal_rows_give_equal_bytes_in_any_order(export, steps, roles):
    assert export(steps, roles) == export(steps.reverse(), roles.reverse())


def test_csv_is_the_table_as_it_is_stored(steps):
    read = pl.read_csv(csv(steps), infer_schema=False)

    assert read["amount_tiyn"].to_list() == ["9007199254740993", "100", "100", "77"]
    assert read.columns == steps.columns


def test_the_workbook_has_notes_then_tables_in_tenge_and_almaty_time(steps, roles):
    body = xlsx({"steps": (STEPS, steps), "roles": (ROLES, roles)})

    sheets = pl.read_excel(body, sheet_id=0)
    assert list(sheets) == ["notes", "steps", "roles"]
    assert sheets["steps"]["tainted_tenge"].to_list() == [123.45, 0.5, 1.0, 0.07]
    assert sheets["steps"]["at_almaty"][0].isoformat() == "2026-03-02T06:00:00"
    told = sheets["notes"].filter(pl.col("sheet") == "steps")
    assert told["column"].to_list() == sheets["steps"].columns
    assert told.filter(pl.col("column") == "tainted_tenge")["unit"].item() == "tenge"
    assert body == xlsx({"steps": (STEPS, steps), "roles": (ROLES, roles)})


def test_a_table_longer_than_a_sheet_is_refused_with_what_to_do(steps):
    long = pl.concat([steps] * 262_144)

    with pytest.raises(TooLong, match=r"1048576 rows, a sheet at most 1048575.*CSV"):
        xlsx({"steps": (STEPS, long)})
