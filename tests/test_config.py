"""What the configuration says, and how a wrong one is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import config
from bot.config import Config, ConfigError

Load = Callable[..., Config]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """The configuration in an empty folder, with these variables set."""
    monkeypatch.chdir(tmp_path)
    for name in config.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return lambda **values: config.load(values)


@pytest.mark.parametrize(
    ("values", "ids", "count"),
    [
        ({}, None, None),
        ({"DISCORD_SHARD_COUNT": "4"}, None, 4),
        ({"DISCORD_SHARD_COUNT": "4", "DISCORD_SHARD_IDS": "0,1"}, [0, 1], 4),
        ({"DISCORD_SHARD_COUNT": "4", "DISCORD_SHARD_IDS": "0-3"}, [0, 1, 2, 3], 4),
        ({"DISCORD_SHARD_COUNT": "8", "DISCORD_SHARD_IDS": "7, 0-1,1"}, [0, 1, 7], 8),
    ],
)
def test_shards(load: Load, values: dict[str, str], ids: list[int] | None, count: int | None) -> None:
    """Shards are a list with ranges; the number alone means all of them."""
    assert (load(**values).shard_ids, load(**values).shard_count) == (ids, count)


@pytest.mark.parametrize("calls", ["0", "-1", "many", "1.5"])
def test_wrong_calls(load: Load, calls: str) -> None:
    """What Discord allows is a whole number."""
    with pytest.raises(ConfigError, match=f'^DISCORD_CALLS_A_SECOND: "{calls}" is not a whole number'):
        load(DISCORD_CALLS_A_SECOND=calls)


@pytest.mark.parametrize(
    ("count", "ids", "told"),
    [
        ("", "0", "DISCORD_SHARD_COUNT is not set; DISCORD_SHARD_IDS needs"),
        ("none", "", 'DISCORD_SHARD_COUNT: "none" is not a number'),
        ("0", "", 'DISCORD_SHARD_COUNT: "0" is not a number'),
        ("4", "4", "DISCORD_SHARD_IDS: there is no shard 4 among 4"),
        ("4", "2-9", "DISCORD_SHARD_IDS: there is no shard 4 among 4"),
        ("4", "0,", 'DISCORD_SHARD_IDS: "0," is no list of shards'),
        ("4", "3-1", 'DISCORD_SHARD_IDS: "3-1" is no list of shards'),
        ("4", "0-999999999999", 'DISCORD_SHARD_IDS: "0-999999999999" is no list of shards'),
        ("4", "first", 'DISCORD_SHARD_IDS: "first" is no list of shards'),
    ],
)
def test_wrong_shards(load: Load, count: str, ids: str, told: str) -> None:
    """Shards that cannot be are refused in one line that names the variable."""
    with pytest.raises(ConfigError) as error:
        load(DISCORD_SHARD_COUNT=count, DISCORD_SHARD_IDS=ids)
    assert str(error.value).startswith(told)
    assert "\n" not in str(error.value)
