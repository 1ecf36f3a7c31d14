"""Block Kit's limits (https://docs.slack.dev/reference/block-kit): each fault in Slack's words, with its pointer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .blocks import Json

PLAIN: tuple[str, ...] = ("plain_text",)
ANY: tuple[str, ...] = ("plain_text", "mrkdwn")
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TEXT_LIMIT = 40_000
UPDATE_TEXT_LIMIT = 4_000


@dataclass(frozen=True)
class Shape:
    """What an object of one type may hold; `texts` are text objects, `strings` bare strings, with their limits."""

    required: tuple[str, ...] = ()
    texts: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    strings: dict[str, int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        """Every property such an object may have."""
        return {"type", *self.texts, *self.strings, *self.lists, *self.others}


_PLACEHOLDER = {"placeholder": (150, PLAIN)}
_ACTION = {"action_id": 255}
_MENU = ("confirm", "focus_on_load")

BLOCKS: dict[str, Shape] = {
    "section": Shape((), {"text": (3000, ANY)}, {"block_id": 255}, {"fields": 10}, ("accessory", "expand")),
    "actions": Shape(("elements",), {}, {"block_id": 255}, {"elements": 25}),
    "context": Shape(("elements",), {}, {"block_id": 255}, {"elements": 10}),
    "divider": Shape((), {}, {"block_id": 255}),
    "header": Shape(("text",), {"text": (150, PLAIN)}, {"block_id": 255}),
    "image": Shape(("alt_text",), {"title": (2000, PLAIN)}, {"block_id": 255, "alt_text": 2000, "image_url": 3000}),
    "input": Shape(
        ("label", "element"),
        {"label": (2000, PLAIN), "hint": (2000, PLAIN)},
        {"block_id": 255},
        {},
        ("element", "dispatch_action", "optional"),
    ),
    "markdown": Shape(("text",), {}, {"text": 12_000, "block_id": 255}),
    "rich_text": Shape(("elements",), {}, {"block_id": 255}, {"elements": 1000}),
}

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        ("text",),
        {"text": (75, PLAIN)},
        _ACTION | {"value": 2000, "url": 3000, "style": 7, "accessibility_label": 75},
        {},
        ("confirm",),
    ),
    "static_select": Shape(
        (), _PLACEHOLDER, _ACTION, {"options": 100, "option_groups": 100}, (*_MENU, "initial_option")
    ),
    "multi_static_select": Shape(
        (),
        _PLACEHOLDER,
        _ACTION,
        {"options": 100, "option_groups": 100},
        (*_MENU, "initial_options", "max_selected_items"),
    ),
    "external_select": Shape((), _PLACEHOLDER, _ACTION, {}, (*_MENU, "initial_option", "min_query_length")),
    "users_select": Shape((), _PLACEHOLDER, _ACTION | {"initial_user": 255}, {}, _MENU),
    "conversations_select": Shape(
        (),
        _PLACEHOLDER,
        _ACTION | {"initial_conversation": 255},
        {},
        (*_MENU, "filter", "default_to_current_conversation", "response_url_enabled"),
    ),
    "channels_select": Shape(
        (), _PLACEHOLDER, _ACTION | {"initial_channel": 255}, {}, (*_MENU, "response_url_enabled")
    ),
    "overflow": Shape(("options",), {}, _ACTION, {"options": 5}, ("confirm",)),
    "checkboxes": Shape(("options",), {}, _ACTION, {"options": 10}, (*_MENU, "initial_options")),
    "radio_buttons": Shape(("options",), {}, _ACTION, {"options": 10}, (*_MENU, "initial_option")),
    "timepicker": Shape((), _PLACEHOLDER, _ACTION | {"initial_time": 5}, {}, (*_MENU, "timezone")),
    "datepicker": Shape((), _PLACEHOLDER, _ACTION | {"initial_date": 10}, {}, _MENU),
    "plain_text_input": Shape(
        (),
        _PLACEHOLDER,
        _ACTION | {"initial_value": 3000},
        {},
        ("multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load"),
    ),
    "number_input": Shape(
        ("is_decimal_allowed",),
        _PLACEHOLDER,
        _ACTION | {"initial_value": 255, "min_value": 255, "max_value": 255},
        {},
        ("is_decimal_allowed", "dispatch_action_config", "focus_on_load"),
    ),
}

_OPTION = Shape(("text", "value"), {"text": (75, ANY), "description": (75, ANY)}, {"value": 150, "url": 3000})
_GROUP = Shape(("label", "options"), {"label": (75, PLAIN)}, {}, {"options": 100})
_VIEW = Shape(
    ("type", "blocks"),
    {"title": (24, PLAIN), "submit": (24, PLAIN), "close": (24, PLAIN)},
    {"private_metadata": 3000, "callback_id": 255, "external_id": 255},
    {"blocks": VIEW_BLOCKS},
    ("clear_on_close", "notify_on_close", "submit_disabled"),
)
_FIELD_ONLY = ("plain_text_input", "number_input")
_IN_INPUT = set(ELEMENTS) - {"button", "overflow"}


def faults_of_blocks(blocks: object, limit: int = MESSAGE_BLOCKS, where: str = "/blocks") -> Iterator[str]:
    """All that Slack would refuse about the blocks of a message."""
    if not isinstance(blocks, list):
        yield _fault("must be an array", where)
        return
    if len(blocks) > limit:
        yield _fault(f"no more than {limit} items allowed", where)
    for index, block in enumerate(blocks):
        yield from _block(block, f"{where}/{index}")
    ids = Counter(block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block)
    yield from (_fault(f"block_id already exists: {name}", where) for name, uses in ids.items() if uses > 1)


def faults_of_view(view: object) -> Iterator[str]:
    """All that Slack would refuse about a view; a modal needs a title, and a submit where it has an input."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        yield _fault("unsupported type", "/view/type")
        return
    yield from _shape(_VIEW, view, "/view")
    blocks = view.get("blocks")
    yield from faults_of_blocks(blocks, VIEW_BLOCKS, "/view/blocks")
    if view["type"] == "modal" and "title" not in view:
        yield _fault("missing required field: title", "/view")
    inputs = isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if view["type"] == "modal" and inputs and "submit" not in view:
        yield _fault("missing required field: submit", "/view")


