from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from qa.answer.extractive import Extractive
from qa.answer.generative import Generative
from qa.assistant import Assistant
from qa.settings import AnswerPart, Config
from qa.types import NO_ANSWER, Answer, Answered, Question, Token, Usage, Verdict, Verified
from qa.wiring import Wiring, wire
from tests.fakes import FakeLanguageModel, FakeReader
from vectorstore.errors import ModelBroken, ModelCut
from vectorstore.store import Store

KNOWN = Question("How far away can the S-400 hit a target?")


@pytest.fixture(scope="module")
def store(seeds_store: Path) -> Iterator[Store]:
    with Store.open(seeds_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def wiring(store: Store) -> Wiring:
    return wire(Config(), Path(store.ledger.database.name).parent)


Make = Callable[..., Assistant]


@pytest.fixture(scope="module")
def make(store: Store, wiring: Wiring) -> Make:
    embedder = wiring.embedder()
    retriever = wiring.retriever(store, embedder)

    def made(model: FakeLanguageModel, quote: bool = False) -> Assistant:
        settings = AnswerPart(fallback="extractive" if quote else "abstain")
        written = Generative(model, store, embedder, FakeReader(), settings, lambda: date(2026, 11, 25))
        return Assistant(store, retriever, FakeReader(), Extractive(store), written)

    return made


def first_sentence(prompt_text: str) -> str:
    """The first sentence of the first passage in a prompt."""
    return re.split(r"(?<=[.!?])\s", prompt_text.split("[1] ", 1)[1].split("\n", 1)[1], maxsplit=1)[0]


def echo(prompt: object) -> list[str]:
    return [first_sentence(prompt.user), " [1]"]  # type: ignore[attr-defined]


def test_a_true_sentence_is_shown_with_the_quote_that_says_it(make: Make, store: Store) -> None:
    answer = make(FakeLanguageModel(echo)).answer(KNOWN)
    (citation,) = answer.citations
    assert answer.answered
    assert answer.answerer == "fake: words"
    assert answer.text.endswith(" [1]")
    assert store.ledger.article(citation.article.id).text[citation.start : citation.end] == citation.quote
    assert [s.verdict for s in answer.sentences] == [Verdict.SUPPORTED]
    assert isinstance(answer.usage, Usage)
    assert answer.usage.completion > 0


def test_an_invented_sentence_is_left_out_and_listed(make: Make) -> None:
    answer = make(FakeLanguageModel(lambda p: [*echo(p), " The moon is made of 17 cheeses. [1]"])).answer(KNOWN)
    assert "cheeses" not in answer.text
    assert [s.verdict for s in answer.sentences] == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]
    assert answer.sentences[1].citations == ()


def test_nothing_that_survives_is_an_abstention_with_the_closest_passages(make: Make) -> None:
    answer = make(FakeLanguageModel(lambda _: ["Green cheeses orbit nowhere. [1]"])).answer(KNOWN)
    assert (answer.answered, answer.text, answer.citations) == (False, NO_ANSWER, ())
    assert answer.passages
    assert len(answer.sentences) == 1


def test_nothing_that_survives_is_quoted_where_that_is_set(make: Make) -> None:
    model = FakeLanguageModel(lambda _: ["Green cheeses orbit nowhere. [1]"])
    answer = make(model, quote=True).answer(KNOWN)
    assert answer.answered
    assert answer.answerer == "extractive"
    assert "fake: words" in answer.notice
    assert answer.usage is not None


def test_a_model_that_finds_no_answer_abstains_without_a_sentence(make: Make) -> None:
    answer = make(FakeLanguageModel(lambda _: [NO_ANSWER])).answer(KNOWN)
    assert not answer.answered
    assert answer.sentences == ()


def test_a_question_that_the_archive_does_not_answer_is_not_put_to_the_model(make: Make) -> None:
    model = FakeLanguageModel(echo)
    assert not make(model).answer(Question("Who won the Danish cup in 1987?")).answered
    assert model.asked == []


