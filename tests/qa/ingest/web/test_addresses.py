import ipaddress

import pytest

from qa.ingest.web.addresses import addresses, is_global, is_web_address, target
from vectorstore.errors import NotFetched

# one row a way in: what is typed or redirected to, and never fetched
LITERALS = """
http://127.0.0.1/ http://127.0.0.1:8080/ http://127.1/ http://127.0.1/ http://127.255.255.254/ http://2130706433/
http://0x7f000001/ http://0x7f.0x0.0x0.0x1/ http://0x7f.1/ http://017700000001/ http://0177.0.0.1/ http://0177.1/
http://0177.0x0.0.1/ http://0/ http://0.0.0.0/ http://0x0/ http://00000000/ http://10.0.0.1/ http://10.1/ http://167772161/
http://0xa000001/ http://012.0.0.1/ http://172.16.0.1/ http://172.31.255.255/ http://192.168.1.1/ http://192.168.257/
http://3232235777/ http://0300.0250.1.1/ http://169.254.169.254/latest/meta-data/ http://2852039166/ http://0xa9fea9fe/
http://0251.0376.0251.0376/ http://169.16689662/ http://100.64.0.1/ http://192.0.0.1/ http://192.0.2.1/ http://198.18.0.1/
http://198.51.100.1/ http://203.0.113.1/ http://224.0.0.1/ http://239.255.255.250/ http://240.0.0.1/ http://255.255.255.255/
http://[::1]/ http://[::]/ http://[0:0:0:0:0:0:0:1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/
http://[::ffff:10.0.0.1]/ http://[::ffff:169.254.169.254]/ http://[::127.0.0.1]/ http://[::7f00:1]/ http://[fe80::1]/
http://[fe80::1%25eth0]/ http://[fc00::1]/ http://[fd12:3456::1]/ http://[ff02::1]/ http://[2001:db8::1]/
http://[2002:7f00:1::]/ http://[2002:c0a8:101::]/ http://[2001:0:7f00:1:0:0:80ff:fffe]/ http://[64:ff9b::127.0.0.1]/
http://[64:ff9b::a9fe:a9fe]/ http://[64:ff9b:1::1]/ http://[100::1]/ http://[5f00::1]/ http://127.0.0.1./
http://１２７.0.0.1/ http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://127.0.0.1%2f@8.8.8.8/ HTTP://127.0.0.1/ http://127.0.0.1?@8.8.8.8/
http://8.8.8.8@127.0.0.1/ http://user:word@8.8.8.8/ http://127.0.0.1#@8.8.8.8/ http://127.0.0.1\\@8.8.8.8/
""".split()
NO_WEB = """
file:///etc/passwd ftp://8.8.8.8/ gopher://8.8.8.8/ data:text/html,x javascript:1 dict://8.8.8.8/ http:/// http://:80/
http://[::1/ http://8.8.8.8:99999/ http://8.8.8.8:x/ http://8.8.8.8:0/ http://a..b/ //8.8.8.8/ jar:http://8.8.8.8!/
""".strip().split(" ")
PRIVATE = (
    "127.0.0.1 10.1.2.3 169.254.169.254 192.168.0.1 ::1 fe80::1%eth0 fd00::1 ::ffff:127.0.0.1 64:ff9b::7f00:1".split()
)


def never(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host}:{port} was looked up")


def refused(address: str, *found: str) -> str:
    with pytest.raises(NotFetched) as caught:
        addresses(target(address), lambda *_: found, False)
    return caught.value.message


def test_there_are_enough_cases() -> None:
    assert len({*LITERALS, *NO_WEB}) >= 60


@pytest.mark.parametrize("address", LITERALS)
def test_an_address_within_is_refused_however_it_is_written_and_never_looked_up(address: str) -> None:
    with pytest.raises(NotFetched):
        addresses(target(address), never)


@pytest.mark.parametrize("address", NO_WEB)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(NotFetched):
        target(address)


@pytest.mark.parametrize("inside", PRIVATE)
def test_a_name_that_leads_within_is_refused_also_when_another_of_its_addresses_does_not(inside: str) -> None:
    assert "open internet" in refused("http://quay.example/", inside)
    assert "open internet" in refused("http://quay.example/", "93.184.216.34", inside)


def test_a_name_of_the_open_internet_gives_the_addresses_to_connect_to() -> None:
    found = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")
    assert addresses(target("http://quay.example/"), lambda *_: found) == list(found)
    assert addresses(target("http://8.8.8.8/"), never) == ["8.8.8.8"]
    assert addresses(target("http://134744072/"), never) == ["8.8.8.8"]
    assert is_global(ipaddress.ip_address("64:ff9b::808:808"))


def test_private_addresses_may_be_allowed() -> None:
    assert addresses(target("http://127.0.0.1:8000/"), never, allow_private=True) == ["127.0.0.1"]


def test_a_name_without_an_address_may_have_one_later() -> None:
    def resolve(*_: object) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(NotFetched) as caught:
        addresses(target("http://quay.example/"), resolve)
    assert caught.value.again


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://Quay.Example", "https://quay.example/"),
        ("https://quay.example:443/a b?q=ä#top", "https://quay.example/a%20b?q=%C3%A4"),
        ("https://quay.example/\udcff", "https://quay.example/?"),
        ("http://quay.example:8080/a%20b", "http://quay.example:8080/a%20b"),
        ("https://fähre.example/", "https://xn--fhre-loa.example/"),
        ("https://[2606:2800:220:1::1]/", "https://[2606:2800:220:1::1]/"),
    ],
)
def test_an_address_is_asked_for_in_one_way_of_writing(typed: str, meant: str) -> None:
    assert target(typed).address == meant


def test_a_relative_address_is_one_of_its_page() -> None:
    assert target("../b", "https://quay.example/x/a/").address == "https://quay.example/x/b"
    assert target("//other.example/", "https://quay.example/").address == "https://other.example/"


def test_addresses_are_told_from_paths() -> None:
    assert is_web_address("HTTPS://quay.example/")
    assert not is_web_address("/a/b.txt")
    assert not is_web_address("ftp://quay.example")
