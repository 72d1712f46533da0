"""In production a missing or unsafe setting stops the start with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import UnsafeSettings
from wsgi import create_app

ROOT = Path(__file__).parents[2]
GOOD = {
    "ENV": "production",
    "SECRET_KEY": "k" * 40,
    "DATABASE_URL": "sqlite:////tmp/none.db",
    "BASE_URL": "https://samling.example.se",
    "SMTP_URL": "smtps://namn:losen@post.example.se",
}


def test_a_whole_production_starts(tmp_path):
    app = create_app(**GOOD | {"DATABASE_URL": f"sqlite:///{tmp_path}/a.db"})
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["TRUSTED_HOSTS"] == ["samling.example.se"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "short", "32 tecken"),
        ("SECRET_KEY", "development-only-not-a-secret", "hemlig"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("DATABASE_URL", "mysql://x", "sqlite"),
        ("DATABASE_URL", "/var/lib/samling.db", "sqlite"),
        ("BASE_URL", "", "BASE_URL"),
        ("BASE_URL", "http://samling.example.se", "https://"),
        ("BASE_URL", "https://", "adress"),
        ("BASE_URL", "https://a@samling.example.se", "adress"),
        ("BASE_URL", "https://samling.example.se/app", "adress"),
        ("SMTP_URL", "", "SMTP_URL"),
        ("SMTP_URL", "post.example.se", "smtp://"),
        ("FAKE_NOW", "2026-11-22T10:00+01:00", "FAKE_NOW"),
        ("GUARDS", "off", "GUARDS"),
        ("GUARDS", "maybe", "GUARDS"),
        ("FORM_SECONDS", "00", "FORM_SECONDS"),
        ("FORM_SECONDS", "-2", "FORM_SECONDS"),
        ("RUSH", "many", "RUSH"),
        ("UNSAFE_SEATS", "1", "UNSAFE_SEATS"),
        ("PROXIES", "many", "PROXIES"),
        ("PROXIES", "-1", "PROXIES"),
        ("WORKER", "thread", "WORKER"),
        ("ENV", "prod", "ENV"),
        ("FILES_URL", "filer", "hel sökväg"),
        ("FILES_URL", str(ROOT / "static" / "filer"), "alla kan läsa"),
        ("FILES_URL", "file://", "s3://"),
        ("FILES_URL", "ftp://hink/x", "s3://"),
        ("FILES_URL", "s3://hink?endpoint=minio", "s3://"),
        ("FILES_URL", "s3://hink?nyckel=1", "s3://"),
        ("FILES_URL", "s3://namn:hemligt@hink/x", "AWS_SECRET_ACCESS_KEY"),
        ("FILES_URL", "s3://hink?endpoint=http://s3.example.se", "https://"),
        ("FILES_URL", "s3://hink?endpoint=https://s3.example.se", "AWS_ACCESS_KEY_ID"),
    ],
)
def test_an_unsafe_production_does_not_start(name, value, says, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with pytest.raises(UnsafeSettings) as stopped:
        create_app(**GOOD | {name: value})
    sentence = str(stopped.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "k" * 40 not in sentence


@pytest.mark.parametrize("value", ["soon", "2026-11-22T10:00"])
def test_a_false_now_needs_a_zone(value):
    with pytest.raises(UnsafeSettings, match="tidszon"):
        create_app(ENV="test", FAKE_NOW=value)


def test_the_sentence_is_what_the_one_who_starts_it_reads():
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SAMLING_")},
        **{f"SAMLING_{name}": value for name, value in GOOD.items() if name != "SMTP_URL"},
    }
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi; wsgi.create_app()"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip() == "Sätt SAMLING_SMTP_URL: den krävs i produktion."
    assert done.stdout == ""


def test_forms_are_timed_in_production_unless_told_otherwise_elsewhere():
    assert int(create_app(**GOOD).config["FORM_SECONDS"]) == 2
    assert int(create_app(**GOOD | {"ENV": "development"}).config["FORM_SECONDS"]) == 0
