"""Walking through Block Kit: who can be clicked, what can be read, what can be filled in."""

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]


class Refused(AssertionError):
    """Slack's client would not let the member do this; the test is wrong, or the bot shows the wrong thing."""


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with the block that holds it."""
    for block in blocks:
        if block["type"] == "actions":
            for element in block["elements"]:
                yield block, element
        elif block["type"] == "section" and "accessory" in block:
            yield block, block["accessory"]
        elif block["type"] == "input":
            yield block, block["element"]


def label(element: Json) -> str:
    """The words on a button or in an empty field."""
    words = element.get("text") or element.get("placeholder") or {}
    return str(words.get("text", ""))


def find(blocks: list[Json], wanted: str) -> tuple[Json, Json]:
    """The element with these words on it or with this action_id; `Refused` when the member sees no such thing."""
    for block, element in elements(blocks):
        if wanted in (label(element), element.get("action_id")):
            return block, element
    there = [f"{label(element)!r} ({element.get('action_id')})" for _, element in elements(blocks)]
    raise Refused(f"nothing here is called {wanted!r}; there is: {', '.join(there) or 'nothing to click'}")


def named(blocks: list[Json], fresh: Callable[[str], str]) -> list[Json]:
    """The blocks as Slack keeps them: where the app gave no block_id or action_id, Slack makes one up."""
    kept = [{"block_id": fresh("b"), **block} for block in blocks]
    for _, element in elements(kept):
        element.setdefault("action_id", fresh("a"))
    return kept


def texts(node: object) -> Iterator[Json]:
    """Every text object (`mrkdwn`, `plain_text`, or `text` of a rich text) below a node, in reading order."""
    if isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "plain_text", "text", "markdown") and isinstance(node.get("text"), str):
            yield node
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)


def readable(blocks: list[Json]) -> str:
    """All words a reader sees in these blocks, a line each."""
    return "\n".join(text["text"] for text in texts(blocks))


def state_of(blocks: list[Json], entered: dict[str, Any], complete: bool = False) -> Json:
    """`state.values` for what was entered, by action_id, block_id or label; untouched fields keep their initial value.

    A submitted form has to be complete: `Refused` where a required field is empty or a length is not kept.
    """
    rest = dict(entered)
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] == "button":
            continue
        names = [element["action_id"], block["block_id"], str(block.get("label", {}).get("text", ""))]
        key = next((name for name in names if name in rest), None)
        state = _filled(element, rest.pop(key)) if key is not None else _initial(element)
        if complete and block["type"] == "input":
            _check_entry(block, element, state)
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    if rest:
        raise Refused(f"no field is called {', '.join(map(repr, rest))}")
    return values


_CHOSEN = {"static_select": "option", "external_select": "option", "radio_buttons": "option", "overflow": "option"}
_PICKED = {
    "users_select": "user",
    "conversations_select": "conversation",
    "channels_select": "channel",
    "timepicker": "time",
    "datepicker": "date",
}
_SEVERAL = ("checkboxes", "multi_static_select")


def _filled(element: Json, value: Any) -> Json:
    """The state of an element after the member entered a value (an option's text or value for a menu)."""
    kind = element["type"]
    if kind in _SEVERAL:
        return {"type": kind, "selected_options": [option_of(element, one) for one in value]}
    if kind in _CHOSEN:
        return {"type": kind, "selected_option": option_of(element, value)}
    return {"type": kind, f"selected_{_PICKED[kind]}" if kind in _PICKED else "value": value}


def _initial(element: Json) -> Json:
    """The state of an element the member left alone."""
    kind = element["type"]
    if kind in _SEVERAL:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in _CHOSEN:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _PICKED:
        return {"type": kind, f"selected_{_PICKED[kind]}": element.get(f"initial_{_PICKED[kind]}")}
    return {"type": kind, "value": element.get("initial_value")}


def option_of(element: Json, wanted: Any) -> Json:
    """The option of a menu by its words or its value; an option of an external menu is given whole."""
    if isinstance(wanted, dict):
        return wanted
    groups = element.get("option_groups") or [element]
    options: list[Json] = [option for group in groups for option in group.get("options", [])]
    for option in options:
        if wanted in (option["text"]["text"], option["value"]):
            return option
    raise Refused(f"no option {wanted!r} among {[option['text']['text'] for option in options]}")


def _check_entry(block: Json, element: Json, state: Json) -> None:
    """Slack's client sends a form only when its required fields are filled and its lengths kept."""
    value = state.get("value", next(iter([v for k, v in state.items() if k != "type"]), None))
    if not block.get("optional") and value in (None, "", []):
        raise Refused(f"the required field {block['label']['text']!r} is empty")
    if isinstance(value, str) and not element.get("min_length", 0) <= len(value) <= element.get("max_length", 3000):
        raise Refused(f"the field {block['label']['text']!r} does not take {len(value)} characters")
