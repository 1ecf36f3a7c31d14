"""auth.test, users.info, apps.connections.open, oauth.v2.access."""

from .blocks import Json
from .methods import flag, method, user_of, workspace_of
from .model import Call
from .world import Refusal, World


@method("auth.test")
def auth_test(world: World, call: Call) -> Json:
    """Who the token is (https://docs.slack.dev/reference/methods/auth.test)."""
    workspace = workspace_of(call)
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.domain,
        "user": "quizbot",
        "team_id": workspace.id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


@method("users.info", "users:read")
def users_info(world: World, call: Call) -> Json:
    """One user; the locale only on demand (https://docs.slack.dev/reference/methods/users.info)."""
    return {"user": user_of(call).payload(flag(call.args.get("include_locale")))}


@method("apps.connections.open", token="app")
def connections_open(world: World, call: Call) -> Json:
    """A WebSocket address that serves one connection (https://docs.slack.dev/reference/methods/apps.connections.open)."""
    ticket = world.fresh("ticket")
    world.tickets.add(ticket)
    return {"url": f"{world.http_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={world.app_id}"}


@method("oauth.v2.access", token="none")
def oauth_access(world: World, call: Call) -> Json:
    """A code, good once, for a workspace's bot token (https://docs.slack.dev/reference/methods/oauth.v2.access)."""
    if call.args.get("client_id") != world.client_id:
        raise Refusal("invalid_client_id")
    if call.args.get("client_secret") != world.client_secret:
        raise Refusal("bad_client_secret")
    workspace = world.codes.pop(str(call.args.get("code")), None)
    if workspace is None:
        raise Refusal("invalid_code")
    return {
        "app_id": world.app_id,
        "authed_user": {"id": next((user.id for user in workspace.users.values() if not user.is_bot), "U0")},
        "scope": ",".join(sorted(workspace.scopes)),
        "token_type": "bot",
        "access_token": workspace.bot_token,
        "bot_user_id": workspace.bot_user_id,
        "team": {"id": workspace.id, "name": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
