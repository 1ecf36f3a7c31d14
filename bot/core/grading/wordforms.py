"""Forms of one word: plurals, inflections, British and American spelling, number words."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = dict(
    pair.split(":")
    for pair in ["analyses:analysis", "axes:axis", "bases:basis", "crises:crisis", "diagnoses:diagnosis", "hypotheses:hypothesis", "oases:oasis", "parentheses:parenthesis", "syntheses:synthesis", "theses:thesis", "emphases:emphasis", "matrices:matrix", "vertices:vertex", "indices:index", "appendices:appendix", "cortices:cortex", "codices:codex", "criteria:criterion", "phenomena:phenomenon", "automata:automaton", "polyhedra:polyhedron", "maxima:maximum", "minima:minimum", "optima:optimum", "extrema:extremum", "bacteria:bacterium", "spectra:spectrum", "quanta:quantum", "strata:stratum", "media:medium", "nuclei:nucleus", "radii:radius", "stimuli:stimulus", "fungi:fungus", "cacti:cactus", "foci:focus", "loci:locus", "tori:torus", "formulae:formula", "antennae:antenna", "vertebrae:vertebra", "larvae:larva", "algae:alga", "corpora:corpus", "genera:genus", "schemata:schema", "mice:mouse", "lice:louse", "children:child", "men:man", "women:woman", "feet:foot", "teeth:tooth", "geese:goose", "oxen:ox", "leaves:leaf", "wolves:wolf", "halves:half", "knives:knife", "lives:life", "shelves:shelf", "loaves:loaf", "thieves:thief", "calves:calf", "people:person", "lenses:lens", "gases:gas", "biases:bias", "atlases:atlas", "canvases:canvas", "aliases:alias", "buses:bus", "foetus:fetus", "grey:gray", "tyre:tire", "aluminium:aluminum", "programme:program", "artefact:artifact", "plough:plow", "sceptic:skeptic", "sceptical:skeptical", "mould:mold", "maths:math", "aeroplane:airplane", "jewellery:jewelry", "manoeuvre:maneuver", "centre:center", "metre:meter", "litre:liter", "fibre:fiber", "theatre:theater", "calibre:caliber", "lustre:luster", "spectre:specter", "sombre:somber", "sabre:saber", "kilometre:kilometer", "centimetre:centimeter", "millimetre:millimeter", "nanometre:nanometer", "micrometre:micrometer", "millilitre:milliliter", "defence:defense", "licence:license", "offence:offense", "pretence:pretense", "practise:practice", "judgement:judgment", "acknowledgement:acknowledgment", "ageing:aging", "skilful:skillful", "wilful:willful", "fulfil:fulfill", "enrol:enroll", "instalment:installment", "analogue:analog", "catalogue:catalog", "dialogue:dialog", "whisky:whiskey", "cheque:check", "disc:disk", "storey:story", "cosy:cozy", "axe:ax", "odour:odor", "sulphur:sulfur", "sulphate:sulfate", "sulphuric:sulfuric", "sulphide:sulfide", "caesium:cesium", "haemoglobin:hemoglobin", "oestrogen:estrogen", "foetal:fetal", "leukaemia:leukemia", "anaemia:anemia", "paediatric:pediatric", "encyclopaedia:encyclopedia", "archaeology:archeology", "orthopaedic:orthopedic", "anaesthetic:anesthetic", "using:use", "used:use", "overfitted:overfit", "underfitted:underfit", "learnt:learned", "spelt:spelled", "burnt:burned", "chosen:choose", "chose:choose", "hidden:hide", "frozen:freeze"]
)
_NUMBERS = {
    word: str(i)
    for i, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
    )
} | {
    word: f"{i}{'st' if i == 1 else 'nd' if i == 2 else 'rd' if i == 3 else 'th'}"
    for i, word in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], start=1)
}
_OWN_ROOT = frozenset(
    ["formation", "station", "nation", "ration", "vacation", "thing", "something", "anything", "nothing", "everything", "king", "ring", "string", "spring", "wing", "sing", "species", "series", "news", "physics", "mathematics", "lens", "gas", "bias", "atlas", "canvas", "alias", "bus", "plus", "minus", "during", "texas", "kansas", "paris", "need", "seed", "speed", "feed", "breed", "indeed", "embed"]
)
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})our(?=s?$|ed$|ing$|al|ful|ite|able|hood|ist|less|ation)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations|able)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})lys(?=(?:e|es|ed|er|ers|ing)$)"), "lyz"),
)  # analyse, optimisation, behaviour. Both sides are rewritten, so a word that never had another spelling does no harm.
_PROCESS = re.compile(r"(?<=.)(?:iz|(?<=..)at)(?:ations?|ions?|ing|ed|es|e)$")
_ACTION = re.compile(r"(?<=...)(ct|pt|ss)ions?$")
_UNDOUBLED = re.compile(r"([bdfgklmnprstvz])\1$")
_VOWEL = re.compile(r"[aeiouy]")


def american(word: str) -> str:
    """The American spelling of a word, as far as rules and a table of common words know it."""
    word = _IRREGULAR.get(word, word)
    if len(word) > 5:
        for british, replacement in _SPELLINGS:
            word = british.sub(replacement, word)
    return word


@lru_cache(maxsize=32768)
def root(word: str) -> str:
    """The form in which inflections of one word meet: ``root("normalising") == root("normalization")``.

    Milder than a search engine's stemmer on purpose: "generator" and "generative", "optimizer" and "optimal" are
    different terms and stay apart.
    """
    if word in _NUMBERS:
        return _NUMBERS[word]
    if len(word) < 4 or not word.isalpha():
        return word
    if len(word) == 4 and word.endswith("s") and not _VOWEL.search(word):
        return word[:-1]  # CNNs
    word = american(word)
    if word in _OWN_ROOT:
        return word
    return _without_ending(_singular(word))


def _singular(word: str) -> str:
    if word in _OWN_ROOT or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes", "oes")) and len(word) > 4:
        return word[:-2]
    word = word[:-1]
    return _IRREGULAR.get(word, word)


def _without_ending(word: str) -> str:
    if word in _OWN_ROOT:
        return word
    process = _PROCESS.search(word)
    if process and len(word) > 6:
        return word[: process.start() + 2]
    if len(word) > 7:
        word = _ACTION.sub(r"\1", word)
        word = re.sub(r"bilit(?:y|ie)$", "ble", word)
        word = re.sub(r"arity$", "ar", word)
    if len(word) > 6 and word.endswith("ly"):
        word = word[:-2]
    if word.endswith("ied") and len(word) > 5:
        word = word[:-3] + "y"
    for ending in ("ing", "ed"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 3 and _VOWEL.search(stem):
            word = stem
            break
    word = _UNDOUBLED.sub(r"\1", word)
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word
