"""Figures of the product as ratios to a floor that was measured in the same run, and how they are shown.

What a machine does in a second says little about the next machine; how far the product stays behind the bare library
below it says much. So each figure is taken in alternation, product, floor, product, floor, and each product value is
divided by the floor's value next to it; the median of these ratios counts, with the lowest and the highest beside it.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.process import run_loop


@dataclass(frozen=True)
class Figure:
    """One line of the table: the values of both sides in the order in which they were taken.

    ``must`` is the ratio that has to hold and ``aim`` the one that is wanted; ``more`` says that a high ratio is good.
    """

    what: str
    unit: str
    product: Sequence[float]
    floor: Sequence[float]
    must: float | None = None
    aim: float | None = None
    more: bool = False

    @property
    def ratios(self) -> list[float]:
        """Each value of the product by the floor's next to it."""
        return [product / floor for product, floor in zip(self.product, self.floor, strict=True)]

    @property
    def ratio(self) -> float:
        """The one that counts."""
        return statistics.median(self.ratios)

    @property
    def verdict(self) -> str:
        """Which of the two bounds holds; empty where there is none."""
        if self._holds(self.aim):
            return "aim"
        if self._holds(self.must):
            return "must"
        return "" if self.must is None else "MISSED"

    def _holds(self, bound: float | None) -> bool:
        return bound is not None and (self.ratio >= bound if self.more else self.ratio <= bound)

    def as_json(self) -> dict[str, Any]:
        """All that is known of it."""
        return {
            "what": self.what,
            "unit": self.unit,
            "product": list(self.product),
            "floor": list(self.floor),
            "ratio": self.ratio,
            "lowest": min(self.ratios),
            "highest": max(self.ratios),
            "must": self.must,
            "aim": self.aim,
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class Part:
    """What one part of the benchmarks found; ``notes`` say what a reader should know beside the figures."""

    name: str
    figures: Sequence[Figure]
    notes: Sequence[str] = ()


def show(part: Part) -> None:
    """Print a part as a table."""
    table = Table(title=part.name, title_justify="left", title_style="bold")
    table.add_column("what")
    for heading in ("product", "floor", "ratio", "spread", "must", "aim"):
        table.add_column(heading, justify="right")
    table.add_column("holds")
    for figure in part.figures:
        bound = "≥" if figure.more else "≤"
        table.add_row(
            f"{figure.what}, {figure.unit}",
            amount(statistics.median(figure.product)),
            amount(statistics.median(figure.floor)),
            f"{figure.ratio:.2f}",
            f"{min(figure.ratios):.2f} - {max(figure.ratios):.2f}",
            "" if figure.must is None else f"{bound} {figure.must:g}",
            "" if figure.aim is None else f"{bound} {figure.aim:g}",
            figure.verdict,
            style="red" if figure.verdict == "MISSED" else None,
        )
    console = Console(width=120)
    console.print(table)
    for note in part.notes:
        console.print(f"  {note}", highlight=False)


def amount(value: float) -> str:
    """A value with three digits that say something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share of the values stays below."""
    found = sorted(values)
    return found[min(int(len(found) * share), len(found) - 1)]


def options(about: str) -> argparse.ArgumentParser:
    """What every part takes on its command line."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="shorter and less exact, to see that it works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there as well")
    return parser


def run(about: str, measure: Callable[[bool], Coroutine[Any, Any, list[Part]]]) -> None:
    """The command line of a part: measure, show, write. ``measure`` is told whether to be quick."""
    given = options(about).parse_args()
    parts = run_loop(measure(given.quick))
    for part in parts:
        show(part)
    if given.json:
        given.json.write_text(json.dumps([as_json(part) for part in parts], indent=1))


def as_json(part: Part) -> dict[str, Any]:
    """A part for machines."""
    return {"part": part.name, "figures": [figure.as_json() for figure in part.figures], "notes": list(part.notes)}
