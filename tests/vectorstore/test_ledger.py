"""The ledger as it is read: articles, names, filters, words, vectors and hits."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.build import EMBEDDER, IDENTITY, filled, many, record
from vectorstore.articles import BlockKind, Filter, Sentence, article_id
from vectorstore.errors import AppError, StoreDamaged, StoreMissing, UnknownArticle
from vectorstore.ledger import FILE, Ledger
from vectorstore.store import Store
from vectorstore.writer import Record

STORM = "The storm hit Lisbon. Roofs flew.\n\nTrains stopped. Nobody was hurt."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(
        tmp_path / "store",
        record(
            "/a/storm.txt",
            STORM,
            title="Storm in Lisbon",
            publisher="Press TV",
            published="2017-10-06",
            url="https://www.presstv.com/1",
            found={"title": "front matter"},
        ),
        record("/a/budget.txt", "The budget passed.", title="Budget", publisher="Der Standard", published="2017-10"),
        record("https://news.example.org/x", "A cat won.", title="Cat", url="https://news.example.org/x"),
        record("/b/old[1].txt", "An old tale.", title="Old", publisher="ÉCHO du Nord", published="1999"),
    )


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    opened = Ledger.open(folder)
    yield opened
    opened.close()


def titles(ledger: Ledger, chosen: Filter) -> list[str]:
    return [listing.article.title for listing in ledger.articles(chosen)]


def test_opening_where_there_is_no_ledger_says_so_and_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as caught:
        Ledger.open(tmp_path / "none")
    assert "qa ingest" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_tables_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    with pytest.raises(StoreMissing):
        Ledger.open(tmp_path)


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database at all" * 400)
    with pytest.raises(StoreDamaged) as caught:
        Ledger.open(tmp_path)
    assert "qa doctor" in caught.value.hint


def test_an_article_comes_back_as_it_was_put(ledger: Ledger) -> None:
    name = ledger.resolve("/a/storm.txt")
    put = record(
        "/a/storm.txt",
        STORM,
        title="Storm in Lisbon",
        publisher="Press TV",
        published="2017-10-06",
        url="https://www.presstv.com/1",
        found={"title": "front matter"},
    ).entry
    assert ledger.article(name) == put.article
    assert ledger.original(name) == put.original
    assert ledger.sentences(name) == put.sentences
    assert tuple(passage for _, passage in ledger.passages(name)) == put.passages


def test_articles_are_listed_newest_first_and_undated_last(ledger: Ledger) -> None:
    listed = ledger.articles()
    assert [(item.article.title, item.passages) for item in listed] == [
        ("Storm in Lisbon", 2),
        ("Budget", 1),
        ("Old", 1),
        ("Cat", 1),
    ]
    assert ledger.count() == (4, 5)


def test_text_with_nul_bidi_and_half_surrogates_comes_back_whole(tmp_path: Path) -> None:
    text = "One\x00two \u202ethree. Caf\u0065\u0301 \U0001f600 stays."
    store = filled(tmp_path / "s", record("/odd\udcff.txt", text, title="half \ud800"))
    ledger = Ledger.open(store)
    (listing,) = ledger.articles()
    assert (listing.article.source, listing.article.title) == ("/odd\udcff.txt", "half \ud800")
    assert ledger.article(listing.article.id).text == text
    assert ledger.resolve("/odd\udcff.txt") == listing.article.id
    (hit,) = ledger.hits([ledger.passage_ids()[0]])
    assert hit.text == text
    ledger.close()


@pytest.mark.parametrize("name", ["/a/storm.txt", "https://www.presstv.com/1", "  /a/storm.txt "])
def test_a_source_or_a_url_names_its_article(ledger: Ledger, name: str) -> None:
    assert ledger.article(ledger.resolve(name)).title == "Storm in Lisbon"


def test_a_unique_prefix_of_an_id_names_its_article(ledger: Ledger) -> None:
    name = ledger.resolve("/a/storm.txt")
    assert ledger.resolve(name) == name
    assert ledger.resolve(name[:6].upper()) == name


def test_a_relative_path_is_meant_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path / "s", record(str(tmp_path / "here.txt")))
    monkeypatch.chdir(tmp_path)
    with Store.open(store) as opened:
        assert opened.ledger.resolve("here.txt") == opened.ledger.resolve(str(tmp_path / "here.txt"))


def test_three_digits_are_too_few_for_a_prefix(ledger: Ledger) -> None:
    with pytest.raises(UnknownArticle) as caught:
        ledger.resolve(ledger.resolve("/a/storm.txt")[:3])
    assert "4 characters" in caught.value.hint


def test_an_ambiguous_prefix_lists_those_it_could_mean(tmp_path: Path) -> None:
    by_prefix: dict[str, list[str]] = {}
    for number in range(2000):  # two of them share four digits
        made = record(f"/p/{number}")
        twins = by_prefix.setdefault(made.entry.article.id[:4], [])
        twins.append(made.entry.article.source)
        if len(twins) == 2:
            break
    prefix, sources = next((key, value) for key, value in by_prefix.items() if len(value) == 2)
    ledger = Ledger.open(filled(tmp_path / "s", *map(record, sources)))
    with pytest.raises(UnknownArticle) as caught:
        ledger.resolve(prefix)
    assert all(source in caught.value.hint for source in sources)
    ledger.close()


def test_an_unknown_name_suggests_a_near_one(ledger: Ledger) -> None:
    with pytest.raises(UnknownArticle) as caught:
        ledger.resolve("strom.txt")
    assert "/a/storm.txt" in caught.value.hint


def test_a_few_letters_are_near_to_nothing(tmp_path: Path) -> None:
    ledger = Ledger.open(filled(tmp_path / "s", record("https://n.example/b")))
    with pytest.raises(UnknownArticle) as caught:
        ledger.resolve("eb")
    assert "n.example" not in caught.value.hint
    ledger.close()


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(), {"Storm in Lisbon", "Budget", "Cat", "Old"}),
        (Filter(publishers=("press  tv",)), {"Storm in Lisbon"}),
        (Filter(publishers=("écho DU nord",)), {"Old"}),
        (Filter(publishers=("presstv.com",)), {"Storm in Lisbon"}),
        (Filter(publishers=("www.presstv.com",)), {"Storm in Lisbon"}),
        (Filter(publishers=("example.org",)), {"Cat"}),
        (Filter(publishers=("press tv", "écho du nord")), {"Storm in Lisbon", "Old"}),
        (Filter(publishers=("ress TV",)), set()),
        (Filter(publishers=("%",)), set()),
        (Filter(since="2017-10-06"), {"Storm in Lisbon", "Budget"}),
        (Filter(since="2017-10-07"), {"Budget"}),
        (Filter(since="2017-10-31"), {"Budget"}),
        (Filter(since="2017-11-01"), set()),
        (Filter(until="2017-10-06"), {"Storm in Lisbon", "Budget", "Old"}),
        (Filter(until="2017-10-05"), {"Budget", "Old"}),
        (Filter(until="1999-01-01"), {"Old"}),
        (Filter(since="1999-12-31", until="2016-01-01"), {"Old"}),
        (Filter(sources=("/a/*",)), {"Storm in Lisbon", "Budget"}),
        (Filter(sources=("storm.txt", "/b/*")), {"Storm in Lisbon", "Old"}),
        (Filter(sources=("*presstv*",)), {"Storm in Lisbon"}),
        (Filter(sources=("/b/old[1].txt",)), {"Old"}),
        (Filter(sources=("/a/*",), publishers=("der standard",)), {"Budget"}),
    ],
)
def test_a_filter_lets_through(ledger: Ledger, chosen: Filter, expected: set[str]) -> None:
    assert set(titles(ledger, chosen)) == expected
    assert ledger.count(chosen)[0] == len(expected)
    assert len(ledger.allowed(chosen)) == len(expected)
    assert len(ledger.vectors(chosen).passages) == ledger.count(chosen)[1]


def test_a_filter_by_articles_keeps_only_these(ledger: Ledger) -> None:
    assert titles(ledger, Filter(articles=(ledger.resolve("/a/budget.txt"), "f" * 16))) == ["Budget"]


def test_undated_articles_are_counted_where_dates_leave_them_out(ledger: Ledger) -> None:
    assert ledger.undated(Filter(since="2000-01-01")) == 1
    assert ledger.undated(Filter(since="2000-01-01", publishers=("press tv",))) == 0
    assert ledger.undated(Filter(publishers=("example.org",))) == 0


def test_words_are_found_by_their_stem_and_without_accents(tmp_path: Path) -> None:
    ledger = Ledger.open(filled(tmp_path / "s", record("/1", "Élections were disputed."), record("/2", "Nothing.")))
    assert [passage for passage, _ in ledger.lexical("election", 5)] == ledger.passage_ids()[:1]
    assert ledger.lexical("dispute", 5)[0][1] > 0
    ledger.close()


def test_the_lexical_filter_cuts_before_the_limit(ledger: Ledger) -> None:
    everything = ledger.lexical("the OR a OR an OR old", 10)
    only = ledger.lexical("the OR a OR an OR old", 1, Filter(publishers=("écho du nord",)))
    assert len(everything) == 4
    assert [ledger.hits([passage])[0].article.title for passage, _ in only] == ["Old"]


def test_column_weights_move_a_title_ahead_of_a_body(tmp_path: Path) -> None:
    store = filled(
        tmp_path / "s",
        record("/body", "A whale and more.", title="Sea news"),
        record("/title", "Much.", title="A whale"),
    )
    ledger = Ledger.open(store)
    by_title = ledger.hits([ledger.lexical("whale", 1, weights=(9, 1, 1))[0][0]])
    by_body = ledger.hits([ledger.lexical("whale", 1, weights=(0.1, 1, 9))[0][0]])
    assert (by_title[0].article.source, by_body[0].article.source) == ("/title", "/body")
    ledger.close()


def test_equal_lexical_scores_stand_in_the_order_of_ids(tmp_path: Path) -> None:
    ledger = Ledger.open(filled(tmp_path / "s", *(record(f"/{n}", "Same words here.") for n in range(6))))
    assert [passage for passage, _ in ledger.lexical("words", 4)] == ledger.passage_ids()[:4]
    ledger.close()


@pytest.mark.parametrize("expression", ['"open', "AND", "*"])
def test_a_malformed_expression_is_the_callers_error(ledger: Ledger, expression: str) -> None:
    with pytest.raises(ValueError, match="not an FTS5 expression"):
        ledger.lexical(expression, 3)


def test_of_articles_the_one_with_the_word_in_its_title_comes_first_and_filters_cut(tmp_path: Path) -> None:
    first, second = record("/a", "Snow fell.", title="Rain"), record("/b", "Rain fell.", title="Snow", published="2020")
    with Store.open(filled(tmp_path / "store", first, second)) as store:
        ledger = store.ledger
        assert [key for key, _ in ledger.ranked_articles(["snow"], 9, weights=(5.0, 1.0))] == [2, 1]
        assert [key for key, _ in ledger.ranked_articles(["snow"], 9, Filter(since="2019"))] == [2]
        assert len(ledger.ranked_articles(["snow"], 1)) == 1
        assert ledger.articles_of([1, 2, 77]) == {1: 1, 2: 2}


def test_document_frequency_counts_passages_after_stemming(ledger: Ledger) -> None:
    counted = ledger.document_frequency(["storms", "trains", "S-400", 'quo"te', "?!", "passed"])
    assert counted == {"storms": 2, "trains": 1, "S-400": 0, 'quo"te': 0, "?!": 0, "passed": 1}


def test_texts_come_by_the_ids_of_their_articles(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", record("/a", "One."), record("/b", "Two."))
    with Store.open(folder) as store:
        assert store.ledger.texts([article_id("/b"), "gone"]) == {article_id("/b"): "Two."}


def test_publishers_are_listed_with_their_hosts_by_their_articles(tmp_path: Path) -> None:
    folder = filled(
        tmp_path / "store",
        record("/a", publisher="The Example", url="https://www.example.org/a"),
        record("/b", publisher="the  example", url="https://example.org/b"),
        record("/c", publisher="Another"),
        record("/d"),
    )
    with Store.open(folder) as store:
        found = store.ledger.publishers()
    assert [(one.host, one.articles) for one in found] == [("example.org", 2), (None, 1)]
    assert found[1].name == "Another"


def test_a_phrase_is_found_where_its_words_stand_in_a_row(tmp_path: Path) -> None:
    texts = {
        "/a": "A wild camp was set up.",
        "/b": "A camp in the wild.",
        "/c": "None.",
        "/d": "They camped “wild” here.",
    }
    folder = filled(tmp_path / "store", *(record(source, text) for source, text in texts.items()))
    with Store.open(folder) as store:
        assert store.ledger.containing("wild camp") == (article_id("/a"),)
        assert store.ledger.containing('"wild" camping') == (article_id("/a"),)
        assert store.ledger.containing("wild \ud800 camp") == (article_id("/a"),)
        assert store.ledger.containing("no such words") == ()


def test_hits_come_in_the_order_asked_with_their_sentences(ledger: Ledger) -> None:
    first, second = (number for number, _ in ledger.passages(ledger.resolve("/a/storm.txt")))
    hits = ledger.hits([second, 999, first])
    assert [hit.text for hit in hits] == ["Trains stopped. Nobody was hurt.", "The storm hit Lisbon. Roofs flew."]
    assert hits[0].sentences == (Sentence(35, 50, 1, BlockKind.PARAGRAPH), Sentence(51, 67, 1, BlockKind.PARAGRAPH))
    assert all(STORM[hit.start : hit.end] == hit.text for hit in hits)
    assert hits[0].article.publisher == "Press TV"


def test_sketches_are_hits_without_sentences_until_they_are_completed(ledger: Ledger) -> None:
    ids = ledger.passage_ids()
    hits, sketches = ledger.hits(ids), ledger.sketched(ids)
    assert sketches == [replace(hit, sentences=()) for hit in hits] != hits
    assert ledger.completed(sketches) == hits
    with pytest.raises(StoreDamaged, match="has changed"):
        ledger.completed([replace(sketches[0], text="Something else.")])


def test_copies_are_listed_within_the_filter(tmp_path: Path) -> None:
    store = filled(
        tmp_path / "s",
        record("/one", "A wire text.\n\nMore.", publisher="A"),
        record("/two", "a  WIRE text.", publisher="B"),
        record("/three", "A wire text.", publisher="C"),
        record("/four", "Another text.", publisher="C"),
    )
    ledger = Ledger.open(store)
    ids = ledger.passage_ids()
    (hit,) = ledger.hits([ids[3]])
    assert [copy.source for copy in hit.also] == ["/one", "/two"]
    (hit,) = ledger.hits([ids[3]], Filter(publishers=("b",)))
    assert [copy.source for copy in hit.also] == ["/two"]
    ledger.close()


def test_a_passage_that_is_not_its_span_is_never_shown(folder: Path) -> None:
    with Store.writing(folder) as writer:
        writer.ledger.database.rows("UPDATE articles SET text = replace(text, 'Lisbon', 'Madrid')")
        with pytest.raises(StoreDamaged):
            writer.ledger.hits(writer.ledger.passage_ids())


def test_vectors_stand_beside_the_ids_of_their_passages(tmp_path: Path) -> None:
    records = many(5)
    ledger = Ledger.open(filled(tmp_path / "s", *records))
    matrix = ledger.vectors()
    assert matrix.vectors.dtype == np.float32
    for passage, vector in zip(matrix.passages.tolist(), matrix.vectors, strict=True):
        assert np.array_equal(vector, EMBEDDER.embed_query(ledger.hits([passage])[0].text))
    ledger.close()


def test_vectors_that_are_not_complete_are_damage(folder: Path) -> None:
    for statement in (
        "UPDATE vectors SET data = substr(data, 5)",
        "UPDATE vectors SET data = CAST(data || data AS BLOB)",
        "UPDATE vectors SET data = data || data",
    ):
        with Store.writing(folder) as writer:
            writer.ledger.database.rows(statement)
            with pytest.raises(StoreDamaged):
                writer.ledger.vectors()


def test_an_article_without_passages_is_kept(tmp_path: Path) -> None:
    made = record("/empty", "x")
    bare = type(made)(type(made.entry)(made.entry.article, b"x", (), ()), made.vectors[:0], "h")
    ledger = Ledger.open(filled(tmp_path / "s", bare))
    assert ledger.count() == (1, 0)
    assert ledger.vectors().vectors.shape == (0, EMBEDDER.dimension)
    ledger.close()


def test_a_reader_goes_on_while_a_writer_holds_a_transaction(folder: Path) -> None:
    ledger = Ledger.open(folder)
    with Store.writing(folder) as writer:
        with writer.ledger.database.transaction():
            writer.ledger.delete([ledger.resolve("/a/storm.txt")])
            assert ledger.count() == (4, 5)
        assert ledger.count() == (3, 3)
    ledger.close()


def test_a_reader_may_be_used_from_many_threads(ledger: Ledger) -> None:
    seen: list[tuple[int, int]] = []

    def read() -> None:
        counts = [(len(ledger.hits(ledger.passage_ids())), len(ledger.vectors().passages)) for _ in range(30)]
        seen.extend(counts)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(5, 5)] * 120


def test_a_newer_schema_is_refused_by_readers_and_writers(folder: Path) -> None:
    with Store.writing(folder) as writer:
        writer.ledger.set_meta("schema_version", "99")
    with pytest.raises(AppError, match="newer version"):
        Ledger.open(folder)
    with pytest.raises(AppError, match="newer version"), Store.writing(folder):
        pass


@contextmanager
def somebody_else() -> Iterator[None]:
    """Be a user who may not write: root may write everywhere."""
    root = os.getuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def locked_away(folder: Path) -> Iterator[Path]:
    # not under tmp_path: only its owner may enter that
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        copy = Path(name) / "store"
        shutil.copytree(folder, copy)
        copy.chmod(0o555)
        (copy / FILE).chmod(0o444)
        yield copy
        copy.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="permissions are the system's own elsewhere")
def test_a_store_in_a_folder_that_cannot_be_written_is_readable(locked_away: Path) -> None:
    with somebody_else():
        ledger = Ledger.open(locked_away)
        assert ledger.count() == (4, 5)
        assert [passage for passage, _ in ledger.lexical("storm", 5)] == ledger.passage_ids()[:2]
        ledger.close()
    assert not (locked_away / f"{FILE}-wal").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are the system's own elsewhere")
def test_an_open_log_in_a_folder_that_cannot_be_written_is_named(locked_away: Path) -> None:
    locked_away.chmod(0o755)
    (locked_away / f"{FILE}-wal").write_bytes(b"frames")
    (locked_away / f"{FILE}-wal").chmod(0o444)
    locked_away.chmod(0o555)
    with somebody_else(), pytest.raises(StoreDamaged, match="was not closed properly"):
        Ledger.open(locked_away)


def digest(folder: Path) -> str:
    with Store.open(folder) as store:
        return store.ledger.digest()


def test_archives_of_the_same_articles_have_the_same_digest_in_whatever_order_and_whenever(tmp_path: Path) -> None:
    one, two = record("/a.txt", "Rain fell."), record("/b.txt", "Snow fell.")
    assert digest(filled(tmp_path / "1", one, two)) == digest(filled(filled(tmp_path / "2", two), one))
    assert digest(filled(tmp_path / "1", one)) == digest(tmp_path / "2")  # taken in again


@pytest.mark.parametrize(
    "other",
    [
        [],
        [record("/a.txt", "Rain fell."), record("/b.txt", "Snow fell.")],
        [record("/a.txt", "Rain falls.")],
        [record("/b.txt", "Rain fell.")],
        [record("/a.txt", "Rain fell.", title="Rain")],
        [record("/a.txt", "Rain fell.", published="2017")],
        [record("/a.txt", "Rain fell.", url="https://news.example/a")],
    ],
)
def test_another_text_title_date_address_or_article_changes_the_digest(tmp_path: Path, other: list[Record]) -> None:
    assert digest(filled(tmp_path / "1", record("/a.txt", "Rain fell."))) != digest(filled(tmp_path / "2", *other))


def test_another_embedder_changes_the_digest(folder: Path) -> None:
    before = digest(folder)
    with Store.writing(folder) as writer:
        writer.ledger.set_identity(replace(IDENTITY, embedder="other"))
    assert digest(folder) != before


def test_what_is_counted_follows_the_archive_from_revision_to_revision(tmp_path: Path) -> None:
    with Store.open(filled(tmp_path, record("a", "Storm at sea.", publisher="One"))) as store:
        ledger = store.ledger
        with store.reading():
            assert (ledger.document_frequency(["storm"]), ledger.count()) == ({"storm": 1}, (1, 1))
            filled(tmp_path, record("b", "A storm again.", publisher="Two"))
            assert (ledger.document_frequency(["storm"]), ledger.count()) == ({"storm": 1}, (1, 1))
            assert [one.name for one in ledger.publishers()] == ["One"]
        assert (ledger.document_frequency(["storm"]), ledger.count()) == ({"storm": 2}, (2, 2))
        assert [one.name for one in ledger.publishers()] == ["One", "Two"]
