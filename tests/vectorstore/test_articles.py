import pytest

from vectorstore.articles import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 articles"), (1, "1 article"), (1200, "1,200 articles")])
def test_a_number_has_its_noun_in_the_plural_but_for_one(number: int, said: str) -> None:
    assert counted(number, "article") == said
