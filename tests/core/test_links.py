"""Two places that are one team, and two accounts that are one member: linked by a code, and parted again."""

import re

import pytest

from bot.core import links
from bot.core.messages import plain
from bot.core.model import Address, Identity, Team
from bot.core.teams import Declared, declare

from .stage import LOBBY, ROOM, Player, bank_of, choice, daily, shown

SLACK = Address("slack", "C1")
ADMINS_ONLY = (
    "Only people who can manage this server or workspace can change the quiz. You can still use /quiz ask and "
    "/quiz leaderboard at any time."
)
BAD_CODE = (
    "This code is not valid, or was used already. Codes last ten minutes: make a new one with /quiz link, or with "
    "/quiz link me for your own accounts."
)
LINKED = [
    "This place and ml-team are one team now: one leaderboard, one question of the day. /quiz unlink parts them.",
    "Members who play in both places link their own accounts with /quiz link me.",
]
ONE_PERSON = [
    "Your two accounts are one member now. Where both answered the same question, the first answer counts.",
    "/quiz unlink me makes them two again.",
]
TWO_TEAMS = "The places are two teams again, everyone with their own history."
TWO_PERSONS = "Your accounts are two members again, each with its own answers."
NOTHING = "Nothing is linked here. /quiz link makes a code that links."
ONE_TEAM_ALREADY = "This place belongs to that team already. Enter the code on the other platform."
ONE_PERSON_ALREADY = "That is the account that the code was made with. Enter it with your other account."
APART = "The two places are not one team yet. An admin links them first, with /quiz link."


async def code_of(player, words="link"):
    """The code that somebody is told."""
    message = await player.gets(words)
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", message.title), shown(message)
    assert not message.public
    return message.title


async def link(here, there, words="link"):
    """Make a code there and enter it here."""
    told = await here.does(f"link {await code_of(there, words)}")
    assert told.splitlines() == (LINKED if words == "link" else ONE_PERSON), told


def bosses(stage):
    """An admin of the Discord server and one of the Slack workspace."""
    return stage.player("Boss", admin=True), stage.player("Chief", SLACK, admin=True)


async def asked(stage, boss):
    """Let an admin ask an extra question where they are, and return its message."""
    stage.clock.forward(minutes=2)
    await stage.work()
    await boss.does("ask")
    return (stage.slack if boss.address.platform == "slack" else stage.chat).seen(boss.address, "question")[-1]


@pytest.fixture
async def stage(stages):
    """A stage with one question of 20 points."""
    return await stages(bank_of(choice("rate")))


@pytest.fixture
def platforms(monkeypatch):
    """Players on Slack see what is posted there."""

    def newest(self, label):
        chat = self.stage.slack if self.address.platform == "slack" else self.stage.chat
        return next(one for one in reversed(chat.seen(self.address)) if label in one.actions)

    monkeypatch.setattr(Player, "newest", newest)


pytestmark = pytest.mark.usefixtures("platforms")


# --- codes -------------------------------------------------------------------------------------------------------


async def test_a_code_says_where_it_goes_and_how_long_it_lasts(stage):
    """`link` answers, to the caller alone, with the code, the command to enter it with and until when."""
    boss, _ = bosses(stage)
    message = await boss.gets("link")
    assert [plain(part) for part in message.body] == [
        f"As an admin of the other place, enter it there: /quiz link code={message.title}",
        "It can be used once, until 2026-11-16 07:10.",
    ]
    message = await stage.player("Ann").gets("link me")
    assert plain(message.body[0]) == f"Enter it with your other account: /quiz link code={message.title}"


