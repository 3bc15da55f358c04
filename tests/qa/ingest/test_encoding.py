import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.encoding import declared, decode, is_binary

FRENCH = "L’été dernier, le maire a déclaré à la presse que la reconstruction du phare « va bien ». Noël approche."
GERMAN = "Größere Übel drohen: Die Brücke über den Fluss müsste schließen, sagte der Bürgermeister."
RUSSIAN = "Городской совет проголосовал за восстановление старого маяка, повреждённого бурей прошлой весной."


@pytest.mark.parametrize("text", [FRENCH, GERMAN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_western_text_comes_out_right_though_nothing_declares_its_encoding(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert not decoded.replaced


def test_other_code_pages_are_left_to_the_detector() -> None:
    assert decode((RUSSIAN * 3).encode("cp1251")).text == RUSSIAN * 3


def test_utf16_without_a_mark_is_known_by_its_zeros() -> None:
    assert decode("The lamp went out at nine.".encode("utf-16-le")).text == "The lamp went out at nine."


def test_the_declared_encoding_is_taken() -> None:
    assert decode(RUSSIAN.encode("koi8-r"), "koi8-r").text == RUSSIAN


def test_well_formed_utf8_wins_over_a_declared_code_page_that_fits_anything() -> None:
    assert decode(FRENCH.encode(), "iso-8859-1").text == FRENCH


def test_latin1_is_read_as_browsers_read_it() -> None:
    assert decode("it’s – here".encode("cp1252"), "ISO-8859-1").text == "it’s – here"


@pytest.mark.parametrize("name", ["x-unknown", "utf-7", "unicode_escape", "hex", "\x00"])
def test_a_declaration_that_cannot_be_used_is_ignored(name: str) -> None:
    assert decode(FRENCH.encode(), name).text == FRENCH


def test_a_few_broken_bytes_are_replaced_and_said_not_guessed_away() -> None:
    decoded = decode(FRENCH.encode() + b"\xff" + FRENCH.encode())
    assert decoded.replaced
    assert decoded.text == FRENCH + "\ufffd" + FRENCH


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=12)))
def test_no_bytes_and_no_declaration_raise(data: bytes, declaration: str | None) -> None:
    assert isinstance(decode(data, declaration).text, str)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'<html><head><meta charset="windows-1251">', "windows-1251"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15">', "iso-8859-15"),
        (b"<?xml version='1.0' encoding='utf-16'?>", "utf-16"),
        (b"<html><body>charset=nonsense", None),
    ],
)
def test_a_page_declares_its_encoding_in_its_head(head: bytes, name: str | None) -> None:
    assert declared(head) == name


@pytest.mark.parametrize("data", [b"%PDF-1.7 text", b"\x89PNG\r\n\x1a\n", b"\x7fELF", bytes(range(256)) * 4])
def test_binary_bytes_are_recognised(data: bytes) -> None:
    assert is_binary(data)


@pytest.mark.parametrize(
    "data", [b"plain", b"one \x00 in a long enough line of plain text", "Zürich".encode("utf-16"), b""]
)
def test_text_is_not_binary_for_an_odd_byte_or_a_wide_encoding(data: bytes) -> None:
    assert not is_binary(data)
