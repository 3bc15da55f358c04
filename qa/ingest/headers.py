"""Messages by strangers, whose headers are read as the standard library does where it can."""

from __future__ import annotations

from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

MISREAD = (
    MessageError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

LONGEST = 10_000  # characters of a header; the parser takes seconds for four times as many


class HeaderPolicy(EmailPolicy):
    """The usual rules, under which a header that the parser breaks at is there without a value."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Return the header, as every access to one does."""
        try:
            return super().header_fetch_parse(name, value if len(value) <= LONGEST else "")
        except MISREAD:
            return self.header_factory(name, "")


def message_of(data: bytes) -> EmailMessage:
    """Return the message in these bytes, whatever they are; bytes that hold none have no headers."""
    message = message_from_bytes(data, policy=HeaderPolicy())
    assert isinstance(message, EmailMessage)
    return message
