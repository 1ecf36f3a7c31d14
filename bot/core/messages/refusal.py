"""What members and admins are told when something cannot be done: why, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.core.grading.reasons import NoAnswer, NotAnOption, Unreadable
from bot.core.messages import Text, When, _, say
from bot.core.model import LETTERS, Question, Round, RoundKind


def no_question() -> Text:
    return say("There is no question like that. /quiz ask with no words picks one for you.")


def all_open() -> Text:
    return say("The only such question is open at the moment. Please practise it after its reveal.")


def nothing_fits() -> Text:
    return say("No question has these topics and difficulties. Name more of them, or all.")


def just_asked() -> Text:
    return say("Somebody asked for a question at the same moment: answer that one first.")


def cannot_post(reason: str) -> Text:
    return say(
        "I cannot post in this channel: {reason}. Please try again once an admin has mended that.", reason=why(reason)
    )


def why(reason: str) -> str:
    """A platform's reason in the reader's language; what stands in parentheses at its end are the platform's words."""
    words, parenthesis, detail = reason.partition(" (")
    return _(words) + parenthesis + detail


def no_schedule() -> Text:
    return say(
        "This channel has no daily question yet. /quiz ask posts a question at once; an admin can give the channel a "
        "daily one with /quiz setup."
    )


def asked_today(following: datetime | None) -> Text:
    if following is None:
        return say("Today's question was asked here already. /quiz ask posts another one.")
    when = When(following, relative=True)
    return say("Today's question was asked here already. The next one comes {when}.", when=when)


def no_daily_open() -> Text:
    return say("The question of the day is not open in this channel. /quiz status shows when it comes.")


def nothing_open() -> Text:
    return say("No question is open in this channel. /quiz ask posts one.")


def nothing_to_answer() -> Text:
    return say("No question is open, so your answer was not counted. /quiz ask posts one.")


def reveal_not_yours(rnd: Round) -> Text:
    text = "Only an admin can reveal the question of the day early. Its answer comes {when}."
    if rnd.kind is RoundKind.EXTRA:
        text = "Only the person who asked for this question, or an admin, can reveal it early. Its answer comes {when}."
    return say(text, when=When(rnd.closes_at, relative=True) if rnd.closes_at else _("at the reveal"))


def still_posting() -> Text:
    return say("This question is still on its way into the channel. Please try again in a minute.")


def declared() -> Text:
    return say("This channel is set up in the file quizbot.yaml. Whoever runs the bot can change it there.")


def time_missing() -> Text:
    return say("At what time should the question come? /quiz setup time=09:00 sets it.")


def not_paused() -> Text:
    return say("The daily question here is not paused. /quiz status shows when it comes.")


def never_answered(name: str | None) -> Text:
    if name is None:
        return say("You have not answered a question yet. /quiz practice gives you one that only you see.")
    return say("{name} has not answered a question yet.", name=name)


def nobody_who_answered() -> Text:
    """Told of somebody whom the bot knows by no name; platforms give it the id."""
    return say("That person has not answered a question here yet.")


def not_your_practice() -> Text:
    return say("This practice question is somebody else's. /quiz practice gives you one of your own.")


def not_to_erase() -> Text:
    return say(
        "Nothing was erased: this button is somebody else's, or was used already. /quiz privacy erase erases what is "
        "stored on you now."
    )


def too_long(length: int, limit: int) -> Text:
    return say(
        "Your answer was not recorded: it has {length} characters and the limit is {limit}. Please shorten it.",
        length=_grouped(length),
        limit=_grouped(limit),
    )


def _grouped(number: int) -> str:
    """``1,000``, with the sign between thousands that the language uses."""
    return f"{number:,}".replace(",", _(","))


def unreadable(q: Question, error: Unreadable) -> Text:
    match error:
        case NoAnswer():
            return say("Please write an answer.")
        case NotAnOption():
            return say("Please answer with one of the letters A to {last}.", last=LETTERS[len(q.choices) - 1])
    return (str(error),)


def no_such_round() -> Text:
    return say(
        "This question does not belong to this channel's team, so nothing was recorded. /quiz ask posts one here."
    )


