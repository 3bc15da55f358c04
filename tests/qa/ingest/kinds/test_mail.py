from email.message import EmailMessage

import pytest

from qa.ingest.clean import to_article
from qa.ingest.kinds import mail
from qa.ingest.kinds.mail import MailboxReader, MailReader
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from tests.qa.ingest.kinds.build import column, drafts, failure, pdf, read

TEXT = "The ferry left at seven in the morning, and forty passengers were on board of it."


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    stated = {"From": "Quay Letters <letters@quay.example>", "Subject": "Ferry news", **headers}
    for name, value in stated.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"{TEXT}\n\nA second ferry will be bought before the summer, the mayor promised.\n")
    return message


def test_the_sender_is_the_publisher_and_the_date_the_day() -> None:
    message = letter(Date="Mon, 4 Jan 2021 23:30:00 -0500", Archived_At="<https://quay.example/letters/7>")
    (draft,) = drafts(MailReader(), message.as_bytes(), "/a.eml")
    article = to_article(draft)
    assert (article.title, article.publisher, article.published) == ("Ferry news", "Quay Letters", "2021-01-04")
    assert article.url == "https://quay.example/letters/7"
    assert article.found["publisher"] == "mail From"
    assert article.text.startswith(TEXT)


def test_the_html_part_is_read_as_a_page_and_the_plain_one_left() -> None:
    message = letter()
    message.add_alternative(f"<html><body><h1>Ferry news</h1><p>{TEXT}</p></body></html>", subtype="html")
    (draft,) = drafts(MailReader(), message.as_bytes())
    assert draft.form is TextFormat.HTML
    assert TEXT in to_article(draft).text


def test_a_sender_without_a_name_is_the_address_s_domain_and_headers_may_be_encoded() -> None:
    message = letter(From="letters@quay.example", Subject="Fähre fährt")
    (draft,) = drafts(MailReader(), message.as_bytes())
    assert (draft.fields["publisher"], draft.fields["title"]) == ("quay.example", "Fähre fährt")


def test_a_wrong_or_unknown_charset_costs_no_letter() -> None:
    for charset in ("utf-8", "no-such-thing"):
        head = f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset={charset}\n"
        data = f"{head}Content-Transfer-Encoding: 8bit\n\n".encode() + "Die Fähre fuhr früh über den Fluss.".encode(
            "cp1252"
        )
        assert drafts(MailReader(), data)[0].text == "Die Fähre fuhr früh über den Fluss."


def test_what_is_no_letter_to_read_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failure(MailReader(), b"just some words") == "the file is no e-mail message"
    assert failure(MailReader(), b"From: a@b.example\n\n") == "the message has no text"
    sealed = b"From: a@b.example\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB"
    assert failure(MailReader(), sealed) == "the message is encrypted"
    monkeypatch.setattr(mail, "LARGEST", 20)
    assert "larger" in failure(MailReader(), letter().as_bytes())


@pytest.mark.parametrize(
    "header", [b"Date: never", b"From: <<<@@", b"Subject: =?x?y?z?=", b"From: \xff\xfe", b"Date: Mon, 99"]
)
def test_odd_headers_cost_no_letter(header: bytes) -> None:
    (draft,) = drafts(MailReader(), b"X-Odd: 1\n" + header + b"\n\nThe ferry left at seven.\n")
    assert "published" not in draft.fields
    assert draft.text.strip() == "The ferry left at seven."


def test_attached_documents_are_articles_of_their_own() -> None:
    message = letter()
    report = pdf([column(50, 700, [TEXT])])
    for name in ("report.pdf", "report.pdf", "photo.jpg"):
        message.add_attachment(report, maintype="application", subtype="octet-stream", filename=name)
    message.add_attachment(b"no document", maintype="application", subtype="msword", filename="note.docx")
    text, first, second, broken = read(MailReader(), message.as_bytes(), "/a.eml")
    assert isinstance(text, RawArticle)
    assert text.source == "/a.eml"
    assert isinstance(first, RawArticle)
    assert (first.source, first.form, first.original) == ("/a.eml!/report.pdf", TextFormat.PDF, report)
    assert isinstance(second, RawArticle)
    assert second.source == "/a.eml!/report.pdf (2)"
    assert isinstance(broken, Failure)
    assert "damaged" in broken.reason


def test_a_message_of_nothing_but_a_document_is_that_document() -> None:
    message = EmailMessage()
    message["From"] = "letters@quay.example"
    message.add_attachment(pdf([column(50, 700, [TEXT])]), maintype="application", subtype="pdf", filename="a.pdf")
    (draft,) = drafts(MailboxReader(), b"From a\n" + message.as_bytes(), "/box.mbox")
    assert draft.source == "/box.mbox#1!/a.pdf"


def test_a_mailbox_is_its_letters_in_their_order_with_quoted_lines_restored() -> None:
    letters = [letter(Subject=f"Ferry news {n}").as_bytes() for n in range(3)]
    letters[1] += b"\n>From the quay one sees the ferry.\nFrom here too.\n"
    box = b"".join(b"From quay@example.org Mon Jan  4 10:00:00 2021\n" + one + b"\n" for one in letters)
    found = drafts(MailboxReader(), box, "/box.mbox")
    assert [draft.source for draft in found] == ["/box.mbox#1", "/box.mbox#2", "/box.mbox#3"]
    assert [draft.fields["title"] for draft in found] == ["Ferry news 0", "Ferry news 1", "Ferry news 2"]
    assert "\nFrom the quay one sees the ferry.\nFrom here too." in found[1].text


def test_a_mailbox_without_a_letter_is_a_failure_and_one_bad_letter_does_not_stop_it() -> None:
    assert failure(MailboxReader(), b"no letter") == "the mailbox holds no message"
    box = b"From a\n\nFrom b\n" + letter().as_bytes()
    assert [type(one).__name__ for one in read(MailboxReader(), box)] == ["Failure", "RawArticle"]


@pytest.mark.parametrize("day", ["Mon, 4 Jan 99999999999 23:30:00", "4 Jan 2021 23:30 +99999999999999999"])
def test_a_day_beyond_all_calendars_costs_no_letter(day: str) -> None:
    data = letter().as_bytes().replace(b"Subject", f"Date: {day}\nSubject".encode(), 1)
    (draft,) = drafts(MailReader(), data)
    assert (draft.fields["title"], "published" in draft.fields) == ("Ferry news", False)
