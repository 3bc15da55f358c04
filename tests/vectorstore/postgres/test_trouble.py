"""What goes wrong with a database is told in a sentence that names the setting and holds no secret."""

from __future__ import annotations

import socket
import ssl
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.chroma import free_port, self_signed
from tests.vectorstore.build import IDENTITY, filled, many, record
from vectorstore.errors import AppError, ConfigError, StoreMissing, Unreachable
from vectorstore.postgres import addresses, database
from vectorstore.postgres.addresses import conninfo
from vectorstore.postgres.shared import Shared
from vectorstore.store import Store

SECRET = "hunter2secret"


def refused(url: str) -> AppError:
    """What opening an archive fails with, in which the password stands nowhere."""
    with pytest.raises(AppError) as caught:
        Store.open(Shared(url))
    told = "".join(traceback.format_exception(caught.value)) + str(caught.value.hint)
    assert SECRET not in told
    return caught.value


def run(postgres: str, *statements: str) -> None:
    with closing(psycopg.connect(postgres, autocommit=True)) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def listening(answer: bytes = b"", certificate: Path | None = None) -> Iterator[int]:
    """Accept one client, answer its first words, and say nothing more, or speak TLS; yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.recv(8)
                client.sendall(answer)
                if certificate:
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(certificate)
                    try:
                        context.wrap_socket(client, server_side=True).close()
                    except (ssl.SSLError, OSError):
                        return
                client.recv(1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]


def test_an_address_where_nobody_listens_is_named_with_the_setting() -> None:
    port = free_port()
    error = refused(f"postgresql://ann:{SECRET}@127.0.0.1:{port}/news")
    assert isinstance(error, Unreachable)
    assert f"postgresql://127.0.0.1:{port}/news does not answer" in error.message
    assert "[store] url" in error.hint


def test_a_server_that_says_nothing_is_given_up_within_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert addresses.SECONDS < 5
    monkeypatch.setattr(addresses, "SECONDS", 2)  # libpq waits no less
    began = time.monotonic()
    with listening() as port:
        assert "does not answer" in refused(f"postgresql://ann:{SECRET}@127.0.0.1:{port}/news").message
    assert time.monotonic() - began < 4


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with listening(b"S", self_signed(tmp_path)) as port:
        url = f"postgresql://ann:{SECRET}@127.0.0.1:{port}/news?sslmode=verify-full&sslrootcert=system"
        error = refused(url)
    assert "certificate that cannot be verified" in error.message
    assert "sslmode=disable" in error.hint


def test_a_server_without_encryption_is_refused_where_it_is_not_this_machine(tmp_path: Path) -> None:
    assert "sslmode=verify-full" in conninfo("postgresql://ann@db.example.org/news")
    assert "sslmode" not in conninfo("postgresql://ann@127.0.0.1/news")
    assert "sslmode=disable" in conninfo("postgresql://ann@db/news?sslmode=disable")
    with listening(b"N") as port:
        error = refused(f"postgresql://ann@127.0.0.1:{port}/news?sslmode=require")
    assert "does not encrypt its connections" in error.message
    assert tmp_path.exists()


def test_a_wrong_password_is_told_without_it(postgres: str, shared: Shared) -> None:
    folder = Path(postgres.rpartition("host=")[2])
    rules = folder / "pg_hba.conf"
    before = rules.read_text()
    filled(shared, *many(1))
    run(postgres, "DROP ROLE IF EXISTS guarded", "CREATE ROLE guarded LOGIN PASSWORD 'right'")
    try:
        rules.write_text("local all guarded scram-sha-256\n" + before)
        run(postgres, "SELECT pg_reload_conf()")
        url = postgres.replace("postgres:@", f"guarded:{SECRET}@")
        for _ in range(50):  # until the server has read it
            try:
                Store.open(Shared(url)).close()
            except Unreachable:
                break
            except AppError:
                time.sleep(0.05)
        assert "refuses the user or the password" in refused(url).message
    finally:
        rules.write_text(before)
        run(postgres, "SELECT pg_reload_conf()", "DROP ROLE guarded")


def test_a_database_that_is_not_there_is_named(postgres: str) -> None:
    assert "has no such database or user" in refused(postgres.replace("/postgres?", "/nothing?")).message


def test_where_there_is_no_archive_reading_makes_none(shared: Shared) -> None:
    for _ in range(2):
        with pytest.raises(StoreMissing, match="There is no archive in postgresql://"):
            Store.open(shared)


def test_who_may_only_read_asks_and_writes_nothing(postgres: str, shared: Shared) -> None:
    filled(shared, *many(2))
    run(
        postgres,
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN",
        "GRANT USAGE ON SCHEMA footnote TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA footnote TO reader",
    )
    try:
        reading = Shared(postgres.replace("postgres:@", "reader@"))
        with Store.open(reading) as store, store.reading():
            assert len(store.hits(store.ledger.passage_ids())) == 6
            assert store.ledger.ranked(["item"], 3)
        with Store.writing(reading, IDENTITY) as writer, pytest.raises(AppError, match="may only read"):
            writer.add([record("/new", "A new one.")])
        with pytest.raises(AppError, match="may only read"), Store.writing(reading) as writer:
            writer.remove([listing.article.id for listing in writer.ledger.articles()])
        with Store.open(shared) as store:
            assert store.ledger.count() == (2, 6)
    finally:
        run(postgres, "DROP OWNED BY reader", "DROP ROLE reader")


def test_a_full_disk_leaves_nothing_half_done(postgres: str, shared: Shared) -> None:
    filled(shared, *many(2))
    run(
        postgres,
        """CREATE FUNCTION footnote.full() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$""",
        "CREATE TRIGGER is_full AFTER INSERT ON footnote.vectors EXECUTE FUNCTION footnote.full()",
    )
    with Store.writing(shared) as writer, pytest.raises(AppError, match="no space left in postgresql://"):
        writer.add([record("/new", "A new one.")])
    run(postgres, "DROP TRIGGER is_full ON footnote.vectors")
    with Store.writing(shared) as writer:
        assert writer.ledger.count() == (2, 6)
        writer.add([record("/new", "A new one.")])
        assert writer.ledger.document_frequency(["new"]) == {"new": 1}


def test_an_older_server_is_refused(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST", 990000)
    assert "needs version" in refused(shared.url).hint


def test_an_archive_of_a_newer_version_is_refused(postgres: str, shared: Shared) -> None:
    filled(shared, *many(1))
    run(postgres, "UPDATE footnote.meta SET value = '99' WHERE key = 'schema_version'")
    assert "A newer version wrote" in refused(shared.url).message
    with pytest.raises(AppError, match="newer version"), Store.writing(shared):
        pass


def test_what_is_no_address_is_told_without_repeating_it() -> None:
    for wrong in (f"postgresql://ann:{SECRET}@[half/x", f"postgresql://ann@h/x?nonsense={SECRET}"):
        assert isinstance(refused(wrong), ConfigError)


def stopped(postgres: str) -> None:
    """End the connections of everyone else, as a server that stops does, and fail."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    run(postgres, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    raise Unreachable("It stopped.")


