"""What is installed: pinned, with the hash of every file, and all that the project asks for."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
FILES = {
    "run": (ROOT / "requirements" / "run.txt").read_text("utf-8"),
    "build": (ROOT / "requirements" / "build.txt").read_text("utf-8"),
    "dev": (ROOT / "requirements" / "dev.txt").read_text("utf-8"),
    "semantic": (ROOT / "requirements" / "semantic.txt").read_text("utf-8"),
    "model": (ROOT / "tests" / "semantic-requirements.txt").read_text("utf-8"),
}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(text: str) -> list[str]:
    """The entries of a file, each on one line."""
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def pinned(*files: str) -> dict[str, Requirement]:
    """What is pinned in these files, by name."""
    found = [Requirement(HASH.split(entry)[0].strip()) for file in files for entry in entries(FILES[file])]
    return {canonicalize_name(one.name): one for one in found}


@pytest.mark.parametrize("file", FILES)
def test_every_entry_has_a_version_and_hashes(file: str) -> None:
    """An entry is one version and the hashes of its files, and nothing else: no address, no path, no option."""
    for entry in entries(FILES[file]):
        named = HASH.split(entry)[0]
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; [^/\\@]+)? *", named), entry[:80]
        assert HASH.search(entry), entry[:80]
        assert not HASH.sub("", entry).removeprefix(named).strip(), entry[:80]
    assert "://" not in FILES[file]


@pytest.mark.parametrize("extra", ["", *PROJECT["optional-dependencies"]])
def test_everything_that_is_asked_for_is_pinned(extra: str) -> None:
    """Every dependency is pinned at a version that suits, in the file that whoever takes the extra installs."""
    asked = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    files = ("run", extra) if extra in ("dev", "semantic") else ("run",)
    known = pinned(*files)
    for requirement in map(Requirement, asked):
        entry = known.get(canonicalize_name(requirement.name))
        assert entry is not None, f"{requirement} is not pinned: make lock"
        (specifier,) = entry.specifier
        assert requirement.specifier.contains(specifier.version), f"{entry} does not suit {requirement}: make lock"


@pytest.mark.parametrize("file", ["run", "build", "dev"])
def test_what_the_pinned_need_is_pinned(file: str) -> None:
    """Nothing is resolved while installing, so all that a package takes here stands in the files too."""
    known = pinned("run", "build", "dev")
    for name, entry in pinned(file).items():
        try:
            needed = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # it is for another system
        for need in map(Requirement, needed):
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in entry.extras or {""}):
                assert canonicalize_name(need.name) in known, f"{name} needs {need}: make lock"


def test_a_version_stands_in_one_place() -> None:
    """Where a package stands in two files it does so at one version: they are installed on top of each other."""
    for file in FILES:
        for other in FILES:
            shared = pinned(file).keys() & pinned(other).keys()
            assert all(pinned(file)[name].specifier == pinned(other)[name].specifier for name in shared)
