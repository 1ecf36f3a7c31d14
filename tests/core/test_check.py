"""The rules that a bank is checked by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core import check
from bot.core.check.rules import Contents
from bot.core.check.words import sentences
from bot.core.format import Document, Placed
from bot.core.model import Choice, Difficulty, Idea, Kind, Numeric, Question, Source

CHOICE = Question(
    id="rate-too-high",
    topic="optimization",
    kind=Kind.CHOICE,
    difficulty=Difficulty.EASY,
    concept="learning rate",
    prompt="What happens to the loss when steps are far too long?",
    choices=(
        Choice("It jumps around", correct=True),
        Choice("It falls slowly but steadily", why="Short steps do that."),
        Choice("It stays where it is", why="The weights do move."),
    ),
    explanation="Each step goes past the minimum. The next one goes past it again.",
    sources=(Source("a.txt", "Rates"),),
)
TERM = replace(
    CHOICE,
    id="dropping-units",
    kind=Kind.SHORT,
    concept="dropout",
    choices=(),
    prompt="Which technique switches off random units in training?",
    answer="dropout",
    accept=("unit dropping",),
    reject=("dropconnect",),
)
NUMBER = replace(
    TERM,
    id="batches-per-epoch",
    concept="epoch",
    prompt="A set has 1,600 images and a batch 32. How many batches make an epoch?",
    answer="50",
    accept=(),
    reject=(),
    numeric=Numeric(50, unit="batches"),
)
IDEAS = replace(
    TERM,
    id="why-depth",
    concept="depth",
    prompt="Why are networks deep?",
    answer="Objects consist of parts, and early layers detect edges.",
    accept=(),
    reject=(),
    ideas=(
        Idea("objects consist of parts", ("parts form wholes",)),
        Idea("early layers detect edges", ("first layers find edges",)),
    ),
)
SOUND = (CHOICE, TERM, NUMBER, IDEAS)


def placed(question, line=1):
    return Placed(question, Document("bank.yaml", None, {("questions", 0): line}), ("questions", 0))


def contents(*questions, **listed):
    return Contents([placed(question) for question in questions], **listed)


def errors(*questions, **listed):
    return [fault.text for fault in check.errors(contents(*questions, **listed))]


def warned(*questions, **listed):
    """The rules that warn, and their words."""
    found = [fault.text.removeprefix("warning: ") for fault in check.warnings(contents(*questions, **listed))]
    return [(text[text.rindex("[") + 1 : -1], text[: text.rindex(" [")]) for text in found]


def rules(*questions, **listed):
    return [rule for rule, _ in warned(*questions, **listed)]


def options(*texts, question=CHOICE):
    """The question with these options, the first one right."""
    first, *others = texts
    return replace(question, choices=(Choice(first, correct=True), *(Choice(text, why="No.") for text in others)))


def test_sound():
    """Sound questions of every kind have neither errors nor warnings."""
    assert errors(*SOUND) == []
    assert warned(*SOUND) == []


def test_place():
    """A finding names file, line and question, on the line of the part that it is about."""
    lines = {("questions", 0): 3, ("questions", 0, "reject"): 9, ("questions", 0, "reject", 1): 11}
    question = replace(TERM, reject=("dropconnect", "Dropout!"))
    one = Contents([Placed(question, Document("bank.yaml", None, lines), ("questions", 0))])
    assert [str(fault) for fault in check.errors(one)] == [
        'bank.yaml:11: dropping-units: "Dropout!" stands in reject, but the key accepts it: take it out of one'
    ]


class TestErrors:
    """What cannot be graded fairly or shown whole."""

    def test_answer_refused(self):
        """An answer or wording that the grader refuses is told."""
        assert errors(replace(TERM, answer="not dropout", accept=())) == []  # listed, so it counts
        refused = replace(IDEAS, answer="Objects consist of parts.")
        (error,) = errors(refused)
        assert error.startswith(
            '"Objects consist of parts." is not accepted by its own key: reword it or mend the key ('
        )
        assert "Partly right" in error

    def test_reject_accepted(self):
        """A near miss that the grader accepts is told."""
        assert errors(replace(TERM, reject=("dropconnect", "Unit-dropping"))) == [
            '"Unit-dropping" stands in reject, but the key accepts it: take it out of one'
        ]

    def test_idea_not_earned(self):
        """A wording that only says the prompt again earns nothing."""
        idea = replace(IDEAS.ideas[0], accept=("networks are deep",))
        (error,) = errors(replace(IDEAS, ideas=(idea, IDEAS.ideas[1])))
        assert error.startswith('the wording "networks are deep" does not earn the idea "objects consist of parts": ')

    @pytest.mark.parametrize("numeric", [Numeric(51), Numeric(5), Numeric(52, 0.03, relative=True)])
    def test_other_number(self, numeric):
        """The number that is shown is the number that is graded."""
        (error,) = errors(replace(NUMBER, numeric=numeric))
        assert error.startswith(f'the answer "50" is not {numeric.value:g} within the tolerance of numeric')

    @pytest.mark.parametrize(
        ("answer", "numeric"),
        [
            ("50 batches", Numeric(50, unit="batches")),
            ("0.333", Numeric(1 / 3, 0.001)),
            ("80 %", Numeric(80, unit="%")),
        ],
    )
    def test_same_number(self, answer, numeric):
        """It may be rounded, or shown with its unit."""
        assert errors(replace(NUMBER, answer=answer, numeric=numeric, prompt="What is it, as asked?")) == []

    def test_same_prompt(self):
        """The very same prompt is told with the other question's id, however it is written."""
        again = replace(CHOICE, id="again", prompt="What  happens to the Loss when steps are far too long")
        assert errors(CHOICE, again) == ['the prompt is that of "rate-too-high": ask something else or take it out']

    @pytest.mark.parametrize(
        ("question", "said", "most"),
        [
            (replace(CHOICE, prompt="W" * 1500 + "?"), "prompt has 1,501", "1,500"),
            (
                replace(
                    CHOICE,
                    prompt="W" * 1499 + "?",
                    choices=tuple(replace(c, text=c.text.ljust(170, ".")) for c in CHOICE.choices),
                ),
                "prompt and options together have",
                "1,700",
            ),
            (options("It jumps", "f" * 181, "It stays"), "text has 181", "180"),
            (replace(CHOICE, choices=(*CHOICE.choices[:2], Choice("It stays", why="w" * 301))), "why has 301", "300"),
            (replace(CHOICE, explanation="e" * 1201), "explanation has 1,201", "1,200"),
            (
                replace(CHOICE, explanation="e" * 1200, note="n" * 400),
                "explanation, note and source together have",
                "1,500",
            ),
            (replace(CHOICE, note="n" * 1201), "note has 1,201", "1,200"),
            (replace(CHOICE, concept="c" * 101), "concept has 101", "100"),
            (replace(TERM, accept=("a" * 201,)), "accept has 201", "200"),
            (replace(TERM, reject=("r" * 201,)), "reject has 201", "200"),
            (replace(TERM, answer="a" * 601), "answer has 601", "600"),
            (replace(TERM, prompt="😀" * 760), "prompt has 1,520", "1,500"),
        ],
    )
    def test_too_long(self, question, said, most):
        """A text that a platform cannot show names its length and the limit."""
        ending = f" characters, at most {most} can be shown: shorten it"
        assert any(text.startswith(said) and text.endswith(ending) for text in errors(question))


