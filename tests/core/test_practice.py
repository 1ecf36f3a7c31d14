"""Practice: questions that only their member sees, graded at once, without points."""

import pytest

from bot.core import commands
from bot.core.messages import Form, Message

from .stage import ROOM, bank_of, choice, daily, essay, short, shown

NOT_YOURS = "This practice question is somebody else's. /quiz practice gives you one of your own."


def actions(message):
    """The buttons of a private message: what each one does, by label."""
    return {button.label: button.action for row in message.buttons for button in row}


def letter(message, option):
    """The letter before an option."""
    return next(line[0] for line in shown(message).splitlines() if line[1:] == f"  {option}")


async def press(player, action):
    """Press a button of a private message, and get what it answers."""
    return await commands.press(player.stage.quiz, player.caller(), action)


async def practises(player, option, words="practice"):
    """Practise one choice question: its prompt, and what the answer to it says."""
    message = await player.gets(words)
    prompt = shown(message).splitlines()[1]
    return prompt, await press(player, actions(message)[letter(message, option)])


async def write(player, action, text):
    """Open the form behind a button, fill it in, and be told this."""
    form = await press(player, action)
    assert isinstance(form, Form), shown(form)
    return await commands.submit(player.stage.quiz, player.caller(), form.action, {"answer": text})


# --- one question ------------------------------------------------------------------------------------------------


async def test_practice_is_seen_by_its_member_alone(stages):
    """`practice` answers with a private message that says so; the channel sees nothing of it, nor of the answer."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    message = await ann.gets("practice")
    assert not message.public
    lines = shown(message).splitlines()
    assert lines[:2] == ["Practice · Optimization · medium", "What is rate?"]
    assert sorted(line[3:] for line in lines[2:6]) == ["odd", "other", "right", "wrong"]
    assert lines[6:] == ["Only you see this. It earns no points."]
    assert list(actions(message)) == ["A", "B", "C", "D"]
    told = await press(ann, actions(message)[letter(message, "right")])
    assert not told.public
    assert stage.chat.posted == []


async def test_a_right_answer_is_graded_at_once(stages):
    """The grade, the explanation and the source come at once, with a button for another one."""
    stage = await stages(bank_of(choice("rate")))
    _, told = await practises(stage.player("Ann"), "right")
    assert shown(told) == 'Right: right.\nWhy: rate is right.\nSource: The book, "rate"'
    assert list(actions(told)) == ["Another one"]


async def test_a_wrong_answer_is_told_the_right_one(stages):
    """A wrong answer is told why it is wrong and which option is right."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    message = await ann.gets("practice")
    told = shown(await press(ann, actions(message)[letter(message, "wrong")])).splitlines()
    assert told[0] == "Not right. It is wrong."
    assert told[1] == f"The answer: {letter(message, 'right')}: right"


async def test_a_short_question_has_a_form(stages):
    """A short question is answered in a form that shows it; after the answer the button shows the grade again."""
    stage = await stages(bank_of(short("units")))
    ann = stage.player("Ann")
    message = await ann.gets("practice")
    assert list(actions(message)) == ["Answer"]
    form = await press(ann, actions(message)["Answer"])
    assert isinstance(form, Form)
    assert shown(form) == "Your answer\nName units."
    told = shown(await write(ann, actions(message)["Answer"], "dropout"))
    assert told.splitlines()[0].startswith("Right")
    assert shown(await press(ann, actions(message)["Answer"])) == told


async def test_partial_credit_is_told(stages):
    """An answer with one of two ideas is partly right, also in practice."""
    stage = await stages(bank_of(essay("nonlinearity")))
    ann = stage.player("Ann")
    message = await ann.gets("practice")
    told = shown(await write(ann, actions(message)["Answer"], "It is a single linear layer."))
    assert told.startswith("Partly right")
    assert "The answer: It is linear, so depth adds nothing." in told.splitlines()


