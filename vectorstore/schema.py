"""The ledger's tables, and the migrations from older versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from vectorstore.database import HINT
from vectorstore.errors import AppError, StoreDamaged

if TYPE_CHECKING:
    from vectorstore.database import Database

# keeps its own copy of the words: updates and deletes then need not know what was indexed before
TOKENIZER = "tokenize = 'porter unicode61 remove_diacritics 2'"
FULL_TEXT = f"""CREATE VIRTUAL TABLE passages_fts USING fts5 (
    title, publisher, body, {TOKENIZER})"""
# whole articles, without a copy, which would double them: remove a row's words from the index before changing it
FIRST_ARTICLES_FULL_TEXT = f"""CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, content = 'articles', content_rowid = 'key', {TOKENIZER})"""
ARTICLES_FULL_TEXT = FIRST_ARTICLES_FULL_TEXT.replace("'articles'", "'article_words'")
FILL = "INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')"
WORDS = "worded(CAST({} AS BLOB))".format  # see Database

# Each list of statements takes a ledger from the version that is its index to the next one. Never change a released
# list: add another. Text offsets are code points; `stop` and `last` are exclusive.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "INSERT INTO meta VALUES ('schema_version', '0'), ('revision', '0'), ('index_dirty', '0')",
        # long columns last: reading a title must not walk through the text's overflow pages
        """CREATE TABLE articles (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL UNIQUE, url TEXT,
            title TEXT NOT NULL, publisher TEXT, section TEXT, author TEXT, language TEXT, published TEXT,
            published_from TEXT, published_until TEXT, publisher_key TEXT, host TEXT, ingested TEXT NOT NULL,
            content_hash TEXT NOT NULL, original_hash TEXT NOT NULL, cleaning TEXT NOT NULL,
            found TEXT NOT NULL, blocks TEXT NOT NULL, text TEXT NOT NULL)""",
        """CREATE TABLE originals (
            article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE, data BLOB NOT NULL)""",
        """CREATE TABLE sentences (
            article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE, ord INTEGER NOT NULL,
            start INTEGER NOT NULL, stop INTEGER NOT NULL, block INTEGER NOT NULL, kind TEXT NOT NULL,
            PRIMARY KEY (article, ord)) WITHOUT ROWID""",
        # AUTOINCREMENT never reuses an id, so the vector index is in sync if its ids are
        """CREATE TABLE passages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE, ord INTEGER NOT NULL,
            start INTEGER NOT NULL, stop INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            fingerprint INTEGER NOT NULL, UNIQUE (article, ord))""",
        "CREATE INDEX passages_fingerprint ON passages (fingerprint)",
        """CREATE TABLE vectors (
            article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE, data BLOB NOT NULL)""",
        FULL_TEXT,
    ),
    (FIRST_ARTICLES_FULL_TEXT, FILL),
    (
        f"CREATE VIEW article_words AS SELECT key, {WORDS('title')} AS title, {WORDS('text')} AS text FROM articles",
        "DROP TABLE articles_fts",
        ARTICLES_FULL_TEXT,
        FILL,
        # passages in scripts without spaces, which were indexed by whole runs, or without their last characters
        f"""REPLACE INTO passages_fts (rowid, title, publisher, body) SELECT passages.id, {WORDS("title")},
            {WORDS("coalesce(publisher, '')")}, {WORDS("substr(text, start + 1, stop - start)")}
            FROM passages JOIN articles ON key = article WHERE article IN (
                SELECT key FROM articles WHERE {WORDS("title || text")} <> title || text)""",
    ),
)


def version(database: Database) -> int:
    """Return the ledger's schema version, 0 if the file holds no ledger yet; raises StoreDamaged for nonsense."""
    if not database.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
        return 0
    stated = database.value("SELECT value FROM meta WHERE key = 'schema_version'")
    if not (isinstance(stated, str) and stated.isascii() and stated.isdigit()):
        raise StoreDamaged(f"{database.name} states the schema version {stated!r}.", HINT)
    return int(stated)


def told_by(tables: Collection[str]) -> int:
    """Return the schema version that the names of a ledger's tables tell."""
    if "article_words" in tables:
        return 3
    return 2 if "articles_fts" in tables else 1


def is_current(database: Database) -> bool:
    """Return whether the ledger has the current schema; raises AppError if a newer version wrote it."""
    return _checked(database, len(MIGRATIONS)) == len(MIGRATIONS)


def migrate(database: Database, migrations: Sequence[Sequence[str]] | None = None) -> None:
    """Migrate the ledger to the current schema in one transaction; the caller must hold the writer's lock."""
    migrations = MIGRATIONS if migrations is None else migrations
    if (found := _checked(database, len(migrations))) == len(migrations):
        return
    with database.transaction():
        for statements in migrations[found:]:
            for statement in statements:
                database.rows(statement)
        database.rows("UPDATE meta SET value = ? WHERE key = 'schema_version'", (str(len(migrations)),))


def _checked(database: Database, newest: int) -> int:
    if (found := version(database)) > newest:
        raise AppError(
            f"A newer version wrote {database.name} (schema {found}, known: {newest}).",
            "Install the newer version, or choose another folder with --store.",
        )
    return found
