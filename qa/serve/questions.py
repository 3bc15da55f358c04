"""From what a client sent to what an archive is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from qa.assistant import checked
from qa.batch_input import history
from qa.cli_input import scope
from qa.dates import last_day
from qa.serve.models import DAY, SEEN, WORDS, AskRequest, Scoped
from qa.types import Question
from vectorstore.articles import Filter


def filter_of(given: Scoped) -> Filter:
    """Return the filter; raises UsageError for a day that does not exist, or a period that ends before it begins."""
    return scope(given.publisher, given.since, given.until, given.source)


def question_of(given: AskRequest) -> Question:
    """Return the question, asked today where no day is given; raises UsageError."""
    checked(given.question)
    turns = [turn if isinstance(turn, str) else turn.model_dump() for turn in given.history]
    asked = last_day(given.asked) if given.asked else date.today()
    return Question(given.question, history(turns), asked, filter_of(given), given.as_typed)


def mistake(error: Mapping[str, Any]) -> str:
    """Return in a sentence what pydantic found wrong first, without what was sent."""
    name = ".".join(map(str, error["loc"])) if error["loc"] else "The body"
    match error["type"]:
        case "missing":
            return f"{name} is missing."
        case "extra_forbidden":
            return f"There is no field {name[:100]}."
        case "model_attributes_type" | "model_type" | "dict_type":
            return f"{name} must be a JSON object."
        case "string_unicode":
            return f"{name} is not valid Unicode."
        case "string_pattern_mismatch" if error["ctx"]["pattern"] == WORDS:
            return f"{name} has no words."
        case "string_pattern_mismatch" if error["ctx"]["pattern"] == DAY:
            return f"{name} is no day: write YYYY, YYYY-MM or YYYY-MM-DD."
        case "string_pattern_mismatch" if error["ctx"]["pattern"] == SEEN:
            return f"{name} is blank."
        case "string_pattern_mismatch":
            return f"{name} does not have the form that it must have."
    return f"{name[:100]}: {error['msg'][:200]}."
