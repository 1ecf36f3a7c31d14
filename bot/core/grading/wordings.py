"""How much of a wording an explanation contains: words matched by stem, synonym, spelling and kinship."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from bot.core.grading.abbreviations import equivalents
from bot.core.grading.polarity import Spoken
from bot.core.grading.stems import stem
from bot.core.grading.synonyms import groups_of
from bot.core.grading.wordclasses import NEGATIONS, word_set

ASKED_WEIGHT = 0.2
"""What a word of the question counts for in an idea: saying it again shows little."""

SMALL_WEIGHT = 0.15
"""What a function word counts for."""

SYNONYM = 0.6
"""How far a synonym stands in for a word."""

RELATED = 0.4
"""From this share of common trigrams on (Dice), two words count as related: converge, convergence."""

MOST_WORDS = 400

_OFTEN = 12

NEAR = 3
"""Words that stand at most so far apart stand side by side."""

SMALL = word_set(
    "a an the of to in on at by for with from as is are was were be been being it its this that these those there "
    "they them their he she we you i me my your our and or but if then than so such which who whom whose what when "
    "where why how do does did done has have had having can could will would shall should may might must s t am us"
)
"""Function words, which count little."""

FUNCTION = (
    SMALL
    | NEGATIONS
    | word_set(
        "because since just only also more most less least many much both each every all any while whereas when where "
        "after before until through during between into very same other another gives makes"
    )
)
"""Words that sentences have and lists of keywords do not."""

_JOINING = word_set("and or the a an of")


@dataclass(frozen=True)
class Wording:
    """One way to say an idea: its words by stem, with their weights."""

    spoken: Spoken
    weights: Mapping[str, float]
    novel: frozenset[str]
    mass: float

    @property
    def enough(self) -> float:
        """The share of the weight that makes the whole idea: nobody repeats a long wording in full."""
        return min(1.0, 0.5 + 0.8 / self.mass)

    @property
    def is_enumeration(self) -> bool:
        """Whether this names several things and says nothing of them, so that a list of them is the whole answer."""
        small = [word for word in self.spoken.words if word in FUNCTION]
        return len(self.spoken.clauses) > 1 and all(word in _JOINING for word in small)


def wording(text: str, asked: frozenset[str]) -> Wording:
    """A wording compiled against the stems of the question's words."""
    spoken = Spoken(text)
    weights: dict[str, float] = {}
    novel = set()
    for word in spoken.words:
        stemmed = stem(word)
        small = word in SMALL
        weights.setdefault(stemmed, (SMALL_WEIGHT if small else 1.0) * (ASKED_WEIGHT if stemmed in asked else 1.0))
        if not small and stemmed not in asked:
            novel.add(stemmed)
    return Wording(spoken, weights, frozenset(novel), sum(weights.values()) or 1.0)


class Lexicon:
    """The words of all wordings of a question, indexed so that an explanation is matched in one pass."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self.by_group: defaultdict[int, set[str]] = defaultdict(set)
        self.by_trigram: defaultdict[str, list[str]] = defaultdict(list)
        self.written: defaultdict[str, set[str]] = defaultdict(set)
        for each in wordings:
            for word in each.spoken.words:
                self.written[stem(word)].add(word)
        for stemmed in self.written:
            for group in groups_of(stemmed):
                self.by_group[group].add(stemmed)
            for trigram in trigrams(stemmed):
                self.by_trigram[trigram].append(stemmed)

    def matches(self, word: str) -> dict[str, float]:
        """The stems of the wordings for which a word of an explanation stands, and how well."""
        stemmed = stem(word)
        found = {other: SYNONYM for group in groups_of(stemmed) for other in self.by_group.get(group, ())}
        if len(stemmed) > 2 and word not in SMALL:
            found |= self._related(word, stemmed)
        if stemmed in self.written:
            found[stemmed] = 1.0
        return found

    def _related(self, word: str, stemmed: str) -> dict[str, float]:
        shared: defaultdict[str, int] = defaultdict(int)
        own = trigrams(stemmed)
        for trigram in own:
            for other in self.by_trigram.get(trigram, ()):
                shared[other] += 1
        found = {}
        for other, common in shared.items():
            dice = 2 * common / (len(own) + len(trigrams(other)))
            if any(_misspelt(word, written) for written in self.written[other]):
                found[other] = 1.0
            elif dice >= RELATED and other[:3] == stemmed[:3]:
                found[other] = dice
        return found


@dataclass
class Matched:
    """What an explanation says of the words of the wordings: how well each is matched, and whether it is denied."""

    strength: dict[str, float]
    denied: frozenset[str]


def match(said: Spoken, lexicon: Lexicon) -> Matched:
    """All words of an explanation against all words of the wordings."""
    strength: dict[str, float] = {}
    senses: defaultdict[str, set[bool]] = defaultdict(set)
    for word in _expanded(list(said.denials)[:MOST_WORDS]):
        for stemmed, how_well in lexicon.matches(word).items():
            strength[stemmed] = max(how_well, strength.get(stemmed, 0.0))
            if how_well >= SYNONYM:
                senses[stemmed] |= said.denials.get(word, {False})
    return Matched(strength, frozenset(stemmed for stemmed, sense in senses.items() if sense == {True}))


def coverage(of: Wording, matched: Matched) -> float:
    """To what degree an explanation contains a wording, from 0 to 1; nothing if it adds no word to the question."""
    strength = matched.strength
    if of.novel and not any(strength.get(stemmed, 0.0) >= RELATED for stemmed in of.novel):
        return 0.0
    found = sum(weight * strength.get(stemmed, 0.0) for stemmed, weight in of.weights.items())
    return min(1.0, found / of.mass / of.enough)


def in_order(of: Wording, said: Sequence[str]) -> tuple[int, int, int]:
    """How many of a wording's neighbours stand side by side in an explanation, how many occur, and how many it has."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i, word in enumerate(said[:MOST_WORDS]):
        places[stem(word)].append(i)
    content = [stem(word) for word in of.spoken.words if word not in FUNCTION]
    occurring = list(pairwise(stemmed for stemmed in content if stemmed in places))
    together = sum(_side_by_side(places[one], places[other]) for one, other in occurring)
    return together, len(occurring), len(content) - 1


def _side_by_side(places: Sequence[int], others: Sequence[int]) -> bool:
    return any(0 < other - place <= NEAR for place in places[:_OFTEN] for other in others[:_OFTEN])


@lru_cache(maxsize=32768)
def trigrams(stemmed: str) -> frozenset[str]:
    """The trigrams of a word with its borders."""
    padded = f" {stemmed} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def _expanded(words: list[str]) -> list[str]:
    """The words, and those for which an abbreviation among them stands."""
    more = [part for word in words if len(word) < 7 for other in equivalents(word) for part in other.split()]
    return words + more


def _misspelt(word: str, written: str) -> bool:
    if len(word) < 5 or len(written) < 5 or abs(len(word) - len(written)) > 2:
        return False
    return OSA.distance(word, written, score_cutoff=2) <= (1 if len(word) < 8 else 2)