class TestOptions:
    """Guidelines for the options of a choice question."""

    @pytest.mark.parametrize(
        "texts",
        [
            ("It jumps around from one to another", "It falls", "It stays"),
            ("a" * 50, "b" * 40, "c"),
        ],
    )
    def test_longest_right(self, texts):
        """A right option that stands out by its length is told."""
        ((rule, text),) = warned(options(*texts))
        assert rule == "longest-right"
        assert text.startswith(f"the right option is clearly the longest, {len(texts[0])} characters against")

    @pytest.mark.parametrize(
        "texts", [("a" * 49, "b" * 40, "c"), ("Very large", "Small", "None"), ("It", "Falls", "Jumps")]
    )
    def test_not_clearly(self, texts):
        """A little longer, or long among short ones, is no clue."""
        assert "longest-right" not in rules(options(*texts))

    @pytest.mark.parametrize(
        "text",
        [
            "All of the above",
            "None of the above",
            "none of these.",
            "Both of these",
            "All of these options",
            "Both A and B",
            "A or C",
            "Neither A nor B",
            "Two of the above",
            "The previous answers together",
        ],
    )
    def test_above(self, text):
        """Options that speak of others are told, since the order changes."""
        assert "above" in rules(options("It jumps around", "It falls slowly", text))

    @pytest.mark.parametrize(
        "text", ["A and its inverse", "It falls above the threshold", "All of the weights", "These"]
    )
    def test_not_above(self, text):
        """Other uses of these words are not."""
        assert "above" not in rules(options("It jumps", "It falls slowly", text))

    @pytest.mark.parametrize("word", ["always", "never", "only", "all", "every", "Always", "impossible"])
    def test_absolute_wrong(self, word):
        """Absolute words in wrong options alone are told."""
        found = warned(options("It jumps around", f"It {word} falls", "It stays"))
        assert found == [
            (
                "absolute-wrong",
                f'only wrong options say "{word.lower()}", which gives them away: reword "It {word} falls"',
            )
        ]

    @pytest.mark.parametrize(
        "texts", [("It always jumps", "It never falls", "It stays"), ("It jumps", "Not at all", "It")]
    )
    def test_not_absolute(self, texts):
        """Where the right option has one too, they give nothing away; "at all" is none."""
        assert rules(options(*texts)) == []

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("It falls slowly", "It falls slowly."),
            ("The weights grow", "The weight grows"),
            ("The learning-rate", "The learning rate"),
            ("The gradient vanishes in the early layers", "The gradient vanishes in the earli layers"),
        ],
    )
    def test_like_options(self, one, other):
        """Options that differ in a slip or in inflection are told."""
        assert "like-options" in rules(options("It jumps around widely", one, other))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("x > 3", "x > -3"),
            ("99.99 %", "99.999 %"),
            ("Dogs taken for cats", "Cats taken for dogs"),
            ("The loss converges", "The loss diverges"),
            ("x - eps * sign(g)", "x + eps * sign(g)"),
            ("The units of the first hidden layer", "The units of the last hidden layer"),
        ],
    )
    def test_different_options(self, one, other):
        """Options that differ by a sign, a digit, a word or their order are different."""
        assert "like-options" not in rules(options("It jumps around widely", one, other))

    @pytest.mark.parametrize(
        ("texts", "said"),
        [
            (("It jumps.", "It falls", "It stays"), "full stop"),
            (("It jumps up", "falls very slowly", "It stays there"), "capital"),
            (("12", "It falls", "40 %"), "bare numbers"),
        ],
    )
    def test_mixed_options(self, texts, said):
        """Options of different form are told."""
        ((rule, text),) = warned(options(*texts))
        assert rule == "mixed-options"
        assert said in text

    @pytest.mark.parametrize(
        "texts", [("It jumps", "ReLU", "softmax"), ("12", "40 %", "1,000"), ("x > 3", "W grows", "b = 1")]
    )
    def test_one_form(self, texts):
        """Names keep their own capitals."""
        assert "mixed-options" not in rules(options(*texts))

    def test_no_why(self):
        """Each wrong option without a reason is told."""
        question = replace(CHOICE, choices=tuple(replace(choice, why="") for choice in CHOICE.choices))
        assert warned(question) == [
            ("no-why", 'the wrong option "It falls slowly but steadily" has no why: say what is wrong with it'),
            ("no-why", 'the wrong option "It stays where it is" has no why: say what is wrong with it'),
        ]


