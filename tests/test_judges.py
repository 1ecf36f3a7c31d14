"""Which judges the configuration turns on, and what is said where one cannot be had."""

import sys

import pytest

from bot import config, judges
from bot.config import ConfigError


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """The configuration in an empty folder, with these variables set."""
    monkeypatch.chdir(tmp_path)
    for name in config.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return lambda **values: config.load(values)


async def test_none_is_on_by_default(settings):
    """Without a word in the configuration nothing but the words of an answer counts, and nothing leaves the machine."""
    async with judges.configured(settings()) as judge:
        assert judge is None


async def test_a_language_model_is_on_where_its_address_is_set(settings):
    """An address and a model turn it on; a server of one's own needs no key."""
    async with judges.configured(settings(LLM_API_URL="http://127.0.0.1:1/v1", LLM_MODEL="small")) as judge:
        assert judge is not None


async def test_the_extra_is_named_where_it_is_not_installed(settings, monkeypatch, tmp_path):
    """Whoever names a model without the extra is told in one line what to install."""
    monkeypatch.delitem(sys.modules, "bot.adapters.semantic", raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigError) as told:
        async with judges.configured(settings(SEMANTIC_MODEL=str(tmp_path))):
            pass
    assert str(told.value) == "SEMANTIC_MODEL: it takes an extra: pip install 'quizbot[semantic]'"
    sys.modules.pop("bot.adapters.semantic", None)


@pytest.mark.semantic
async def test_a_folder_without_a_model_names_the_variable(settings, tmp_path):
    """A missing file is a fault of the configuration."""
    with pytest.raises(ConfigError, match=r"^SEMANTIC_MODEL: there is no file .*model\.onnx; the folder holds"):
        async with judges.configured(settings(SEMANTIC_MODEL=str(tmp_path))):
            pass


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"LLM_API_URL": "example.org"}, "^LLM_API_URL is no address such as"),
        ({"LLM_API_URL": "http://x/v1"}, "LLM_MODEL is not set"),
        ({"LLM_CALLS_A_DAY": "many"}, 'LLM_CALLS_A_DAY: "many" is not a whole number'),
        ({"LLM_TOKENS_A_DAY": "-1"}, 'LLM_TOKENS_A_DAY: "-1" is not a whole number'),
    ],
)
def test_wrong_settings_are_named(settings, values, fault):
    """Each wrong setting is a line that names it."""
    with pytest.raises(ConfigError, match=fault):
        settings(**values)


def test_the_key_is_a_secret(settings, tmp_path):
    """The key is never shown, and refused in a file that people share."""
    assert "s3cret" not in repr(settings(LLM_API_KEY="s3cret"))
    (tmp_path / "quizbot.yaml").write_text("llm_api_key: s3cret\n")
    with pytest.raises(ConfigError, match="LLM_API_KEY is a secret"):
        settings()
