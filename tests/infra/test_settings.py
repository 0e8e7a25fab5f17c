"""Settings are read once, and a wrong one stops the start with a sentence."""

from pathlib import Path

import pytest

from infra.settings import Settings, SettingsError, settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(f"AQSHA_{field.upper()}", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_nothing_has_to_be_set(tmp_path):
    found = settings()

    assert found.home == tmp_path / "var"
    assert found.outside == tmp_path / "var" / "outside"
    assert found.s3_endpoint is None
    assert found.lake_bucket == "aqsha-lake"


def test_settings_are_read_once(monkeypatch):
    before = settings()
    monkeypatch.setenv("AQSHA_LOCK_MINUTES", "5")

    assert settings() is before


def test_the_folder_door_lies_in_the_home_unless_it_is_set(monkeypatch, tmp_path):
    monkeypatch.setenv("AQSHA_HOME", str(tmp_path / "elsewhere"))

    assert settings().outside == tmp_path / "elsewhere" / "outside"


def test_the_file_and_the_environment_are_read_and_the_environment_wins(monkeypatch, tmp_path):
    write_env(tmp_path, "AQSHA_LOCK_MINUTES=7\nAQSHA_BUCKET_PREFIX=test-\nPREFECT_HOME=x\n")
    monkeypatch.setenv("AQSHA_LOCK_MINUTES", "9")

    assert settings().lock_minutes == 9
    assert settings().bucket_prefix == "test-"


@pytest.mark.parametrize(
    ("variable", "found", "sentence"),
    [
        (
            "AQSHA_MOST_REJECTED_SHARE",
            "1.5",
            r'AQSHA_MOST_REJECTED_SHARE is "1.5" and should be less than or equal to 1\.',
        ),
        ("AQSHA_LOCK_MINUTES", "0", r'AQSHA_LOCK_MINUTES is "0" and should be greater than 0\.'),
        ("AQSHA_LOCK_MINUTES", "an hour", r'"an hour" and should be a valid integer'),
        (
            "AQSHA_TIMEZONE",
            "Asia/Almati",
            r'"Asia/Almati" and should be an IANA time zone such as Asia/Almaty\.',
        ),
        ("AQSHA_NIGHTLY_CRON", "at night", r'"at night" and should be five cron fields'),
        ("AQSHA_BUCKET_PREFIX", "Ақша_", r"and should be at most 41 small letters"),
        ("AQSHA_SOURCES", "/nowhere.toml", r'"/nowhere.toml" and should be a file that exists\.'),
        (
            "AQSHA_S3_ENDPOINT",
            "s3.kz",
            r'AQSHA_S3_ENDPOINT is "s3.kz" and should be an address without a path',
        ),
    ],
)
def test_a_wrong_setting_is_refused_by_name_value_and_expectation(
    monkeypatch, variable, found, sentence
):
    monkeypatch.setenv(variable, found)

    with pytest.raises(SettingsError, match=sentence):
        settings()


def test_two_wrong_settings_are_both_named(monkeypatch):
    monkeypatch.setenv("AQSHA_LOCK_MINUTES", "0")
    monkeypatch.setenv("AQSHA_TIMEZONE", "Mars")

    with pytest.raises(SettingsError, match=r"AQSHA_LOCK_MINUTES .*; AQSHA_TIMEZONE "):
        settings()


def test_a_misspelt_name_in_the_file_is_refused_without_its_value(tmp_path):
    write_env(tmp_path, "AQSHA_S3_SECRT=hush-hush-hush\n")

    with pytest.raises(SettingsError) as refused:
        settings()

    assert "AQSHA_S3_SECRT in .env is not a setting." in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_foreign_server_needs_a_secret_of_its_own(monkeypatch):
    monkeypatch.setenv("AQSHA_S3_ENDPOINT", "https://s3.example.kz")

    with pytest.raises(SettingsError, match=r"AQSHA_S3_SECRET is not set, though AQSHA_S3_ENDPOI"):
        settings()


def test_a_wrong_secret_is_refused_without_showing_it(monkeypatch):
    monkeypatch.setenv("AQSHA_S3_SECRET", "hush")

    with pytest.raises(SettingsError) as refused:
        settings()

    assert "AQSHA_S3_SECRET" in str(refused.value)
    assert "hush" not in str(refused.value)


def test_secrets_are_never_shown(monkeypatch):
    monkeypatch.setenv("AQSHA_S3_SECRET", "hush-hush-hush")

    found = settings()

    assert "hush" not in repr(found)
    assert "hush" not in str(found.model_dump())


def test_every_setting_says_what_it_is_for():
    assert [n for n, f in Settings.model_fields.items() if not f.description] == []


def test_the_example_names_every_setting():
    example = Path(__file__).parents[2].joinpath(".env.example").read_text(encoding="utf-8")

    for field in Settings.model_fields:
        assert f"# AQSHA_{field.upper()}=" in example


def write_env(folder: Path, text: str) -> None:
    folder.joinpath(".env").write_text(text, encoding="utf-8")