class TestTexts:
    """Guidelines for prompts and explanations."""

    @pytest.mark.parametrize("question", [replace(CHOICE, prompt="The loss"), replace(TERM, prompt="The technique is")])
    def test_no_question(self, question):
        """A prompt that asks nothing is told."""
        assert rules(question) == ["no-question"]

    @pytest.mark.parametrize(
        "prompt",
        [
            "Explain why.",
            "A net is deep. Explain why.",
            "In two sentences, say what it is.",
            "What is it? Give two decimals.",
        ],
    )
    def test_told(self, prompt):
        """A short question may tell to do something; a choice question may not."""
        assert rules(replace(IDEAS, prompt=prompt)) == []
        assert rules(replace(CHOICE, prompt=prompt)) == ([] if "?" in prompt else ["no-question"])

    @pytest.mark.parametrize(
        "prompt",
        [
            "Which of these is not a loss?",
            "Which of these is NOT a loss?",
            "Which loss doesn't saturate?",
            "What holds for all losses except one?",
            "Which is least likely?",
        ],
    )
    def test_negative_stem(self, prompt):
        """A choice question that asks for what is not so is told."""
        assert rules(replace(CHOICE, prompt=prompt)) == ["negative-stem"]

    @pytest.mark.parametrize(
        "prompt",
        [
            "The bias is not penalized. Which gap shrinks?",
            "Why does it not converge?",
            "Which least-squares fit is best?",
        ],
    )
    def test_not_negative(self, prompt):
        """What is told before the question, and asking why, is no negative stem."""
        assert rules(replace(CHOICE, prompt=prompt)) == []

    @pytest.mark.parametrize(("explanation", "said"), [("It is.", "1 sentence"), ("It is. " * 6, "6 sentences")])
    def test_explanation_length(self, explanation, said):
        """An explanation of one sentence, or of more than five, is told."""
        assert warned(replace(CHOICE, explanation=explanation)) == [
            ("explanation-length", f"the explanation has {said}: write 2 to 5")
        ]

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("One. Two.", 2),
            ("One has 0.5 of it, e.g. a half. Two?", 2),
            ("It is y. (So is x.) Done!", 3),
            ("See Smith et al. for more", 1),
            ("Take x = 2. then go on", 1),
            ("A first one\nand its end. A second", 2),
            ("", 0),
        ],
    )
    def test_sentences(self, text, number):
        """Full stops of abbreviations and numbers end no sentence."""
        assert sentences(text) == number

    def test_no_concept(self):
        """A question without a concept is told."""
        assert rules(replace(CHOICE, concept="")) == ["no-concept"]

    @pytest.mark.parametrize("prompt", ["Which technique is called dropout?", "What drops units, by unit dropping?"])
    def test_told_answer(self, prompt):
        """A prompt that says the term is told."""
        assert rules(replace(TERM, prompt=prompt)) == ["told-answer"]


