"""The files of deploy/ and docs/operation.md name what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import config
from bot.adapters.prometheus import Metrics
from bot.core.meter import Promise

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
OWN = r"\bquizbot_[a-z_]+"


def metrics() -> set[str]:
    """The names of all metrics of the bot's own, and those that Prometheus makes of a histogram."""
    found = set()
    for family in Metrics().registry.collect():
        suffixes = {"counter": ("_total",), "histogram": ("", "_bucket", "_sum", "_count")}.get(family.type, ("",))
        found |= {f"{family.name}{suffix}" for suffix in suffixes if family.name.startswith("quizbot_")}
    return found


def read(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text("utf-8"))


@pytest.fixture
def services() -> dict[str, Any]:
    """What compose runs."""
    return dict(read("compose.yaml")["services"])


def test_alerts_look_at_what_there_is() -> None:
    """Every metric that a rule names is in the registry."""
    rules = [rule for group in read("alerts.yml")["groups"] for rule in group["rules"]]
    named = {name for rule in rules for name in re.findall(OWN, rule["expr"])}
    assert len(named) > 5
    assert named <= metrics()
    assert len({rule["alert"] for rule in rules}) == len(rules)
    assert all(rule["annotations"]["summary"] for rule in rules)


def test_everything_is_documented() -> None:
    """The page has every metric and every promise, and no others."""
    page = (ROOT / "docs" / "operation.md").read_text("utf-8")
    known = {re.sub("_(bucket|sum|count)$", "", name) for name in metrics()}
    assert {name for name in re.findall(OWN, page) if name != "quizbot_"} == known
    assert all(f"`{promise.value}`" in page for promise in Promise)


def test_compose_sets_what_the_bot_knows(services: dict[str, Any]) -> None:
    """The bot's variables are those of the configuration, and its secrets come from a file."""
    bot = services["bot"]
    assert set(bot["environment"]) <= set(config.DEFAULTS)
    example = (DEPLOY / ".env.example").read_text("utf-8")
    secrets = set(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE))
    assert secrets - {"POSTGRES_PASSWORD"} <= set(config.SECRETS)
    needed = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert needed == {"POSTGRES_PASSWORD"} <= secrets
    assert bot["env_file"] == ".env"
    assert not [line for line in example.splitlines() if re.match(r"[A-Z_]+=.", line)]


def test_compose_and_its_configuration(services: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot can read its variables; it waits for a healthy database; all come back, and their images are named."""
    for name, value in services["bot"]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{[^}]*\}", "secret", value))
    assert config.load({}, read_file=False).http_port == 8080
    assert services["bot"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in services["database"]
    for name, service in services.items():
        assert service["restart"] == "unless-stopped"
        assert name == "bot" or re.search(r":v?\d+", service["image"])
    volumes = read("compose.yaml")["volumes"]
    assert set(volumes) == {"database", "prometheus"}
    for mounted in (*services["prometheus"]["volumes"], *services["database"]["volumes"]):
        source = mounted.split(":")[0]
        assert source in volumes or (DEPLOY / source).is_file()


def test_prometheus_reads_the_bot(services: dict[str, Any]) -> None:
    """It looks at the port that the bot serves, and takes up the rules."""
    asked = read("prometheus.yml")
    [job] = asked["scrape_configs"]
    assert job["static_configs"] == [{"targets": [f"bot:{services['bot']['environment']['HTTP_PORT']}"]}]
    assert asked["rule_files"] == ["alerts.yml"]
