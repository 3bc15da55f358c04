from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui.widgets.library import ago

NOW = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-03-08T11:59:30+00:00", "just now"),
        ("2026-03-08T11:20:00+00:00", "40 min ago"),
        ("2026-03-08T05:00:00+00:00", "7 h ago"),
        ("2026-03-07T11:00:00+00:00", "yesterday"),
        ("2026-03-01T11:00:00+00:00", "2026-03-01"),
        ("2026-03-08T11:59:30", "2026-03-08T11:59:30"),  # of no zone
        ("spring\n", "spring"),
    ],
)
def test_a_moment_is_told_from_now_and_what_is_none_as_it_stands(moment: str, said: str) -> None:
    assert ago(moment, NOW) == said
