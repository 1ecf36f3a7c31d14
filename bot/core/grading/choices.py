"""Multiple choice: a letter, or the text of an option."""

from __future__ import annotations

import re

from bot.core.grading.normalise import plain
from bot.core.grading.reasons import NotAnOption, quote, right, sentence, wrong
from bot.core.model import LETTERS, Grade, Question

_LETTER = re.compile(r"[\s(\[\"'`*_]*([A-Ea-e])[\s)\].:,!\"'`*_]*")


def grade_choice(question: Question, text: str) -> Grade:
    """The grade of the option that the reply picks; options are lettered in the order of ``question.choices``."""
    picked = question.choices[picked_option(question, text)]
    if picked.correct:
        return right(sentence(picked.text))
    return wrong(sentence(picked.why) if picked.why else f'You chose "{quote(picked.text)}".')


def picked_option(question: Question, text: str) -> int:
    """Index of the option that the reply names by its letter or by its whole text."""
    letter = _LETTER.fullmatch(text[:1000])
    if letter:
        index = LETTERS.index(letter[1].upper())
        if index < len(question.choices):
            return index
    said = plain(text)
    same = [i for i, choice in enumerate(question.choices) if said and plain(choice.text) == said]
    if len(same) == 1:
        return same[0]
    raise NotAnOption(LETTERS[len(question.choices) - 1])
