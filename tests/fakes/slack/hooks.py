"""Posts to a response_url (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses)."""

from .blocks import Json
from .model import Call
from .world import HOOK_SECONDS, HOOK_USES, Hook, Refusal, World


def respond(world: World, token: str, call: Call) -> Json:
    """Do what a post to a response_url asks for: replace, delete, or post for one or for all."""
    hook = world.hooks.get(token)
    if hook is None or world.clock() - hook.issued > HOOK_SECONDS:
        _spent(world, call.method, "expired_url")
    elif hook.uses >= HOOK_USES:
        _spent(world, call.method, "used_url")
    else:
        _respond(world, hook, call)
        hook.uses += 1
    return {}


def _spent(world: World, method: str, error: str) -> None:
    world.breach(method, error, "a response_url takes 5 posts within 30 minutes")
    raise Refusal(error)


def _respond(world: World, hook: Hook, call: Call) -> None:
    args = call.args
    if args.get("delete_original") and hook.message:
        world.delete(hook.message, hook.cause)
        return
    world.check_message(call.method, args.get("text"), args.get("blocks"))
    if hook.message and _replaces(args):
        world.edit(hook.message, args | {"blocks": args.get("blocks") or []}, hook.cause)
    elif args.get("response_type") == "in_channel":
        world.post(hook.channel, args, hook.cause)
    else:
        world.whisper(hook.channel, hook.user, args, hook.cause)


def _replaces(args: Json) -> bool:
    """To an action's response_url, a post that says neither how nor where replaces the message, blocks and all."""
    return bool(args.get("replace_original", "response_type" not in args))