def faults_of_options(payload: Json) -> Iterator[str]:
    """All that Slack would refuse about the options given for what a member typed into an external menu."""
    if "options" not in payload and "option_groups" not in payload:
        yield _fault("missing required field: options", "/")
    yield from _shape(Shape((), {}, {}, {"options": 100, "option_groups": 100}), payload, "")
    yield from _options(payload, "")


def _fault(what: str, where: str) -> str:
    return f"[ERROR] {what} [json-pointer:{where}]"


def _shape(shape: Shape, item: Json, where: str) -> Iterator[str]:
    """Faults of one object's own properties."""
    for key in shape.required:
        if key not in item:
            yield _fault(f"missing required field: {key}", where)
    for key in set(item) - shape.keys:
        yield _fault(f"invalid additional property: {key}", where)
    for key, (limit, kinds) in shape.texts.items():
        if key in item:
            yield from _text(item[key], limit, kinds, f"{where}/{key}")
    for key, limit in shape.strings.items():
        if key in item:
            yield from _string(item[key], limit, f"{where}/{key}")
    for key, limit in shape.lists.items():
        if key in item:
            yield from _list(item[key], limit, f"{where}/{key}")


def _text(text: object, limit: int, kinds: tuple[str, ...], where: str) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield _fault(f"must be a text object of type {' or '.join(kinds)}", where)
        return
    others = ("emoji",) if text["type"] == "plain_text" else ("verbatim",)
    yield from _shape(Shape(("text",), {}, {"text": limit}, {}, others), text, where)
    if text.get("text") == "":
        yield _fault("must be more than 0 characters", f"{where}/text")


