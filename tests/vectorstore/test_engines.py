"""What every ledger does alike, in a folder and in PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.build import EMBEDDER, IDENTITY, filled, many, record
from vectorstore.articles import BlockKind, Filter, Sentence, article_id
from vectorstore.doctor import examine
from vectorstore.errors import StoreDamaged, UnknownArticle
from vectorstore.fulltext import anyof
from vectorstore.ledger import Ledger
from vectorstore.places import Place, placed
from vectorstore.store import Store, Writer
from vectorstore.writer import Record

STORM = "The storm hit Lisbon. Roofs flew.\n\nTrains stopped. Nobody was hurt."


@pytest.fixture(params=["folder", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | Place:
    """A place where nothing is yet."""
    if request.param == "folder":
        return tmp_path / "store"
    empty: Place = request.getfixturevalue("shared")
    return empty


@pytest.fixture
def stored(place: Path | Place) -> Path | Place:
    return filled(
        place,
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
def ledger(stored: Path | Place) -> Iterator[Ledger]:
    with closing(reading(stored)) as ledger:
        yield ledger


@pytest.fixture
def writer(place: Path | Place) -> Iterator[Writer]:
    with Store.writing(place, IDENTITY) as opened:
        yield opened


def reading(place: Path | Place) -> Ledger:
    return placed(place).ledger()


FOUND = [
    ("他每天喝茶。", "茶", True),
    ("茶园在山上。", "茶", True),
    ("咖啡馆在山上。", "茶", False),
    ("항구는 부두를 닫았다.", "부두", True),
    ("항구는 부두를 닫았다.", "배", False),
    ("그는 배가 고팠다.", "배", True),
    ("เรือจอดอยู่ที่ท่าเรือ", "ท่าเรือ", True),
    ("เรือจอดอยู่ที่นี่", "ท่าเรือ", False),
    ("ทีม", "ทาม", False),
    ("港は夜、船で埋まった。", "夜", True),
    ("ລາວຢູ່ທີ່ນີ້", "ທີ່", True),
]


def digest(place: Path | Place) -> str:
    with closing(reading(place)) as ledger:
        return ledger.digest()


def words(writer: Writer, word: str) -> int:
    """How many articles have a word, in indexes that are sound."""
    assert sound(writer)
    return len(writer.ledger.ranked_articles([word], 9))


def titles(ledger: Ledger, chosen: Filter) -> list[str]:
    return [listing.article.title for listing in ledger.articles(chosen)]


def sound(writer: Writer) -> bool:
    return all(check.ok for check in examine(writer.place))


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


def test_text_with_nul_bidi_and_half_surrogates_comes_back_whole(place: Path | Place) -> None:
    text = "One\x00two \u202ethree. Caf\u0065\u0301 \U0001f600 stays."
    store = filled(place, record("/odd\udcff.txt", text, title="half \ud800"))
    ledger = reading(store)
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


def test_a_relative_path_is_meant_from_the_working_folder(
    place: Path | Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled(place, record(str(tmp_path / "here.txt")))
    monkeypatch.chdir(tmp_path)
    with Store.open(store) as opened:
        assert opened.ledger.resolve("here.txt") == opened.ledger.resolve(str(tmp_path / "here.txt"))


def test_three_digits_are_too_few_for_a_prefix(ledger: Ledger) -> None:
    with pytest.raises(UnknownArticle) as caught:
        ledger.resolve(ledger.resolve("/a/storm.txt")[:3])
    assert "4 characters" in caught.value.hint


def test_an_ambiguous_prefix_lists_those_it_could_mean(place: Path | Place) -> None:
    by_prefix: dict[str, list[str]] = {}
    for number in range(2000):  # two of them share four digits
        made = record(f"/p/{number}")
        twins = by_prefix.setdefault(made.entry.article.id[:4], [])
        twins.append(made.entry.article.source)
        if len(twins) == 2:
            break
    prefix, sources = next((key, value) for key, value in by_prefix.items() if len(value) == 2)
    ledger = reading(filled(place, *map(record, sources)))
    with pytest.raises(UnknownArticle) as caught:
        ledger.resolve(prefix)
    assert all(source in caught.value.hint for source in sources)
    ledger.close()


def test_an_unknown_name_suggests_a_near_one(ledger: Ledger) -> None:
    with pytest.raises(UnknownArticle) as caught:
        ledger.resolve("strom.txt")
    assert "/a/storm.txt" in caught.value.hint


def test_a_few_letters_are_near_to_nothing(place: Path | Place) -> None:
    ledger = reading(filled(place, record("https://n.example/b")))
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


def test_words_are_found_by_their_stem_and_without_accents(place: Path | Place) -> None:
    ledger = reading(filled(place, record("/1", "Élections were disputed."), record("/2", "Nothing.")))
    assert [passage for passage, _ in ledger.lexical(anyof(["election"]), 5)] == ledger.passage_ids()[:1]
    assert ledger.lexical(anyof(["dispute"]), 5)[0][1] > 0
    ledger.close()


def test_the_lexical_filter_cuts_before_the_limit(ledger: Ledger) -> None:
    everything = ledger.lexical(anyof(["the", "a", "an", "old"]), 10)
    only = ledger.lexical(anyof(["the", "a", "an", "old"]), 1, Filter(publishers=("écho du nord",)))
    assert len(everything) == 4
    assert [ledger.hits([passage])[0].article.title for passage, _ in only] == ["Old"]


def test_column_weights_move_a_title_ahead_of_a_body(place: Path | Place) -> None:
    store = filled(
        place,
        record("/body", "A whale and more.", title="Sea news"),
        record("/title", "Much.", title="A whale"),
    )
    ledger = reading(store)
    by_title = ledger.hits([ledger.lexical(anyof(["whale"]), 1, weights=(9, 1, 1))[0][0]])
    by_body = ledger.hits([ledger.lexical(anyof(["whale"]), 1, weights=(0.1, 1, 9))[0][0]])
    assert (by_title[0].article.source, by_body[0].article.source) == ("/title", "/body")
    ledger.close()


def test_equal_lexical_scores_stand_in_the_order_of_ids(place: Path | Place) -> None:
    ledger = reading(filled(place, *(record(f"/{n}", "Same words here.") for n in range(6))))
    assert [passage for passage, _ in ledger.lexical(anyof(["words"]), 4)] == ledger.passage_ids()[:4]
    ledger.close()


def test_of_articles_the_one_with_the_word_in_its_title_comes_first_and_filters_cut(place: Path | Place) -> None:
    first, second = record("/a", "Snow fell.", title="Rain"), record("/b", "Rain fell.", title="Snow", published="2020")
    with Store.open(filled(place, first, second)) as store:
        ledger = store.ledger
        assert [key for key, _ in ledger.ranked_articles(["snow"], 9, weights=(5.0, 1.0))] == [2, 1]
        assert [key for key, _ in ledger.ranked_articles(["snow"], 9, Filter(since="2019"))] == [2]
        assert len(ledger.ranked_articles(["snow"], 1)) == 1
        assert ledger.articles_of([1, 2, 77]) == {1: 1, 2: 2}


def test_document_frequency_counts_passages_after_stemming(ledger: Ledger) -> None:
    counted = ledger.document_frequency(["storms", "trains", "S-400", 'quo"te', "?!", "passed"])
    assert counted == {"storms": 2, "trains": 1, "S-400": 0, 'quo"te': 0, "?!": 0, "passed": 1}


def test_texts_come_by_the_ids_of_their_articles(place: Path | Place) -> None:
    folder = filled(place, record("/a", "One."), record("/b", "Two."))
    with Store.open(folder) as store:
        assert store.ledger.texts([article_id("/b"), "gone"]) == {article_id("/b"): "Two."}


def test_publishers_are_listed_with_their_hosts_by_their_articles(place: Path | Place) -> None:
    folder = filled(
        place,
        record("/a", publisher="The Example", url="https://www.example.org/a"),
        record("/b", publisher="the  example", url="https://example.org/b"),
        record("/c", publisher="Another"),
        record("/d"),
    )
    with Store.open(folder) as store:
        found = store.ledger.publishers()
    assert [(one.host, one.articles) for one in found] == [("example.org", 2), (None, 1)]
    assert found[1].name == "Another"


def test_a_phrase_is_found_where_its_words_stand_in_a_row(place: Path | Place) -> None:
    texts = {
        "/a": "A wild camp was set up.",
        "/b": "A camp in the wild.",
        "/c": "None.",
        "/d": "They camped “wild” here.",
    }
    folder = filled(place, *(record(source, text) for source, text in texts.items()))
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


def test_copies_are_listed_within_the_filter(place: Path | Place) -> None:
    store = filled(
        place,
        record("/one", "A wire text.\n\nMore.", publisher="A"),
        record("/two", "a  WIRE text.", publisher="B"),
        record("/three", "A wire text.", publisher="C"),
        record("/four", "Another text.", publisher="C"),
    )
    ledger = reading(store)
    ids = ledger.passage_ids()
    (hit,) = ledger.hits([ids[3]])
    assert [copy.source for copy in hit.also] == ["/one", "/two"]
    (hit,) = ledger.hits([ids[3]], Filter(publishers=("b",)))
    assert [copy.source for copy in hit.also] == ["/two"]
    ledger.close()


def test_a_passage_that_is_not_its_span_is_never_shown(stored: Path | Place) -> None:
    with Store.writing(stored) as writer:
        writer.ledger.database.rows("UPDATE articles SET text = replace(text, 'Lisbon', 'Madrid')")
        with pytest.raises(StoreDamaged):
            writer.ledger.hits(writer.ledger.passage_ids())


def test_vectors_stand_beside_the_ids_of_their_passages(place: Path | Place) -> None:
    records = many(5)
    ledger = reading(filled(place, *records))
    matrix = ledger.vectors()
    assert matrix.vectors.dtype == np.float32
    for passage, vector in zip(matrix.passages.tolist(), matrix.vectors, strict=True):
        assert np.array_equal(vector, EMBEDDER.embed_query(ledger.hits([passage])[0].text))
    ledger.close()


def test_the_vectors_of_some_articles_are_a_part_of_all(place: Path | Place) -> None:
    ledger = reading(filled(place, *many(5)))
    matrix, (passages, articles) = ledger.vectors(), ledger.passage_keys()
    assert (passages.tolist(), articles.tolist()) == (matrix.passages.tolist(), matrix.articles.tolist())
    part = ledger.vectors_in(articles[[0, -1]].tolist())
    assert part.passages.tolist() == [*passages[:3], *passages[-3:]]
    assert np.array_equal(part.vectors, np.concatenate([matrix.vectors[:3], matrix.vectors[-3:]]))
    ledger.close()


def test_vectors_that_are_not_complete_are_damage(stored: Path | Place) -> None:
    with Store.writing(stored) as writer:
        (data,) = (row[0] for row in writer.ledger.database.rows("SELECT data FROM vectors ORDER BY article LIMIT 1"))
    for wrong in (data[4:], data + data, b""):
        with Store.writing(stored) as writer:
            writer.ledger.database.rows("UPDATE vectors SET data = ?", (wrong,))
            with pytest.raises(StoreDamaged):
                writer.ledger.vectors()


def test_an_article_without_passages_is_kept(place: Path | Place) -> None:
    made = record("/empty", "x")
    bare = type(made)(type(made.entry)(made.entry.article, b"x", (), ()), made.vectors[:0], "h")
    ledger = reading(filled(place, bare))
    assert ledger.count() == (1, 0)
    assert ledger.vectors().vectors.shape == (0, EMBEDDER.dimension)
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


def test_another_embedder_changes_the_digest(stored: Path | Place) -> None:
    before = digest(stored)
    with Store.writing(stored) as writer:
        writer.ledger.set_identity(replace(IDENTITY, embedder="other"))
    assert digest(stored) != before


def test_what_is_counted_follows_the_archive_from_revision_to_revision(place: Path | Place) -> None:
    with Store.open(filled(place, record("a", "Storm at sea.", publisher="One"))) as store:
        ledger = store.ledger
        with store.reading():
            assert (ledger.document_frequency(["storm"]), ledger.count()) == ({"storm": 1}, (1, 1))
            filled(place, record("b", "A storm again.", publisher="Two"))
            assert (ledger.document_frequency(["storm"]), ledger.count()) == ({"storm": 1}, (1, 1))
            assert [one.name for one in ledger.publishers()] == ["One"]
        assert (ledger.document_frequency(["storm"]), ledger.count()) == ({"storm": 2}, (2, 2))
        assert [one.name for one in ledger.publishers()] == ["One", "Two"]


def test_a_changed_article_keeps_its_id_and_loses_its_old_words(writer: Writer) -> None:
    writer.add([record("/a", "The heron flew.\n\nThe owl slept."), record("/b", "A heron again.")])
    before = writer.ledger.resolve("/a")
    writer.add([record("/a", "The falcon flew.")])
    assert writer.ledger.resolve("/a") == before
    assert writer.ledger.count() == (2, 2)
    assert len(writer.ledger.lexical(anyof(["heron"]), 9)) == 1
    assert writer.ledger.lexical(anyof(["owl"]), 9) == []
    assert len(writer.ledger.lexical(anyof(["falcon"]), 9)) == 1
    assert sound(writer)


def test_an_article_is_found_by_its_words_of_now(writer: Writer) -> None:
    writer.add([record("/a", "The heron flew.\n\nThe owl slept.", title="Birds"), record("/b", "A heron again.")])
    assert [words(writer, word) for word in ("herons", "owl", "bird")] == [2, 1, 1]
    writer.add([record("/a", "The falcon flew.", title="Hunters")])
    assert [words(writer, word) for word in ("heron", "owl", "bird", "falcon", "hunter")] == [1, 0, 0, 1, 1]
    writer.update_metadata(replace(record("/b", "A heron again.").entry.article, author="Ann"), b"", "h")
    writer.remove([article_id("/a")])
    assert [words(writer, word) for word in ("heron", "falcon")] == [1, 0]


def test_words_that_no_encoding_has_are_taken_out_again(writer: Writer) -> None:
    writer.add([record("/a", "A \udce9 heron\x00 flew.", title="\udce9")])
    writer.add([record("/a", "A crane.")])
    assert [words(writer, word) for word in ("heron", "flew", "crane")] == [0, 0, 1]


def test_ids_of_passages_are_never_used_again(writer: Writer) -> None:
    writer.add([record("/a", "One.\n\nTwo."), record("/b", "Three.")])
    used = set(writer.ledger.passage_ids())
    writer.remove([article_id("/b"), article_id("/a")])
    writer.add([record("/c", "Four."), record("/a", "One.")])
    assert not used & set(writer.ledger.passage_ids())


def test_each_group_moves_the_revision_and_nothing_else_does(writer: Writer) -> None:
    start = writer.ledger.revision
    writer.add([record("/a"), record("/b")])
    writer.remove(["0" * 16])
    writer.ledger.set_meta("index_dirty", "0")
    assert writer.ledger.revision == start + 1


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_vector_that_is_not_finite_keeps_the_whole_group_out(writer: Writer, wrong: float) -> None:
    bad = record("/bad", "One.\n\nTwo.")
    bad.vectors[1, 3] = wrong
    with pytest.raises(ValueError, match="/bad is not finite"):
        writer.add([record("/good"), bad])
    assert writer.ledger.count() == (0, 0)


def test_vectors_of_another_shape_or_length_are_refused(writer: Writer) -> None:
    made = record("/a", "One.\n\nTwo.")
    with pytest.raises(ValueError, match="shape"):
        writer.add([replace(made, vectors=made.vectors[:1])])
    with pytest.raises(ValueError, match="shape"):
        writer.add([replace(made, vectors=made.vectors[:, :8])])
    with pytest.raises(ValueError, match="unit length"):
        writer.add([replace(made, vectors=made.vectors * 2)])


def test_a_published_that_is_no_date_is_refused(writer: Writer) -> None:
    with pytest.raises(ValueError, match="day is out of range"):
        writer.add([record("/a", published="2023-02-30")])


def test_metadata_changes_without_new_vectors(writer: Writer) -> None:
    made = record("/a", "A stork.", title="T", section="old")
    writer.add([made])
    passages = writer.ledger.passage_ids()
    newer = replace(made.entry.article, section="new", url="https://x.example/y", author="Ann")
    writer.update_metadata(newer, b"new bytes", "h2")
    assert writer.ledger.article(newer.id) == newer
    assert writer.ledger.original(newer.id) == b"new bytes"
    assert writer.ledger.known()["/a"].original_hash == "h2"
    assert writer.ledger.passage_ids() == passages
    assert sound(writer)


@pytest.mark.parametrize("change", [{"text": "A crane."}, {"title": "U"}, {"publisher": "P"}, {"published": "2001"}])
def test_what_passages_are_made_of_cannot_change_without_new_vectors(writer: Writer, change: dict[str, str]) -> None:
    made = record("/a", "A stork.", title="T")
    writer.add([made])
    with pytest.raises(ValueError, match="needs new vectors"):
        writer.update_metadata(replace(made.entry.article, **change), b"", "h2")  # type: ignore[arg-type]


def test_metadata_of_an_unknown_article_cannot_be_updated(writer: Writer) -> None:
    with pytest.raises(UnknownArticle):
        writer.update_metadata(record("/a").entry.article, b"", "h")


def test_what_an_ingest_must_know_is_there_by_source(writer: Writer) -> None:
    writer.add([record("/a", original_hash="first")])
    known = writer.ledger.known()["/a"]
    assert (known.id, known.original_hash, known.cleaning) == (article_id("/a"), "first", IDENTITY.cleaning)
    assert [*writer.ledger.hashes()] == [("/a", "first", IDENTITY.cleaning)]
    assert [*writer.ledger.sources()] == [("/a", article_id("/a"))]


def test_the_same_article_twice_in_a_group_is_there_once(writer: Writer) -> None:
    writer.add([record("/a", "A stork."), record("/a", "A crane.")])
    assert writer.ledger.count() == (1, 1)
    assert writer.ledger.lexical(anyof(["stork"]), 9) == []


def test_a_generator_that_fails_keeps_its_group_out(writer: Writer) -> None:
    def failing() -> Iterator[Record]:
        yield record("/a")
        raise RuntimeError("embedder")

    with pytest.raises(RuntimeError):
        writer.add(failing())
    assert writer.ledger.count() == (0, 0)
    writer.add([record("/b")])
    assert writer.ledger.count() == (1, 1)


def test_chinese_is_found_by_the_words_within_it(place: Path | Place) -> None:
    folder = filled(place, record("/tea.txt", "茶园下方就是全镇的饮用水源。"), record("/ship.txt", "船舱里有瓷碗。"))
    ledger = reading(folder)
    try:
        assert ledger.document_frequency(["水源", "瓷碗", "水碗"]) == {"水源": 1, "瓷碗": 1, "水碗": 0}
        (found,) = ledger.lexical(anyof(["饮用", "用水"]), 5)
        assert len(ledger.containing("饮用水源")) == 1
        assert not ledger.containing("水源饮用")
        assert found[1] > 0
    finally:
        ledger.close()


@pytest.mark.parametrize(("text", "words", "found"), FOUND)
def test_words_of_any_length_are_found_in_passages_and_articles(
    place: Path | Place, text: str, words: str, found: bool
) -> None:
    ledger = reading(filled(place, record("/a", text, title="x")))
    try:
        assert len(ledger.lexical(anyof([words]), 5)) == len(ledger.ranked_articles([words], 5)) == found
        assert ledger.document_frequency([words]) == {words: found}
        assert len(ledger.containing(words)) == found
    finally:
        ledger.close()


def test_a_changed_article_loses_its_old_words(place: Path | Place) -> None:
    folder = filled(place, record("/a", "船舱里有瓷碗。"))
    filled(folder, record("/a", "山上种茶。"))
    ledger = reading(folder)
    try:
        assert [len(ledger.ranked_articles([words], 5)) for words in ("瓷碗", "种茶")] == [0, 1]
    finally:
        ledger.close()
