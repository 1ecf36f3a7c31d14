"""Slack: over Socket Mode, which takes no public address, or over HTTP, in one workspace or in many."""

from bot.adapters.slack.app import Slack
from bot.adapters.slack.oauth import OAuth

__all__ = ["OAuth", "Slack"]