def test_codes_are_hard_to_guess_and_easy_to_copy():
    """Codes have eight letters and digits none of which looks like another; no two are the same."""
    codes = {links.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert not set("01OI") & set("".join(codes))
    assert {links.read_code(text) for text in ("k7qm-2rxa", " K7QM 2RXA ", "k7qm2rxa", "K7-QM2-RXA")} == {"K7QM-2RXA"}


async def test_a_code_is_entered_as_people_copy_it(stage):
    """Case, blanks and the hyphen of a code do not matter."""
    boss, chief = bosses(stage)
    code = await code_of(boss)
    assert (await chief.does(f"link {code.lower().replace('-', ' ')}")).splitlines() == LINKED


@pytest.mark.parametrize(("seconds", "told"), [(599, LINKED), (600, [BAD_CODE]), (3600, [BAD_CODE])])
async def test_a_code_lasts_ten_minutes(stage, seconds, told):
    """A code may be used until ten minutes have passed, and not from then on."""
    boss, chief = bosses(stage)
    code = await code_of(boss)
    stage.clock.forward(seconds=seconds)
    assert (await chief.does(f"link {code}")).splitlines() == told


async def test_a_code_works_once(stages):
    """A code that was used is not valid any more, also for a third place."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    third = stage.player("Third", Address("slack", "C9"), admin=True, workspace="T9")
    code = await code_of(boss)
    assert (await chief.does(f"link {code}")).splitlines() == LINKED
    assert await chief.does(f"link {code}") == BAD_CODE
    assert await third.does(f"link {code}") == BAD_CODE


async def test_bad_codes_are_refused(stage):
    """What is no code that was made is refused in the same words."""
    boss, chief = bosses(stage)
    await code_of(boss)
    bad = ("AAAA-AAAA", "x", "code=K7QM-2RXA", "'; drop table codes; --", "%", "x\x00y", "\ud800", "é" * 999)
    assert {await chief.does(f"link {code}") for code in bad} == {BAD_CODE}


async def test_only_admins_link_places(stage):
    """Members neither make nor enter the code of a place; what they are told names what they may do."""
    boss, chief = bosses(stage)
    ann, bo = stage.player("Ann"), stage.player("Bo", SLACK)
    assert await ann.does("link") == ADMINS_ONLY
    code = await code_of(boss)
    assert await bo.does(f"link {code}") == ADMINS_ONLY
    assert await bo.does("unlink") == ADMINS_ONLY
    await link(chief, boss)
    assert await bo.does("unlink") == ADMINS_ONLY
    assert await ann.does("unlink") == ADMINS_ONLY
    assert await chief.does("unlink") == TWO_TEAMS


async def test_a_place_is_not_linked_with_itself(stage):
    """A code entered where it was made, or in a place that is linked already, links nothing."""
    boss, chief = bosses(stage)
    assert await boss.does(f"link {await code_of(boss)}") == ONE_TEAM_ALREADY
    await link(chief, boss)
    assert await chief.does(f"link {await code_of(boss)}") == ONE_TEAM_ALREADY
    assert await boss.does(f"link {await code_of(chief)}") == ONE_TEAM_ALREADY


async def test_codes_that_cross(stage):
    """Codes made in both places before they were linked: the first links, the second finds them linked."""
    boss, chief = bosses(stage)
    there, here = await code_of(boss), await code_of(chief)
    assert (await chief.does(f"link {there}")).splitlines() == LINKED
    assert await boss.does(f"link {here}") == ONE_TEAM_ALREADY
    await asked(stage, boss)
    await stage.player("Ann").chooses("right")
    assert await stage.board(chief) == ["1|Ann|20 points|1 of 1 right|streak 1"]
    assert await boss.does("unlink") == TWO_TEAMS
    assert await stage.board(chief) == []
    assert await boss.does("unlink") == NOTHING
    assert await chief.does("unlink") == NOTHING


async def test_a_code_from_before_its_place_was_linked(stages):
    """A code made before its place joined another one leads to the team that the place plays in now."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    third = stage.player("Third", Address("slack", "C9"), admin=True, workspace="T9")
    early = await code_of(chief)
    await link(chief, boss)
    assert (await third.does(f"link {early}")).splitlines() == LINKED
    ann = stage.player("Ann")
    await asked(stage, boss)
    await ann.chooses("right")
    for place in (boss, chief, third):
        assert await stage.board(place) == ["1|Ann|20 points|1 of 1 right|streak 1"]


async def test_nothing_to_part(stage):
    """Where nothing is linked, parting says so."""
    boss, _ = bosses(stage)
    assert await boss.does("unlink") == NOTHING
    assert await stage.player("Ann").does("unlink me") == NOTHING


# --- places ------------------------------------------------------------------------------------------------------


async def test_two_places_share_one_board(stage):
    """From then on both places show the same standings, with what was earned before, and parted each its own."""
    boss, chief = bosses(stage)
    ann, sam = stage.player("Ann"), stage.player("Sam", SLACK)
    await asked(stage, boss)
    await ann.chooses("right")
    await asked(stage, chief)
    await sam.chooses("wrong")
    await link(chief, boss)
    both = ["1|Ann|20 points|1 of 1 right|streak 1", "2|Sam|0 points|0 of 1 right|streak 1"]
    for period in ("today", "week", "month", "season", "all"):
        assert await stage.board(boss, f"leaderboard {period}") == both
        assert await stage.board(chief, f"leaderboard {period}") == both
    await asked(stage, chief)
    await sam.chooses("right")
    assert [line.split("|")[:3] for line in await stage.board(boss)] == [
        ["1", "Ann", "20 points"],
        ["1", "Sam", "20 points"],
    ]
    assert await chief.does("unlink") == TWO_TEAMS
    assert await stage.board(boss) == ["1|Ann|20 points|1 of 1 right|streak 1"]
    assert await stage.board(chief) == ["1|Sam|20 points|1 of 2 right|streak 1"]


async def test_linked_places_get_the_same_daily_question(stages):
    """Linked places that are due at the same instant get the same question; parted ones choose for themselves."""
    stage = await stages(bank_of(*(choice(f"q{n:02}") for n in range(30))))
    boss, chief = bosses(stage)
    for admin in (boss, chief):
        await admin.does("setup time=09:00 reveal=16:30 days=daily")
    await link(chief, boss)

    async def prompts(days):
        """What each place was asked."""
        for day in days:
            await stage.at(f"2026-11-{day} 09:00")
            await stage.at(f"2026-11-{day} 16:30")
        seen = [chat.seen(at, "question")[-len(days) :] for chat, at in ((stage.chat, ROOM), (stage.slack, SLACK))]
        return [[one.text.splitlines()[1:6] for one in posted] for posted in seen]

    here, there = await prompts([16, 17, 18, 19])
    assert here == there
    assert len({tuple(one) for one in here}) == 4
    await boss.does("unlink")
    here, there = await prompts([20, 21, 22, 23])
    assert here != there


async def test_linked_places_see_the_same_members(stage):
    """The statistics of a member of the other place are found by name, in both directions, and not once parted."""
    boss, chief = bosses(stage)
    await asked(stage, boss)
    await stage.player("Ann").chooses("right")
    await link(chief, boss)
    assert (await chief.does("stats Ann")).splitlines()[:2] == ["Ann", "20 points, rank 1 of all time."]
    await asked(stage, chief)
    await stage.player("Sam", SLACK).chooses("right")
    assert (await boss.does("stats sam")).splitlines()[0] == "Sam"
    await boss.does("unlink")
    assert await boss.does("stats Sam") == "That person has not answered a question here yet."


async def test_a_link_survives_a_restart_and_a_declaration(stages):
    """What was linked stays linked when the bot starts again and reads its configuration."""
    stage = await stages(bank_of(choice("rate")))
    await stage.declare(daily())
    boss, chief = bosses(stage)
    await link(chief, boss)
    await stage.stop()
    await stage.start()
    await stage.declare(daily())
    await asked(stage, chief)
    await stage.player("Sam", SLACK).chooses("right")
    assert await stage.board(boss) == ["1|Sam|20 points|1 of 1 right|streak 1"]
    assert await chief.does("unlink") == TWO_TEAMS


async def test_configured_admins_of_both_places_stay_admins(stages):
    """Whoever the configuration names as admin of one of the places may part them, on whichever platform."""
    for user, where in (("discord:u-Root", ROOM), ("slack:u-Root", SLACK)):
        stage = await stages(bank_of(choice("rate")))
        teams = [
            Declared(Team(0, name, "Europe/Berlin", (user,)), [daily(at)])
            for name, at in (("ml-team", ROOM), ("other", SLACK))
            if at == where
        ]
        await declare(stage.quiz, teams)
        boss, chief = bosses(stage)
        root = stage.player("Root", where)
        await link(chief, boss)
        assert await root.does("pause") == (
            "The daily question here is paused. /quiz resume starts it again; an open question stays open."
        )
        assert await root.does("unlink") == TWO_TEAMS


async def test_three_places_are_parted_at_once(stages):
    """A person with an account in each of three linked places gets all three histories back."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    third = stage.player("Third", Address("slack", "C9"), admin=True, workspace="T9")
    accounts = [stage.player("Ann", boss.address), stage.player("Ann", SLACK), stage.player("Ann", third.address)]
    accounts[2].workspace = "T9"
    places = (boss, chief, third)
    for place, account in zip(places, accounts, strict=True):
        await asked(stage, place)
        await account.chooses("right")
        stage.clock.forward(days=1)
    alone = [await stage.board(place, "leaderboard all") for place in places]
    await link(chief, boss)
    await link(third, boss)
    await link(accounts[0], accounts[2], "link me")
    await link(accounts[1], accounts[2], "link me")
    for place in places:
        assert [line.split("|")[:3] for line in await stage.board(place, "leaderboard all")] == [
            ["1", "Ann", "60 points"]
        ]
    assert await boss.does("unlink") == TWO_TEAMS
    assert [await stage.board(place, "leaderboard all") for place in places] == alone
    assert await accounts[0].does("unlink me") == NOTHING


async def test_rounds_that_are_open_go_on_when_places_are_linked_and_parted(stage):
    """An open round takes answers and is revealed as before, whatever is linked or parted meanwhile."""
    boss, chief = bosses(stage)
    await boss.does("setup time=09:00 reveal=16:30")
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann")
    assert (await ann.chooses("wrong")).startswith("Recorded: ")
    await link(boss, chief)
    assert (await ann.chooses("right")).startswith("Changed ")
    await boss.does("unlink")
    await stage.at("2026-11-16 16:30")
    assert len(stage.reveals) == 1
    assert [line.split("|")[1] for line in await stage.board(boss)] == ["Ann"]
    assert (await ann.does("stats")).splitlines()[2] == "1 question answered, 1 right: 100 %."


# --- accounts ----------------------------------------------------------------------------------------------------


async def one_person(stages):
    """Ann on Discord with two right answers, and on Slack with a wrong one, in linked places; not yet one person."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    ann, other = stage.player("Ann"), stage.player("Ann S", SLACK)
    for _ in range(2):
        await asked(stage, boss)
        await ann.chooses("right")
    stage.clock.forward(days=1)
    await asked(stage, chief)
    await other.chooses("wrong")
    await link(chief, boss)
    return stage, boss, chief, ann, other


async def test_two_accounts_become_one_member(stages):
    """Answers and points of both accounts stand on one line, which both see as their own; parted they are two again."""
    stage, _, _, ann, other = await one_person(stages)
    before = await stage.board(ann, "leaderboard all")
    assert len(before) == 2
    await link(other, ann, "link me")
    for account in (ann, other):
        assert await stage.board(account, "leaderboard all") == [
            f"1|{account.name} (you)|40 points|2 of 3 right|streak 2"
        ]
        assert (await account.does("stats")).splitlines()[1:4] == [
            "40 points, rank 1 of all time.",
            "3 questions answered, 2 right: 67 %.",
            "Streak: 2 days.",
        ]
    assert await other.does("unlink me") == TWO_PERSONS
    assert await stage.board(ann, "leaderboard all") == before


@pytest.mark.parametrize("first", ["ann", "other"])
async def test_the_first_answer_counts_where_both_answered(stages, first):
    """The same daily question answered with both accounts counts once, with the answer that came first."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    for admin in (boss, chief):
        await admin.does("setup time=09:00 reveal=16:30")
    await link(chief, boss)
    ann, other = stage.player("Ann"), stage.player("Ann", SLACK)
    await stage.at("2026-11-16 09:00")
    one, two = (ann, other) if first == "ann" else (other, ann)
    await one.chooses("right")
    await two.chooses("wrong")
    await link(other, ann, "link me")
    await stage.at("2026-11-16 16:30")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]
    await ann.does("unlink me")
    assert sorted(line.split("|")[2] for line in await stage.board(ann)) == ["0 points", "20 points"]
    assert (await stage.board(one))[0].startswith("1|Ann (you)|20 points")


async def test_the_first_answer_counts_where_places_asked_the_same_before_they_were_linked(stages):
    """Where both places happened to ask the same question on a day, a person scores once in it, whenever linked."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    ann, other = stage.player("Ann"), stage.player("Ann", SLACK)
    await asked(stage, boss)
    await ann.chooses("right")
    await boss.does("ask 60m")
    await asked(stage, chief)
    await other.chooses("wrong")
    alone = await stage.board(ann), await stage.board(other)
    await link(chief, boss)
    await link(other, ann, "link me")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]
    await chief.does("unlink")
    assert (await stage.board(ann), await stage.board(other)) == alone


