"""Publishers are called as readers know them."""

from __future__ import annotations

import pytest

from qa.publishers import NAMES, publisher_of
from vectorstore.articles import Reference


@pytest.mark.parametrize(
    ("publisher", "name"),
    [
        ("cnn.com", "CNN"),
        ("www.bbc.co.uk", "BBC"),
        ("edition.cnn.com", "CNN"),
        ("The Harbour Gazette", "The Harbour Gazette"),
        ("gazette.example", "gazette.example"),
        ("notcnn.com", "notcnn.com"),
        (None, ""),
    ],
)
def test_a_well_known_host_is_called_by_its_name_and_all_else_as_it_calls_itself(
    publisher: str | None, name: str
) -> None:
    assert publisher_of(Reference("a", "/a", publisher=publisher)) == name


def test_hosts_stand_in_the_table_as_they_are_looked_for() -> None:
    assert [host for host in NAMES if host != host.lower() or host.startswith("www.") or "." not in host] == []
    assert list(NAMES) == sorted(NAMES)
