"""The words and phrases that people put around an answer: small talk, doubts, corrections, negations, asides."""

from __future__ import annotations

import re

from bot.core.grading.wordforms import root


def _roots(text: str) -> frozenset[str]:
    return frozenset(form for word in text.split() for form in (word, root(word)))


SMALL_TALK = _roots(
    "i im ive id ill we you it its that thats this these those there theres they he she is was are were be been being "
    "am do did does has have had having would wouldve could might may must can will wed youd think thinks thought thinking guess guessing "
    "believe say saying said suppose assume assuming reckon feel know call calls called name names named known as aka ie eg "
    "viz so well ok okay hmm hm hmmm um uh umm er erm ah oh eh like just simply only really actually surely certainly "
    "probably maybe perhaps possibly likely definitely clearly obviously basically generally usually typically also too "
    "of course my mine me your our us answer answers final solution response question here please thanks thank lol haha yes "
    "yeah yep yup sure right correct correctly term word phrase what which to in on at by for from with of and the a an "
    "looking look want wanted mean meant means refer refers referred talking about describe describes described "
    "definition define defined must gotta got go going choose chose pick picked bet vote lets let us see one ones "
    "something sort pretty quite very much hopefully presumably apparently if remember recall remembering correctly "
    "mistaken ive heard first thing comes mind afaik imo imho iirc btw tbh obvs prob probs def cuz pls plz rn "
    "dr mr mrs ms prof professor sir specifically short abbreviated abbreviation acronym stands stand both spelled spelling"
)
"""Words that say nothing about the subject."""

CATEGORY = _roots(
    "technique method algorithm function layer problem mechanism approach effect phenomenon procedure operation concept "
    "principle optimizer process type kind form variant class category strategy trick idea system model network architecture "
    "unit cell scheme theorem theory law rule equation formula metric measure score regularizer loss matrix tool language framework "
    "library protocol structure methodology design pattern paradigm notion value criterion estimator classifier"
)
"""Nouns that may follow a term without making it another one: the dropout technique."""

APPOSITIVES = _roots(
    "algorithm method technique approach problem mechanism phenomenon optimizer effect procedure function concept "
    "principle metric measure theorem theory law rule strategy trick tool language framework library protocol loss"
)
"""Nouns that may stand right before a term without making it another one: the optimizer Adam, but not "layer norm"."""

CONTENTLESS = _roots("algorithm method technique approach problem mechanism phenomenon optimizer layer effect procedure")
"""Nouns that may be left out at the end of a term even if the question does not say them."""

NEGATIONS = frozenset(
    ["not", "no", "never", "none", "neither", "nor", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "wont", "wouldnt", "shouldnt", "couldnt", "aint", "hasnt", "havent", "hadnt", "without", "except", "excluding", "opposite", "contrary", "converse", "reverse", "inverse", "nothing", "non", "lack", "absence", "false", "wrong", "incorrect", "anti", "untrue", "nope", "nah", "lacks", "lacking", "absent", "instead", "unlike", "rather", "hardly", "scarcely", "barely"]
)
"""Words that turn what stands near them."""

CONTRASTS = frozenset(["not", "instead", "rather", "unlike", "without", "except", "excluding", "no", "nor", "neither"])
"""Words that set a wrong answer apart after the right one: "L1, not L2"."""

ALTERNATIVES = frozenset(["or", "and", "either", "plus", "nor", "both", "vs", "versus"])
"""Words that join two answers."""

OPENERS = frozenset(
    ["which", "that", "who", "because", "cause", "since", "where", "when", "while", "whereas", "so", "it", "they", "this", "these", "he", "she", "we", "you", "by", "used", "using", "based", "due", "thanks", "is", "are", "was", "were", "be", "being", "means", "meaning", "for", "during", "to", "in", "on", "at", "as", "if", "after", "before", "until", "via", "through", "can", "could", "may", "might", "will", "would", "helps", "randomly", "also", "has", "have", "does", "do", "makes", "turns", "sets", "removes", "drops", "prevents", "reduces", "uses", "adds", "gives", "works", "causes", "lets", "allows", "takes", "happens", "occurs", "keeps", "forces", "disables", "zeroes", "avoids", "improves", "increases", "decreases", "learns", "maps", "computes", "returns", "measures", "applies", "stops", "splits", "combines", "normalizes", "normalises", "scales", "adjusts", "then", "thus", "hence", "therefore", "not", "rather", "instead", "unlike", "but", "although", "though", "however", "e.g", "ie", "eg", "specifically", "namely", "from"]
)
"""Words that may follow the term and open an explanation: "dropout because it ..."."""

