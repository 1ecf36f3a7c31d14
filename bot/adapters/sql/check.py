"""Whether a database is whole: in itself, and what is kept beside the answer log equal to what the log comes to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, except_, func, literal_column, select, union

from bot.adapters.sql.engine import Database
from bot.adapters.sql.rebuild import PERSONS, Counted, accounts, from_log, kept, rebuild
from bot.adapters.sql.tables import BUCKET, answers, entries, members, rounds, standings, tallies, teams, workspaces
from bot.core.ports import Unavailable

COUNTED = (teams, members, rounds, answers, entries, standings)


@dataclass(frozen=True, slots=True)
class Caps:
    """The daily cap of extra rounds, and the platforms on which there is none."""

    cap: int | None
    without: Collection[str] = ()


@dataclass(slots=True)
class Check:
    """One check of a database, which may be in use: it reads some persons at a time, each as they are in one instant.

    ``repair`` counts anew whom something differs for; ``faults`` counts what differs and was not repaired.
    """

    database: Database
    caps: Caps
    repair: bool = False
    faults: int = field(default=0, init=False)
    repaired: int = field(default=0, init=False)

    async def lines(self) -> AsyncIterator[str]:
        """A line for each thing that is not as it should be, and one at the end that says what was looked at."""
        try:
            for line in await self._broken():
                self.faults += 1
                yield line
            for line in await self._mistallied():
                self.faults += not self.repair
                yield line
            async for heads, lines in self._differing():
                for line in lines:
                    yield line
                if self.repair:
                    await self.database.write(partial(_count_anew, heads=heads, caps=self.caps))
                    self.repaired += len(heads)
                else:
                    self.faults += len(lines)
            yield await self._end()
        except Unavailable as error:  # such as a file so broken that it cannot be read
            self.faults += 1
            yield f"database: {error}"

    async def _broken(self) -> list[str]:
        """What the engine itself finds."""
        own = {"sqlite": _sqlite, "postgresql": _postgresql}
        return await self.database.read(lambda connection: own[connection.dialect.name](connection))

    async def _mistallied(self) -> list[str]:
        """Boards whose tallies are not what their lines come to."""
        boards = await self.database.snapshot(lambda connection: connection.execute(_MISTALLIED).all())
        if boards and self.repair:
            await self.database.write(_tally)
        return [f"tallies: team {team}, period {period}: not as many lines as there are" for team, period in boards]

    async def _differing(self) -> AsyncIterator[tuple[set[int], list[str]]]:
        """Persons for whom something differs, some at a time, by the members they count as."""
        last = 0
        while page := await self.database.snapshot(partial(_compared_after, last=last, caps=self.caps)):
            last, found = page
            if found:
                yield set(found), [line for lines in found.values() for line in lines]

    async def _end(self) -> str:
        counts = await self.database.snapshot(_counts)
        verdict = "not whole" if self.faults else "whole"
        repaired = f" after the repair of {self.repaired} members" if self.repaired else ""
        return f"{verdict}{repaired}: {', '.join(counts)}; {_worded(self.caps)}"


_BOARD = (standings.c.team_id, standings.c.period, standings.c.points // literal_column(str(BUCKET)))
_TALLIED = select(*_BOARD, func.count().label("lines")).group_by(*_BOARD)
_KEPT = select(tallies).where(tallies.c.lines != 0)
_DIFFERENT = union(
    except_(_TALLIED, _KEPT).subquery().select(), except_(_KEPT, _TALLIED).subquery().select()
).subquery()
_MISTALLIED = select(_DIFFERENT.c.team_id, _DIFFERENT.c.period).distinct().order_by(*_DIFFERENT.c[:2])


def _worded(caps: Caps) -> str:
    if caps.cap is None:
        return "every extra round earns points"
    without = f", all on {', '.join(sorted(caps.without))}" if caps.without else ""
    return f"{caps.cap} extra rounds a day earn points{without}"


def _sqlite(connection: Connection) -> list[str]:
    """What the file's own structure and its foreign keys tell."""
    structure = connection.exec_driver_sql("PRAGMA integrity_check")
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").mappings()
    return [
        *(f"database: {row[0]}" for row in structure if row[0] != "ok"),
        *(
            f"{row['table']}: row {row['rowid']} points to a row of {row['parent']} that is not there"
            for row in dangling
        ),
    ]


