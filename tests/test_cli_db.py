"""``quizbot db``: what it says, and its exit codes."""

from datetime import timedelta

import pytest

from bot import config
from bot.__main__ import DONE, FAULTS, USAGE, main
from bot.adapters.sql.tables import metadata


@pytest.fixture
def does(database, monkeypatch, tmp_path, capsys):
    """Runs ``quizbot db`` on a new database: its exit code, and what it printed."""
    monkeypatch.chdir(tmp_path)
    scratch = database()

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(["--database", scratch.url, "db", *words])
        told = capsys.readouterr()
        return ended.value.code, told.out + told.err

    run.scratch = scratch
    return run


EMPTY = (
    "whole: 0 teams, 0 members, 0 rounds, 0 answers, 0 entries, 0 standings; "
    "5 extra rounds a day earn points, all on console\n"
)


@pytest.mark.store
def test_checking(does):
    """A whole database: one line and 0. What differs: a line each and 1. Repaired: 0 again."""
    assert does("check") == (DONE, EMPTY)
    does.scratch.change("insert into teams (id, name, timezone, admins) values (1, 'a', 'UTC', '[]')")
    does.scratch.change("insert into members (id, team_id, name, streak, longest) values (1, 1, 'Ann', 4, 4)")
    line = "streaks: member 1: streak is 4, should be 0; longest is 4, should be 0\n"
    code, told = does("check")
    assert (code, told.startswith(line + "not whole: 1 teams, 1 members, ")) == (FAULTS, True)
    code, told = does("check", "--repair")
    assert (code, told.startswith(line + "whole after the repair of 1 members: ")) == (DONE, True)
    assert does("check")[0] == DONE


@pytest.mark.sqlite
def test_a_restored_database_is_checked(does, tmp_path):
    """What comes back is checked: its counts are told, and what differs in it already did in the copy."""
    copy = str(tmp_path / "copy.db")
    assert does("backup", copy) == (DONE, "")
    assert does("restore", copy) == (DONE, EMPTY)


def test_nothing_to_check(tmp_path, capsys):
    """A file that is not there is named, and not made."""
    with pytest.raises(SystemExit) as ended:
        main(["--database", f"sqlite:///{tmp_path}/none.db", "db", "check"])
    assert ended.value.code == USAGE
    assert capsys.readouterr().err == f"quizbot: DATABASE_URL: there is no database {tmp_path}/none.db\n"
    assert not list(tmp_path.iterdir())


def test_rolling_up_by_hand(does, monkeypatch):
    """`db roll-up` says how many answers it was, and what to set where nothing says how long they are kept."""
    assert does("roll-up") == (
        USAGE, "quizbot: RETENTION is not set; it says how long answers are kept, such as 400 days\n"
    )  # fmt: skip
    monkeypatch.setenv("RETENTION", "400 days")
    assert does("roll-up") == (DONE, "0 answers rolled up\n")


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (
            "99",
            "99 days are too few: a season's answers must stay until all of it was ruled on, so take 100 days or more",
        ),
        ("13 months", '"13 months" is not a number of days such as "400 days"'),
        ("-400", '"-400" is not a number of days such as "400 days"'),
    ],
)
def test_a_retention_that_cannot_be(does, monkeypatch, kept, told):
    """A time that is too short to be safe, or none at all, is refused in a line."""
    monkeypatch.setenv("RETENTION", kept)
    assert does("roll-up") == (USAGE, f"quizbot: RETENTION: {told}\n")


@pytest.mark.parametrize(("written", "days"), [("retention: 100", 100), ("retention: 400 days", 400), ("", None)])
def test_how_long_answers_are_kept(monkeypatch, tmp_path, written, days):
    """The file says it in days, with or without the word; without it answers are kept for ever."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quizbot.yaml").write_text(written)
    assert config.load({}).retention == (days and timedelta(days=days))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("upgrade", "x"), "db upgrade takes no FILE"),
        (("backup",), "db backup takes a FILE"),
        (("copy", "sqlite:///a.db"), "db copy takes FROM and TO"),
        (("upgrade", "--repair"), "--repair belongs to db check"),
    ],
)
def test_wrong_use(does, words, told):
    """What an action does not take is told in a line, and nothing is done."""
    assert does(*words) == (USAGE, f"quizbot: {told}\n")
    assert all(does.scratch.rows(f'select count(*) from "{table}"') == [(0,)] for table in metadata.tables)
