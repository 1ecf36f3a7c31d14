"""Words that look alike or go together and mean opposite things: over/under, encoder/decoder, increase/decrease."""

from __future__ import annotations

from functools import lru_cache

from bot.core.grading.wordforms import root

_PREFIX_GROUPS = """
un in im il ir non; over; under; hyper; hypo; exo; endo; en; de; dis; mis; anti; macro; micro; inter; intra; extra; pre
post; pro; homo; hetero; uni mono; bi di; tri; multi poly; sub; super; semi; self; up; down; out; forward; back backward
left; right; auto; ecto; meso; eu; ana; cata; sym syn; asym asyn; trans; cis; kilo; mega; giga; tera; milli; nano; pico
max maxi; min mini; counter; ortho; para; meta; iso; low; high; hard; soft; odd; even; off; on; photo; chemo; thermo
hydro; electro; magneto; bio; geo; astro; cosmo; neuro; cardio; psycho; socio; cyto; phyto; gluco; glyco; lacto; proto
"""
_PREFIXES = {
    prefix: number
    for number, group in enumerate(_PREFIX_GROUPS.strip().replace("\n", ";").split(";"), start=1)
    for prefix in group.split()
}
"""Prefixes that carry meaning, by the group of those that mean the same."""

_NEGATIVE = _PREFIXES["un"]
_PAIRS = """
increase decrease; increase reduce; increase shrink; grow shrink; rise fall; raise lower; gain lose; more less
more fewer; most least; high low; higher lower; highest lowest; large small; larger smaller; big small
big little; bigger smaller; long short; longer shorter; deep shallow; deeper shallower; fast slow; faster slower
quick slow; up down; above below; over under; before after; first last; early late; earlier later; start end
begin end; left right; front back; top bottom; forward backward; input output; encode decode; encoder decoder
maximum minimum; maximize minimize; max min; ascent descent; ascend descend; positive negative; true false
same different; equal different; similar different; easy hard; easier harder; easy difficult; strong weak
stronger weaker; wide narrow; broad narrow; hot cold; open close; add remove; add subtract; multiply divide
allow prevent; allow forbid; enable disable; enable prevent; cause prevent; accept reject; include exclude
linear nonlinear; supervised unsupervised; stable unstable; known unknown; dependent independent; vanish explode
overfit underfit; converge diverge; convergence divergence; global local; static dynamic; dense sparse
hard soft; online offline; public private; internal external; inside outside; inner outer; upper lower
always never; all none; all nothing; many few; much little; best worst; better worse; good bad; right wrong
correct incorrect; real fake; generator discriminator; generative discriminative; bias variance; train test
precision recall; lossy lossless; series parallel; connected disconnected; attract repel; north south; east west
northern southern; eastern western; horizontal vertical; discrete continuous; parametric nonparametric
constant variable; constant change; push pop; row column; numerator denominator; ancestor descendant
parent child; mutable immutable; synchronous asynchronous; compile run; read write; win lose; simple complex
finite infinite; even odd; odd even; anode cathode; anion cation; male female; man woman; king queen
major minor; acid base; solid liquid; absolute relative; direct indirect; explicit implicit; inductive deductive
import export; ascending descending; exact approximate; homogeneous heterogeneous; present absent; keep discard
keep remove; keep drop; retain remove; full empty; help hurt; light heavy; thick thin; saturated unsaturated
"""
_OPPOSITES = frozenset(
    pair
    for line in _PAIRS.replace("\n", ";").split(";")
    if line.strip()
    for first, second in [line.split()]
    for pair in ((root(first), root(second)), (root(second), root(first)))
)


@lru_cache(maxsize=8192)
def opposed(one: str, other: str) -> bool:
    """Whether two words are opposites by the table, or in two prefixes (over/under) or a negative one (un-)."""
    if (root(one), root(other)) in _OPPOSITES:
        return True
    return any(
        group != other_group
        and ((group and other_group) or _NEGATIVE in (group, other_group))
        and _alike(rest, other_rest)
        for group, rest in _splits(one)
        for other_group, other_rest in _splits(other)
    )


@lru_cache(maxsize=8192)
def differ_in_prefix(one: str, other: str) -> bool:
    """Whether two words are the same but for a prefix that carries meaning, at their beginning or after another one."""
    for length in range(8, 1, -1):  # autoencoder, autodecoder
        start = one[:length]
        if start in _PREFIXES and other.startswith(start) and differ_in_prefix(one[length:], other[length:]):
            return True
    return one in (f"a{other}", f"non{other}") or any(
        group != other_group and len(rest) > 2 and len(other_rest) > 2 and _alike(rest, other_rest)
        for group, rest in _splits(one)
        for other_group, other_rest in _splits(other)
    )


def _splits(word: str) -> list[tuple[int, str]]:
    """The word without a prefix (group 0) and after each prefix that it begins with."""
    found = [(0, word)]
    for length in range(1, 9):
        group = _PREFIXES.get(word[:length])
        if group and len(word) > length + 2:
            found.append((group, word[length:]))
    return found


def _alike(one: str, other: str) -> bool:
    return one == other or root(one) == root(other)
