"""Words that say nearly the same in explanations. A word may stand in several groups."""

from __future__ import annotations

from functools import lru_cache

from bot.core.grading.stems import stem

_GROUPS = """
begin start initiate launch first initial beginning; end finish terminate conclude last final ending
large big huge great high long; small little tiny low short; many multiple several numerous various
portion part piece section segment fraction subset; component element item member entry
show display demonstrate indicate present illustrate reveal; create make build construct generate produce form
use utilize employ apply exploit; contain include hold have consist comprise encompass
store keep save retain remember memorize hold maintain preserve
remove delete drop discard eliminate erase omit exclude; add insert append put place
change modify alter update adjust vary adapt; quick fast rapid speed efficient quickly
prevent avoid stop hinder; reduce decrease lower shrink lessen minimize diminish fewer less smaller
increase raise grow enlarge boost maximize more greater larger bigger; error mistake bug fault wrong
equal same identical equivalent; different distinct differ difference; call invoke
function method procedure routine; node element; location position place address spot
reach access get retrieve obtain fetch read; pass send give provide supply deliver specify
run execute perform carry; repeat iterate loop cycle; simulate imitate mimic emulate
desired wanted intended expected target; software program application code system; result output outcome product
need require must necessary; allow let enable permit; purpose goal aim role objective
separate split divide break partition; combine merge join unite together; connect link attach bind chain
point refer reference; check test verify examine validate; find search locate determine discover identify
compute calculate evaluate; example sample instance datapoint pattern; near close adjacent nearby neighbor
unlimited infinite unbounded endless any; before prior previous earlier preceding
after next following subsequent later afterwards; order sequence; average mean; total sum adding
copy duplicate replicate; memory storage; dynamic flexible variable; fixed constant static unchanging
size length dimension; whole entire complete full all every each; simple easy
difficult hard complex complicated; quantity amount number count
property feature characteristic attribute trait; kind type sort class category; problem issue difficulty
rule law principle; step phase stage pass; choose select pick; input argument parameter; solution answer
move shift travel go traverse; important main key major essential; help assist aid; explain describe
happen occur; cause lead result; depend rely; hide conceal private encapsulate; replace substitute swap
improve better enhance; weak faint; strong powerful; hot warm heat; cold cool; push force; open gap break broken
damaged burned broken; path route circuit way; front head top; back rear tail end bottom
bigger larger greater higher; smaller less lower fewer; true correct right actual; false wrong incorrect
define declare definition declaration; velocity speed rate; simultaneous synchronous together concurrently
limit restrict bound squash; oscillate zigzag bounce fluctuate; converge settle; learn train training
weight strength coefficient; guess predict estimate; assign set give initialize; random arbitrary randomly
only just solely merely; destroy free delete; alive exist live remain persist last; visible accessible
outside external; inside internal within; reuse recycle reusability; scatter spread dispersion; gather collect
measure metric; if when whenever; because since; also additionally; although though however but
picture image photo; noise noisy; fit match; memorize memorise rote; unseen new held; neuron unit
network net model; blow explode diverge; vanish disappear shrink zero; penalty penalize punish; simpler smaller
collapse reduce; compose composition stack chain; useless pointless nothing
"""


def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_GROUPS.replace("\n", ";").split(";")):
        for word in group.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


_GROUPS_OF = _groups()
_NONE: frozenset[int] = frozenset()


def groups_of(stemmed: str) -> frozenset[int]:
    """The numbers of the groups in which a stem stands."""
    return _GROUPS_OF.get(stemmed, _NONE)


@lru_cache(maxsize=16384)
def are_synonyms(one: str, other: str) -> bool:
    """Whether two stems stand in one group."""
    return not groups_of(one).isdisjoint(groups_of(other))
