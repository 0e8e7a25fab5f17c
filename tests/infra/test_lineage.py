"""Each table written is told with the versions that it was made from, and nobody is needed to hear."""

import json
from contextvars import Context

import attr
import pytest
from openlineage.client import event_v2

from infra import lineage
from infra.lineage import BY_HAND, Lineage, Running, named_by, note_read


@pytest.fixture
def running():
    named_by(lambda: Running("run-1", "facts 2025-08-18", "facts"))
    yield
    named_by(lambda: BY_HAND)


def told(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def write(target, *, read, table="facts.seizures", version=4):
    def step():
        for name, of in read.items():
            note_read(name, of)
        Lineage(target, "aqsha-lake").wrote(table, version)

    Context().run(step)


def test_an_event_names_inputs_and_output_with_their_versions(tmp_path, running):
    path = tmp_path / "lineage.jsonl"

    write(f"file:{path}", read={"accepted.seizures": 7, "facts.seizures": 3})
    write(f"file:{path}", read={}, version=5)

    first, second = told(path)
    assert [(i["name"], i["facets"]["version"]["datasetVersion"]) for i in first["inputs"]] == [
        ("accepted.seizures", "7")
    ]
    assert first["outputs"][0]["name"] == "facts.seizures"
    assert first["outputs"][0]["facets"]["version"]["datasetVersion"] == "4"
    assert first["job"]["name"] == "facts.facts.seizures"
    assert first["run"]["runId"] == second["run"]["runId"], "one step of one run has one id"
    assert second["inputs"] == [], "what another step read is no input of this one"


def test_another_run_has_another_id(tmp_path, running):
    path = tmp_path / "lineage.jsonl"
    write(f"file:{path}", read={})
    named_by(lambda: Running("run-2", "facts 2025-08-18", "facts"))
    write(f"file:{path}", read={})

    assert len({event["run"]["runId"] for event in told(path)}) == 2


def test_the_event_is_one_of_the_clients_own_class(running):
    event = Lineage("file:/nowhere", "aqsha-lake")._event("facts.seizures", 4)

    assert isinstance(event, event_v2.RunEvent)
    attr.validate(event)


@pytest.mark.parametrize("target", ["file:/proc/none/lineage", "http://127.0.0.1:9"])
def test_nobody_there_is_logged_and_goes_no_further(target, running, caplog):
    listening = Lineage(target, "aqsha-lake")
    listening.wrote("facts.seizures", 4)
    listening.wrote("facts.seizures", 5)

    assert [r.message.split(" (")[0] for r in caplog.records if r.name == lineage.__name__] == [
        "No lineage of facts.seizures was sent"
    ]
