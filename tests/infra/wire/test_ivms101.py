"""Travel-rule messages: every spelling of IVMS101, every envelope, and no names in errors."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.wire.beginning import Beginning
from infra.wire.crypto.ivms101 import FORMATS, records
from infra.wire.errors import Unreadable
from infra.wire.inspection import UnknownLayout, contents

IVMS101, TRANSACTION = FORMATS
WALLET = "14HmBSwec8XrcWge9Zi1ZngNia64u3Wd2v"
OTHER = "14WU745djqecaJ1gmtWQGeMCFim1W5MNp3"

IDENTITY = {
    "originator": {
        "originatorPersons": [
            {
                "naturalPerson": {
                    "name": {
                        "nameIdentifier": [
                            {
                                "primaryIdentifier": "Maiden",
                                "secondaryIdentifier": "Aigerim",
                                "nameIdentifierType": "MAID",
                            },
                            {
                                "primaryIdentifier": "Family",
                                "secondaryIdentifier": "Aigerim",
                                "nameIdentifierType": "LEGL",
                            },
                        ],
                        "localNameIdentifier": [
                            {
                                "primaryIdentifier": "Әулетова",
                                "secondaryIdentifier": "Айгерім",
                                "nameIdentifierType": "LEGL",
                            }
                        ],
                    },
                    "geographicAddress": [{"addressType": "HOME", "country": "UZ"}],
                    "nationalIdentification": {
                        "nationalIdentifier": "871231100006",
                        "nationalIdentifierType": "NIDN",
                        "countryOfIssue": "KZ",
                    },
                    "customerIdentification": "C-1",
                    "dateAndPlaceOfBirth": {"dateOfBirth": "1887-12-31", "placeOfBirth": "X"},
                    "countryOfResidence": "KZ",
                }
            }
        ],
        "accountNumber": [WALLET],
    },
    "beneficiary": {
        "beneficiaryPersons": [
            {
                "legalPerson": {
                    "name": {
                        "nameIdentifier": [
                            {
                                "legalPersonName": "Short",
                                "legalPersonNameIdentifierType": "SHRT",
                            },
                            {
                                "legalPersonName": "Company LLP",
                                "legalPersonNameIdentifierType": "LEGL",
                            },
                        ]
                    },
                    "countryOfRegistration": "DE",
                }
            }
        ],
        "accountNumber": [OTHER],
    },
    "originatingVASP": {
        "originatingVASP": {
            "legalPerson": {
                "name": {
                    "nameIdentifier": [
                        {
                            "legalPersonName": "Exchange A",
                            "legalPersonNameIdentifierType": "LEGL",
                        }
                    ]
                },
                "nationalIdentification": {
                    "nationalIdentifier": "506700T7Z685VUOZL877",
                    "nationalIdentifierType": "LEIX",
                },
            }
        }
    },
    "beneficiaryVASP": {
        "beneficiaryVASP": {
            "legalPerson": {
                "name": {
                    "nameIdentifier": [
                        {
                            "legalPersonName": "Exchange B",
                            "legalPersonNameIdentifierType": "LEGL",
                        }
                    ]
                }
            }
        }
    },
}
TOLD = {
    "originator_name": "Family Aigerim",
    "originator_local_name": "Әулетова Айгерім",
    "originator_kind": "natural",
    "originator_id": "871231100006",
    "originator_id_type": "NIDN",
    "originator_id_country": "KZ",
    "originator_customer_id": "C-1",
    "originator_country": "KZ",
    "originator_born_on": "1887-12-31",
    "originator_address": WALLET,
    "originator_vasp": "Exchange A",
    "originator_vasp_id": "506700T7Z685VUOZL877",
    "beneficiary_name": "Company LLP",
    "beneficiary_kind": "legal",
    "beneficiary_country": "DE",
    "beneficiary_address": OTHER,
    "beneficiary_vasp": "Exchange B",
}
MOVED = {
    "txid": "05d9",
    "originator": WALLET,
    "beneficiary": OTHER,
    "amount": 0.00206412,
    "network": "btc",
    "timestamp": "2022-01-30T16:14:00Z",
    "asset_type": "BTC",
}
MOVED_TOLD = {
    "asset": "BTC",
    "quantity": "0.00206412",
    "network": "bitcoin",
    "txid": "05d9",
    "sent_at": "2022-01-30T16:14:00Z",
}


@pytest.fixture
def written(tmp_path):
    def of(message, name="message.json"):
        path = tmp_path / name
        path.write_text(message if isinstance(message, str) else json.dumps(message))
        return path

    return of


def told(path):
    return [{k: v for k, v in record.cells.items() if v} for record in records(path)]


def versions(path):
    return [known.version(Beginning.of(path)) for known in FORMATS]


def spelled(value, key, code=lambda text: text):
    """The same message with other keys, and other codes of names and numbers."""
    if isinstance(value, list):
        return [spelled(one, key, code) for one in value]
    if isinstance(value, dict):
        return {
            key(k): code(k, v) if k.endswith("Type") else spelled(v, key, code)
            for k, v in value.items()
        }
    return value


def snake(key):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()


def pascal(key):
    return key[0].upper() + key[1:]


def as_enumeration(key, code):
    kind = "LEGAL" if key.startswith("legal") else "NATURAL"
    if key == "nationalIdentifierType":
        return f"NATIONAL_IDENTIFIER_TYPE_CODE_{code}"
    return code if key == "addressType" else f"{kind}_PERSON_NAME_TYPE_CODE_{code}"


def as_number(key, code):
    if key in ("nationalIdentifierType", "addressType"):
        return code
    if key.startswith("legal"):
        return ["MISC", "LEGL", "SHRT", "TRAD"].index(code)
    return ["MISC", "ALIA", "BIRT", "MAID", "LEGL"].index(code)


def as_short_name(key, code):
    if key in ("nationalIdentifierType", "addressType"):
        return code
    long = {"LEGL": "Legal", "MAID": "Maiden", "SHRT": "Short"}[code]
    return f"{'LegalPerson' if key.startswith('legal') else 'NaturalPerson'}{long}"


def same(_, code):
    return code


def plural(key):
    many = {"nameIdentifier", "localNameIdentifier", "geographicAddress", "accountNumber"}
    return f"{key}es" if key.endswith("Address") else f"{key}s" if key in many else key


def singular(key):
    return {"originatorPersons": "originatorPerson", "beneficiaryPersons": "beneficiaryPerson"}.get(
        key, key
    )


def unwrapped(value):
    """Every list of one is that one."""
    if isinstance(value, list):
        return unwrapped(value[0]) if len(value) == 1 else [unwrapped(one) for one in value]
    return {k: unwrapped(v) for k, v in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    "message",
    [
        IDENTITY,
        spelled(IDENTITY, snake, as_enumeration),
        spelled(IDENTITY, snake, as_number),
        spelled(IDENTITY, pascal, same),
        spelled(IDENTITY, pascal, as_short_name),
        spelled(IDENTITY, plural, same),
        spelled(spelled(IDENTITY, plural, same), snake, as_enumeration),
        spelled(IDENTITY, singular, same),
        spelled(IDENTITY, str.upper, same),
        unwrapped(IDENTITY),
        {"ivms101": IDENTITY},
        {"transferId": None, "payload": {"ivms101": IDENTITY}},
        {"payload": json.dumps(IDENTITY)},
        {"identity": {"@type": "type.googleapis.com/ivms101.IdentityPayload", **IDENTITY}},
    ],
)
def test_every_spelling_says_the_same(written, message):
    path = written(message)

    assert told(path) == [TOLD]
    assert versions(path)[0] is not None
    assert versions(path)[1] is None


def test_the_samples(sample):
    names = {
        "code-asset-transfer-authorization-request-natual-2-natual-example": "CODE",
        "code-asset-transfer-authorization-response-natual-2-natual-example": "CODE",
        "code-complete-example": "CODE",
        "trisa-identity_payload": "IVMS101",
    }
    for name, dialect in names.items():
        path = sample(f"crypto/ivms101/{name}.json")
        (only,) = records(path)
        assert versions(path) == [dialect, None]
        assert only.entry == 1
        assert all(only.cells[cell] for cell in IVMS101.needs)
    assert versions(sample("crypto/ivms101/code-json-schema.json")) == [None, None]


def test_a_sample_with_names_in_another_script(sample):
    path = sample(
        "crypto/ivms101/code-asset-transfer-authorization-request-natual-2-natual-example.json"
    )

    (cells,) = told(path)

    assert cells["originator_name"] == "Barnes Robert"
    assert cells["originator_local_name"] == "로버트 반스"
    assert cells["originator_address"] == "rJChk8e71gxVhyJSr1srzZxWhVisWMMYKZ"
    assert cells["originator_address_tag"] == "tag or memo"
    assert cells["originator_vasp"] == "Korbit Inc."
    assert cells["originator_born_on"] == "1990-01-01"
    assert "beneficiary_vasp" not in cells


def test_a_sample_of_a_transaction_alone(sample):
    path = sample("crypto/ivms101/trisa-transaction.json")

    assert versions(path) == [None, "TRISA"]
    assert told(path) == [
        {
            "sent_at": "2022-01-30T16:14:00Z",
            "originator_address": WALLET,
            "beneficiary_address": OTHER,
            "asset": "BTC",
            "quantity": "0.00206412",
            "network": "bitcoin",
            "txid": "05d9dc3fcbf48771c8ee9e95200877ef08e2766a780d4e44eee397633eb164d0",
        }
    ]


def test_an_envelope_of_trisa(written):
    path = written(
        {
            "id": "e-1",
            "identity": spelled(IDENTITY, snake, as_enumeration),
            "transaction": MOVED,
            "sent_at": "2022-01-27T08:21:43Z",
            "received_at": "",
        }
    )

    sent = {"message_id": "e-1", "sent_at": "2022-01-27T08:21:43Z"}
    assert told(path) == [TOLD | MOVED_TOLD | sent]
    assert versions(path) == ["TRISA", None]


def test_an_envelope_of_trisa_that_is_pending(written):
    pending = {"envelope_id": "e-2", "transaction": {**MOVED, "timestamp": ""}}
    path = written({"identity": IDENTITY, "transaction": pending, "sent_at": ""})

    (cells,) = told(path)

    assert (cells["message_id"], cells["quantity"], cells["asset"]) == ("e-2", "0.00206412", "BTC")


@pytest.mark.parametrize(
    ("asset", "code"),
    [
        ({"slip0044": 0}, "BTC"),
        ({"slip0044": "ETH"}, "ETH"),
        ({"slip0044": 999}, "slip0044:999"),
        ({"dti": "4H95J0R2X"}, "BTC"),
        ({"dti": "ABCDEFGHJ"}, "dti:ABCDEFGHJ"),
        ("usdt", "USDT"),
    ],
)
def test_an_inquiry_of_openvasp(written, asset, code):
    path = written({"asset": asset, "amount": 0.000021, "callback": "x", "IVMS101": IDENTITY})

    assert told(path) == [TOLD | {"asset": code, "quantity": "0.000021"}]
    assert versions(path)[0] == "TRP"


def test_a_request_of_code(written):
    path = written(
        {
            "transferId": "t-1",
            "currency": "xrp",
            "amount": "10",
            "tradeISODatetime": "2022-03-10T10:00:00.000Z",
            "payload": {"ivms101": spelled(IDENTITY, lambda key: key, same)},
        }
    )

    assert told(path) == [
        TOLD
        | {
            "message_id": "t-1",
            "asset": "XRP",
            "quantity": "10",
            "sent_at": "2022-03-10T10:00:00.000Z",
        }
    ]


def test_further_persons_and_wallets_are_kept(written):
    message = json.loads(json.dumps(IDENTITY))
    persons = message["originator"]["originatorPersons"]
    persons.append({"naturalPerson": {"name": {"nameIdentifier": {"primaryIdentifier": "Second"}}}})
    message["originator"]["accountNumber"].append("another")

    (cells,) = told(written(message))

    assert cells["originator_others"] == "Second; another"


def test_without_a_legal_name_the_first_counts(written):
    message = json.loads(json.dumps(IDENTITY).replace("LEGL", "ALIA"))

    assert told(written(message))[0]["originator_name"] == "Maiden Aigerim"


def test_many_messages_one_a_line_or_in_an_array(written):
    lines = written("\n".join([json.dumps(IDENTITY)] * 3))
    array = written([IDENTITY, IDENTITY], "array.json")

    assert [(r.entry, r.place) for r in records(lines)] == [
        (1, "line 1"), (2, "line 2"), (3, "line 3"),
    ]  # fmt: skip
    assert [(r.entry, r.place) for r in records(array)] == [(1, "/0"), (2, "/1")]
    assert versions(lines)[0] == versions(array)[0] == "IVMS101"


def test_a_message_that_names_nobody_is_a_record(written):
    path = written({"originator": {}, "beneficiary": {"accountNumber": []}})

    assert told(path) == [{}]
    assert len(list(records(path))) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"$schema": "x", "properties": {"Originator": {}}, "definitions": {}},
        {"originator": "somebody", "text": "no transfer"},
        {"body": {"originator": {"@type": "Person", "name": "N"}, "beneficiary": {}}},
        {"originator_name": "A", "beneficiary_name": "B"},
        ["0x94df8b352de7f46f64b01d3666bf6e936e44ce60"],
        [{"coin": "BTC", "amount": "1", "insertTime": 1}],
        "<originator/>",
        "",
    ],
)
def test_other_files_are_not_claimed(written, body):
    assert versions(written(body)) == [None, None]


def test_objects_of_some_of_the_feeds_words_are_of_no_feed(written):
    for body in ('{"network":"x"}\n', "{}\n{}\n"):
        with pytest.raises(UnknownLayout), contents(written(body, "rows.jsonl")):
            pass


@pytest.mark.parametrize(
    "payload", ["{", '{"originator":{"x":"\\ud800"}}', "{" * 9_000, "aGVsbG8="]
)
def test_a_payload_that_is_no_json_leaves_what_the_envelope_says(written, payload):
    path = written({"transferId": "t-1", "payload": payload})

    assert told(path) == [{"message_id": "t-1"}]


def test_no_name_stands_in_an_error(written):
    path = written(json.dumps(IDENTITY)[:-40])

    with pytest.raises(Unreadable) as error:
        list(records(path))

    assert "Family" not in str(error.value)
    assert WALLET not in str(error.value)


GOOD = json.dumps({"identity": IDENTITY, "transaction": MOVED}).encode()
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
SHAPES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["originator", "originatorPersons", "naturalPerson", "name", "nameIdentifier",
             "accountNumber", "identity", "transaction", "asset", "payload", "originatingVASP"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=15,
)  # fmt: skip


@settings(
    max_examples=200, deadline=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_it_is_it_is_read_or_unreadable(tmp_path, data):
    if data.draw(st.booleans()):
        body = json.dumps(data.draw(SHAPES)).encode()
    else:
        cut = data.draw(st.integers(0, len(GOOD)))
        body = GOOD[:cut] + data.draw(st.binary(max_size=4)) + GOOD[cut + 2 :]
    path = tmp_path / "fuzz.json"
    path.write_bytes(body)

    try:
        versions(path)
        for record in records(path):
            assert all(cell is None or isinstance(cell, str) for cell in record.cells.values())
    except Unreadable as error:
        assert "Family" not in str(error)
