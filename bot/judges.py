"""The judges of explanations that the configuration turns on: a model on this machine, a language model, or both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.config import Config, ConfigError
from bot.core.judging import InTurn
from bot.core.ports import Judge


@asynccontextmanager
async def configured(config: Config) -> AsyncIterator[Judge | None]:
    """The judge, loaded once; None where none is turned on. The language model falls back on the other one's grade.

    Raises ``ConfigError``.
    """
    async with AsyncExitStack() as stack:
        judges: list[Judge] = []
        if config["SEMANTIC_MODEL"]:
            judges.append(_semantic(Path(config["SEMANTIC_MODEL"])))
        if config["LLM_API_URL"]:
            from bot.adapters.llm import Budget, Endpoint, Llm

            endpoint = Endpoint(config["LLM_API_URL"], config["LLM_MODEL"], config["LLM_API_KEY"])
            budget = Budget(int(config["LLM_CALLS_A_DAY"]), int(config["LLM_TOKENS_A_DAY"]))
            judges.append(await stack.enter_async_context(Llm(endpoint, budget, lambda: datetime.now(UTC))))
        yield InTurn(judges) if judges else None


def _semantic(folder: Path) -> Judge:
    try:
        from bot.adapters.semantic import NotAModel, Semantic
    except ImportError as error:
        raise ConfigError("SEMANTIC_MODEL: it takes an extra: pip install 'quizbot[semantic]'") from error
    try:
        return Semantic(folder)
    except NotAModel as error:
        raise ConfigError(f"SEMANTIC_MODEL: {error}") from error
