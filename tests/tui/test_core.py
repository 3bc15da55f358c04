"""The real core behind the ports, over an archive of the seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answer.answerer import Answerer
from qa.ingest.web.following import Followed, Following
from qa.settings import AnswerPart, Config, EmbeddingPart, ReaderPart, SearchPart
from qa.types import Answered, Failure, IngestReport, Progress, Question, Retrieved
from qa.wiring import Wiring, wire
from tests.fakes import FakeEmbedder
from tests.models import tiny_cross_encoder
from tui.core import EXTRACTIVE, NOTICE, Core, demo_folder, services
from tui.ports import Settings
from vectorstore.articles import Filter
from vectorstore.embedding import Embedder
from vectorstore.errors import AnswererMissing, EmbedderMismatch, ModelMissing, StoreMissing, UnknownArticle, UsageError
from vectorstore.reconcile import agrees
from vectorstore.store import Store

PATRIOT = Question("What did the Kremlin say about the Patriot?")


@pytest.fixture
def core(seeds_store: Path) -> Core:
    return Core(wire(Config(), seeds_store))


def test_opening_creates_nothing(tmp_path: Path) -> None:
    core = services(wire(Config(), tmp_path / "archive"), Settings())
    assert core.archive.count() == (0, 0)
    assert core.archive.articles(Filter()) == []
    assert core.archive.publishers() == []
    assert list(tmp_path.iterdir()) == []


def test_asking_without_an_archive_says_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        list(Core(wire(Config(), tmp_path / "archive")).ask(Question("Who?")))


def test_conversations_stand_beside_the_archive(tmp_path: Path) -> None:
    core = services(wire(Config(), tmp_path / "archive"), Settings())
    core.conversations.create()
    assert [path.name for path in tmp_path.glob("*.sqlite3")] == ["archive-conversations.sqlite3"]


def test_the_demo_is_an_archive_of_its_own_and_leads_back(tmp_path: Path) -> None:
    config = Config(embedding=EmbeddingPart(cache=str(tmp_path / "cache")))
    own = services(wire(config, tmp_path / "archive"), Settings())
    assert own.other is not None
    demo = own.other()
    assert (own.demo, demo.demo) == (False, True)
    assert demo.other is not None
    assert demo.other().archive is own.archive
    demo.conversations.create()
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert own.conversations.list() == []
    assert demo_folder(wire(config)) != demo_folder(wire(config.model_copy(update={"embedding": EmbeddingPart()})))


@pytest.mark.model
def test_before_the_models_are_there_words_alone_are_searched_and_the_notice_says_so(core: Core) -> None:
    first, *_, last = core.ask(PATRIOT)
    assert isinstance(first, Retrieved)
    assert first.notice.startswith(NOTICE)
    assert first.passages
    assert isinstance(last, Answered)


@pytest.mark.model
def test_the_least_confidence_holds_before_the_models_are_there_too(seeds_store: Path) -> None:
    for least, answered in ((0.0, True), (1.0, False)):
        *_, last = Core(wire(Config(answer=AnswerPart(min_confidence=least)), seeds_store)).ask(PATRIOT)
        assert isinstance(last, Answered)
        assert last.answer.answered is answered


@pytest.mark.model
@pytest.mark.parametrize(
    ("config", "how"),
    [
        (Config(embedding=EmbeddingPart(model="/nowhere")), "Searched by words alone."),
        (Config(search=SearchPart(reranker="/nowhere")), "Searched without it."),
        (Config(reader=ReaderPart(model="/nowhere")), "Searched without it."),
    ],
)
def test_without_a_model_asking_goes_on_and_the_notice_says_which_is_missing(
    seeds_store: Path, config: Config, how: str
) -> None:
    core = Core(wire(config, seeds_store))
    with pytest.raises(ModelMissing, match="/nowhere") as caught:
        core.warm()
    first, *_, last = core.ask(PATRIOT)
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answered)
    assert first.notice == last.answer.notice == f"{caught.value.message} {how}"


@pytest.mark.model
def test_another_model_than_the_archives_is_refused_for_related_articles_as_for_questions(seeds_store: Path) -> None:
    class Another(Wiring):
        def embedder(self) -> Embedder:
            return FakeEmbedder()

    core = Core(Another(Config(), seeds_store))
    with pytest.raises(EmbedderMismatch):
        core.related(core.articles(Filter())[0].id)
    core.warm()
    with pytest.raises(EmbedderMismatch):
        list(core.ask(PATRIOT))


@pytest.mark.model
def test_with_the_models_the_notice_is_gone(core: Core) -> None:
    core.warm()
    first, *_ = core.ask(PATRIOT)
    assert isinstance(first, Retrieved)
    assert first.notice == ""


@pytest.mark.model
def test_a_reranker_is_loaded_with_the_models_and_once(seeds_store: Path, tmp_path: Path) -> None:
    said: list[str] = []
    config = Config(search=SearchPart(reranker=str(tiny_cross_encoder(tmp_path / "tiny"))))
    core = Core(wire(config, seeds_store, said.append))
    core.warm()
    assert len(said) == 1
    *_, last = core.ask(PATRIOT)
    assert isinstance(last, Answered)
    assert len(said) == 1


@pytest.mark.model
def test_the_embedder_is_loaded_once(seeds_store: Path, embedder: Embedder) -> None:
    loaded: list[Embedder] = []

    class Counting(Wiring):
        def embedder(self) -> Embedder:
            loaded.append(embedder)
            return embedder

    core = Core(Counting(Config(), seeds_store))
    core.warm()
    list(core.ask(PATRIOT))
    assert loaded == [embedder]


@pytest.mark.model
def test_while_the_models_load_the_extractive_answerer_stands_in_and_the_answer_says_so(core: Core) -> None:
    *_, last = core.ask(PATRIOT, "ollama")
    assert isinstance(last, Answered)
    assert last.answer.answerer == "extractive"
    assert last.answer.notice == f"{NOTICE} ollama answers when they are there."


@pytest.mark.model
def test_with_the_models_the_named_answerer_is_asked_and_stays_loaded(seeds_store: Path) -> None:
    made: list[str] = []

    class Counting(Wiring):
        def answerer(self, store: Store, embedder: Embedder, name: str | None = None) -> Answerer:
            made.append(name or "")
            if name != EXTRACTIVE:
                raise AnswererMissing(f"{name} is not there.")
            return super().answerer(store, embedder, name)

    wiring = wire(Config(), seeds_store)
    core = Core(Counting(wiring.config, wiring.folder))
    core.warm()
    with pytest.raises(AnswererMissing, match="ollama"):
        list(core.ask(PATRIOT, "ollama"))
    for _ in range(2):
        *_, last = core.ask(PATRIOT)
        assert isinstance(last, Answered)
        assert last.answer.answerer == EXTRACTIVE
    assert made == ["ollama", EXTRACTIVE]


@pytest.mark.model
def test_articles_are_listed_searched_and_read(core: Core) -> None:
    listed = core.articles(Filter())
    assert core.count()[0] == len(listed) == 5
    (found,) = core.articles(Filter(), "PATRIOT kremlin")
    assert core.article(found.id).title == found.title
    assert core.publishers() == sorted({one.publisher for one in listed if one.publisher})
    with pytest.raises(UnknownArticle):
        core.article("f" * 16)


def test_words_are_found_in_the_full_text_before_the_models_are_there(core: Core, tmp_path: Path) -> None:
    found = core.find("s-400 turk")  # the last word is still being typed
    assert found
    for match in found:
        article = core.article(match.hit.article.id)
        words = {article.text[start:end].casefold() for start, end in match.spans}
        assert words <= {"s-400", "400", "s"} | {word for word in words if word.startswith("turk")}
        assert any(word.startswith("turk") for word in words) or "turk" in article.title.casefold()
    assert core.find("zeppelin s-400") == core.find(" — ") == core.find("") == []
    assert Core(wire(Config(), tmp_path / "none")).find("turkey") == []


@pytest.mark.model
def test_related_articles_never_hold_the_article_itself(core: Core) -> None:
    for one in core.articles(Filter()):
        related = core.related(one.id)
        assert one.id not in {other.id for other in related}
        assert len(related) <= 8


@pytest.mark.model
def test_an_ingest_yields_progress_and_a_report_and_removing_takes_articles_away(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("The lamp was lit on a Friday. It burned all night long, and nobody slept.")
    (folder / "b.txt").write_text("")
    core = Core(wire(Config(), tmp_path / "archive"))
    *progress, report = core.ingest([str(folder)])
    assert progress
    assert all(isinstance(one, Progress) for one in progress)
    assert isinstance(report, IngestReport)
    assert report.added == 1
    assert [type(one) for one in report.failed] == [Failure]
    (only,) = core.articles(Filter())
    put_back = core.remove([only.id])
    assert core.count() == (0, 0)
    put_back()
    assert core.articles(Filter()) == [only]
    with Store.open(tmp_path / "archive") as store:
        assert agrees(store.ledger)


def test_feeds_are_listed_and_removed_beside_the_archive(tmp_path: Path) -> None:
    core = Core(wire(Config(), tmp_path / "archive"))
    assert core.feeds() == []
    core.folder.mkdir()
    Following(core.folder).save(Followed("https://quay.example/feed", "Quay Herald"))
    assert [one.title for one in core.feeds()] == ["Quay Herald"]
    core.unfollow("https://quay.example/feed")
    assert core.feeds() == []
    with pytest.raises(UsageError, match="not followed"):
        core.unfollow("https://quay.example/feed")


def test_the_seeds_that_came_with_the_program_are_a_folder_of_articles() -> None:
    assert len(list(Core(wire(Config())).seeds().glob("*.md"))) == 5