async def test_the_second_account_is_told_that_the_first_answer_counts(stages):
    """Once linked, the other account is told what was answered elsewhere, and nothing is recorded."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    for admin in (boss, chief):
        await admin.does("setup time=09:00 reveal=16:30")
    await link(chief, boss)
    ann, other = stage.player("Ann"), stage.player("Ann", SLACK)
    await link(other, ann, "link me")
    await stage.at("2026-11-16 09:00")
    await ann.chooses("right")
    told = await other.chooses("wrong")
    assert re.fullmatch(
        r"You answered this question in another channel of the team: [A-D], right\. That answer counts; this one was "
        r"not recorded\.",
        told,
    )
    assert await other.presses("My answer") == told
    assert (await ann.chooses("odd")).startswith("Changed from ")


async def test_two_accounts_in_one_channel(stages):
    """Two linked accounts in the same channel: the first one's answer counts and only that one may change it."""
    stage = await stages(bank_of(choice("rate")))
    await stage.declare(daily())
    ann, other = stage.player("Ann"), stage.player("Second")
    await link(other, ann, "link me")
    await stage.at("2026-11-16 09:00")
    await ann.chooses("wrong")
    told = await other.chooses("right")
    assert re.fullmatch(
        r"You answered this question with your other account: [A-D], wrong\. That answer counts; this one was not "
        r"recorded\.",
        told,
    )
    assert (await ann.chooses("right")).startswith("Changed from ")
    await stage.at("2026-11-16 16:30")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]
    await other.does("unlink me")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_the_daily_cap_is_a_persons_own(stages):
    """Two accounts share the cap of extra rounds while linked, and have each their own once parted."""
    stage = await stages(bank_of(*(choice(f"q{n}") for n in range(9))))
    boss, chief = bosses(stage)
    ann, other = stage.player("Ann"), stage.player("Ann", SLACK)
    await link(chief, boss)
    await link(other, ann, "link me")
    for n in range(6):
        player, admin = ((ann, boss), (other, chief))[n % 2]
        await asked(stage, admin)
        told = (await player.chooses("right")).splitlines()[0]
        assert ("No points for this one" in told) == (n == 5)
    assert [line.split("|")[2] for line in await stage.board(ann)] == ["100 points"]
    await other.does("unlink me")
    assert [line.split("|")[2] for line in await stage.board(ann)] == ["60 points", "60 points"]


