"""`aqsha contract`: the page of each feed as the catalogue and the suites have it."""

import pytest
from typer.testing import CliRunner

from expectations.suites import SUITE_BY_FEED
from flows.cli import app
from flows.contract import contracts
from infra.catalogue import Catalogue
from infra.wire.messages import FORMATS
from transforms.feeds import FEEDS

CATALOGUE = Catalogue.read()


def aqsha(*words: str):
    return CliRunner().invoke(app, ["contract", *words])


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_all_that_is_known_of_a_feed_is_in_its_contract(feed):
    (made,) = contracts(feed.name, CATALOGUE.of(feed.name), 0.05, ["en"], name=feed.name)

    codes = {rule.meta["code"] for rule in SUITE_BY_FEED[feed.name].expectations}
    assert {rule.code for rule in made.rules} == {*codes, "DELIVERY"}
    assert len(made.terms) == len(CATALOGUE.of(feed.name))
    assert [m.name for m in made.messages] == [f.name for f in FORMATS if f.feed == feed.name]
    assert len(made.columns) + len(made.message_columns) == len(feed.fields)


def test_three_languages_are_written_into_a_folder_and_link_each_other(tmp_path):
    said = aqsha("seizures", "--to", str(tmp_path / "out"))

    names = [f"seizures.{language}.html" for language in ("ru", "kk", "en")]
    assert said.stdout.splitlines() == [str(tmp_path / "out" / name) for name in names]
    page = (tmp_path / "out" / names[2]).read_text(encoding="utf-8")
    assert all(f'href="{name}"' in page for name in names[:2])


def test_one_language_goes_to_standard_output():
    assert '<html lang="kk">' in aqsha("seizures", "--lang", "kk").stdout
    assert '<html lang="ru">' in aqsha("seizures").stdout


def test_a_sender_is_shown_its_own_terms_only(tmp_path):
    aqsha("card_transactions", "--institution", "CASPKZKA", "--lang", "en", "--to", str(tmp_path))

    page = (tmp_path / "card_transactions_CASPKZKA.en.html").read_text(encoding="utf-8")
    assert "CASPKZKA" in page
    assert "HSBKKZKX" not in page


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nothing",), "is no feed"),
        (("seizures", "--institution", "CASPKZKA"), "does not deliver seizures"),
    ],
)
def test_a_wrong_question_is_wrong_use(words, says):
    said = aqsha(*words)

    assert said.exit_code == 2
    assert says in " ".join(said.output.split())
