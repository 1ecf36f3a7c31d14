"""Slack, over Socket Mode: one workspace, no public address."""

from bot.adapters.slack.app import Slack

__all__ = ["Slack"]