async def test_accounts_of_places_that_are_not_linked(stage):
    """Accounts in two teams are not one member; what to do first is said."""
    ann, other = stage.player("Ann"), stage.player("Ann", SLACK)
    assert await other.does(f"link {await code_of(ann, 'link me')}") == APART


async def test_an_account_is_not_linked_with_itself(stage):
    """A member's code entered with the same account, or with one that is linked already, links nothing."""
    boss, chief = bosses(stage)
    ann, other = stage.player("Ann"), stage.player("Ann", SLACK)
    await link(chief, boss)
    assert await ann.does(f"link {await code_of(ann, 'link me')}") == ONE_PERSON_ALREADY
    there, here = await code_of(ann, "link me"), await code_of(other, "link me")
    assert (await other.does(f"link {there}")).splitlines() == ONE_PERSON
    assert await ann.does(f"link {here}") == ONE_PERSON_ALREADY
    assert await ann.does("unlink me") == TWO_PERSONS
    assert await other.does("unlink me") == NOTHING


async def test_parting_places_parts_their_accounts(stages):
    """Accounts that were linked across the places are two members again when the places are parted."""
    stage, boss, _, ann, other = await one_person(stages)
    alone = await stage.board(ann, "leaderboard all")
    await link(other, ann, "link me")
    await boss.does("unlink")
    assert len(alone) == 2
    assert [line.split("|")[1:3] for line in await stage.board(ann, "leaderboard all")] == [["Ann (you)", "40 points"]]
    assert [line.split("|")[1:3] for line in await stage.board(other, "leaderboard all")] == [
        ["Ann S (you)", "0 points"]
    ]
    assert await ann.does("unlink me") == NOTHING


