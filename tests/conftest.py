"""What all tests share."""

from hypothesis import settings

# How long an example takes says something about the machine, nothing about the behaviour.
settings.register_profile("quizbot", deadline=None, print_blob=True)
settings.load_profile("quizbot")