class TestBank:
    """Guidelines for a bank as a whole."""

    def test_like_prompts(self):
        """Two questions that ask nearly the same are told."""
        near = replace(CHOICE, id="near", prompt="What happens to the loss if the steps are far too long?")
        ((rule, text),) = warned(CHOICE, near)
        assert rule == "like-prompts"
        assert text.startswith('the prompt is nearly that of "rate-too-high" (')

    def test_clue(self):
        """A rare word that the right option alone repeats is told, and no longer where another option has it."""
        prompt = "An index visits four clusters. Why does it miss a match?"
        question = replace(options("It did not visit the match's cell", "It is slow", "It is old"), prompt=prompt)
        assert [rule for rule in rules(question, *SOUND) if rule == "clue"] == ["clue"]
        texts = ("It did not visit the match's cell", "Each match was visited twice", "It is old")
        assert "clue" not in rules(replace(options(*texts), prompt=prompt), *SOUND)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Over-fitting is bad.", "Overfitting is bad."),
            ("The behaviour changes.", "The behavior changes."),
            ("We normalise it.", "We normalize it."),
            ("The labelled data.", "The labeled data."),
            ("The centre moves.", "The center moves."),
            ("It has a learning-rate.", "The learning rate is high."),
        ],
    )
    def test_spelling(self, one, other):
        """One word in two spellings is told, in the question with the rarer one."""
        found = warned(
            replace(CHOICE, concept="", explanation=f"It is so. {one}"),
            replace(TERM, explanation=f"It is so. {other}"),
            replace(NUMBER, explanation=f"It is so. {other}"),
        )
        assert [rule for rule, _ in found if rule == "spelling"] == ["spelling"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("A learning-rate schedule helps.", "The learning rate is high."),
            ("It is a trade-off.", "They trade off one for the other."),
            ("For full-batch, tenfold.", "The full batch is used."),
            ("The advice is good.", "They advise it."),
            ("Four of them.", "For them."),
        ],
    )
    def test_not_spelling(self, one, other):
        """Before a noun a hyphen is right, and different words are different."""
        assert (
            rules(
                replace(TERM, explanation=f"It is so. {one}"),
                replace(NUMBER, explanation=f"It is so. {other}"),
            )
            == []
        )

    def test_what_people_type_is_free(self):
        """Wordings may be spelled in every way."""
        assert rules(replace(TERM, accept=("normalise", "normalize", "over-fitting", "overfitting"))) == []

    def test_lists(self):
        """Documents and topics that are used and not listed, or listed and not used, are told."""
        documents = {"b.txt": ("sources.yaml", 4)}
        topics = {"losses": ("topics.yaml", 2)}
        listed = contents(CHOICE, TERM, documents=documents, topics=topics)
        document = 'sources.yaml does not list "a.txt": add what readers are shown of it [unlisted-document]'
        topic = 'topics.yaml does not list the topic "optimization": add its name and a line of description'
        assert [str(fault) for fault in check.warnings(listed)] == [
            f"bank.yaml:1: rate-too-high: warning: {document}",
            f"bank.yaml:1: dropping-units: warning: {document}",
            f"bank.yaml:1: rate-too-high: warning: {topic} [unlisted-topic]",
            'topics.yaml:2: warning: no question uses the topic "losses": take it out or correct its name [unused]',
            'sources.yaml:4: warning: no question uses the document "b.txt": take it out or correct its name [unused]',
        ]

    def test_without_lists(self):
        """Without these files nothing is missing from them."""
        assert warned(CHOICE, TERM) == []


def test_counts():
    """What a bank holds is told by topic, kind and difficulty."""
    assert list(check.counts([CHOICE, TERM, replace(NUMBER, topic="data", difficulty=Difficulty.HARD)])) == [
        "3 questions",
        "topic data: 1",
        "topic optimization: 2",
        "kind choice: 1",
        "kind short: 2",
        "difficulty easy: 2",
        "difficulty hard: 1",
    ]
