"""Ideas found by an embedding model on this machine, run with onnxruntime: the extra ``quizbot[semantic]``.

An idea is in an answer to the degree to which its words are among the answer's, compared by the embeddings that they
have in their sentences. That follows human graders better than the similarity of whole sentences does, which sees the
subject and hardly what is said of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.core.grading.ideas import ideas_of
from bot.core.grading.stems import stem
from bot.core.grading.wordings import SMALL
from bot.core.model import Grade, Idea, Question
from bot.core.verdicts import raised

log = logging.getLogger(__name__)

FILES = ("model.onnx", "tokenizer.json")

MOST_CHARACTERS = 2000
MOST_TOKENS = 256
"""What is read of a text, so that none is slow: the rest is cut off."""

KEPT = 512
"""Wordings and questions whose embeddings are kept."""

ASKED_SHARE = 0.6
"""How much of the likeness that a word has to the question's own words shows nothing."""

SMALL_WEIGHT = ASKED_WEIGHT = 0.1
"""What a function word counts for, and what a word of the question: saying it again shows little."""

CHANCE, FULL = 0.08, 0.6
"""The recall that any answer has, and the one from which on an idea is there: a paraphrase never has all of it."""

THREADS = 2
"""Texts are short; more threads than this only wait for each other."""


class NotAModel(Exception):
    """A folder without a model that can be run; the text says what is wrong with it."""


@dataclass(frozen=True)
class Embedded:
    """The words of a text, each with its embedding, a unit vector."""

    words: tuple[str, ...]
    vectors: NDArray[np.float32]


class Semantic:
    """``ports.Judge`` with an embedding model; deterministic: the same texts have the same grade."""

    def __init__(self, folder: Path) -> None:
        """Load the model once. Raises ``NotAModel``."""
        for name in FILES:
            if not (folder / name).is_file():
                raise NotAModel(f"there is no file {folder / name}; the folder holds {' and '.join(FILES)}")
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), _options())
        except Exception as error:  # both libraries raise what their native parts raise
            raise NotAModel(f"{folder} holds no model that can be run: {_first_line(error)}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._known = lru_cache(maxsize=KEPT)(self.embedded)
        self._try()

    def _try(self) -> None:
        try:
            shape = self.embedded("a word").vectors.shape
        except Exception as error:
            raise NotAModel(f"model.onnx gives no embeddings: {_first_line(error)}") from error
        if len(shape) != 2 or shape[0] != 2:
            raise NotAModel("model.onnx gives no embedding for each token")

    async def judge(self, question: Question, text: str, offline: Grade) -> Grade:
        """The grade by the model and the words together; off the event loop."""
        try:
            return await asyncio.to_thread(self.graded, question, text)
        except Exception:
            log.exception("question %s: the embedding model failed, the words alone decide", question.id)
            return offline

    def graded(self, question: Question, text: str) -> Grade:
        """The grade of an answer."""
        answer, asked = self.embedded(text), self._known(question.prompt)
        return raised(question, text, [self._credit(idea, answer, asked) for idea in ideas_of(question)])

    def _credit(self, idea: Idea, answer: Embedded, asked: Embedded) -> float:
        """How far an idea is in an answer: that of the wording which it comes nearest to."""
        return max(_credit(self._known(text), answer, asked) for text in (idea.idea, *idea.accept))

    def embedded(self, text: str) -> Embedded:
        """A text by its words; one at a time, because in a batch the model's integers depend on the other texts."""
        text = text[:MOST_CHARACTERS]
        encoding = self._tokenizer.encode(text)
        ids = np.array([encoding.ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        [hidden, *_] = self._session.run(None, {name: given[name] for name in self._inputs})
        return _by_words(text, encoding.word_ids, encoding.offsets, hidden[0])


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _by_words(
    text: str, word_ids: Sequence[int | None], offsets: Sequence[tuple[int, int]], hidden: NDArray[np.float32]
) -> Embedded:
    """The mean of each word's pieces; marks are left out."""
    pieces: dict[int, list[int]] = {}
    for i, word in enumerate(word_ids):
        if word is not None:
            pieces.setdefault(word, []).append(i)
    found = [(text[offsets[at[0]][0] : offsets[at[-1]][1]].lower(), at) for at in pieces.values()]
    found = [(word, at) for word, at in found if any(char.isalnum() for char in word)]
    if not found:
        return Embedded((), np.zeros((0, hidden.shape[1]), dtype=np.float32))
    vectors = np.array([hidden[at].mean(axis=0) for _, at in found])
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return Embedded(tuple(word for word, _ in found), vectors / np.maximum(norms, 1e-9))


def _credit(wording: Embedded, answer: Embedded, asked: Embedded) -> float:
    """Recall of a wording's words among the answer's, less what their likeness to the question explains, as credit."""
    if not wording.words or not answer.words:
        return 0.0
    best = (wording.vectors @ answer.vectors.T).max(axis=1)
    known = ASKED_SHARE * (wording.vectors @ asked.vectors.T).max(axis=1) if asked.words else np.zeros_like(best)
    found = np.clip((best - known) / (1 - known), 0.0, 1.0)
    recall = float(np.average(found, weights=_weights(wording.words, asked.words)))
    return min(1.0, max(0.0, (recall - CHANCE) / (FULL - CHANCE)))


def _weights(words: Sequence[str], asked: Sequence[str]) -> list[float]:
    """What each word counts for: little if it is a function word, and little if the question says it."""
    stems = frozenset(map(stem, asked))
    return [(SMALL_WEIGHT if word in SMALL else 1.0) * (ASKED_WEIGHT if stem(word) in stems else 1.0) for word in words]
