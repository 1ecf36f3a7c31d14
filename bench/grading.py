"""How the grader of short answers does, beside simpler ways to compare texts: ``python -m bench.grading [--asag DIR]``.

Terms and numbers are measured on ``bench/grading/*.jsonl``: questions with answers as people type them. Explanations
are measured on a folder of human-graded answers, one JSON object a line with ``question``, ``reference`` (or
``references``), ``answer`` and ``score`` from 0 to 1; it is no part of the project.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import math
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from bot.adapters import words
from bot.core.grading import Unreadable, Vocabulary, grade
from bot.core.grading.ideas import derived_ideas, found_ideas, is_explanation
from bot.core.judging import judged
from bot.core.model import Difficulty, Grade, Idea, Kind, Numeric, Question
from bot.core.ports import Judge
from bot.core.verdicts import is_by_ideas

HERE = Path(__file__).parent
SETS = ("mohler", "nn_exam", "beetle", "scientsbank")
AUXILIARIES = (
    "is",
    "are",
    "was",
    "were",
    "can",
    "could",
    "will",
    "would",
    "should",
    "may",
    "might",
    "must",
    "has",
    "have",
    "does",
    "do",
)
HOSTILE = {
    "letters": "a" * 100_000,
    "words": " ".join(f"w{i}ord" for i in range(12_000)),
    "the term again and again": "dropout " * 12_500,
    "brackets": "(" * 100_000,
    "marks": "*_~`|" * 20_000,
    "digits and commas": "1," * 50_000,
    "digits": "9" * 100_000,
    "fractions": "½" * 100_000,
    "ligatures": "ﷺ" * 100_000,
    "combining accents": "a" + "\u0301" * 99_999,
    "negations": "not " * 25_000,
    "doubts": "i dont know " * 8_000,
    "ampersands": "a&" * 50_000,
    "links": "[a](" * 25_000,
}

Match = Callable[[Question, str], bool]


@dataclass(frozen=True)
class Reply:
    """An answer of the evaluation set."""

    question: Question
    text: str
    right: bool
    kind: str


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--asag", type=Path, help="a folder with human-graded answers")
    parser.add_argument("--model", type=Path, help="a folder as SEMANTIC_MODEL names it: its scores as well")
    options = parser.parse_args()
    vocabulary = Vocabulary.of([], words.english())
    for name in ("terms", "numbers"):
        file = HERE / "grading" / f"{name}.jsonl"
        if file.exists():
            compare(name, list(replies(file)), vocabulary)
    if options.asag:
        explanations(options.asag, semantic(options.model) if options.model else None)
        negations(options.asag)
    speed(vocabulary)


# --- terms and numbers ---------------------------------------------------------------------------------------------


def replies(file: Path) -> Iterator[Reply]:
    """The answers of one file with their questions."""
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        question = as_question(row["question"])
        for answer in row["answers"]:
            yield Reply(question, answer["text"], answer["right"], answer["kind"])


def as_question(row: dict[str, Any]) -> Question:
    """A short question as its JSON has it."""
    key = row.get("numeric")
    numeric = None
    if key:
        tolerance = key.get("tolerance", 0)
        relative = isinstance(tolerance, str)
        amount = float(tolerance.rstrip("%")) / 100 if relative else float(tolerance)
        numeric = Numeric(float(key["value"]), amount, relative, key.get("unit", ""))
    return Question(
        row["id"],
        "",
        Kind.SHORT,
        Difficulty(row.get("difficulty", "medium")),
        row["prompt"],
        "",
        answer=str(row["answer"]),
        accept=tuple(map(str, row.get("accept", ()))),
        reject=tuple(map(str, row.get("reject", ()))),
        numeric=numeric,
    )


def rivals(vocabulary: Vocabulary) -> dict[str, Match]:
    """The ways to decide whether an answer is right, ours first."""

    def ours(question: Question, text: str) -> bool:
        return graded(question, text, vocabulary).correct

    def by(similarity: Callable[[str, str], float], enough: float) -> Match:
        return lambda question, text: any(
            similarity(text.lower(), known.lower()) >= enough for known in listed(question)
        )

    return {
        "ours": ours,
        "exact": lambda question, text: text.strip().lower() in [known.strip().lower() for known in listed(question)],
        "levenshtein": by(Levenshtein.normalized_similarity, 0.8),
        "difflib": by(lambda one, other: difflib.SequenceMatcher(None, one, other).ratio(), 0.8),
        "wratio": by(fuzz.WRatio, 90),
    }


def listed(question: Question) -> tuple[str, ...]:
    """What a question lists as right."""
    return (question.answer, *question.accept)


def graded(question: Question, text: str, vocabulary: Vocabulary) -> Grade:
    """Our grade; what cannot be read as an answer earns nothing."""
    try:
        return grade(question, text, vocabulary)
    except Unreadable as error:
        return Grade(0.0, str(error))


def compare(name: str, found: Sequence[Reply], vocabulary: Vocabulary) -> None:
    """Which answers each way accepts, by kind, and the mistakes that are left."""
    ways = rivals(vocabulary)
    accepted = {way: [match(reply.question, reply.text) for reply in found] for way, match in ways.items()}
    print(f"\n{name}: {len(found)} answers to {len({reply.question.id for reply in found})} questions; accepted in %")
    print(f"{'':26}{'n':>5} " + "".join(f"{way:>13}" for way in ways))
    for right in (True, False):
        kinds = sorted({reply.kind for reply in found if reply.right is right})
        for kind in ("all", *kinds):
            chosen = [i for i, reply in enumerate(found) if reply.right is right and kind in ("all", reply.kind)]
            shares = "".join(f"{100 * statistics.fmean(accepted[way][i] for i in chosen):13.1f}" for way in ways)
            print(f"{'right' if right else 'wrong'}, {kind:19}{len(chosen):>5} {shares}")
    accuracy = {way: statistics.fmean(a == r.right for a, r in zip(accepted[way], found, strict=True)) for way in ways}
    print(f"{'decided rightly':26}{len(found):>5} " + "".join(f"{100 * accuracy[way]:13.1f}" for way in ways))
    mistakes = [reply for reply, yes in zip(found, accepted["ours"], strict=True) if yes is not reply.right]
    print(f"the worst of {len(mistakes)} mistakes:" if mistakes else "no mistakes")
    for reply in sorted(mistakes, key=lambda reply: reply.right)[:10]:
        told = graded(reply.question, reply.text, vocabulary).reason
        verdict = "refused" if reply.right else "ACCEPTED"
        print(f"  {verdict} for {reply.question.answer!r}: {reply.text!r} ({reply.kind}) {told}")


# --- explanations --------------------------------------------------------------------------------------------------


def explanations(folder: Path, judge: Judge | None) -> None:
    """How well scores follow human graders, beside similarities of whole texts."""
    ways: dict[str, Callable[[dict[str, Any]], float]] = {
        "ours": lambda row: scored(row, row["answer"]).score,
        **({"with a model": lambda row: by_judge(judge, row)} if judge else {}),
        "levenshtein": lambda row: best(row, lambda a, b: Levenshtein.normalized_similarity(a, b)),
        "wratio": lambda row: best(row, lambda a, b: fuzz.WRatio(a, b) / 100),
        "token set": lambda row: best(row, lambda a, b: fuzz.token_set_ratio(a, b) / 100),
        "shared words": lambda row: best(row, shared_words),
    }
    print("\nexplanations: Pearson's r with human graders over all answers, and the mean over questions")
    print(f"{'':14}{'n':>6} " + "".join(f"{way:>22}" for way in ways))
    worst: list[tuple[float, float, dict[str, Any]]] = []
    for name, rows in sets(folder):
        human = [row["score"] for row in rows]
        line = f"{name:14}{len(rows):>6} "
        for way, score in ways.items():
            scores = [score(row) for row in rows]
            line += f"{pearson(scores, human):>14.3f} ({within(rows, scores):.3f})"
            if way == "ours" and name in SETS[:2]:
                worst += [(abs(mine - row["score"]), mine, row) for mine, row in zip(scores, rows, strict=True)]
        print(line)
    print("the worst ten mistakes on the first two sets:")
    for _, mine, row in sorted(worst, key=lambda each: -each[0])[:10]:
        print(f"  {mine:.2f} for {row['score']:.2f}: {row['answer'][:100]!r} to {row['reference'][:70]!r}")


def sets(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The data sets that a folder has."""
    for name in SETS:
        file = folder / f"{name}.jsonl"
        if file.exists():
            rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            yield name, [row for row in rows if row["answer"].strip()]


