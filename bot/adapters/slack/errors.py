"""What Slack's errors mean to the core."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.core.ports import NotDone, Refused, Unavailable

BAD_TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_allowed_token_type", "not_authed", "token_expired", "token_revoked"}
)
"""Slack does not accept a token (https://docs.slack.dev/reference/methods/auth.test#errors)."""

TURNED_AWAY = BAD_TOKEN | {
    "accesslimited",
    "message_limit_exceeded",
    "org_login_required",
    "rate_limited",
    "ratelimited",
    "team_added_to_org",
}
"""Slack did nothing, and the same call may succeed later. A token is among it that worked at the start: its channels
are not to blame."""

UNKNOWN = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Slack may have done some of it before it failed."""

REASONS = {
    "channel_not_found": "it was deleted, or it is private and I am not in it",
    "is_archived": "it is archived",
    "messages_tab_disabled": "the Messages tab of the Slack app is switched off",
    "not_in_channel": "I am not in it, and /invite takes me there",
    "restricted_action": "a setting of the workspace keeps me from it",
    "restricted_action_read_only_channel": "only some people may post there",
}
"""Why Slack refuses a channel, in words for its admins."""

NOT_INSTALLED = "the app is not installed in this workspace any more"
UNKNOWN_PLACE = "I do not know yet in which workspace it is, and /quiz status there tells me"

NO_SCOPE, NO_REASON = "I am missing a scope of the Slack app", "Slack refuses it"
"""The same, with Slack's own word behind them in parentheses."""


def error_name(error: SlackApiError) -> str:
    """``not_in_channel``; empty where Slack's answer was none of its own."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


@contextmanager
def translated(lost: str = "") -> Iterator[None]:
    """Let a call to Slack fail in the words of ``ports``; ``lost`` is what it means that a token is refused, where
    that is not a matter of time."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error, lost) from error
    except ClientConnectorError as error:
        raise NotDone(f"Slack cannot be reached ({type(error).__name__})") from error
    except (ClientError, SlackRequestError, TimeoutError, OSError) as error:
        raise Unavailable(f"Slack does not answer ({type(error).__name__})") from error


def _meaning(error: SlackApiError, lost: str) -> Unavailable | Refused:
    name, status = error_name(error), getattr(error.response, "status_code", 0)
    if lost and name in BAD_TOKEN:
        return Refused(lost)
    if name in TURNED_AWAY or status == 429:
        return NotDone(f"Slack answers {name or status}")
    if not name or name in UNKNOWN or status >= 500:
        return Unavailable(f"Slack answers {name or status or 'nonsense'}")
    if name == "missing_scope":
        return Refused(f"{NO_SCOPE} ({error.response.get('needed', '')})")
    return Refused(REASONS.get(name, f"{NO_REASON} ({name})"))
