"""Discord's limits on messages, components and modals, and the errors with which it refuses what exceeds them.

The numbers are those of the pages "Message", "Embed Limits", "Components" and "Receiving and Responding" of Discord's
API documentation. Lengths count characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .world import Json

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY, LABEL = 1, 2, 3, 4, 10, 18
SELECTS = {3, 5, 6, 7, 8}
LINK, PREMIUM = 5, 6

EMBED_TEXTS = (("title", 256), ("description", 4096))
FIELD_TEXTS = (("name", 256), ("value", 1024))


class ApiError(Exception):
    """A request that Discord refuses: HTTP status, JSON error code, message and, for a form, the faulty fields."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} (error code: {code}): {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def payload(self) -> Json:
        """The error object."""
        body: Json = {"message": self.message, "code": self.code}
        return body | {"errors": self.errors} if self.errors else body


class Form:
    """Collects the faults of one request body and refuses it with all of them at once (error code 50035)."""

    def __init__(self) -> None:
        self._errors: Json = {}
        self.faults: list[str] = []

    def fault(self, path: str, code: str, message: str) -> None:
        """Note that the value at `path` (keys joined by dots) breaks a rule."""
        place = self._errors
        for key in path.split("."):
            place = place.setdefault(key, {})
        place.setdefault("_errors", []).append({"code": code, "message": message})
        self.faults.append(f"{path}: {message}")

    def length(self, path: str, value: Any, most: int, least: int = 0) -> None:
        """Require a string (or None where `least` is 0) of `least` to `most` characters."""
        if value is None and least == 0:
            return
        if value is None or value == "":
            if least:
                self.fault(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not isinstance(value, str):
            self.fault(path, "STRING_TYPE_CONVERT", "Could not interpret the value as string.")
        elif not least <= len(value) <= most:
            self.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def count(self, path: str, values: Any, most: int, least: int = 0) -> list[Any]:
        """Require a list of `least` to `most` values and return it (an empty one in place of anything else)."""
        if values is None:
            values = []
        if not isinstance(values, list):
            self.fault(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not least <= len(values) <= most:
            self.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return values

    def unique(self, path: str, values: Iterable[Any], code: str) -> None:
        """Require that no value comes twice."""
        seen: set[Any] = set()
        for value in values:
            if value in seen:
                self.fault(path, code, f"{value!r} cannot be duplicated")
            seen.add(value)

    def number(self, path: str, value: Any, least: int, most: int) -> None:
        """Require a whole number from `least` to `most`, where one is given."""
        if value is not None and (not isinstance(value, int) or not least <= value <= most):
            self.fault(path, "NUMBER_TYPE_RANGE", f"int value should be between {least} and {most}.")

    def refuse(self) -> None:
        """Raise what was collected, if anything was."""
        if self._errors:
            raise ApiError(400, 50035, "Invalid Form Body: " + "; ".join(self.faults), self._errors)


def check_message(body: Json) -> None:
    """Refuse a message, or the changed parts of one, that exceeds a limit."""
    form = Form()
    form.length("content", body.get("content"), 2000)
    form.length("nonce", _text(body.get("nonce")), 25)
    _check_embeds(form, body.get("embeds"))
    _check_components(form, body.get("components"))
    _check_mentions(form, body.get("allowed_mentions"))
    form.count("attachments", body.get("attachments"), 10)
    if (body.get("flags") or 0) & COMPONENTS_V2:
        form.fault("flags", "UNSUPPORTED", "this fake knows no components v2")
    form.refuse()


def check_not_empty(content: str, embeds: list[Any], components: list[Any], attachments: list[Any]) -> None:
    """Refuse a message without content, embeds, components and files (error code 50006)."""
    if not (content.strip() or embeds or components or attachments):
        raise ApiError(400, 50006, "Cannot send an empty message")


def _text(value: Any) -> Any:
    """A nonce is a string or a number."""
    return str(value) if isinstance(value, int) else value


def _check_embeds(form: Form, embeds: Any) -> None:
    """At most 10 embeds, 6000 characters in all of them together."""
    total = 0
    for index, embed in enumerate(form.count("embeds", embeds, 10)):
        total += _check_embed(form, f"embeds.{index}", embed)
    if total > 6000:
        form.fault("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _check_embed(form: Form, path: str, embed: Json) -> int:
    """Check one embed and return how many characters of it count towards the total."""
    texts = [(f"{path}.{name}", embed.get(name), most, 0) for name, most in EMBED_TEXTS]
    texts.append((f"{path}.footer.text", (embed.get("footer") or {}).get("text"), 2048, 0))
    texts.append((f"{path}.author.name", (embed.get("author") or {}).get("name"), 256, 0))
    for index, field in enumerate(form.count(f"{path}.fields", embed.get("fields"), 25)):
        texts += [(f"{path}.fields.{index}.{name}", field.get(name), most, 1) for name, most in FIELD_TEXTS]
    for place, text, most, least in texts:
        form.length(place, text, most, least)
    return sum(len(text) for _, text, _, _ in texts if isinstance(text, str))


def _check_mentions(form: Form, allowed: Json | None) -> None:
    """`parse` and a list of the same kind exclude each other; a list has at most 100 ids."""
    for kind in ("users", "roles"):
        listed = form.count(f"allowed_mentions.{kind}", (allowed or {}).get(kind), 100)
        if listed and kind in ((allowed or {}).get("parse") or []):
            form.fault("allowed_mentions.parse", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f"{kind} given twice")


def _check_components(form: Form, rows: Any) -> None:
    """At most 5 action rows; no custom_id twice in a message."""
    children: list[Json] = []
    for index, row in enumerate(form.count("components", rows, 5)):
        if row.get("type") != ACTION_ROW:
            form.fault(f"components.{index}.type", "UNION_TYPE_CHOICES", "Value of field 'type' must be 1")
            continue
        children += _check_row(form, f"components.{index}.components", row.get("components"))
    ids = [child["custom_id"] for child in children if child.get("custom_id")]
    form.unique("components", ids, "COMPONENT_CUSTOM_ID_DUPLICATED")


def _check_row(form: Form, path: str, children: Any) -> list[Json]:
    """A row holds 1 to 5 buttons or a single select menu."""
    row = form.count(path, children, 5, 1)
    for index, child in enumerate(row):
        place = f"{path}.{index}"
        if child.get("type") == BUTTON:
            _check_button(form, place, child)
        elif child.get("type") in SELECTS and len(row) == 1:
            _check_select(form, place, child)
        else:
            form.fault(f"{place}.type", "UNION_TYPE_CHOICES", "a row holds up to five buttons or one select menu")
    return row


def _check_button(form: Form, path: str, button: Json) -> None:
    """A button has a label or an emoji, and a custom_id or, of the link style, a url."""
    form.length(f"{path}.label", button.get("label"), 80)
    if not button.get("label") and not button.get("emoji"):
        form.fault(path, "BUTTON_COMPONENT_LABEL_REQUIRED", "A button needs a label or an emoji")
    if button.get("style") == LINK:
        form.length(f"{path}.url", button.get("url"), 512, 1)
        if button.get("custom_id"):
            form.fault(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_NOT_ALLOWED", "A link button has no custom_id")
    else:
        form.number(f"{path}.style", button.get("style", 0), 1, 4)
        form.length(f"{path}.custom_id", button.get("custom_id"), 100, 1)


def _check_select(form: Form, path: str, select: Json) -> None:
    """A menu has a custom_id and, when of strings, 1 to 25 options."""
    form.length(f"{path}.custom_id", select.get("custom_id"), 100, 1)
    form.length(f"{path}.placeholder", select.get("placeholder"), 150)
    form.number(f"{path}.min_values", select.get("min_values"), 0, 25)
    form.number(f"{path}.max_values", select.get("max_values"), 1, 25)
    if select["type"] == STRING_SELECT:
        _check_options(form, path, select)


def _check_options(form: Form, path: str, select: Json) -> None:
    """Options have labels and different values; no more are chosen, or to be chosen, than there are or may be."""
    options = form.count(f"{path}.options", select.get("options"), 25, 1)
    for index, option in enumerate(options):
        form.length(f"{path}.options.{index}.label", option.get("label"), 100, 1)
        form.length(f"{path}.options.{index}.value", option.get("value"), 100, 1)
        form.length(f"{path}.options.{index}.description", option.get("description"), 100)
    form.unique(f"{path}.options", [o.get("value") for o in options], "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")
    least, most = values_of(select)
    chosen = sum(bool(option.get("default")) for option in options)
    if chosen > most or max(least, most) > len(options) or least > most:
        form.fault(path, "SELECT_COMPONENT_INVALID_DEFAULT_VALUES", f"{least} to {most} of {len(options)}: {chosen}")


def values_of(select: Json) -> tuple[int, int]:
    """How many options may be chosen: one, unless the menu says otherwise."""
    least, most = select.get("min_values"), select.get("max_values")
    return 1 if least is None else least, 1 if most is None else most


def check_modal(modal: Json) -> None:
    """Title and custom_id, and 1 to 5 parts: texts to read, and fields under a label or in an action row.

    See "Modal" in "Receiving and Responding", "Label" and "Text Display" in the reference of components.
    """
    form = Form()
    form.length("data.title", modal.get("title"), 45, 1)
    form.length("data.custom_id", modal.get("custom_id"), 100, 1)
    parts = form.count("data.components", modal.get("components"), 5, 1)
    ids = [_check_part(form, f"data.components.{index}", part) for index, part in enumerate(parts)]
    form.unique("data.components", [id for id in ids if id], "COMPONENT_CUSTOM_ID_DUPLICATED")
    form.refuse()


def _check_part(form: Form, path: str, part: Json) -> str | None:
    """Check a part of a form, and return its field's custom_id, if it has a field."""
    if part.get("type") == TEXT_DISPLAY:
        form.length(f"{path}.content", part.get("content"), 4000, 1)
        return None
    field = _check_wrapper(form, path, part)
    if field.get("type") == STRING_SELECT and part.get("type") == LABEL:
        _check_select(form, f"{path}.component", field)
        if field.get("required", True) and values_of(field)[0] == 0:
            form.fault(f"{path}.component.min_values", "NUMBER_TYPE_MIN", "a required menu wants one at least")
    else:
        _check_text_input(form, f"{path}.component", field)
    return field.get("custom_id")


def _check_wrapper(form: Form, path: str, wrapper: Json) -> Json:
    """Check what holds a field (its label is limited to 45 characters) and return the field."""
    if wrapper.get("type") == LABEL:
        form.length(f"{path}.label", wrapper.get("label"), 45, 1)
        form.length(f"{path}.description", wrapper.get("description"), 100)
        return wrapper.get("component") or {}
    children = form.count(f"{path}.components", wrapper.get("components"), 1, 1)
    field: Json = children[0] if children else {}
    form.length(f"{path}.components.0.label", field.get("label"), 45, 1)
    return field


def _check_text_input(form: Form, path: str, field: Json) -> None:
    """The limits of a text input."""
    if field.get("type") != TEXT_INPUT:
        form.fault(f"{path}.type", "UNION_TYPE_CHOICES", "this fake knows only text inputs and menus of strings")
    form.length(f"{path}.custom_id", field.get("custom_id"), 100, 1)
    form.number(f"{path}.style", field.get("style", 0), 1, 2)
    form.number(f"{path}.min_length", field.get("min_length"), 0, 4000)
    form.number(f"{path}.max_length", field.get("max_length"), 1, 4000)
    form.length(f"{path}.placeholder", field.get("placeholder"), 100)
    form.length(f"{path}.value", field.get("value"), 4000)
