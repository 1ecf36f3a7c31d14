"""The core's forms as modals (https://docs.slack.dev/surfaces/modals), and what was filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.adapters.slack.render import Json, body_blocks, plain_text
from bot.adapters.slack.text import shortened
from bot.core.messages import Asks, Field, Form, Text, _, plain

TITLE = 24
LABEL = 2000
WORDS = 75
"""The longest words of an option or an empty field."""

VALUE = 3000
OPTIONS = 100
BOXES = 10
"""The most boxes to tick in one field."""

COMPLAINT = 150


def view(form: Form, channel: str) -> Json:
    """A form as a modal, which remembers the channel it was opened in."""
    return {
        "type": "modal",
        "callback_id": form.action,
        "private_metadata": channel,
        "title": plain_text(form.title, TITLE),
        "submit": plain_text(_("Send"), TITLE),
        "close": plain_text(_("Cancel"), TITLE),
        "blocks": [*body_blocks(form.body), *map(_input, form.fields)],
    }


def filled_in(view: Json) -> dict[str, str]:
    """What was filled in, by field; several choices with commas between them, and nothing where it was left empty."""
    values = (view.get("state") or {}).get("values") or {}
    return {name: _entered(state) for name, field in values.items() for state in field.values()}


def complaints(wrong: Mapping[str, Text]) -> dict[str, str]:
    """What is wrong with single fields, as Slack shows it under them."""
    return {name: shortened(plain(text), COMPLAINT) for name, text in wrong.items()}


def options(found: Iterable[tuple[str, str]]) -> list[Json]:
    """What there is to choose from, as (value, words)."""
    return [{"text": plain_text(words, WORDS), "value": value} for value, words in found][:OPTIONS]


def _input(field: Field) -> Json:
    block = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, LABEL),
        "element": {"action_id": field.name, **_element(field)},
        "optional": not field.required,
    }
    return block | ({"hint": plain_text(field.hint, LABEL)} if field.hint and field.asks is Asks.TEXT else {})


def _element(field: Field) -> Json:
    """The widget that fits what is asked for, with what is set already."""
    match field.asks:
        case Asks.TIME:
            return {"type": "timepicker"} | _if_any("initial_time", _clock(field.value))
        case Asks.ZONE:
            known = options([(field.value, field.value)] if field.value else [])
            return {"type": "external_select", "min_query_length": 2} | _if_any("initial_option", *known)
        case Asks.ONE_OF if field.options:
            select = {"type": "static_select", "options": options(field.options)}
            return select | _if_any("initial_option", *_chosen(field)[:1])
        case Asks.SOME_OF if field.options:
            kind = "checkboxes" if len(field.options) <= BOXES else "multi_static_select"
            return {"type": kind, "options": options(field.options)} | _if_any("initial_options", _chosen(field))
    length = max(1, min(field.max_length, VALUE))
    return {"type": "plain_text_input", "max_length": length} | _if_any("initial_value", field.value[:length])


def _if_any(key: str, value: object = None) -> Json:
    return {key: value} if value else {}


def _clock(text: str) -> str:
    return text if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) else ""


def _chosen(field: Field) -> list[Json]:
    """The options that are chosen already; Slack wants them repeated letter for letter."""
    values = {value.strip() for value in field.value.split(",")}
    return [option for option in options(field.options) if option["value"] in values]


def _entered(state: Json) -> str:
    """One field's text, time or choice (https://docs.slack.dev/reference/views#view-submission)."""
    if "selected_options" in state:
        return ", ".join(option["value"] for option in state["selected_options"] or [])
    option = state.get("selected_option") or {}
    return str(state.get("value") or state.get("selected_time") or option.get("value") or "")