def _postgresql(connection: Connection) -> list[str]:
    """What the catalogue tells; the server holds foreign keys itself, and ``pg_amcheck`` looks into the files."""
    indexes = connection.exec_driver_sql(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT (indisvalid AND indisready)"
    )
    keys = connection.exec_driver_sql("SELECT conname::text FROM pg_constraint WHERE NOT convalidated")
    failures = connection.exec_driver_sql(
        "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database() AND checksum_failures > 0"
    )
    return [
        *(f"database: the index {name} is not valid" for (name,) in indexes),
        *(f"database: the constraint {name} was never validated" for (name,) in keys),
        *(f"database: {count} pages did not have their checksum" for (count,) in failures),
    ]


def _tally(connection: Connection) -> None:
    """Count the lines of all boards anew."""
    connection.execute(delete(tallies))
    connection.execute(tallies.insert().from_select(list(tallies.c), _TALLIED))


def _count_anew(connection: Connection, heads: Collection[int], caps: Caps) -> None:
    for some, cap in _by_cap(connection, heads, caps):
        rebuild(connection, some, cap)


def _counts(connection: Connection) -> list[str]:
    return [f"{connection.scalar(select(func.count()).select_from(table))} {table.name}" for table in COUNTED]


def _by_cap(connection: Connection, heads: Collection[int], caps: Caps) -> list[tuple[set[int], int | None]]:
    """These persons by the cap that holds for them: their home team's platform tells."""
    home = select(members.c.id).join(workspaces, workspaces.c.team_id == members.c.team_id)
    its = (members.c.id.in_(heads), workspaces.c.platform.in_(caps.without))
    free = set(connection.scalars(home.where(*its)))
    return [(some, cap) for some, cap in ((set(heads) - free, caps.cap), (free, None)) if some]


def _compared_after(connection: Connection, last: int, caps: Caps) -> tuple[int, dict[int, list[str]]] | None:
    """The last of the next persons, by the members they count as, and what differs for them; None after the last."""
    its = (members.c.id > last, members.c.linked_to.is_(None))
    heads = connection.scalars(select(members.c.id).where(*its).order_by(members.c.id).limit(PERSONS)).all()
    return (heads[-1], _compared(connection, heads, caps)) if heads else None


def _compared(connection: Connection, heads: Collection[int], caps: Caps) -> dict[int, list[str]]:
    """The lines that tell what differs, by the member that each person counts as."""
    found: dict[int, list[str]] = {}
    for some, cap in _by_cap(connection, heads, caps):
        ids = accounts(connection, some)
        linked = connection.execute(select(members.c.id, members.c.linked_to).where(members.c.id.in_(ids)))
        head_of = {row.id: row.linked_to or row.id for row in linked}
        for member, line in _differences(kept(connection, ids), from_log(connection, ids, cap)):
            found.setdefault(head_of[member], []).append(line)
    return found


def _differences(has: Counted, should: Counted) -> Iterator[tuple[int, str]]:
    """Each row that is not what it should be: of which member, and in words."""
    for (contest, member), words in _rows(has.entries, should.entries):
        yield member, f"entries: contest {contest}, member {member}: {words}"
    for (team, period, member), words in _rows(has.standings, should.standings):
        yield member, f"standings: team {team}, period {period}, member {member}: {words}"
    streaks = ({id: asdict(its) for id, its in found.items()} for found in (has.streaks, should.streaks))
    for member, words in _rows(*streaks):
        yield member, f"streaks: member {member}: {words}"


def _rows(has: Mapping[Any, Mapping[str, Any]], should: Mapping[Any, Mapping[str, Any]]) -> Iterator[tuple[Any, str]]:
    """The keys of rows that differ, with how."""
    for key in sorted(has.keys() | should.keys()):
        if key not in has:
            yield key, "is missing"
        elif key not in should:
            yield key, "should not be there"
        elif has[key] != should[key]:
            columns = [name for name in should[key] if has[key][name] != should[key][name]]
            yield key, "; ".join(_column(name, has[key][name], should[key][name]) for name in columns)


def _column(name: str, has: object, should: object) -> str:
    if name == "reason":  # it may quote what a member wrote, which is for nobody else
        return "reason is another one"
    return f"{name} is {has}, should be {should}"
