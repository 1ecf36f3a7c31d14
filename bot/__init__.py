"""quizbot: a quiz bot for teams on Discord and Slack."""

__version__ = "0.1.0"