def test_of_two_questions_the_one_without_an_answer_is_named(make: Make) -> None:
    model = FakeLanguageModel(echo)
    text = "How far away can the S-400 hit a target, and who won the Danish cup in 1987?"
    answer = make(model).answer(Question(text))
    assert answer.answered
    assert len(answer.unanswered) == 1
    assert "Danish cup" in answer.unanswered[0]
    assert len(model.asked) == 1


def test_pieces_are_pending_until_their_sentence_is_verified(make: Make) -> None:
    events = list(make(FakeLanguageModel(lambda p: [*echo(p), " One more thing that is", " false. [1]"])).ask(KNOWN))
    kinds = [type(event) for event in events]
    assert kinds.index(Token) < kinds.index(Verified)
    said = [event.statement for event in events if isinstance(event, Verified)]
    last = events[-1]
    assert isinstance(last, Answered)
    assert last.answer.sentences == tuple(said)


def test_a_stream_that_breaks_is_no_answer(make: Make) -> None:
    with pytest.raises(ModelBroken):
        make(FakeLanguageModel(lambda p: [*echo(p), " More", ModelBroken("It was cut off.")])).answer(KNOWN)


def test_an_answer_that_came_to_its_length_keeps_its_whole_sentences_and_says_so(make: Make) -> None:
    answer = make(FakeLanguageModel(lambda p: [*echo(p), " The S-400 can", ModelCut("At its length.")])).answer(KNOWN)
    assert answer.answered
    assert len(answer.sentences) == 1
    assert "max_tokens" in answer.notice
    assert answer.usage is not None
    assert answer.usage.prompt > 0


def test_what_cut_answers_used_is_counted(make: Make, wiring: Wiring) -> None:
    said = ["Green cheeses orbit nowhere at all.", "Blue cows fly home by night."]
    left = iter(said)
    model = FakeLanguageModel(lambda _: [next(left), " And", ModelCut("At its length.")])
    answer = make(model).answer(Question("How far can the S-400 hit a target, and when did King Salman visit Moscow?"))
    assert [sentence.text for sentence in answer.sentences] == said
    assert answer.usage is not None
    assert answer.usage.completion == sum(wiring.embedder().count_tokens([f"{text} And" for text in said]))


def test_leaving_early_stops_the_model(make: Make) -> None:
    model = FakeLanguageModel(echo)
    events = make(model).ask(KNOWN)
    while not isinstance(next(events), Token):
        pass
    events.close()  # type: ignore[attr-defined]
    assert model.closed == 1


def test_a_model_that_repeats_itself_says_a_thing_once(make: Make) -> None:
    answer = make(FakeLanguageModel(lambda p: [*echo(p), " "] * 5)).answer(KNOWN)
    assert len(answer.sentences) == 1


def test_a_model_that_never_ends_is_stopped(make: Make) -> None:
    model = FakeLanguageModel(
        lambda _: [f"Thing number {n} is quite false, say {n} people. [1]\n" for n in range(1000)]
    )
    assert len(make(model).answer(KNOWN).sentences) == 12
    assert model.closed == 1


def test_a_model_that_repeats_itself_for_ever_is_stopped(make: Make) -> None:
    model = FakeLanguageModel(lambda p: [*echo(p), "\n"] * 1000)
    answer = make(model).answer(KNOWN)
    assert len(answer.sentences) == 1
    assert model.closed == 1


def test_brackets_and_control_characters_of_a_model_are_no_markers_and_no_commands(make: Make) -> None:
    hostile = "\x1b]52;c;eA==\x07 [@click=app.quit] and [7] \x1b[31m said"
    answer: Answer = make(FakeLanguageModel(lambda p: [*echo(p), f" He {hostile} so. [1]"])).answer(KNOWN)
    assert "\x1b" not in "".join(s.text for s in answer.sentences)
    assert "[" not in answer.sentences[1].text


def test_the_same_question_is_the_same_prompt(make: Make) -> None:
    model = FakeLanguageModel(echo)
    assistant = make(model)
    assistant.answer(KNOWN)
    assistant.answer(KNOWN)
    assert model.asked[0] == model.asked[1]
