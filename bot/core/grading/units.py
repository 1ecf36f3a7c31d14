"""Units of measure: which of them measure the same, and by what factor they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.grading.wordclasses import word_set
from bot.core.grading.wordforms import root

_TABLE = """
time: s sec second = 1; ms msec millisecond = 1e-3; us microsecond = 1e-6; ns nanosecond = 1e-9; min minute = 60
time: h hr hour = 3600; d day = 86400; wk week = 604800; y yr year annum = 31557600; decade = 315576000
time: century = 3155760000
length: m meter = 1; km kilometer = 1000; dm decimeter = 0.1; cm centimeter = 0.01; mm millimeter = 1e-3
length: um micrometer micron = 1e-6; nm nanometer = 1e-9; in inch = 0.0254; ft foot = 0.3048; yd yard = 0.9144
length: mi mile = 1609.344; ly lightyear = 9.4607e15
mass: g gram = 1e-3; kg kilo kilogram = 1; mg milligram = 1e-6; ug microgram = 1e-9; t ton tonne = 1000
mass: lb pound = 0.45359237; oz ounce = 0.028349523
data: bit = 1; b byte = 8; kb kilobyte = 8e3; mb megabyte = 8e6; gb gigabyte = 8e9; tb terabyte = 8e12
data: pb petabyte = 8e15; kbit kilobit = 1e3; mbit megabit = 1e6; gbit gigabit = 1e9
data: kib kibibyte = 8192; mib mebibyte = 8388608; gib gibibyte = 8589934592
celsius: c celsius centigrade = 1
fahrenheit: f fahrenheit = 1
kelvin: k kelvin = 1
angle: deg degree = 1; rad radian = 57.29577951308232; turn revolution = 360
frequency: hz hertz = 1; khz kilohertz = 1e3; mhz megahertz = 1e6; ghz gigahertz = 1e9; rpm = 0.016666666666666666
energy: j joule = 1; kj kilojoule = 1e3; mj megajoule = 1e6; ev electronvolt = 1.602176634e-19; cal calorie = 4.184
energy: kcal kilocalorie = 4184; kwh = 3.6e6; wh = 3600
power: w watt = 1; kw kilowatt = 1e3; gw gigawatt = 1e9; hp horsepower = 745.7
voltage: v volt = 1; mv millivolt = 1e-3; kv kilovolt = 1e3
current: a amp ampere = 1; ma milliamp milliampere = 1e-3
resistance: ohm = 1; kohm kiloohm = 1e3
pressure: pa pascal = 1; hpa hectopascal = 100; kpa kilopascal = 1e3; bar = 1e5; mbar millibar = 100
pressure: atm atmosphere = 101325; mmhg = 133.322; psi = 6894.757
force: n newton = 1; kn kilonewton = 1e3
length/time: mps = 1; kmh kph = 0.2777777777777778; mph = 0.44704; knot = 0.514444
acceleration: m/s2 m/s^2 = 1
volume: l liter = 1; ml milliliter cc = 1e-3; cl = 0.01; dl deciliter = 0.1; gal gallon = 3.785411784
volume: m3 m^3 = 1000; cm3 cm^3 = 1e-3
area: m2 m^2 sqm = 1; km2 km^2 = 1e6; cm2 cm^2 = 1e-4; ha hectare = 1e4; acre = 4046.8564224
dollars: $ dollar usd buck = 1; cent = 0.01
euros: € euro eur = 1
pounds: £ gbp quid = 1
yen: ¥ yen jpy = 1
amount: mol mole = 1
decibels: db decibel = 1
flops: flop = 1; gflop gigaflop = 1e9; tflop teraflop = 1e12; pflop petaflop = 1e15
"""

_SAME_COUNT = (
    "iteration step update",
    "sample example instance observation datapoint",
    "neuron unit node",
    "pixel px",
    "class category label",
    "person people human",
    "kid child",
    "time x fold times",
)

AMBIGUOUS = word_set("a in h m s d c f k l t b g n v w j y pa us as min am bar deg turn")
"""Symbols that are words or letters as well, and count as units only right at a number."""


@dataclass(frozen=True)
class Unit:
    """What a unit measures, and how many of the base unit it is."""

    dimension: str
    factor: float = 1.0


def unit_of(name: str) -> Unit | None:
    """The unit of measure with this name or symbol, if it is one; "km/h" is made of two."""
    found = _UNITS.get(name) or _UNITS.get(root(name)) or _UNITS.get(name.removesuffix("s"))
    if found is None and "/" in name:
        above, _, below = name.partition("/")
        numerator, denominator = _UNITS.get(root(above)), _UNITS.get(root(below))
        if numerator and denominator:
            dimension = f"{numerator.dimension}/{denominator.dimension}"
            return Unit(dimension, numerator.factor / denominator.factor)
    return found


def with_per_joined(words: Sequence[str]) -> list[str]:
    """The words of a unit with "metres per second" as one."""
    joined: list[str] = []
    at = 0
    while at < len(words):
        if at + 2 < len(words) and words[at + 1] == "per" and unit_of(words[at]) and unit_of(words[at + 2]):
            joined.append(f"{root(words[at])}/{root(words[at + 2])}")
            at += 3
        else:
            joined.append(words[at])
            at += 1
    return joined


def counted(word: str) -> str:
    """A noun that is counted, in the form in which it meets its synonyms: steps and iterations."""
    form = root(word)
    return _COUNTS.get(form, form)


def _units() -> Iterator[tuple[str, Unit]]:
    for line in _TABLE.strip().splitlines():
        dimension, entries = line.split(":")
        for entry in entries.split(";"):
            names, factor = entry.split("=")
            for name in names.split():
                yield name, Unit(dimension, float(factor))
                if len(name) > 3:
                    yield root(name), Unit(dimension, float(factor))


_UNITS = dict(_units())
_COUNTS = {root(word): line.split()[0] for line in _SAME_COUNT for word in line.split()}
