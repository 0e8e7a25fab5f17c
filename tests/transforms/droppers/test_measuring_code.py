"""The version of the rules changes with the code that measures, and with no word about it."""

import pytest

from transforms.droppers import measuring_code
from transforms.droppers.measuring_code import measuring_digest, measuring_modules, stripped
from transforms.droppers.typologies import rule_version, typologies

CODE = '''
"""Words."""


def share(part, whole):
    """More words."""
    return part / whole  # and more
'''


@pytest.fixture
def as_if(monkeypatch):
    """The rules' version where the code or numbers of the package were others."""
    read, numbers = measuring_code._source, measuring_code.reference

    def version(*, source=lambda _, text: text, values=lambda _, rows: rows) -> str:
        monkeypatch.setattr(measuring_code, "_source", lambda m: source(m, read(m)))
        monkeypatch.setattr(measuring_code, "reference", lambda n: values(n, numbers(n)))
        for kept in (measuring_digest, measuring_modules):
            kept.cache_clear()
        return rule_version(typologies())

    yield version
    for kept in (measuring_digest, measuring_modules):
        kept.cache_clear()


def test_it_changes_with_how_a_sign_is_measured_and_not_with_a_remark(as_if):
    now = as_if()

    def remarked(module: str, text: str) -> str:
        return f"{text}\n# {module}\n"

    def changed(module: str, text: str) -> str:
        return f"{text}\nOTHER = 1\n" if module == "signs" else text

    assert as_if(source=remarked) == now
    assert as_if(source=changed) != now


def test_it_changes_with_a_dated_number(as_if):
    now = as_if()

    def raised(name: str, rows):
        return rows.with_columns(value=rows["value"] + "0") if name == "alert_parameters" else rows

    assert as_if(values=raised) != now


def test_all_that_alerts_come_about_by_is_in_it_and_no_model():
    found = measuring_modules()

    assert {"activity", "movements", "window_sums", "signs", "evidence", "alerts"} <= {*found}
    assert not {"boosted", "learned", "evaluation", "shadow"} & {*found}


def test_only_what_runs_is_left():
    assert stripped(CODE) == stripped("def share(part, whole):\n    return part / whole")
    assert stripped(CODE) != stripped("def share(part, whole):\n    return whole / part")