async def test_streaks_are_a_persons_own(stages):
    """Days taken part in with either account make one streak; parted, each account has the streak of its own days."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    for admin in (boss, chief):
        await admin.does("setup time=09:00 reveal=16:30")
    await link(chief, boss)
    ann, other = stage.player("Ann"), stage.player("Ann", SLACK)
    for day, player in ((16, ann), (17, other), (18, ann), (19, ann)):
        await stage.at(f"2026-11-{day} 09:00")
        await player.chooses("right")
        await stage.at(f"2026-11-{day} 16:30")
    await link(other, ann, "link me")
    assert (await ann.does("stats")).splitlines()[3:5] == ["Streak: 4 days.", "Longest streak: 4 days."]
    await ann.does("unlink me")
    assert (await ann.does("stats")).splitlines()[3:5] == ["Streak: 2 days.", "Longest streak: 2 days."]
    assert (await other.does("stats")).splitlines()[3:5] == ["Streak: 0 days.", "Longest streak: 1 day."]


async def test_a_streak_is_counted_by_the_days_of_its_team(stages):
    """While linked, the days asked in either place count; parted, those of one's own place, as if never linked."""
    stage = await stages(bank_of(choice("rate")))
    boss, chief = bosses(stage)
    await boss.does("setup time=09:00 reveal=16:30 days=mon, tue, wed")
    await chief.does("setup time=09:00 reveal=16:30 days=mon, wed")
    sam = stage.player("Sam", SLACK)
    for day in (16, 17, 18):
        await stage.at(f"2026-11-{day} 09:00")
        if day != 17:
            await sam.chooses("right")
        await stage.at(f"2026-11-{day} 16:30")
    streaks = [(await sam.does("stats")).splitlines()[3:5]]
    await link(chief, boss)
    streaks.append((await sam.does("stats")).splitlines()[3:5])
    await boss.does("unlink")
    streaks.append((await sam.does("stats")).splitlines()[3:5])
    two = ["Streak: 2 days.", "Longest streak: 2 days."]
    assert streaks == [two, ["Streak: 1 day.", "Longest streak: 1 day."], two]


