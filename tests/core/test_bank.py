"""Which question comes next."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.bank import KEPT_APART, Asked, choose, merged, shuffled
from bot.core.model import Difficulty, Kind, Wish

from .stage import bank_of, choice, short

ANY = [Wish()]


def asked_so_far(ids):
    """The history of a channel that was asked these, in order."""
    last = {id: n for n, id in enumerate(ids, 1)}
    return [Asked(id, ids.count(id), last[id]) for id in sorted(last, key=last.__getitem__)]


def ask(bank, count, wishes=ANY, before=(), seed="s"):
    """Ask so many questions one after the other, and name them."""
    ids = list(before)
    for n in range(count):
        ids.append(choose(bank, wishes, asked_so_far(ids), f"{seed} {n}").id)
    return ids[len(before) :]


@st.composite
def banks(draw, least=1):
    """Banks of some topics, some concepts, all difficulties and both kinds."""
    size = draw(st.integers(least, 14))
    made = []
    for n in range(size):
        topic, difficulty = draw(st.sampled_from("abc")), draw(st.sampled_from(list(Difficulty)))
        concept = draw(st.sampled_from(["", "", "x", "y"]))
        kinds = choice(f"q{n}", topic, difficulty, concept=concept), short(f"q{n}", f"t{n}", topic)
        made.append(draw(st.sampled_from(kinds)))
    return bank_of(*made)


@given(banks(), st.integers(1, 3), st.text(max_size=3))
def test_no_question_repeats_before_every_other_was_asked(bank, rounds, seed):
    """Every run through the bank asks each question once."""
    size = len(bank.questions)
    ids = ask(bank, size * rounds, seed=seed)
    for start in range(0, len(ids), size):
        assert len(set(ids[start : start + size])) == size


@given(banks(least=2), st.integers(1, 30))
def test_a_question_never_comes_twice_in_a_row(bank, count):
    """Where there is another one, the last question is not the next."""
    ids = ask(bank, count)
    assert all(one != following for one, following in pairwise(ids))


@given(st.integers(2, 10), st.integers(1, 5))
def test_a_new_question_does_not_make_up_for_lost_time(size, cycles):
    """A question that is added to a bank which was asked several times over comes next, and then takes its turn."""
    old = [choice(f"q{n}") for n in range(size)]
    before = ask(bank_of(*old), size * cycles)
    bank = bank_of(*old, choice("new"))
    ids = ask(bank, size, before=before)
    assert ids[0] == "new"
    assert all(one != following for one, following in pairwise(ids))
    assert ids.count("new") <= 1 + size // max(1, (size + 1) // 2)


@given(banks(), st.text(max_size=5), st.integers(0, 20))
def test_the_choice_is_deterministic(bank, seed, count):
    """The same seed and history give the same question, however the bank is ordered."""
    history = asked_so_far(ask(bank, count))
    other = bank_of(*reversed(list(bank.questions.values())))
    assert choose(bank, ANY, history, seed) == choose(bank, ANY, history, seed) == choose(other, ANY, history, seed)


def test_the_seed_makes_a_difference():
    """Different seeds give different questions."""
    bank = bank_of(*(choice(f"q{n}") for n in range(20)))
    assert len({choose(bank, ANY, [], f"seed {n}").id for n in range(50)}) > 5


@given(st.integers(2, 5), st.integers(2, 5))
def test_topics_rotate(topics, each):
    """With topics of equal size every run of so many questions has each topic once."""
    bank = bank_of(*(choice(f"{t}-{n}", f"topic{t}") for t in range(topics) for n in range(each)))
    asked = [id.partition("-")[0] for id in ask(bank, topics * each)]
    for start in range(0, len(asked), topics):
        assert len(set(asked[start : start + topics])) == topics


@given(banks(least=2), st.integers(1, 12))
def test_the_topic_that_rested_longest_comes_first(bank, count):
    """Of the topics that have a fresh question off the recent concepts, the one asked longest ago comes."""
    questions = bank.questions
    ids = ask(bank, min(count, len(questions) - 1))
    found = choose(bank, ANY, asked_so_far(ids), "s")
    recent = {questions[id].concept for id in ids[-KEPT_APART:]} - {""}
    fresh = [q for q in questions.values() if q.id not in ids]
    fresh = [q for q in fresh if q.concept not in recent] or fresh
    last = {questions[id].topic: n for n, id in enumerate(ids)}
    assert last.get(found.topic, -1) == min(last.get(q.topic, -1) for q in fresh)


@given(banks(), st.integers(0, 14))
def test_concepts_are_kept_apart_where_possible(bank, count):
    """A question on a recent concept comes only where every fresh question is on one."""
    ids = ask(bank, min(count, len(bank.questions) - 1))
    found = choose(bank, ANY, asked_so_far(ids), "s")
    recent = {bank.questions[id].concept for id in ids[-KEPT_APART:]} - {""}
    if found.concept in recent:
        assert all(q.concept in recent for q in bank.questions.values() if q.id not in ids)


def test_two_questions_on_one_concept_do_not_follow_each_other():
    """With enough others between them, two questions on one concept are ten questions apart."""
    pair = [choice("one", concept="x"), choice("two", concept="x")]
    bank = bank_of(*pair, *(choice(f"q{n}") for n in range(20)))
    for seed in "abcdefgh":
        ids = ask(bank, 22, seed=seed)
        assert abs(ids.index("one") - ids.index("two")) >= min(KEPT_APART, 22 - 1 - min(map(ids.index, ("one", "two"))))


@given(banks(), banks(), st.integers(1, 10))
def test_a_history_of_questions_that_are_gone(old, new, count):
    """Questions that are no longer in the bank do not disturb: all of the new ones are asked before one repeats."""
    before = [f"gone-{id}" for id in ask(old, count)]
    ids = ask(new, len(new.questions), before=before)
    assert len(set(ids)) == len(new.questions)


@given(banks(), st.lists(st.sampled_from(list(Difficulty)), max_size=2), st.sampled_from([None, *Kind]))
def test_every_wish_is_met(bank, difficulty, kind):
    """The question suits all wishes; where none does there is none."""
    wishes = [Wish(("a", "b"), tuple(difficulty)), Wish(kind=kind)]
    found = choose(bank, wishes, [], "s")
    suits = [
        q for q in bank.questions.values()
        if q.topic in "ab" and (not difficulty or q.difficulty in difficulty) and kind in (None, q.kind)
    ]  # fmt: skip
    assert (found in suits) if suits else found is None


def test_an_empty_bank_has_no_question():
    """Of nothing nothing is chosen."""
    assert choose(bank_of(), ANY, [], "s") is None


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=8), max_size=3))
def test_a_joint_history(channels):
    """For channels that are asked together a question counts as often as in the channel that had it most."""
    joint = {asked.question_id: asked for asked in merged(map(asked_so_far, channels))}
    counts = [Counter(ids) for ids in channels]
    assert {id: asked.times for id, asked in joint.items()} == {
        id: max(count[id] for count in counts) for id in set().union(*channels)
    }
    assert [asked.last for asked in joint.values()] == sorted(asked.last for asked in joint.values())


@given(st.text(max_size=8))
def test_options_are_shuffled(seed):
    """The order is a permutation of the options, the same for the same seed; a short question has none."""
    question = choice("rate")
    order = shuffled(question, seed)
    assert sorted(order) == [0, 1, 2, 3]
    assert order == shuffled(question, seed)
    assert shuffled(short("units"), seed) == ()
    shown = question.in_order(order)
    assert shown.choices[shown.right_choice].text == "right"


def test_the_right_option_may_stand_anywhere():
    """Over many rounds the right option takes every place."""
    question = choice("rate")
    places = Counter(question.in_order(shuffled(question, f"{n}")).right_choice for n in range(400))
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) < 2 * min(places.values())