def scored(row: dict[str, Any], answer: str) -> Grade:
    """Our grade for an answer to the question of a row."""
    return grade(question_of(row), answer)


def semantic(folder: Path) -> Judge:
    """The embedding model of a folder; takes quizbot[semantic]."""
    from bot.adapters.semantic import Semantic

    return Semantic(folder)


def by_judge(judge: Judge | None, row: dict[str, Any]) -> float:
    """Our score for the answer of a row as a judge sees it, in whatever form the reference is."""
    question = question_of(row)
    if not is_by_ideas(question):
        question = replace(question, ideas=derived_ideas(question.answer, question.prompt))
    return asyncio.run(judged(judge, question, row["answer"], grade(question, row["answer"]))).score


def question_of(row: dict[str, Any]) -> Question:
    """The question of a row; several references are wordings of one idea."""
    references = row.get("references") or [row["reference"]]
    ideas = (Idea(references[0], tuple(references[1:])),) if len(references) > 1 else ()
    return Question(
        row["qid"], "", Kind.SHORT, Difficulty.EASY, row["question"], "", answer=row["reference"], ideas=ideas
    )


def best(row: dict[str, Any], similarity: Callable[[str, str], float]) -> float:
    """The highest similarity of an answer with one of its references."""
    references = row.get("references") or [row["reference"]]
    return max(similarity(row["answer"].lower(), reference.lower()) for reference in references)


