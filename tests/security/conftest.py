"""What the tests of threats share with those of the core."""

from tests.core.conftest import empty, stages

__all__ = ["empty", "stages"]
