"""A model of the user's reads or judges, whatever it was trained for; every other is refused by name."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa.reader.external import open_external
from qa.reader.reading import Evidence, Reader
from tests.fakes import FakeReader
from tests.models import tiny_cross_encoder, tiny_extractive
from tests.qa.reader.build import passage
from vectorstore.cross_encoder import load_cross_encoder
from vectorstore.errors import ModelMissing
from vectorstore.packaged import packaged_model

pytestmark = pytest.mark.model
QUESTION = "How far flew the missile?"
RAIN = passage(["Rain fell in the harbour.", "The missile flew far."], title="Rain")
ODD = passage(
    ["😀😀 rain 🌧 fell.", "東京で雨が降った。", "x \ud800 far flew.", "Œuvre a\u0301."], 7, "Ti\udcfftle 😀", "odd"
)
EVIDENCE = [Evidence("Rain", "The missile flew far."), Evidence("", "x"), Evidence("Rain", "rain fell. " * 60)]
NLI = ("contradiction", "entailment", "neutral")


def opened(folder: Path) -> Reader:
    return open_external(folder, folder.parent / "cache", 1, FakeReader)


@pytest.fixture(scope="module")
def extractive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_extractive(tmp_path_factory.mktemp("spans") / "tiny")


@pytest.fixture(scope="module")
def spans(extractive: Path) -> Reader:
    return opened(extractive)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return opened(tiny_cross_encoder(tmp_path_factory.mktemp("pairs") / "tiny"))


@pytest.fixture(params=["spans", "pairs"])
def reader(request: pytest.FixtureRequest) -> Reader:
    found: Reader = request.getfixturevalue(request.param)
    return found


def test_every_sentence_of_prose_has_a_reading_likeliest_first(reader: Reader) -> None:
    headed = passage(["Rain", "Rain fell far.", "A missile flew."], name="b", headings=[0])
    readings = reader.read(QUESTION, [RAIN, headed])
    assert sorted((one.rank, one.text) for one in readings) == [
        (0, "Rain fell in the harbour."),
        (0, "The missile flew far."),
        (1, "A missile flew."),
        (1, "Rain fell far."),
    ]
    assert [one.score for one in readings] == sorted((one.score for one in readings), reverse=True)
    assert len({one.score for one in readings}) == 4


def test_a_reading_has_the_sentence_before_its_own(reader: Reader) -> None:
    led = {one.text: one.before for one in reader.read(QUESTION, [RAIN])}
    assert led == {"Rain fell in the harbour.": None, "The missile flew far.": RAIN.sentences[0]}


def test_answers_are_spans_of_the_canonical_text_within_their_sentence(spans: Reader) -> None:
    for hit in (RAIN, ODD):
        for reading in spans.read(QUESTION, [hit]):
            ((start, end),) = reading.answers
            words = hit.text[start - hit.start : end - hit.start]
            assert reading.sentence.start <= start < end <= reading.sentence.end
            assert words == words.strip()
            assert words in reading.text


def test_a_span_scores_as_the_models_logits_against_those_of_no_answer(extractive: Path, spans: Reader) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(extractive))
    text = f"Rain\n{RAIN.text}"
    given = tokenizer(QUESTION, text, return_tensors="pt", return_offsets_mapping=True)
    second, offsets = given.sequence_ids(0), given.pop("offset_mapping")[0].tolist()
    with torch.inference_mode():
        out = AutoModelForQuestionAnswering.from_pretrained(str(extractive)).eval()(**given)
    opening, closing = out.start_logits[0].tolist(), out.end_logits[0].tolist()
    for reading in spans.read(QUESTION, [RAIN]):
        start = reading.sentence.start - RAIN.start + len("Rain\n")
        end = start + len(reading.text)
        inside = [at for at, (a, b) in enumerate(offsets) if second[at] == 1 and start <= a and b <= end]
        likeliest = max(opening[a] + closing[b] for a in inside for b in inside if a <= b)
        assert reading.score == pytest.approx(likeliest - opening[0] - closing[0], abs=1e-4)


def test_a_passage_longer_than_the_window_is_read_to_its_end(reader: Reader) -> None:
    sentences = [f"Rain fell far {at} and in the harbour a missile flew." for at in range(40)]
    long = passage(sentences, title="Rain " * 90, name="long")
    readings = reader.read(QUESTION, [long, RAIN])
    assert len(readings) == 42
    assert len({one.text for one in readings}) == 42


def test_a_sentence_longer_than_the_window_has_a_reading(reader: Reader) -> None:
    (reading,) = reader.read(QUESTION, [passage(["rain fell far " * 100 + "."])])
    assert reading.text.startswith("rain")


def test_of_a_question_longer_than_the_window_the_end_is_read(reader: Reader) -> None:
    (long,), (end,), (other,) = (
        reader.read(question, [passage(["The missile flew far."])])
        for question in ("far " * 300 + "rain fell?", "far " * 60 + "rain fell?", "far " * 60 + "who fell?")
    )
    assert long.score == pytest.approx(end.score, abs=1e-4)
    assert abs(long.score - other.score) > 1e-3


def test_nothing_to_read_gives_no_reading(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []
    assert reader.read(QUESTION, [passage([])]) == []
    assert reader.read("", [RAIN, passage([])])
    assert reader.supports("Rain fell.", []) == []


def test_emoji_chinese_and_lone_surrogates_are_read(reader: Reader) -> None:
    assert {one.text for one in reader.read("Wer \ud800 😀 東京?", [ODD])} == {
        ODD.text[one.start - ODD.start : one.end - ODD.start] for one in ODD.sentences
    }


def test_a_sentence_that_two_passages_share_is_read_once(reader: Reader) -> None:
    after = passage(["The missile flew far.", "Rain fell."], RAIN.sentences[1].start, "Rain")
    texts = [one.text for one in reader.read(QUESTION, [RAIN, after])]
    assert sorted(texts) == ["Rain fell in the harbour.", "Rain fell.", "The missile flew far."]


def test_scores_do_not_depend_on_what_else_is_read(reader: Reader) -> None:
    alone = {one.text: one.score for one in reader.read(QUESTION, [RAIN])}
    beside = {one.text: one.score for one in reader.read(QUESTION, [ODD, RAIN, passage(["x"], name="c")])}
    assert {text: beside[text] for text in alone} == pytest.approx(alone, abs=1e-4)


def test_the_same_is_read_each_time_and_in_several_threads(reader: Reader) -> None:
    once = reader.read(QUESTION, [RAIN, ODD])
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: reader.read(QUESTION, [RAIN, ODD]), range(8))) == [once] * 8


def test_a_model_that_reads_leaves_statements_to_the_packaged_reader(reader: Reader) -> None:
    assert reader.supports("The missile flew far.", EVIDENCE) == FakeReader().supports(
        "The missile flew far.", EVIDENCE
    )
    assert reader.name.startswith("tiny@")
    assert reader.name.endswith(" + fake-reader")


@pytest.mark.parametrize("labels", [NLI, NLI[::-1], ("ENTAILMENT", "neutral", "x"), ("not_entailment", "entailment")])
def test_a_model_of_inference_judges_by_the_label_that_is_called_entailment(
    tmp_path: Path, labels: tuple[str, ...]
) -> None:
    import torch

    folder = tiny_cross_encoder(tmp_path / "nli", named=labels)
    judged = opened(folder).supports("Rain fell \ud800.", EVIDENCE)
    texts = [f"{one.heading}\n{one.text}".strip() for one in EVIDENCE]
    logits = torch.tensor(load_cross_encoder(folder).logits([(text, "Rain fell ?.") for text in texts]))
    column = [label.casefold() for label in labels].index("entailment")
    assert judged == pytest.approx(logits.softmax(1)[:, column].tolist(), abs=1e-5)
    assert all(0 < one < 1 for one in judged)


def test_a_model_of_inference_leaves_reading_to_the_packaged_reader(tmp_path: Path) -> None:
    reader = opened(tiny_cross_encoder(tmp_path / "nli", named=NLI))
    assert reader.read(QUESTION, [RAIN]) == FakeReader().read(QUESTION, [RAIN])
    assert reader.name.startswith("fake-reader + nli@")


def test_labels_that_do_not_tell_entailment_are_refused_and_listed(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="LABEL_0, LABEL_1, LABEL_2") as caught:
        opened(tiny_cross_encoder(tmp_path / "nli", labels=3))
    assert str(tmp_path / "nli") in caught.value.message
    assert "[reader] model" in caught.value.hint


def test_a_folder_without_a_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"no config\.json") as caught:
        opened(tmp_path)
    assert str(tmp_path) in caught.value.message
    assert "[reader] model" in caught.value.hint


@pytest.mark.parametrize("text", ["{}", "[]", '{"architectures": []}', '{"architectures": ["BertModel"]}'])
def test_an_architecture_that_neither_reads_nor_judges_is_refused_without_loading_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(ModelMissing, match="is no reader: its config") as caught:
        opened(tmp_path)
    assert "[reader] model" in caught.value.hint


def test_an_embedder_is_no_reader(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="BertModel"):
        open_external(packaged_model(), tmp_path, 1, FakeReader)


@pytest.mark.parametrize("made", [tiny_extractive, tiny_cross_encoder])
@pytest.mark.parametrize("spoiled", ["missing", "cut", "misfit", "unknown"])
def test_half_a_download_is_named_with_the_reason(tmp_path: Path, made: type, spoiled: str) -> None:
    folder = made(tmp_path / "tiny")
    weights, config = folder / "model.safetensors", folder / "config.json"
    facts = json.loads(config.read_text())
    match spoiled:
        case "missing":
            weights.unlink()
        case "cut":
            weights.write_bytes(weights.read_bytes()[:100])
        case "misfit":
            config.write_text(json.dumps(facts | {"hidden_size": 32}))
        case "unknown":
            config.write_text(json.dumps(facts | {"model_type": "nobody-knows"}))
    with pytest.raises(ModelMissing, match=r"cannot be loaded: \w") as caught:
        opened(folder)
    assert str(folder) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("made", [tiny_extractive, tiny_cross_encoder])
def test_a_model_without_its_vocabulary_is_refused(tmp_path: Path, made: type) -> None:
    folder = made(tmp_path / "tiny")
    for name in ("vocab.txt", "tokenizer.json"):
        (folder / name).unlink()
    with pytest.raises(ModelMissing, match=r"tokenizer\.json is missing"):
        opened(folder)


def test_a_model_whose_head_has_no_weights_is_refused(tmp_path: Path) -> None:
    folder = tiny_cross_encoder(tmp_path / "tiny")
    config = folder / "config.json"
    config.write_text(config.read_text().replace("ForSequenceClassification", "ForQuestionAnswering"))
    with pytest.raises(ModelMissing, match=r"lacks weights: qa_outputs"):
        opened(folder)
