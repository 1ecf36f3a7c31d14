"""The law of the layout, read from the imports: who may know whom."""

import ast
import sys
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent
COMPOSITION = {"bot.__main__", "bot.run", "bot.config", "bot.doctor", "bot.judges", "bot.watched"}
"""Those who know the adapters, because they put everything together or read the configuration with one."""

IO = {
    "http", "importlib", "io", "mmap", "multiprocessing", "os", "pathlib", "select", "selectors", "shutil",
    "signal", "smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading",
    "time", "urllib", "webbrowser",
}  # fmt: skip
LOOPS = {"bot.core.due", "bot.core.posting"}
"""The parts of the core that wait: they alone use asyncio, and of it nothing but tasks and time limits."""

WAITING = {"Event", "Task", "TaskGroup", "timeout"}
SDKS = {
    "console": {"rich", "tzlocal"},
    "discord": {"aiohttp", "discord", "yarl"},
    "http": {"aiohttp"},
    "languages": {"polib"},
    "llm": {"aiohttp"},
    "prometheus": {"prometheus_client"},
    "semantic": {"numpy", "onnxruntime", "tokenizers"},
    "slack": {"aiohttp", "msgspec", "slack_bolt", "slack_sdk", "yarl"},
    "sql": {"alembic", "msgspec", "sqlalchemy"},
    "words": set(),
    "yaml": {"yaml"},
}
"""What each adapter speaks to the world with."""


def modules():
    """Every module of the product: its name and its parsed source."""
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path, ast.parse(path.read_text("utf-8"))


MODULES = list(modules())
NAMES = {name for name, _, _ in MODULES}


def imports(name, path, tree):
    """The full names of all that a module imports, wherever in it."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            upper = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*upper, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{base}.{alias.name}" if f"{base}.{alias.name}" in NAMES else base


def within(name, *packages):
    """Whether a module is one of these, or in one of these packages."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def adapter_of(name):
    """``bot.adapters.sql`` of any module in it."""
    return ".".join(name.split(".")[:3])


CORE = [module for module in MODULES if within(module[0], "bot.core")]
ADAPTERS = [module for module in MODULES if within(module[0], "bot.adapters") and module[0] != "bot.adapters"]
named = pytest.mark.parametrize


def by_name(modules):
    """Each module as a case of its own name."""
    return [pytest.param(*module, id=module[0]) for module in modules]


def test_the_walk_finds_the_product():
    """The walk sees the core, its grader and the adapters: an empty walk would allow everything."""
    assert {"bot.core.rounds", "bot.core.grading", "bot.adapters.sql.store", "bot.__main__"} <= NAMES
    found = {"bot.core.ports", "bot.core.messages.round", "asyncio", "__future__"}
    [posting] = [module for module in MODULES if module[0] == "bot.core.posting"]
    assert found <= set(imports(*posting))


@named(("name", "path", "tree"), by_name(CORE))
def test_the_core_knows_no_platform_driver_or_framework(name, path, tree):
    """The core imports itself and the standard library without I/O; what compares words, two libraries of pure
    functions too."""
    words = within(name, "bot.core.grading", "bot.core.check")
    libraries = {"rapidfuzz", "snowballstemmer"} if words else set()
    for found in imports(name, path, tree):
        top = found.partition(".")[0]
        if top == "bot":
            assert within(found, "bot.core"), f"{name} imports {found}"
        elif top == "asyncio":
            assert name in LOOPS, f"{name} imports {found}"
        else:
            assert top in libraries or top in sys.stdlib_module_names - IO, f"{name} imports {found}"


@named(("name", "path", "tree"), by_name(CORE))
def test_the_core_does_nothing_by_itself(name, path, tree):
    """The core opens and prints nothing; time and chance are passed in; of asyncio it uses tasks and time limits."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "print", "input", "exec", "eval", "__import__"}, node.func.id
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner, attribute = node.value.id, node.attr
            assert owner not in {"datetime", "date"} or attribute not in {"now", "utcnow", "today"}, attribute
            assert owner != "random" or attribute == "Random", attribute
            assert owner != "asyncio" or attribute in WAITING, attribute


@named(("name", "path", "tree"), by_name(ADAPTERS))
def test_an_adapter_knows_the_core_and_its_own_sdk(name, path, tree):
    """An adapter imports the core, itself, its SDK and the standard library, and never another adapter."""
    adapter = adapter_of(name)
    libraries = SDKS[adapter.rpartition(".")[2]]
    for found in imports(name, path, tree):
        top = found.partition(".")[0]
        if top == "bot":
            assert found == "bot" or within(found, "bot.core", adapter), f"{name} imports {found}"
        else:
            assert top in libraries or top in sys.stdlib_module_names, f"{name} imports {found}"


@named(("name", "path", "tree"), by_name(m for m in MODULES if m[0] not in COMPOSITION and m not in ADAPTERS))
def test_only_the_composition_root_knows_adapters(name, path, tree):
    """Nothing but the composition root and the configuration imports an adapter."""
    assert not [found for found in imports(name, path, tree) if within(found, "bot.adapters")]


def test_the_core_and_the_adapters_do_not_know_the_composition_root():
    """Nothing below imports what puts it together."""
    for module in CORE + ADAPTERS:
        assert not COMPOSITION & set(imports(*module)), module[0]


def test_modules_are_named_after_what_is_inside():
    """No module or package is a drawer for everything."""
    drawers = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc", "models"}
    assert not [name for name in NAMES if drawers & set(name.split("."))]