def _string(value: object, limit: int, where: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield _fault("must be a string", where)
    elif len(value) > limit:
        yield _fault(f"must be less than {limit + 1} characters", where)


def _list(items: object, limit: int, where: str) -> Iterator[str]:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        yield _fault("must be an array of objects", where)
    elif len(items) > limit:
        yield _fault(f"no more than {limit} items allowed", where)
    elif not items and not where.endswith(("/blocks", "/options")):
        yield _fault("no fewer than 1 items allowed", where)


def _block(block: Any, where: str) -> Iterator[str]:
    """Faults of one block and of what it holds; below a malformed list nothing more is looked at."""
    shape = BLOCKS.get(block.get("type", "")) if isinstance(block, dict) else None
    if shape is None:
        yield _fault(f"unsupported type: {block.get('type') if isinstance(block, dict) else block}", where)
        return
    own = list(_shape(shape, block, where))
    yield from own
    if any("must be an array" in fault or "missing required" in fault for fault in own):
        return
    kind = block["type"]
    if kind == "section":
        yield from _section(block, where)
    elif kind == "actions":
        yield from _actions(block["elements"], f"{where}/elements")
    elif kind == "context":
        yield from _context(block["elements"], f"{where}/elements")
    elif kind == "input":
        yield from _element(block["element"], f"{where}/element", _IN_INPUT)
    elif kind == "image" and not {"image_url", "slack_file"} & set(block):
        yield _fault("missing required field: image_url", where)


def _section(block: Json, where: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield _fault("missing required field: text", where)
    for index, text in enumerate(block.get("fields", [])):
        yield from _text(text, 2000, ANY, f"{where}/fields/{index}")
    if "accessory" in block and not (
        isinstance(block["accessory"], dict) and block["accessory"].get("type") == "image"
    ):
        yield from _element(block["accessory"], f"{where}/accessory", set(ELEMENTS) - {*_FIELD_ONLY})


def _actions(elements: list[Json], where: str) -> Iterator[str]:
    for index, element in enumerate(elements):
        yield from _element(element, f"{where}/{index}", set(ELEMENTS) - {*_FIELD_ONLY})
    ids = Counter(element["action_id"] for element in elements if "action_id" in element)
    yield from (_fault(f"action_id already exists: {name}", where) for name, uses in ids.items() if uses > 1)


def _context(elements: list[Json], where: str) -> Iterator[str]:
    for index, element in enumerate(elements):
        if element.get("type") != "image":
            yield from _text(element, 3000, ANY, f"{where}/{index}")


def _element(element: Any, where: str, allowed: set[str]) -> Iterator[str]:
    """Faults of one interactive element."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in allowed:
        yield _fault(f"unsupported type: {kind}", where)
        return
    yield from _shape(ELEMENTS[kind], element, where)
    if kind == "button" and element.get("style", "primary") not in ("primary", "danger"):
        yield _fault("must be a valid enum value", f"{where}/style")
    if kind in ("static_select", "multi_static_select") and not {"options", "option_groups"} & set(element):
        yield _fault("missing required field: options", where)
    if kind == "plain_text_input" and not 0 < element.get("max_length", 3000) <= 3000:
        yield _fault("must be between 1 and 3000", f"{where}/max_length")
    yield from _options(element, where)


def _options(holder: Json, where: str) -> Iterator[str]:
    """Faults of the options and option groups that an element or a suggestion holds."""
    groups = holder.get("option_groups") or []
    for index, group in enumerate(groups):
        yield from _shape(_GROUP, group, f"{where}/option_groups/{index}")
        yield from _options(group, f"{where}/option_groups/{index}")
    for index, option in enumerate(holder.get("options") or []):
        yield from _shape(_OPTION, option, f"{where}/options/{index}")
