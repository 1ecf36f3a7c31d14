"""What `quizbot.yaml` must not do, whoever wrote it: hold secrets, name what is no channel, or exhaust the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config
from bot.adapters.sql import backup
from bot.adapters.sql.engine import CannotOpen, Database
from bot.config import SECRETS, ConfigError

TEAM = """
teams:
  - name: ml-team
    admins: [{admin}]
    channels:
      - channel: "{channel}"
        post: "09:00"
"""


@pytest.fixture(autouse=True)
def nothing_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor a `.env` of this machine."""
    monkeypatch.chdir(tmp_path)
    for name in config.VARIABLES:
        monkeypatch.delenv(name, raising=False)


def faults(text: str) -> list[str]:
    """What is wrong with a configuration file."""
    Path("quizbot.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load({})
    return str(caught.value).splitlines()


# --- ids ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "channel",
    [
        "discord:abc", "discord:", "discord:12 34", "discord:-1", "discord:١٢٣", "discord:<#1>", "discord:1\\n2",
        "slack:c0123", "slack:#general", "slack:U0123", "slack:1234", "slack:C0/../../x", "slack:",
        "teams:C0123", "C0123", ":", "console:terminal", "Slack:C0123",
    ],
)  # fmt: skip
def test_what_is_no_channel(channel: str) -> None:
    """An address that no channel of the platform can have is told with file, line and setting."""
    (fault,) = faults(TEAM.format(channel=channel, admin=""))
    assert fault.startswith('quizbot.yaml:6: channel: "')
    assert fault.endswith('" is none such as discord:1234567890 or slack:C0123')


@pytest.mark.parametrize("admin", ["discord:ann", "slack:C0123", "slack:@ann", "ann", "discord:4242|1"])
def test_who_is_no_admin(admin: str) -> None:
    """So is an admin whom no platform can know."""
    assert faults(TEAM.format(channel="discord:1", admin=f'"{admin}"')) == [
        f'quizbot.yaml:4: admins: "{admin}" is none such as discord:4242 or slack:U0AB12'
    ]


def test_ids_as_the_platforms_have_them() -> None:
    """What the platforms show is taken."""
    for channel in ("discord:1234567890123456789", "slack:C0123", "slack:G0AB12", "slack:D0AB12"):
        for admin in ("discord:4242", "slack:U0AB12", "slack:W0AB12"):
            Path("quizbot.yaml").write_text(TEAM.format(channel=channel, admin=f'"{admin}"'))
            (team,) = config.load({}).teams
            assert str(team.channels[0].address) == channel
            assert team.team.admins == (admin,)


# --- secrets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://quiz:hunter2@db/quiz", "postgresql://quiz:hun/ter2@db/quiz", "postgresql://:hunter2@db/quiz",
        "postgresql://quiz@db/quiz?password=hunter2", "postgresql://db/quiz?user=quiz&PASSWORD=hunter2",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["database_url", "DATABASE_URL", "llm_api_url"])
def test_a_password_in_the_file(url: str, name: str) -> None:
    """A password in an address is refused by the name of its variable, and is not shown."""
    said = faults(f"log_level: info\n{name}: {url}\n")
    variable = name.upper()
    assert said[0] == f"quizbot.yaml:2: {variable} holds a password: it belongs in the environment or in .env"
    assert "ter2" not in "\n".join(said)


@pytest.mark.parametrize("url", ["postgresql://quiz@db:5432/quiz", "postgresql://db:5432/quiz", "sqlite:///a@b.db"])
def test_addresses_without_a_password(url: str) -> None:
    """An address with a port, a user or an @ elsewhere is no secret."""
    Path("quizbot.yaml").write_text(f"database_url: {url}\n")
    assert config.load({})["DATABASE_URL"] == url


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_a_secret_in_the_file(secret: str, spell: object) -> None:
    """Every secret is refused however its name is written, and is not shown."""
    said = faults(f"{spell(secret)}: hunter2\n")  # type: ignore[operator]
    assert said == [f"quizbot.yaml:1: {secret} is a secret and belongs in the environment or in .env"]


def test_the_configuration_shows_no_secret() -> None:
    """Printed, as a failing test or a debugger does it, the configuration has no secret in it."""
    secrets = dict.fromkeys(SECRETS, "hunter2")
    loaded = config.load(secrets | {"DATABASE_URL": "postgresql://quiz:hunter2@db/quiz"})
    assert loaded["DISCORD_TOKEN"] == "hunter2"
    assert "hunter2" not in f"{loaded!r} {loaded}"
    assert "LOG_LEVEL" in repr(loaded)


@pytest.mark.parametrize("url", ["postgresql://quiz:hun@ter2:x@db/quiz", "postgresql://db:hunter2/quiz"])
def test_an_address_that_cannot_be_read(url: str) -> None:
    """What is no address of a database is not repeated: the part that is wrong may be the password."""
    with pytest.raises(CannotOpen) as opening:
        Database(url)
    with pytest.raises(backup.CannotCopy) as copying:
        backup.database_file(url)
    assert "ter2" not in f"{opening.value} {copying.value}"


# --- what exhausts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("teams: &a [*a]\n", "quizbot.yaml:1: anchors and aliases (& and *) are not allowed: write the value out"),
        (
            "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
            "quizbot.yaml:1: anchors and aliases (& and *) are not allowed: write the value out",
        ),
        ("teams: " + "[" * 100_000, "quizbot.yaml:1: nested too deeply"),
        ("log_level: !!python/object/apply:os.system ['touch owned']\n", "quizbot.yaml:1: the tag python/object/"),
        ("log_level: !ruby/object:Gem::Installer x\n", "quizbot.yaml:1: the tag !ruby/object"),
        ("#" * 5_000_000, "quizbot.yaml:1: the file is larger than 4,000,000 bytes"),
        ("log_level: info\nlog_level: debug\n", 'quizbot.yaml:2: "log_level" stands here twice; take one out'),
        ("teams:\n  - name: a\n    name: b\n", 'quizbot.yaml:3: "name" stands here twice; take one out'),
        ("? [teams]\n: x\n", "quizbot.yaml:1: a key must be plain text"),
        ("log_level: a\x00b\n", "quizbot.yaml:1: not valid YAML"),
    ],
)
def test_a_file_that_is_no_plain_yaml(text: str, said: str) -> None:
    """Aliases, depth, tags, size and doubled keys are refused with their place, and nothing is run."""
    assert any(fault.startswith(said) for fault in faults(text))
    assert not Path("owned").exists()


def test_control_characters_do_not_reach_the_terminal() -> None:
    """A fault repeats what is wrong in one line, whatever is in it."""
    (fault,) = faults(TEAM.format(channel="discord:\\e[2J\\nquizbot: all is well", admin=""))
    assert "\n" not in fault
