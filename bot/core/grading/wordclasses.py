"""Classes of words by what they do in a reply: small talk, categories, negations, joints, openings of explanations."""

from __future__ import annotations

from bot.core.grading.wordforms import root


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def _rooted(text: str) -> frozenset[str]:
    return frozenset(form for word in text.split() for form in (word, root(word)))


SMALL_TALK = _rooted(
    "i im ive id ill we you it its that thats this these those there theres they he she is was are were be been being "
    "am do did does has have had having would wouldve could might may must can will wed youd think thinks thought "
    "thinking guess guessing believe say saying said suppose assume assuming reckon feel know call calls called name "
    "names named known as aka ie eg viz so well ok okay hmm hm hmmm um uh umm er erm ah oh eh like just simply only "
    "really actually surely certainly probably maybe perhaps possibly likely definitely clearly obviously basically "
    "generally usually typically also too of course my mine me your our us answer answers ans final solution response "
    "question here please thanks thank lol haha yes yeah yep yup sure right correct correctly term terms word words "
    "phrase what which to in on at by for from with and the a an looking look want wanted mean meant means refer "
    "refers referred talking about describe describes described definition define defined gotta got go going choose "
    "chose pick picked bet vote lets let see one ones something sort pretty quite very much hopefully presumably "
    "apparently if remember recall remembering mistaken heard first thing comes mind afaik imo imho iirc btw tbh obvs "
    "obv ofc duh bruh bro dude mate yo ig tho thx ty nvm place places prob probs def cuz pls plz rn dr mr mrs ms prof "
    "professor sir specifically short abbreviated mostly mainly primarily largely chiefly now nowadays today todays "
    "currently formerly once modern standard plain vanilla basic simple classic ordinary usual typical famous "
    "abbreviation acronym stands stand both spelled spelling spelt"
) - {"1"}
"""Words that say nothing about the subject."""

TITLES = word_set(
    "madame madam mme miss lady lord saint st king queen president emperor pope captain doctor dame baron count "
    "countess prince princess chancellor senator general jr sr"
)
"""Titles before a person's name."""

CATEGORY = _rooted(
    "technique method algorithm function layer problem mechanism approach effect phenomenon procedure operation "
    "concept principle optimizer process type kind form variant class category strategy trick idea system model "
    "network architecture unit cell scheme theorem theory law rule equation formula metric measure score regularizer "
    "loss matrix tool language framework library protocol structure methodology design pattern paradigm notion value "
    "criterion estimator classifier regularization penalty programming situation condition scenario issue "
    "task atom molecule gas algo fn func parameter hyperparameter setting"
)
"""Nouns that may follow a term without making it another one: the dropout technique."""

APPOSITIVES = _rooted(
    "algorithm method technique approach problem mechanism phenomenon optimizer effect procedure function concept "
    "principle metric measure theorem theory law rule strategy trick tool language framework library protocol loss "
    "city country river lake planet star band group singer actor actress author writer painter artist composer "
    "scientist physicist mathematician chemist biologist philosopher inventor musician poet animal plant bird gas "
    "metal element company colour color letter number year month naturalist"
)
"""Nouns that may stand before a term without making it another one: the optimizer Adam, but not "layer norm"."""

CONTENTLESS = _rooted(
    "algorithm method technique approach problem mechanism phenomenon optimizer layer effect procedure"
)
"""Nouns that may be left out at the end of a term even if the question does not say them."""

_KINDS = tuple(
    _rooted(kind)
    for kind in (
        "metric measure score coefficient index statistic value number",
        "technique method approach strategy algorithm procedure trick",
        "function activation",
        "network net model architecture",
        "problem phenomenon effect issue",
        "penalty norm regularization regularizer",
        "process operation step",
        "law rule principle theorem",
        "city capital town",
        "country nation state",
        "gate layer unit",
        "error mistake",
    )
)
"""Nouns of which a question may say one and a reply another."""

NEGATIONS = word_set(
    "not no never none neither nor cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt "
    "couldnt aint hasnt havent hadnt without except excluding opposite contrary converse reverse inverse nothing non "
    "lack absence false wrong incorrect anti untrue nope nah lacks lacking absent instead unlike rather hardly "
    "scarcely barely"
)
"""Words that turn what stands near them."""

CONTRASTS = word_set("not instead rather unlike without except excluding no nor neither")
"""Words that set a wrong answer apart after the right one: "L1, not L2"."""

ALTERNATIVES = word_set("or and either plus nor both vs versus")
"""Words that join two answers."""

OPENERS = word_set(
    "which that who because cause since where when while whereas so it they this these he she we you by used using "
    "due thanks is are was were be being means meaning for during to in on at as if after before until via "
    "through can could may might will would helps randomly also has have does do makes turns sets removes drops "
    "prevents reduces uses adds gives works causes lets allows takes happens occurs keeps forces disables zeroes "
    "avoids improves increases decreases learns maps computes returns measures applies stops splits combines "
    "normalizes normalises scales adjusts inserts puts stores holds then thus hence therefore not rather instead "
    "unlike but although though however ie eg specifically namely from"
)
"""Words that may follow the term and open an explanation: "dropout because it ..."."""

COPULAS = word_set(
    "is are was be been called named as means via by use uses used using apply applies applied applying add adding "
    "try through with known it its thats do doing perform performing employ employing technically therefore thus "
    "hence so termed dubbed say said equals becomes gives get gets yields method technique term word answer has have "
    "needs need requires ie aka eg namely"
)
"""Words after which a description may end in the term: "randomly dropping units is called dropout"."""


def kindred(form: str) -> frozenset[str]:
    """A noun's root and the nouns that questions and replies use for it: metric, measure, score."""
    return frozenset({form}.union(*(kind for kind in _KINDS if form in kind)))
