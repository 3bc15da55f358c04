"""How much of a question's words a sentence has."""

from __future__ import annotations

from qa.answer.overlap import shared

CHINESE = ("灯塔上周熄灭了。", "渔民自己修好了灯。", "修灯花了九百元。", "镇上有两家面馆。")


def test_the_sentence_with_the_rarest_words_of_the_question_has_most() -> None:
    shares = shared("修灯花了多少钱？", CHINESE)
    assert max(range(4), key=shares.__getitem__) == 2
    assert shares[3] == 0.0


def test_words_that_no_sentence_has_do_not_count() -> None:
    assert shared("修灯花了", CHINESE) == shared("修灯花了 qwxz", CHINESE)
    assert shared("qwxz", CHINESE) == [0.0] * 4
    assert shared("修灯", []) == []


def test_a_word_that_all_have_weighs_less_than_one_that_few_have() -> None:
    texts = ["маяк погас", "маяк починили рыбаки", "маяк старый"]
    few, all_of_them = shared("маяк рыбаки", texts)[1], shared("маяк рыбаки", texts)[0]
    assert few == 1.0
    assert all_of_them < 0.5