async def test_the_first_answer_is_final(stages):
    """Whatever is pressed or sent later, the first answer and its grade stay."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    message = await ann.gets("practice")
    first = shown(await press(ann, actions(message)[letter(message, "wrong")]))
    assert shown(await press(ann, actions(message)[letter(message, "right")])) == first
    assert (await stage.quiz.store.results_of((await stage.quiz.store.practice(1)).member_id)) == {"rate": False}


async def test_practice_earns_nothing(stages):
    """Practice moves no board, no streak and no daily cap."""
    stage = await stages(bank_of(*(choice(f"q{n}") for n in range(7))))
    ann = stage.player("Ann")
    for _ in range(6):
        await practises(ann, "right")
    assert await stage.board(ann, "leaderboard all") == []
    assert await ann.does("stats") == (
        "You have not answered a question yet. /quiz practice gives you one that only you see."
    )
    await ann.does("ask")
    assert "20 points." in await ann.chooses("right")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_practice_takes_its_wishes(stage):
    """Topic, difficulty and kind narrow the question; where there is none like that, nothing is begun."""
    ann = stage.player("Ann")
    for words, prompt in {
        "practice architectures": "Why nonlinearity?",
        "practice optimization hard": "What is adam?",
        "practice short easy": "Name units.",
    }.items():
        assert shown(await ann.gets(words)).splitlines()[1] == prompt
    told = await ann.does("practice regularization hard")
    assert told == "There is no question like that. /quiz ask with no words picks one for you."
    assert await stage.quiz.store.practice(4) is None


# --- which question ----------------------------------------------------------------------------------------------


async def test_wrong_and_unseen_ones_come_before_right_ones(stages):
    """What the member got right comes again only after everything that they got wrong or never saw."""
    names = {f"q{n}" for n in range(6)}
    stage = await stages(bank_of(*(choice(name) for name in names)))
    ann = stage.player("Ann")
    learned = set()
    while learned != names:
        stage.clock.forward(minutes=1)
        option = "wrong" if len(learned) % 2 and stage.clock.now.minute % 3 else "right"
        prompt, _ = await practises(ann, option)
        name = prompt.removeprefix("What is ").removesuffix("?")
        assert name not in learned
        if option == "right":
            learned.add(name)
    prompt, _ = await practises(ann, "wrong")
    wrong = prompt
    stage.clock.forward(minutes=1)
    assert (await practises(ann, "right"))[0] == wrong


async def test_answers_in_rounds_count_for_what_comes_next(stages):
    """What the member got right in a round of the channel is not practised before the rest; others' answers are
    nothing to them, and a grade that still waits for its reveal is not given away."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    ann, bo = stage.player("Ann"), stage.player("Bo")
    await ann.does("ask")
    await ann.chooses("right")
    asked = stage.question.text.splitlines()[1]
    stage.clock.forward(minutes=2)
    await stage.work()
    for _ in range(5):
        stage.clock.forward(minutes=1)
        assert shown(await ann.gets("practice")).splitlines()[1] != asked
    seen = set()
    for _ in range(12):
        stage.clock.forward(minutes=1)
        seen.add(shown(await bo.gets("practice")).splitlines()[1])
    assert seen == {"What is rate?", "What is adam?"}


async def test_the_question_of_an_open_round_is_not_practised(stages):
    """Practice grades at once, so it does not give away a question whose round is still open in the team."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    await stage.declare(daily())
    await stage.at("2026-11-16 09:00")
    asked = stage.question.text.splitlines()[1]
    ann = stage.player("Ann")
    for _ in range(8):
        stage.clock.forward(minutes=1)
        assert shown(await ann.gets("practice")).splitlines()[1] != asked
    await stage.at("2026-11-16 16:30")
    seen = set()
    for _ in range(12):
        stage.clock.forward(minutes=1)
        seen.add(shown(await ann.gets("practice")).splitlines()[1])
    assert len(seen) == 2


async def test_another_one_is_another_one(stages):
    """`Another one` keeps the wish, and is not the question just answered while others wait."""
    stage = await stages(bank_of(choice("rate"), choice("adam"), short("units")))
    ann = stage.player("Ann")
    for n in range(6):
        prompt, told = await practises(ann, "wrong", "practice optimization")
        stage.clock.forward(minutes=1)
        again = await press(ann, actions(told)["Another one"])
        assert shown(again).splitlines()[0] == "Practice · Optimization · medium"
        assert shown(again).splitlines()[1] != prompt, n


async def test_another_one_where_there_is_only_one(stages):
    """Where nothing else fits, the same question comes again."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    _, told = await practises(ann, "right")
    again = await press(ann, actions(told)["Another one"])
    assert shown(again).splitlines()[1] == "What is rate?"


