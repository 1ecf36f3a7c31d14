"""What Slack does with the payload of an acknowledgement."""

from . import rules
from .blocks import Json
from .modals import check_view, close_views, replace_view, show_view
from .model import Channel, Sight, User, View
from .world import Refusal, World


def honour_slash(world: World, user: User, channel: Channel, ack: Json, cause: str) -> None:
    """A slash command's acknowledgement may be a message at once, ephemeral unless in_channel."""
    if not ack.get("text") and not ack.get("blocks"):
        return
    try:
        world.check_message("ack", ack.get("text"), ack.get("blocks"))
    except Refusal as refusal:
        user.show(Sight("error", str(refusal), cause))
        return
    if ack.get("response_type") == "in_channel":
        world.post(channel, ack, cause)
    else:
        world.whisper(channel, user, ack, cause)


def honour_submission(world: World, view: View, ack: Json, cause: str) -> None:
    """A view_submission's acknowledgement closes the view unless it says otherwise
    (https://docs.slack.dev/surfaces/modals#response_actions)."""
    action = ack.get("response_action")
    try:
        if action == "errors":
            _complain(world, view, ack.get("errors"), cause)
        elif action == "clear":
            close_views(world, view.user.views, cause)
        elif action in ("update", "push"):
            _next(world, view, action, ack.get("view"), cause)
        elif ack:
            world.refuse("ack", "invalid_arguments", [f"unknown response_action {action!r}"])
        else:
            close_views(world, [view], cause)
    except Refusal as refusal:
        view.user.show(Sight("error", str(refusal), cause))


def honour_options(world: World, user: User, ack: Json, cause: str) -> None:
    """A block_suggestion's acknowledgement is the list of options
    (https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select)."""
    try:
        world.refuse("ack", "invalid_options", rules.faults_of_options(ack))
    except Refusal as refusal:
        user.show(Sight("error", str(refusal), cause))
        return
    groups = ack.get("option_groups") or [ack]
    user.show(Sight("options", [option for group in groups for option in group["options"]], cause))


def _complain(world: World, view: View, errors: object, cause: str) -> None:
    """Errors stand under the input blocks they name."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        world.refuse("ack", "invalid_arguments", [f"errors {errors!r} for the input blocks {sorted(inputs)}"])
    view.user.show(Sight("invalid", errors, cause))


def _next(world: World, view: View, action: str, body: Json | None, cause: str) -> None:
    check_view(world, "ack", body)
    assert body is not None
    if action == "update":
        replace_view(world, view, body, cause)
    else:
        show_view(world, view.user, body, cause, below=view)
