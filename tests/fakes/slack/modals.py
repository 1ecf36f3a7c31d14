"""views.*: modals on a stack of three, and the App Home."""

from collections.abc import Iterable

from . import rules
from .blocks import Json, named
from .methods import method, workspace_of
from .model import Call, Sight, User, View
from .world import TRIGGER_SECONDS, Refusal, Trigger, World

STACK_LIMIT = 3


@method("views.open")
def views_open(world: World, call: Call) -> Json:
    """A modal for who made the trigger (https://docs.slack.dev/reference/methods/views.open)."""
    check_view(world, call.method, call.args.get("view"))
    trigger = _trigger(world, call)
    return {"view": show_view(world, trigger.user, call.args["view"], trigger.cause).payload()}


@method("views.push")
def views_push(world: World, call: Call) -> Json:
    """A modal on top of the one the trigger came from (https://docs.slack.dev/reference/methods/views.push)."""
    check_view(world, call.method, call.args.get("view"))
    trigger = _trigger(world, call)
    if len(trigger.user.views) >= STACK_LIMIT:
        raise Refusal("push_limit_reached")
    below = trigger.view or (trigger.user.views[-1] if trigger.user.views else None)
    return {"view": show_view(world, trigger.user, call.args["view"], trigger.cause, below).payload()}


@method("views.update")
def views_update(world: World, call: Call) -> Json:
    """Another content for an open modal, by view_id or external_id, unless its hash is outdated
    (https://docs.slack.dev/reference/methods/views.update)."""
    check_view(world, call.method, call.args.get("view"))
    view = _existing(world, call)
    if call.args.get("hash") not in (None, view.hash):
        raise Refusal("hash_conflict")
    replace_view(world, view, call.args["view"])
    return {"view": view.payload()}


@method("views.publish")
def views_publish(world: World, call: Call) -> Json:
    """A user's App Home (https://docs.slack.dev/reference/methods/views.publish)."""
    check_view(world, call.method, call.args.get("view"))
    user = workspace_of(call).users.get(str(call.args.get("user_id", "")))
    if user is None:
        raise Refusal("user_not_found")
    home = _view(world, user, call.args["view"])
    user.home = home
    user.show(Sight("home", home))
    world.bell.ring()
    return {"view": home.payload()}


def check_view(world: World, name: str, view: object) -> None:
    """A view within Slack's limits (https://docs.slack.dev/reference/views)."""
    world.refuse(name, "invalid_arguments", rules.faults_of_view(view))


def show_view(world: World, user: User, body: Json, cause: str | None, below: View | None = None) -> View:
    """Put a modal before the user, on top of another one or alone."""
    view = _view(world, user, body, below)
    user.views = [*user.views, view] if below else [view]
    user.show(Sight("view", view, cause))
    world.bell.ring()
    return view


def replace_view(world: World, view: View, body: Json, cause: str | None = None) -> None:
    """Give an open view another content, and with it another hash."""
    view.body = _body(world, body)
    view.hash = world.fresh("hash")
    view.user.show(Sight("view", view, cause))
    world.bell.ring()


def close_views(world: World, views: Iterable[View], cause: str | None) -> None:
    """Take views off their member's stack."""
    for view in list(views):
        view.open = False
        view.user.views = [other for other in view.user.views if other is not view]
        view.user.show(Sight("closed", view, cause))
    world.bell.ring()


def _body(world: World, body: Json) -> Json:
    return body | {"blocks": named(body["blocks"], world.fresh)}


def _view(world: World, user: User, body: Json, below: View | None = None) -> View:
    view_id = world.fresh("V")
    root = below.root_id if below else view_id
    view = View(view_id, user, _body(world, body), world.fresh("hash"), root, below.id if below else None)
    world.views[view_id] = view
    return view


def _trigger(world: World, call: Call) -> Trigger:
    """The trigger named: it serves once, within 3 s (https://docs.slack.dev/surfaces/modals)."""
    trigger = world.triggers.get(str(call.args.get("trigger_id")))
    if trigger is None or trigger.user.workspace is not call.workspace:
        world.breach(call.method, "invalid_trigger_id", str(call.args.get("trigger_id")))
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        world.breach(call.method, "exchanged_trigger_id", "the trigger was used before")
        raise Refusal("exchanged_trigger_id")
    if world.clock() - trigger.issued > TRIGGER_SECONDS:
        world.breach(call.method, "expired_trigger_id", f"{world.clock() - trigger.issued:.1f} s old")
        raise Refusal("expired_trigger_id")
    trigger.used = True
    return trigger


def _existing(world: World, call: Call) -> View:
    wanted = call.args.get("view_id"), call.args.get("external_id")
    views = (view for view in world.views.values() if view.user.workspace is call.workspace and view.open)
    for view in views:
        if view.id == wanted[0] or (wanted[1] and view.body.get("external_id") == wanted[1]):
            return view
    raise Refusal("not_found")
