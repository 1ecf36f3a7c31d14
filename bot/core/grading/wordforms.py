"""Forms of one word: plurals, inflections, British and American spelling, number words."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR_FORMS = """
analyses:analysis axes:axis bases:basis crises:crisis diagnoses:diagnosis hypotheses:hypothesis oases:oasis
parentheses:parenthesis syntheses:synthesis theses:thesis emphases:emphasis matrices:matrix vertices:vertex
indices:index appendices:appendix cortices:cortex codices:codex criteria:criterion phenomena:phenomenon
automata:automaton polyhedra:polyhedron maxima:maximum minima:minimum optima:optimum extrema:extremum
bacteria:bacterium spectra:spectrum quanta:quantum strata:stratum media:medium nuclei:nucleus radii:radius
stimuli:stimulus fungi:fungus cacti:cactus foci:focus loci:locus tori:torus formulae:formula antennae:antenna
vertebrae:vertebra larvae:larva algae:alga corpora:corpus genera:genus schemata:schema mitochondria:mitochondrion
ganglia:ganglion phyla:phylum ova:ovum cilia:cilium flagella:flagellum curricula:curriculum symposia:symposium
aquaria:aquarium errata:erratum memoranda:memorandum mice:mouse lice:louse
children:child men:man women:woman feet:foot teeth:tooth geese:goose oxen:ox leaves:leaf wolves:wolf halves:half
knives:knife lives:life shelves:shelf loaves:loaf thieves:thief calves:calf people:person
lenses:lens gases:gas biases:bias atlases:atlas canvases:canvas aliases:alias buses:bus
grey:gray tyre:tire aluminium:aluminum programme:program artefact:artifact plough:plow sceptic:skeptic
sceptical:skeptical mould:mold maths:math aeroplane:airplane jewellery:jewelry manoeuvre:maneuver
centre:center metre:meter litre:liter fibre:fiber theatre:theater calibre:caliber lustre:luster spectre:specter
sombre:somber sabre:saber kilometre:kilometer centimetre:centimeter millimetre:millimeter nanometre:nanometer
micrometre:micrometer millilitre:milliliter defence:defense licence:license offence:offense pretence:pretense
practise:practice judgement:judgment acknowledgement:acknowledgment ageing:aging skilful:skillful
wilful:willful fulfil:fulfill enrol:enroll instalment:installment analogue:analog catalogue:catalog
dialogue:dialog whisky:whiskey cheque:check disc:disk storey:story cosy:cozy axe:ax odour:odor
sulphur:sulfur sulphate:sulfate sulphuric:sulfuric sulphide:sulfide caesium:cesium foetus:fetus foetal:fetal
haemoglobin:hemoglobin oestrogen:estrogen leukaemia:leukemia anaemia:anemia paediatric:pediatric
encyclopaedia:encyclopedia archaeology:archeology orthopaedic:orthopedic anaesthetic:anesthetic
using:use used:use overfitted:overfit underfitted:underfit learnt:learned spelt:spelled burnt:burned
chosen:choose chose:choose hidden:hide frozen:freeze caching:cache cached:cache distillation:distill
cancellation:cancel exothermal:exothermic endothermal:endothermic isothermal:isothermic
"""
_CARDINALS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty
"""
_ORDINALS = """
first:1st second:2nd third:3rd fourth:4th fifth:5th sixth:6th seventh:7th eighth:8th ninth:9th tenth:10th
eleventh:11th twelfth:12th thirteenth:13th fourteenth:14th fifteenth:15th sixteenth:16th seventeenth:17th
eighteenth:18th nineteenth:19th twentieth:20th
"""
_OWN_ROOTS = """
formation station nation ration vacation thing something anything nothing everything king ring string spring wing sing
species series news physics mathematics lens gas bias atlas canvas alias bus plus minus during texas kansas paris
need seed speed feed breed indeed embed
"""

_IRREGULAR = dict(pair.split(":") for pair in _IRREGULAR_FORMS.split())
_NUMBERS = {word: str(i) for i, word in enumerate(_CARDINALS.split())}
_NUMBERS |= dict(pair.split(":") for pair in _ORDINALS.split())
_OWN_ROOT = frozenset(_OWN_ROOTS.split())
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})our(?=s?$|ed$|ing$|al|ful|ite|able|hood|ist|less|ation)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations|able)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})lys(?=(?:e|es|ed|er|ers|ing)$)"), "lyz"),
)
"""Behaviour, optimisation, analyse. Both sides are rewritten: a word that never had another spelling does no harm."""

_NOUN = re.compile(r"(?<=ment|.ent|form|dapt|pect|port)ations?$")  # augmentation, representation, transformation
_PROCESS = re.compile(r"(?<=.)(?:iz|(?<=..)at)(?:ations?|ions?|ing|ed|es|e)$")
_ACTION = re.compile(r"(?<=...)(ct|pt|ss)ions?$")
_ADJECTIVE = re.compile(r"(?<=...)(on|oid)al$")  # positional, sigmoidal
_ABILITY = re.compile(r"bility$")
_UNDOUBLED = re.compile(r"([bdfgklmnprstvz])\1$")
_LOST_E = re.compile(r"^[^aeiou]+[aeiou][^aeiouwxy]$|(?:[lr]v|[rn]c|[rd]g|rs)$")  # tun(e), pars(e)
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
    if word.endswith(("sses", "ches", "shes", "xes", "zzes", "oes")) and len(word) > 4:
        return word[:-2]
    word = word[:-1]
    return _IRREGULAR.get(word, word)


def _without_ending(word: str) -> str:
    if word in _OWN_ROOT:
        return word
    word = _NOUN.sub("", word) if len(word) > 9 else word
    process = _PROCESS.search(word)
    if process and len(word) > 6:
        stem = word[: process.start() + 2]
        return f"{stem[:-1]}s" if stem.endswith("thesiz") else stem  # photosynthesise, photosynthesis
    if len(word) > 7:
        word = _ABILITY.sub("ble", _ADJECTIVE.sub(r"\1", _ACTION.sub(r"\1", word)))
        word = word.removesuffix("ity") if word.endswith("arity") else word
    if len(word) > 6 and word.endswith("ly"):
        word = word[:-2]
    word = _UNDOUBLED.sub(r"\1", _base(word))
    if word.endswith("e") and len(word) > 5:
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


def _base(word: str) -> str:
    """The verb without -ing and -ed, with the e that it lost."""
    if word.endswith("ied") and len(word) > 5:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 2 and _VOWEL.search(stem):
            return stem + "e" if len(stem) < 5 and _LOST_E.search(stem) else stem
    return word