async def test_the_choice_is_deterministic(stages):
    """The same member at the same time with the same past gets the same question in the same order."""
    bank = bank_of(*(choice(f"q{n}") for n in range(20)))
    said = []
    for stage in (await stages(bank), await stages(bank)):
        ann = stage.player("Ann")
        said.append([])
        for _ in range(5):
            stage.clock.forward(minutes=1)
            said[-1].append(shown(await ann.gets("practice")))
    assert said[0] == said[1]
    assert len(set(said[0])) > 1


# --- whose question ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["try:1:A", "again:1", "tryopen:1"])
async def test_practice_is_its_members_own(stages, action):
    """A button of somebody else's practice, or of none, does nothing and says whose it is."""
    stage = await stages(bank_of(choice("rate")))
    ann, bo = stage.player("Ann"), stage.player("Bo")
    await ann.gets("practice")
    assert shown(await press(bo, action)) == NOT_YOURS
    assert shown(await press(ann, action.replace("1", "99", 1))) == NOT_YOURS
    assert (await stage.quiz.store.practice(1)).grade is None
    assert await stage.quiz.store.practice(2) is None


async def test_somebody_elses_form_is_refused(stages):
    """A form of somebody else's practice records nothing."""
    stage = await stages(bank_of(short("units")))
    ann, bo = stage.player("Ann"), stage.player("Bo")
    await ann.gets("practice")
    told = await commands.submit(stage.quiz, bo.caller(), "trysubmit:1", {"answer": "dropout"})
    assert shown(told) == NOT_YOURS
    assert (await stage.quiz.store.practice(1)).grade is None


async def test_unreadable_answers_begin_nothing(stages):
    """An empty answer, a letter without an option and a text that is too long are refused, and may be mended."""
    stage = await stages(bank_of(choice("rate"), short("units", topic="x")))
    ann = stage.player("Ann")
    message = await ann.gets("practice optimization")
    assert shown(await press(ann, "try:1:E")) == "Please answer with one of the letters A to D."
    await ann.gets("practice x")
    for text, told in {
        "": "Please write an answer.",
        " \n": "Please write an answer.",
        "x" * 100_000: "Your answer was not recorded: it has 100,000 characters and the limit is 1,000. Please "
        "shorten it.",
    }.items():
        assert shown(await commands.submit(stage.quiz, ann.caller(), "trysubmit:2", {"answer": text})) == told
    assert (await stage.quiz.store.practice(1)).grade is None
    assert (await stage.quiz.store.practice(2)).grade is None
    assert shown(await press(ann, actions(message)[letter(message, "right")])).startswith("Right")
    assert shown(await write(ann, "tryopen:2", "drop\x00out \ud800")).startswith(("Right", "Not right"))


async def test_practice_outlives_a_restart_and_a_changed_bank(stages):
    """A practice question can be answered after a restart, as it was shown, though the bank has lost it."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    message = await ann.gets("practice")
    await stage.stop()
    await stage.start()
    stage.bank = bank_of(choice("adam"))
    told = await press(ann, actions(message)[letter(message, "right")])
    assert isinstance(told, Message)
    assert shown(told).startswith("Right: right.")
    assert stage.chat.seen(ROOM) == []
