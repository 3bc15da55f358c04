"""What a question wants, and whether a text has one."""

from __future__ import annotations

import pytest

from qa.kinds import Want, offers, shaped, wants
from qa.words import keys

SHAPES = {
    Want.PERSON: [
        "Who is China's defence minister?",
        "Whose idea was the pipeline?",
        "Which minister resigned in May?",
        "What actor plays the detective?",
        "By whom was the painting stolen?",
        "I read about a fire. Who started it?",
    ],
    Want.PLACE: [
        "Where did the storm hit?",
        "In which city was the treaty signed?",
        "What country hosts the summit?",
        "Which national park burned?",
    ],
    Want.DATE: [
        "When did the talks begin?",
        "What day was the verdict given?",
        "On which date does the law take effect?",
        "Since when has the mine been closed?",
        "How long ago did the dam burst?",
    ],
    Want.YEAR: ["In what year was the bridge built?", "Which year saw the first election?"],
    Want.AMOUNT: [
        "How much did the museum pay for the vase?",
        "How much would it cost?",
        "How much money was stolen?",
        "How much?",
        "What is the price of a ticket?",
        "What did the stadium cost?",
        "How expensive is the drug?",
        "What was the budget of the film?",
    ],
    Want.COUNT: [
        "How many people were hurt?",
        "What percentage of voters stayed home?",
        "What is the number of islands?",
        "How many years did the war last?",
    ],
    Want.MEASURE: [
        "How far can the missile fly?",
        "How tall is the tower?",
        "What was the temperature in Oslo?",
        "How long did the strike last?",
        "What is the population of Oslo?",
        "How much rain fell?",
        "How much of the forest burned?",
        "How much did the bear weigh?",
    ],
    Want.REASON: [
        "Why did the mayor resign?",
        "What caused the fire?",
        "What was the main reason for the delay?",
        "The court ruled on Friday. Why?",
    ],
    Want.STATEMENT: [
        "What did the minister say about taxes?",
        "How did Iran respond to the sanctions?",
        "What has the company announced?",
        "How does the minister see the talks?",
    ],
    Want.YESNO: ["Did Turkey pay a deposit?", "Is the museum open on Sundays?", "Were there any deaths?"],
    Want.LIST: [
        "List the countries that voted no.",
        "Name three sponsors of the race.",
        "What are the symptoms of the disease?",
        "Which two towns were flooded?",
    ],
    Want.THING: [
        "What is photosynthesis?",
        "Which law was used?",
        "What happened when the dam burst?",
        "What did the minister sign?",
        "What did the city council decide?",
    ],
    Want.OTHER: ["Tell me about the treaty.", "How does the vaccine work?", "谁是国防部长？", "Wer gewann?", ""],
}


@pytest.mark.parametrize(("want", "question"), [(want, q) for want, qs in SHAPES.items() for q in qs])
def test_a_question_wants_what_its_words_ask_for(want: Want, question: str) -> None:
    assert wants(question) is want


def test_case_does_not_change_what_is_wanted() -> None:
    assert wants("WHO WON?") is wants("who won?") is Want.PERSON


TAKEN = {
    Want.PERSON: ["Li Shangfu met him.", "President Putin spoke."],
    Want.PLACE: ["They met in Oslo.", "They met in Turkey.", "The Turkish court met."],
    Want.YEAR: ["It closed in 1998.", "It closed in 2019, then reopened."],
    Want.DATE: [
        "In April it closed.",
        "It closed in mid-April.",
        "It closed on 5 May.",
        "The Sept. 11 attacks.",
        "Last week it closed.",
        "Yesterday it closed.",
        "It closed on Tuesday.",
        "Two years ago it closed.",
        "in the 19th century",
    ],
    Want.AMOUNT: [
        "It cost $5.",
        "It cost £3.5m.",
        "It cost 2.5bn euros.",
        "It cost 12.2 billion Swiss francs.",
        "It cost 680 million zlotys.",
        "It cost CHF 5m.",
        "It cost 90,000 kroner.",
        "It cost 3 trillion won.",
        "It cost 1.7 billion.",
        "It cost 1.7 billion in all.",
        "A million dollars went.",
        "tens of billions of dollars",
        "hundreds of dollars",
        "a 500-million-dollar deal",
        "Entry is free.",
        "It rose by 5 percent.",
    ],
    Want.COUNT: ["Twelve came.", "There were 1,200.", "2,017 came.", "45% stayed.", "None came."],
    Want.MEASURE: ["It is 30 metres tall.", "It flies 402 kilometres.", "It took three weeks."],
    Want.REASON: ["It closed because of rain.", "It closed due to rain.", "He left to avoid arrest."],
    Want.STATEMENT: ["“We will not sign it,” he said.", "According to the mayor, it rained.", "She told them."],
}
REFUSED = {
    Want.PERSON: ["The minister spoke.", "China met Russia."],
    Want.PLACE: ["They met indoors."],
    Want.YEAR: ["It closed on 6 October.", "It closed in the 1990s.", "It cost 12345.", "It flew 402 km."],
    Want.DATE: ["He may go.", "March on the street.", "The S-400 flew.", "Nobody came."],
    Want.AMOUNT: ["50 people came.", "It closed in 2017.", "It cost much.", "5 million people came.", "The two won."],
    Want.COUNT: ["It was signed in 2017.", "In 2017, it was signed.", "The S-400 flew.", "People came."],
    Want.MEASURE: ["It is tall.", "It was built in 1889."],
    Want.REASON: ["It closed."],
    Want.STATEMENT: ["It closed."],
}


@pytest.mark.parametrize(("want", "text"), [(want, text) for want, texts in TAKEN.items() for text in texts])
def test_a_text_offers_a_thing_of_the_kind(want: Want, text: str) -> None:
    assert offers(want, text, frozenset())


@pytest.mark.parametrize(("want", "text"), [(want, text) for want, texts in REFUSED.items() for text in texts])
def test_a_text_without_a_thing_of_the_kind_offers_none(want: Want, text: str) -> None:
    assert not offers(want, text, frozenset())


@pytest.mark.parametrize(
    ("want", "question", "text"),
    [
        (Want.PERSON, "Who met Li Shangfu?", "Li Shangfu met someone."),
        (Want.PLACE, "Where in Turkey is it?", "It is in the Turkish south."),
        (Want.YEAR, "What year after 1998?", "It was 1998."),
        (Want.COUNT, "How many of the 300 came?", "The 300 were asked."),
    ],
)
def test_what_the_question_itself_says_is_no_answer(want: Want, question: str, text: str) -> None:
    assert offers(want, text, frozenset())
    assert not offers(want, text, keys(question))


@pytest.mark.parametrize("want", [Want.YESNO, Want.THING, Want.OTHER, Want.LIST])
def test_kinds_without_a_shape_take_any_text(want: Want) -> None:
    assert not shaped(want)
    assert offers(want, "", frozenset())


def test_every_other_kind_has_a_shape() -> None:
    assert all(shaped(want) for want in REFUSED)