def test_what_stopped_is_told_though_the_lock_went_with_the_server(postgres: str, shared: Shared) -> None:
    with pytest.raises(Unreachable, match="stopped"), Store.writing(shared, IDENTITY):
        stopped(postgres)


def test_what_stopped_is_told_though_the_snapshot_went_with_the_server(postgres: str, shared: Shared) -> None:
    filled(shared, *many(1))
    with closing(Store.open(shared)) as store, pytest.raises(Unreachable, match="stopped"), store.reading():
        stopped(postgres)


def test_texts_come_back_whatever_characters_they_have(shared: Shared) -> None:
    odd = "Odd \0 and \ud83d, \U0010f000\U0010f800\U0010f801, \U0010f801\0 and \U0010f801."
    with Store.writing(shared, IDENTITY) as writer:
        writer.add([record("/odd", odd, title=f"Title {odd}")])
        (listing,) = writer.ledger.articles()
        found = writer.ledger.article(listing.article.id)
        assert (found.text, found.title) == (odd, f"Title {odd}")
        assert not writer.ledger.database.words.faults("articles", [1])


def test_longer_texts_than_an_index_takes_are_kept_and_found_by_their_words(shared: Shared) -> None:
    long = " ".join(f"w{n}" for n in range(120_000)) + " heron"
    with Store.writing(shared, IDENTITY) as writer:
        writer.add([record("/long", f"A walrus sang.\n\n{long}", title="heron " * 900)])
        assert [key for key, _ in writer.ledger.ranked_articles(["walrus"], 5)] != []
        assert writer.ledger.document_frequency(["walrus", "heron"]) == {"walrus": 1, "heron": 2}
        assert all(check.ok for check in writer.place.checks(writer.ledger))
        assert not writer.ledger.database.words.faults("articles", [1])
