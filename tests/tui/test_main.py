from __future__ import annotations

import pytest

from tests.conftest import SEEDS
from tui.main import opened
from vectorstore.errors import UsageError


def test_an_answerer_that_there_is_not_is_refused_before_the_core_opens() -> None:
    with pytest.raises(UsageError, match="no answerer 'nobody'"):
        opened(SEEDS, None, "nobody")
