import pytest

from qa.ingest.months import month_number


@pytest.mark.parametrize(
    ("name", "number"),
    [("Sept.", 9), ("märz", 3), ("KASIM", 11), ("июля", 7), ("paź", 10), ("أكتوبر", 10), ("تشرين الثاني", 11)],
)
def test_a_month_has_its_number_in_every_language(name: str, number: int) -> None:
    assert month_number(name) == number


def test_what_is_no_month_has_no_number() -> None:
    with pytest.raises(KeyError, match="soon"):
        month_number("soon")
