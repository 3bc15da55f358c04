from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qa.config import answered_by
from qa.llm.prompts import Prompt
from qa.reader.reading import Reader
from qa.retrieve.understand import Query
from qa.settings import Config, EmbeddingPart, ReaderPart, SearchPart, StorePart
from qa.types import Question, Turn
from qa.wiring import Wiring, wire
from tests.fakes import FakeEmbedder, FakeLanguageModel, FakeReader
from tests.models import tiny_cross_encoder, tiny_extractive
from tests.vectorstore.build import filled, record
from vectorstore.cross_encoder import open_cross_encoder
from vectorstore.embedding import OnnxEmbedder
from vectorstore.errors import AnswererMissing, EmbedderMismatch, ModelMissing, StoreMissing


def test_the_typed_folder_wins_over_the_configured_one(tmp_path: Path) -> None:
    config = Config(store=StorePart(path=str(tmp_path / "configured")))
    assert wire(config).folder == tmp_path / "configured"
    assert wire(config, tmp_path / "typed").folder == tmp_path / "typed"


def test_wiring_alone_opens_and_creates_nothing(tmp_path: Path) -> None:
    wire(Config(), tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_archive_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        wire(Config(), tmp_path / "none").store()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.model
def test_the_packaged_model_is_the_default_and_runs_on_onnx(embedder: object, tmp_path: Path) -> None:
    assert isinstance(embedder, OnnxEmbedder)
    assert wire(Config(), tmp_path).embedder().name == embedder.name


def test_a_model_that_is_not_there_is_named_with_the_setting(tmp_path: Path) -> None:
    config = Config(embedding=EmbeddingPart(model=str(tmp_path / "no-model")))
    with pytest.raises(ModelMissing) as caught:
        wire(config, tmp_path).embedder()
    assert str(tmp_path / "no-model") in caught.value.message
    assert "[embedding] model" in caught.value.hint


def test_an_archive_of_another_embedder_gets_no_assistant(
    tmp_path: Path,
    embedder: object,  # noqa: ARG001 - exported by now
) -> None:
    wiring = wire(Config(), filled(tmp_path / "store", record("/a.txt")))
    with wiring.store() as store, pytest.raises(EmbedderMismatch, match="fake-words"):
        wiring.assistant(store)


@pytest.mark.parametrize("most", [1, 2])
def test_the_configured_number_of_passages_of_one_article_is_kept(tmp_path: Path, most: int) -> None:
    text = "\n\n".join(f"Rain fell in place {n}." for n in range(9))
    folder = filled(tmp_path / "store", record("/a.txt", text), record("/b.txt", text.replace("place", "town")))
    wiring = wire(Config(search=SearchPart(per_article=most)), folder)
    with wiring.store() as store:
        hits = wiring.retriever(store, FakeEmbedder()).search(Query("rain fell"), 20)
    assert sorted(hit.article.source for hit in hits) == sorted(["/a.txt", "/b.txt"] * most)


def test_without_a_reranker_none_is_loaded(tmp_path: Path) -> None:
    assert wire(Config(), tmp_path).cross_encoder() is None


def test_a_reranker_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", record("/a.txt"))
    for name, told in (("no-such-model", "cross-encoder/no-such-model"), (str(tmp_path), "config.json")):
        wiring = wire(Config(search=SearchPart(reranker=name)), folder)
        with wiring.store() as store, pytest.raises(ModelMissing) as caught:
            wiring.retriever(store, FakeEmbedder())
        assert told in caught.value.message
        assert "[search] reranker" in caught.value.hint


@pytest.mark.model
def test_a_configured_cross_encoder_gives_the_scores_and_is_loaded_once(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", record("/a.txt"), record("/b.txt", "Rain fell far off.", title="Harbour"))
    said: list[str] = []
    model = tiny_cross_encoder(tmp_path / "tiny")
    wiring = wire(Config(search=SearchPart(reranker=str(model))), folder, said.append)
    with wiring.store() as store:
        hits = wiring.retriever(store, FakeEmbedder()).search(Query("rain fell?"), 5)
        again = wiring.retriever(store, FakeEmbedder()).search(Query("rain fell?"), 5)
    texts = ["Rain fell. It was cold.", "Harbour\nRain fell far off."]
    rain, harbour = open_cross_encoder(model).scores("rain fell?", texts)
    scores = {hit.article.source: hit.score for hit in hits}
    assert scores == pytest.approx({"/a.txt": rain, "/b.txt": harbour}, abs=1e-5)
    assert again == hits
    assert said == ["Loading the cross-encoder (5–10 seconds) …"]


def test_a_reader_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    for name, told in (("no-such-model", "deepset/no-such-model"), (str(tmp_path), "config.json")):
        with pytest.raises(ModelMissing) as caught:
            wire(Config(reader=ReaderPart(model=name)), tmp_path).reader()
        assert told in caught.value.message
        assert "[reader] model" in caught.value.hint


@pytest.mark.model
def test_a_configured_reader_is_loaded_once_and_leaves_the_packaged_one_what_it_cannot_do(tmp_path: Path) -> None:
    class Packaged(Wiring):
        def packaged(self) -> Reader:
            return FakeReader()

    said: list[str] = []
    config = Config(reader=ReaderPart(model=str(tiny_extractive(tmp_path / "tiny"))))
    wiring = Packaged(config, tmp_path, said.append)
    reader = wiring.reader()
    assert wiring.reader() is reader
    assert replace(wiring, cached=True).reader() is reader
    assert reader.name.startswith("tiny@")
    assert reader.name.endswith(" + fake-reader")
    assert said == ["Loading the reader (5–10 seconds) …"]
    assert Packaged(Config(), tmp_path).reader() == FakeReader()


def test_a_configured_model_is_made_without_being_asked(tmp_path: Path) -> None:
    config = Config.model_validate({"answer": {"ollama": {"host": "http://127.0.0.1:1", "model": "small:1b"}}})
    assert wire(config, tmp_path).language_model("ollama").name == "ollama: small:1b"


def test_a_model_that_is_not_configured_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(AnswererMissing) as caught:
        wire(Config(), tmp_path).language_model("ollama")
    assert "[answer.ollama] model" in caught.value.hint


def test_an_answerer_that_cannot_be_asked_is_missing_when_the_assistant_is_made(
    seeds_store: Path,
    embedder: object,  # noqa: ARG001 - exported by now
) -> None:
    wiring = wire(answered_by(Config(), "llama_cpp"), seeds_store)
    with wiring.store() as store, pytest.raises(AnswererMissing):
        wiring.assistant(store)


@pytest.mark.parametrize(
    "history", [(), (Turn("Which missile is it?", ("The S-400.",)),), (Turn("Who?"), Turn("Where?"))]
)
def test_the_model_that_answers_also_rewrites_and_all_that_it_took_is_told(
    seeds_store: Path, history: tuple[Turn, ...]
) -> None:
    made: list[FakeLanguageModel] = []

    class Counting(Wiring):
        def language_model(self, name: str) -> FakeLanguageModel:  # noqa: ARG002
            made.append(FakeLanguageModel(lambda _: "How far away can the S-400 hit a target?"))
            return made[-1]

    config = Config.model_validate({"answer": {"answerer": "ollama", "rewrite": True}})
    wiring = Counting(config, seeds_store)
    with wiring.store() as store:
        answer = wiring.assistant(store).answer(Question("How far away can the S-400 hit a target?", history))
    (model,) = made
    assert len(model.asked) == 1 + len(history)
    words = FakeEmbedder().count_tokens([f"{prompt.system} {prompt.user}" for prompt in model.asked])
    assert answer.usage is not None
    assert answer.usage.prompt == sum(words)


def test_only_a_batch_remembers_what_models_say(tmp_path: Path) -> None:
    config = Config.model_validate({"embedding": {"cache": str(tmp_path)}})
    model, prompt = FakeLanguageModel(), Prompt("", "Who?")
    wiring = wire(config, tmp_path)
    assert wiring.remembering(model) is model
    for _ in range(2):
        list(replace(wiring, cached=True).remembering(model).stream(prompt))
    assert len(model.asked) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["answers"]


def test_what_one_server_said_is_not_taken_for_what_another_says(tmp_path: Path) -> None:
    model = FakeLanguageModel()
    for address in ("http://localhost:1/v1", "http://localhost:2/v1", "http://localhost:1/v1"):
        part = {"answerer": "openai", "openai": {"base_url": address}}
        config = Config.model_validate({"embedding": {"cache": str(tmp_path)}, "answer": part})
        list(replace(wire(config, tmp_path), cached=True).remembering(model).stream(Prompt("", "Who?")))
    assert len(model.asked) == 2
