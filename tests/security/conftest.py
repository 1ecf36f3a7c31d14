"""What the tests of threats share with those of the core."""

from tests.core.conftest import stages

__all__ = ["stages"]
