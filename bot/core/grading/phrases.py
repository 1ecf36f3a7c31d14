"""Phrases around an answer: doubts, corrections, and words addressed to the grader."""

from __future__ import annotations

import re


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


_UNSURE = _any_of(
    r"(?:im |i am |am )?not (?:\w{2,10} )?(?:sure|certain|positive|confident|an expert)"
    r"(?: but| though| about (?:it|this|that))?",
    r"(?:i )?(?:really |honestly )?(?:dont|do not|cant|cannot|couldnt|didnt) (?:really )?"
    r"(?:know|remember|recall|think of)(?: for sure| exactly| anything else"
    r"| (?:the|its|his|her) (?:exact )?(?:name|word|spelling|term))?(?: but)?",
    r"dunno",
    r"idk",
    r"no (?:idea|clue|doubt|question|pressure)(?: but| about (?:it|that))?",
    r"(?:if|unless) i(?:m| am) (?:not )?(?:mistaken|wrong)",
    r"not (?:wrong|mistaken)",
    r"without (?:a |any )?(?:doubt|question)",
    r"why not",
    r"(?:is|was) (?:it|that|this) not",
    r"(?:isnt|wasnt|arent|doesnt) (?:it|that|this|they)",
    r"none other than",
    r"nothing (?:else|but|other than)",
    r"or (?:something|sth|smth)(?: (?:like|similar)(?: to)?(?: that| this)?)?",
    r"or (?:so|not|whatever|what|similar)(?=$|\W*$)",
    r"something like(?: that)?",
    r"if (?:i remember|memory serves)(?: me)?(?: correctly| right| well)?",
    r"correct me if (?:im|i am) wrong",
    r"(?:could|might) be wrong",
    r"not to be confused with [^,;.()]{1,60}",
    r"sorry (?:for|about) [^,;.()]{1,40}",
    r"no (?:need|hint|help)",
    r"cant be anything else",
    r"(?:modern|present)[- ]day",
)
_DOUBTFUL = (
    *(
        "not",
        "know",
        "idea",
        "clue",
        "dunno",
        "idk",
        "doubt",
        "mistaken",
        "wrong",
        "nt it",
        "nt th",
        "or ",
        "like",
        "than",
    ),
    *("else", "sorry", "but", "remember", "question", "opposed", "contra", "compared", "day", "no ", "serves"),
)
_CORRECTING = (
    "wait",
    "mean",
    "scratch",
    "correction",
    "no",
    "oops",
    "make that",
    "second",
    "rather",
    "sorry",
    "actually",
)
_COMMANDING = (
    *("ignore", "disregard", "forget", "override", "bypass", "mark", "grade", "grading", "score", "count", "accept"),
    *(
        "award",
        "rate ",
        "evaluate",
        "give",
        "grant",
        "prompt",
        "as an ai",
        "language model",
        "you ",
        "admin",
        "jailbreak",
    ),
    *("developer", "correct", "right", "verdict", "answer", "response", "reply", "solution"),
)
_AS_OPPOSED = _any_of(r"as opposed to|in contrast (?:to|with)|contrary to|other than|compared (?:to|with)")
_CORRECTION = re.compile(
    r"\b(?:no,? wait|wait,? no|wait|i mean|i meant|scratch that|correction|actually,? no|no,? actually|oops|make that"
    r"|on second thoughts?|or rather|rather(?! than)|nope|sorry)\b[\s,:.]*"
    r"|(?<=[,.;\-])\s*(?:actually|no)\b[\s,]+"
)
_RIGHT = r"(?:correct|right|full|points?|marks?|credits?|score|true|pass|answer|maximum|max|100|10|1)"
_TO_GRADER = _any_of(
    r"(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b"
    r"(?:instructions?|prompts?|rules?|rubrics?|above|previous|grader|grading|question|answer key|key)",
    r"(?:mark|grade|score|count|accept|award|rate|evaluate) (?:this|it|my|me|that|the|any|as|all|answer)\b"
    rf".{{0,40}}\b{_RIGHT}",
    r"(?:give|grant) (?:me|this|it|the|my|full|all|maximum|max)\b.{0,30}\b(?:points?|marks?|credits?|score|grade)",
    r"grader|system prompt|as an ai|language model,|you must|you should (?:mark|accept|grade|give|answer)",
    r"admin(?:istrator)? (?:mode|override)|jailbreak|developer mode",
    r"(?:correct|is_?correct|right|score|grade|verdict)\s*[:=]\s*(?:true|right|correct|full|1|1\.0|10|100|yes)",
)
_CLAIM = re.compile(
    r"\b(?:the|my|this|any) (?:above |following |expected |given )?(?:answer|response|reply) is "
    r"(?:correct|right|accepted|the (?:correct|right|expected) (?:one|answer))\s*[.!]*$"
    r"|^\s*(?:the )?(?:correct|right|expected|official|reference) (?:answer|solution|response)\s*[.!]*$"
)


def without_doubts(text: str) -> str:
    """The cleaned text without phrases such as "not sure but", whose "not" does not concern the answer."""
    if not any(cue in text for cue in _DOUBTFUL):
        return text
    return _UNSURE.sub(" ", _AS_OPPOSED.sub("unlike", text))


def last_correction(text: str) -> str:
    """What stands after the last "no wait": people correct themselves, and the last word counts."""
    if not any(cue in text for cue in _CORRECTING):
        return text
    end = 0
    for found in _CORRECTION.finditer(text):
        if text[: found.start()].strip(" ,.;-") and text[found.end() :].strip(" ,.;-?!"):
            end = found.end()
    return text[end:]


def addresses_grader(text: str) -> bool:
    """Whether a cleaned text tells the grader what to do instead of answering."""
    if not any(cue in text for cue in _COMMANDING):
        return False
    return _TO_GRADER.search(text) is not None or _CLAIM.search(text) is not None
