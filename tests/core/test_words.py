"""Commands given in words, as Slack and the terminal send them: which command, which options, in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import commands
from bot.core.messages import Refusal, plain
from bot.core.model import Difficulty, Kind, Period, Wish

from .stage import BANK

TEN = "With /quiz ask minutes=10 a question stays open for ten."


def refused(words):
    """The sentence with which words are refused."""
    with pytest.raises(Refusal) as error:
        given_by(words)
    return plain(error.value.text)


def given_by(words):
    """What words come to."""
    name, raw = commands.parse(words)
    return commands.read(commands.COMMANDS[name], BANK, raw)


@pytest.mark.parametrize("words", ["", "  ", "help", "HELP", "\thelp\n"])
def test_no_words_are_help(words):
    """Bare `/quiz` and `/quiz help` are the same command, in any case and with any blanks."""
    assert commands.parse(words) == ("help", {})


@pytest.mark.parametrize(
    ("words", "name", "raw"),
    [
        ("ask cnn hard", "ask", {"topic": "cnn", "difficulty": "hard"}),
        ("ask hard cnn", "ask", {"topic": "cnn", "difficulty": "hard"}),
        ("ask 10m short", "ask", {"minutes": "10m", "kind": "short"}),
        ("ask 10", "ask", {"minutes": "10"}),
        ("ask 10min", "ask", {"minutes": "10min"}),
        ("ask difficulty=hard 10m cnn", "ask", {"difficulty": "hard", "minutes": "10m", "topic": "cnn"}),
        ("ask minutes=10 kind=choice topic=cnn", "ask", {"minutes": "10", "kind": "choice", "topic": "cnn"}),
        ("ASK Hard MINUTES=10", "ask", {"difficulty": "Hard", "minutes": "10"}),
        ("ask loss functions easy", "ask", {"topic": "loss functions", "difficulty": "easy"}),
        ("ask loss easy functions", "ask", {"topic": "loss functions", "difficulty": "easy"}),
        ("practice short hard", "practice", {"kind": "short", "difficulty": "hard"}),
        ("leaderboard month public", "leaderboard", {"period": "month", "public": "true"}),
        ("leaderboard PUBLIC all", "leaderboard", {"period": "all", "public": "true"}),
        ("leaderboard period=season", "leaderboard", {"period": "season"}),
        ("stats", "stats", {}),
        ("stats Ann", "stats", {"member": "Ann"}),
        ("stats Ann de Vries", "stats", {"member": "Ann de Vries"}),
        ("stats member=Ann de Vries", "stats", {"member": "Ann de Vries"}),
        ("stats <@U07ABC>", "stats", {"member": "U07ABC"}),
        ("stats <@U07ABC|ann.vries>", "stats", {"member": "U07ABC"}),
        ("stats member=Ann", "stats", {"member": "Ann"}),
        ("reveal daily", "reveal", {"daily": "true"}),
        ("link", "link", {}),
        ("link me", "link", {"me": "true"}),
        ("link K7QM-2RXA", "link", {"code": "K7QM-2RXA"}),
        ("link k7qm 2rxa", "link", {"code": "k7qm 2rxa"}),
        ("link code=K7QM-2RXA", "link", {"code": "K7QM-2RXA"}),
        ("unlink me", "unlink", {"me": "true"}),
        ("privacy export", "privacy", {"action": "export"}),
        ("privacy action=erase", "privacy", {"action": "erase"}),
        (
            "setup time=09:00 timezone=New York days=mon, wed, fri reveal=none",
            "setup",
            {"time": "09:00", "timezone": "New York", "days": "mon, wed, fri", "reveal": "none"},
        ),
        ("setup topics=cnn, loss functions immediate", "setup", {"topics": "cnn, loss functions immediate"}),
        ("setup immediate", "setup", {"feedback": "immediate"}),
        ("setup days=Monday to Friday", "setup", {"days": "Monday to Friday"}),
        ("setup time=", "setup", {"time": ""}),
    ],
)
def test_words_become_a_command_and_its_options(words, name, raw):
    """Words come in any order; a name may have several words, and a setting lasts until the next equals sign."""
    assert commands.parse(words) == (name, raw)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("aks", 'I do not know "aks". Did you mean ask?'),
        ("leaderbord", 'I do not know "leaderbord". Did you mean leaderboard?'),
        ("xyzzy", 'I do not know "xyzzy". /quiz help lists what there is.'),
        ("pause now", 'I do not know "now". /quiz help lists what there is.'),
        ("leaderboard mont", 'I do not know "mont". Did you mean month?'),
        ("leaderboard week month", "You named the period twice. Please name it once."),
        ("ask easy hard", "You named the difficulty twice. Please name it once."),
        ("ask topic=cnn architectures", "You named the topic twice. Please name it once."),
        ("reveal now", 'I do not know "now". /quiz help lists what there is.'),
        ("ask 0m", f'"0m" is not a number of minutes from 1 to 1440. {TEN}'),
        ("ask -5", f'"-5" is not a number of minutes from 1 to 1440. {TEN}'),
        ("ask 1441", f'"1441" is not a number of minutes from 1 to 1440. {TEN}'),
        ("ask minutes=soon", f'"soon" is not a number of minutes from 1 to 1440. {TEN}'),
        ("ask difficulty=hrad", 'I do not know "hrad". Did you mean hard?'),
        ("ask kind=essay", 'I do not know "essay". /quiz help lists what there is.'),
        (
            "ask optimisation",
            'I do not know the topic "optimisation". Did you mean optimization? With no topic, /quiz ask picks one '
            "for you.",
        ),
        (
            "ask qqq",
            'I do not know the topic "qqq". There are: optimization, regularization, architectures. With no topic, '
            "/quiz ask picks one for you.",
        ),
        ("privacy sell", 'I do not know "sell". /quiz help lists what there is.'),
        ("setup feedback=never", 'I do not know "never". /quiz help lists what there is.'),
    ],
)
def test_words_that_are_not_understood_are_answered_with_what_would_do(words, sentence):
    """Each mistake is one plain sentence that names what is meant or where the words are listed."""
    assert refused(words) == sentence


def test_options_become_values():
    """Words become topics, difficulties, kinds, minutes and periods; what is left out has its default."""
    given = given_by("ask Optimization hard choice 1440m")
    assert given.wish == Wish(("optimization",), (Difficulty.HARD,), Kind.CHOICE)
    assert given.minutes == 1440
    assert given_by("ask").wish == Wish()
    assert given_by("ask").minutes is None
    assert (given_by("leaderboard").period, given_by("leaderboard").public) == (Period.WEEK, False)
    assert given_by("leaderboard all public").public is True
    assert given_by("leaderboard public=no").public is False
    assert given_by("reveal").daily is False
    assert given_by("reveal daily").daily is True


def test_an_option_that_a_command_has_not_is_named():
    """Typed options of another command are refused by name."""
    with pytest.raises(Refusal, match=r'^I do not know "minuts"\. Did you mean minutes\?$'):
        commands.read(commands.COMMANDS["ask"], BANK, {"minuts": "5"})


def test_every_option_has_its_words_and_its_help():
    """Each command and option has a sentence of help, and what is chosen from a list has that list."""
    for command in commands.COMMANDS.values():
        assert command.help
        names = [option.name for option in command.options]
        assert len(set(names)) == len(names)
        for option in command.options:
            assert option.help
            assert bool(option.words) == (option.takes is commands.Takes.WORD)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_command_or_a_refusal(text):
    """No text breaks the reading of words: it is a command that exists, or a sentence."""
    try:
        name, raw = commands.parse(text)
    except Refusal as refused:
        sentence = plain(refused.text)
    else:
        sentence = "."
        assert {option.name for option in commands.COMMANDS[name].options} >= set(raw)
    assert sentence.endswith((".", "?"))


WORDS = st.sampled_from(
    ["easy", "difficulty=hard", "short", "kind=choice", "10m", "minutes=5", "topic=optimization", "optimization"]
)


@given(st.lists(WORDS, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(words, chance):
    """The same words in another order give the same options, or are refused both times."""
    other = list(words)
    chance.shuffle(other)

    def outcome(these):
        try:
            return {k: sorted(v.split()) for k, v in commands.parse("ask " + " ".join(these))[1].items()}
        except Refusal:
            return None

    assert outcome(words) == outcome(other)