async def test_practice_is_one_persons_and_stays_each_accounts_own(stages):
    """What one account got right counts for the other while linked; buttons from before go on working."""
    stage, _, _, ann, other = await one_person(stages)
    stage.bank = bank_of(choice("adam"), choice("momentum"))
    message = await other.gets("practice")
    await link(other, ann, "link me")
    letters = {line[3:]: line[0] for line in shown(message).splitlines() if line[1:3] == "  "}
    assert (await other.presses("right", f"try:1:{letters['right']}")).startswith("Right")
    done = shown(message).splitlines()[1]
    for account in (ann, other):
        stage.clock.forward(minutes=1)
        assert shown(await account.gets("practice")).splitlines()[1] != done
    await ann.does("unlink me")
    results = stage.quiz.store.results_of
    members = [await stage.quiz.store.member(n, Identity(*who), "x") for n, who in (
        (1, ("discord", "W", "u-Ann")), (2, ("slack", "W", "u-Ann S")))]  # fmt: skip
    right = [{id for id, right in (await results(member.id)).items() if right} for member in members]
    assert [len(one & {"adam", "momentum"}) for one in right] == [0, 1]


async def test_who_asked_may_reveal_with_either_account(stages):
    """An extra round asked for with one account before the link may be revealed by that person after it."""
    stage, _, _, ann, other = await one_person(stages)
    stage.clock.forward(minutes=5)
    await stage.work()
    await other.does("ask 60m")
    await link(other, ann, "link me")
    assert await other.does("reveal") == "The answer is in the channel."
    assert stage.chat.seen(LOBBY) == []
