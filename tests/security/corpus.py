"""What somebody who means harm types, and what they make of the ids of buttons."""

from __future__ import annotations

from collections.abc import Iterator

TEXTS = {
    "mentions": "@everyone @here <@1> <@!1> <@&1> <#1> <!channel> <!here> <!everyone> <@U1|a> <!subteam^S1> <#C1|x>",
    "markup": "**b** __u__ ~~s~~ `c` ```\nd``` ||e|| > q\n# h\n- l\n1. n *b* _i_ ~s~ :smile: <:x:1> <t:1:R>",
    "links": "https://evil.example <https://evil.example|https://bank.example> [bank](https://evil.example) "
    "discord.gg/evil mailto:a@evil.example <mailto:a@evil.example|a>",
    "invisible": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh\U000e0041i",
    "turned around": "\u202eevil\u202c \u2066a\u2069 \u200fb\u061c",
    "controls": "a\x00b\x01\x1b[2J\x1b]0;owned\x07\x08\x7f\x85\u2028\u2029\r\n\tz",
    "halves of characters": "a\ud800b\udfffc\udc00\ud800",
    "long": "x" * 100_000,
    "long lines": "word \n" * 20_000,
    "signs": "*_~`<@>|&[](){}#" * 6_000,
    "sql": "'; DROP TABLE members; -- \" OR 1=1) UNION SELECT text FROM answers; \\'; $$ %s ? :a {0}",
    "patterns": "%_%' ESCAPE '\\ * ? [a-z] (a+)+$ .*",
    "templates": "{team} {0} {number!r} {self.__class__} ${HOME} %(x)s %n {{7*7}}",
    "html": "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt; \"'>",
    "paths": "../../../etc/passwd\x00.yaml C:\\windows\\system32 /dev/zero",
    "json": '"},"action":"erase:1","x":{"__proto__":1}',
    "digits": "٢ ２ ² ① Ⅷ " + "9" * 5_000,
    "stacked": "Z" + "\u0301" * 20_000,
    "blank": " \t\n\u00a0\u3000\u200b",
    "empty": "",
}
"""By what is wrong with each."""

DIGITS = {
    "Arabic-Indic": "٠١٢٣٤٥٦٧٨٩",
    "full width": "０１２３４５６７８９",
    "Devanagari": "०१२३४५६७८९",
    "raised": "⁰¹²³⁴⁵⁶⁷⁸⁹",
}
"""Digits that Python takes for digits too, or nearly."""


def misspelt(action: str) -> Iterator[str]:
    """What is nearly an id that the bot gave, and is none."""
    for digits in DIGITS.values():
        other = action.translate({ord("0") + n: digit for n, digit in enumerate(digits)})
        if other != action:
            yield other
    for odd in ("\n", "\r\n", "\x00", " ", ":", ":1", "\u200b", "\ud800", "'", ";--", "\u0301"):
        yield action + odd
        yield odd + action
    kind, _, rest = action.partition(":")
    yield from (kind.upper() + ":" + rest, kind + "::" + rest, kind + ":" + rest * 10_000, kind + "：" + rest)
    yield from (f"{kind}:-{rest}", f"{kind}:+{rest}", f"{kind}:1_0{rest}", f"{kind}:{2**63}", f"{kind}:{'9' * 100_000}")