def shared_words(answer: str, reference: str) -> float:
    """The share of a reference's words that occur in an answer."""
    wanted = set(reference.split())
    return len(wanted & set(answer.split())) / len(wanted) if wanted else 0.0


def within(rows: Sequence[dict[str, Any]], scores: Sequence[float]) -> float:
    """The mean over the questions of Pearson's r within each."""
    by_question: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for row, score in zip(rows, scores, strict=True):
        by_question[row["qid"]].append((score, row["score"]))
    groups = [pairs for pairs in by_question.values() if len({human for _, human in pairs}) > 1]
    return statistics.fmean(pearson([mine for mine, _ in pairs], [human for _, human in pairs]) for pairs in groups)


def pearson(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's correlation coefficient, 0 where one side does not vary."""
    mean, other_mean = statistics.fmean(one), statistics.fmean(other)
    spread = math.sqrt(sum((x - mean) ** 2 for x in one) * sum((y - other_mean) ** 2 for y in other))
    return sum((x - mean) * (y - other_mean) for x, y in zip(one, other, strict=True)) / spread if spread else 0.0


def negations(folder: Path) -> None:
    """Whether a "not" put into an explanation that earns full marks costs it these."""
    print('\nnegation: explanations right for people and us that lose full marks with a "not" put in, in %')
    print(f"{'':14}{'n':>6}{'after the first verb':>24}{'after some verb':>20}{'anywhere':>14}{'false flags':>18}")
    for name, rows in sets(folder):
        right = [row for row in rows if row["score"] >= 0.99]
        full = [row for row in right if scored(row, row["answer"]).correct]
        flagged = [row for row in right if only_turned(row)]
        line = f"{name:14}{len(full):>6}"
        for width, how in ((24, "first"), (20, "some"), (14, "anywhere")):
            chance = random.Random(1)
            texts = [(row, negated(row["answer"], how, chance)) for row in full]
            tried = [not scored(row, text).correct for row, text in texts if text]
            line += f"{100 * statistics.fmean(tried):>{width - 7}.1f} ({len(tried):4})" if tried else f"{'-':>{width}}"
        share = 100 * len(flagged) / max(1, len(flagged) + len(full))
        print(f"{line}{share:>11.1f} ({len(flagged):4})")


def only_turned(row: dict[str, Any]) -> bool:
    """Whether an answer misses full marks only because a negation or an opposite is seen in it."""
    found = found_ideas(question_of(row), row["answer"])
    whole = all(each.words >= 0.995 for each in found)
    return whole and any(each.turned for each in found) and is_explanation(row["reference"])


def negated(text: str, how: str, chance: random.Random) -> str:
    """A text with a "not" after its first or some auxiliary verb, or anywhere; empty where it has no such place."""
    found = text.split()
    places = [i + 1 for i, word in enumerate(found) if word.lower().strip(".,;") in AUXILIARIES]
    places = places[:1] if how == "first" else places if how == "some" else list(range(len(found)))
    if not places:
        return ""
    at = chance.choice(places)
    if at < len(found) and found[at].lower() in ("not", "no", "never"):
        return ""
    return " ".join([*found[:at], "not", *found[at:]])


# --- speed ---------------------------------------------------------------------------------------------------------


def speed(vocabulary: Vocabulary) -> None:
    """Answers graded a second of processor time, and the slowest hostile input."""
    file = HERE / "grading" / "terms.jsonl"
    found = list(replies(file)) if file.exists() else []
    dropout = Question("dropout", "", Kind.SHORT, Difficulty.EASY, "What switches off units?", "", answer="dropout")
    number = Question("number", "", Kind.SHORT, Difficulty.EASY, "How many?", "", answer="50", numeric=Numeric(50))
    essay = Question(
        "essay",
        "",
        Kind.SHORT,
        Difficulty.EASY,
        "Why?",
        "",
        answer="",
        ideas=(Idea("linear layers make one linear map"),),
    )
    print("\nspeed, one core")
    if found:
        rounds = 3
        begun = time.process_time()
        for _ in range(rounds):
            for reply in found:
                graded(reply.question, reply.text, vocabulary)
        print(f"term answers a second: {rounds * len(found) / (time.process_time() - begun):,.0f}")
    for name, question in (("term", dropout), ("number", number), ("ideas", essay)):
        slowest = max((timed(question, text, vocabulary), label) for label, text in HOSTILE.items())
        print(f"slowest input of 100 kB, {name}: {slowest[0] * 1000:.1f} ms ({slowest[1]})")


def timed(question: Question, text: str, vocabulary: Vocabulary) -> float:
    """The seconds that one grade takes, the best of three."""
    return min(_seconds(lambda: graded(question, text, vocabulary)) for _ in range(3))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