COPULAS = frozenset(
    ["is", "are", "was", "be", "been", "called", "named", "as", "means", "via", "by", "use", "uses", "used", "using", "apply", "applies", "applied", "applying", "add", "adding", "try", "through", "with", "known", "it", "its", "thats", "do", "doing", "perform", "performing", "employ", "employing", "technically", "therefore", "thus", "hence", "so", "termed", "dubbed", "say", "said", "equals", "becomes", "gives", "get", "gets", "yields", "method", "technique", "term", "word", "answer", "has", "have", "needs", "need", "requires"]
)
"""Words after which a description may end in the term: "randomly dropping units is called dropout"."""

_UNSURE = re.compile(
    r"\b(?:(?:im |i am |am )?not (?:\w{2,10} )?(?:sure|certain|positive|confident|an expert)(?: but| though| about (?:it|this|that))?"
    r"|(?:i )?(?:really |honestly )?(?:dont|do not|cant|cannot|couldnt|didnt) (?:really )?(?:know|remember|recall|think of)(?: for sure| exactly| anything else| (?:the|its|his|her) (?:exact )?(?:name|word|spelling|term))?(?: but)?"
    r"|dunno|idk|no (?:idea|clue|doubt|question|pressure)(?: but| about (?:it|that))?|(?:if|unless) i(?:m| am) (?:not )?(?:mistaken|wrong)|not (?:wrong|mistaken)"
    r"|without (?:a |any )?(?:doubt|question)|why not|(?:is|was|isnt|wasnt|arent) (?:it|that|this) not|(?:isnt|wasnt|arent|doesnt) (?:it|that|this|they)"
    r"|none other than|nothing (?:else|but|other than)|or (?:something|sth|smth)(?: (?:like|similar)(?: to)?(?: that| this)?)?|or (?:so|not|whatever|what|similar)(?=$|\W*$)"
    r"|something like(?: that)?|if (?:i remember|memory serves)(?: me)?(?: correctly| right| well)?|correct me if (?:im|i am) wrong|could be wrong|might be wrong|not to be confused with [^,;.()]{1,60}"
    r"|sorry (?:for|about) [^,;.()]{1,40}|no (?:need|hint|help)|not that hard|cant be anything else)\b"
)  # fmt: skip
_CORRECTION = re.compile(
    r"\b(?:no,? wait|wait,? no|wait|i mean|i meant|scratch that|correction|actually,? no|no,? actually|oops|make that|on second thoughts?|or rather|rather(?! than)|nope|sorry)\b[\s,:.]*"
    r"|(?<=[,.;\-])\s*(?:actually|no)\b[\s,]+"
)
_TO_GRADER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|rules?|rubrics?|above|previous|grader|grading|question|answer key|key)\b"
    r"|\b(?:mark|grade|score|count|accept|award|rate|evaluate)\b (?:this|it|my|me|that|the|any|as|all|answer)\b.{0,40}\b(?:correct|right|full|points?|marks?|credits?|score|true|pass|answer|maximum|max|100|10|1)\b"
    r"|\b(?:give|grant) (?:me|this|it|the|my|full|all|maximum|max)\b.{0,30}\b(?:points?|marks?|credits?|score|grade)\b"
    r"|\b(?:grader|system prompt|as an ai|language model,|you must|you should (?:mark|accept|grade|give|answer)|admin(?:istrator)? (?:mode|override)|jailbreak|developer mode)\b"
    r"|\b(?:correct|is_?correct|right|score|grade|verdict)\b\s*[:=]\s*(?:true|right|correct|full|1|1\.0|10|100|yes)\b"
    r"|\b(?:the|my|this|any) (?:above |following |expected |given )?(?:answer|response|reply) is (?:correct|right|accepted|the (?:correct|right|expected) (?:one|answer))\s*[.!]*$"
    r"|\b(?:the )?(?:correct|right|expected|official|reference) (?:answer|solution|response)\s*[.!]*$"
)


def without_doubts(text: str) -> str:
    """The cleaned text without phrases such as "not sure but", whose "not" does not concern the answer."""
    return _UNSURE.sub(" ", text)


def last_correction(text: str) -> str:
    """What stands after the last "no wait": people correct themselves, and the last word counts."""
    end = 0
    for found in _CORRECTION.finditer(text):
        if text[: found.start()].strip(" ,.;-") and text[found.end() :].strip(" ,.;-?!"):
            end = found.end()
    return text[end:]


def addresses_grader(text: str) -> bool:
    """Whether a cleaned text tells the grader what to do instead of answering."""
    return _TO_GRADER.search(text) is not None