def admins_only() -> Text:
    return say(
        "Only people who can manage this server or workspace can change the quiz. You can still use /quiz ask and "
        "/quiz leaderboard at any time."
    )


def unknown_word(word: str, near: Iterable[str]) -> Text:
    guess = f" {_('or')} ".join(near)
    if not guess:
        return say('I do not know "{word}". /quiz help lists what there is.', word=word)
    return say('I do not know "{word}". Did you mean {guess}?', word=word, guess=guess)


def unknown_topic(word: str, near: Iterable[str], topics: Iterable[str]) -> Text:
    guess = f" {_('or')} ".join(near)
    if not guess:
        text = 'I do not know the topic "{word}". There are: {topics}. With no topic, /quiz ask picks one for you.'
        return say(text, word=word, topics=", ".join(topics))
    text = 'I do not know the topic "{word}". Did you mean {guess}? With no topic, /quiz ask picks one for you.'
    return say(text, word=word, guess=guess)


def not_minutes(word: str) -> Text:
    text = (
        '"{word}" is not a number of minutes from 1 to 1440. With /quiz ask minutes=10 a question stays open for ten.'
    )
    return say(text, word=word)


def missing(option: str, words: Iterable[str]) -> Text:
    return say("Please name the {option}: {words}.", option=option, words=", ".join(words))


def said_twice(option: str) -> Text:
    return say("You named the {option} twice. Please name it once.", option=option)


def forged() -> Text:
    return say("That button does not belong to this quiz, so nothing was recorded. /quiz ask posts a question.")


def not_recorded(what: str) -> Text:
    return say("Your answer was NOT recorded: {what} did not answer. Please send it again.", what=what)


def crowded_out() -> Text:
    return say(
        "Too many answers come at this moment, and yours was NOT recorded. Please send it again in a few seconds."
    )


def crowded() -> Text:
    return say(
        "Too many people want something at this moment, and nothing was done. Please try again in a few seconds."
    )


def failed(what: str) -> Text:
    return say("That did not work: {what} did not answer. Please try again in a minute.", what=what)


def unexpected() -> Text:
    return say("That did not work because of a fault of mine, which is in my log. Please try again later.")


def nothing_to_appeal() -> Text:
    return say("There is no grade of yours here to appeal against: only short answers that were not fully right.")


def appealed_already() -> Text:
    return say("Your answer is before the admins already. You are told what they decide.")


def decided_already() -> Text:
    return say("This was decided already. /quiz rulings shows what waits.")


def nothing_to_overrule() -> Text:
    return say("No question was revealed in this channel yet, so there is nothing to overrule.")


def too_old_to_overrule() -> Text:
    return say("The last question here is too old to be overruled: its answers are no longer kept.")


def no_such_option(verdict: str) -> Text:
    return say('"{verdict}" is no option of that question: say everyone, nobody, or a letter of it.', verdict=verdict)


def bad_code() -> Text:
    return say(
        "This code is not valid, or was used already. Codes last ten minutes: make a new one with /quiz link, or with "
        "/quiz link me for your own accounts."
    )


def one_team_already() -> Text:
    return say("This place belongs to that team already. Enter the code on the other platform.")


def one_person_already() -> Text:
    return say("That is the account that the code was made with. Enter it with your other account.")


def teams_apart() -> Text:
    return say("The two places are not one team yet. An admin links them first, with /quiz link.")


def not_a_time(text: str) -> Text:
    return say('"{text}" is not a time of day. Please write it like 09:00 or 16:30.', text=text)


def not_days(text: str) -> Text:
    return say('I do not understand the days "{text}". Write them like mon-fri, or mon, wed, fri.', text=text)


def not_a_zone(text: str, near: Iterable[str]) -> Text:
    guess = f" {_('or')} ".join(near)
    if not guess:
        return say('I do not know the time zone "{text}". Write a city of it, such as Berlin or New York.', text=text)
    return say('I do not know the time zone "{text}". Did you mean {guess}?', text=text, guess=guess)
