import gzip
import time
from collections.abc import Iterator, Sequence

import httpx
import pytest

from qa.ingest.web.fetch import Fetcher, FetchLimits
from qa.ingest.web.fetched import Fetched, Missed, Validators
from tests.qa.ingest.web.server import Asked, Site, html, serving
from tests.qa.ingest.web.test_addresses import LITERALS, NO_WEB
from vectorstore.errors import NotFetched

PUBLIC = "93.184.216.34"
PAGE = b"<html><body><p>The ferry left at seven.</p></body></html>"


class Wire(httpx.AsyncBaseTransport):
    """Stands for the network: remembers each connection, and answers by path."""

    def __init__(self, **answers: httpx.Response) -> None:
        self.sent: list[httpx.Request] = []
        self.answers = answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        name = request.url.path.strip("/")
        found = self.answers.get(name) or httpx.Response(404 if name == "robots.txt" else 200, content=PAGE)
        return httpx.Response(found.status_code, headers=found.headers, stream=httpx.ByteStream(found.content))


class Names:
    """Stands for DNS: each look-up of a name takes the next of its answers, the last one again and again."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self.answers = {name.replace("_", "."): list(given) for name, given in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, _: int) -> Sequence[str]:
        self.asked.append(host)
        given = self.answers[host]
        return given.pop(0) if len(given) > 1 else given[0]


async def at_once(_: float) -> None:
    """Sleep no time."""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def fetcher(**given: object) -> Fetcher:
    return Fetcher(**{"allow_private": True, "sleep": at_once, **given})  # type: ignore[arg-type]


def why(address: str, **given: object) -> NotFetched:
    with pytest.raises(NotFetched) as caught, fetcher(**given) as web:
        web.get(address)
    return caught.value


# where no connection may go


@pytest.mark.parametrize("address", [*LITERALS, *NO_WEB])
def test_no_connection_is_made_to_an_address_within(address: str) -> None:
    wire = Wire()
    why(address, allow_private=False, transport=wire, resolve=Names())
    assert wire.sent == []


@pytest.mark.parametrize(
    "address", [*LITERALS, *(sorted({*NO_WEB} - {"//8.8.8.8/", "http:///"}))]
)  # which are relative
def test_no_redirect_leads_within(address: str) -> None:
    wire = Wire(start=httpx.Response(302, headers={b"Location": address.encode()}))
    with (
        pytest.raises(NotFetched),
        fetcher(allow_private=False, transport=wire, resolve=Names(quay_example=[[PUBLIC]])) as web,
    ):
        web.get("http://quay.example/start")
    assert {request.url.host for request in wire.sent} == {PUBLIC}
    assert {request.url.path for request in wire.sent} == {"/start", "/robots.txt"}


def test_a_name_that_leads_elsewhere_at_each_look_up_is_looked_at_each_time() -> None:
    wire = Wire()
    names = Names(quay_example=[[PUBLIC], ["127.0.0.1"]])
    error = why("http://quay.example/a", allow_private=False, transport=wire, resolve=names)
    assert "open internet" in error.message
    assert [request.url.path for request in wire.sent] == ["/robots.txt"]


def test_the_connection_goes_to_the_address_that_was_looked_at_under_the_name_that_was_typed() -> None:
    wire, names = Wire(), Names(quay_example=[[PUBLIC]])
    with fetcher(allow_private=False, transport=wire, resolve=names) as web:
        page = web.get("https://quay.example:8443/a?b=c#d")
    robots, request = wire.sent
    assert (request.url.host, request.url.port, request.url.raw_path) == (PUBLIC, 8443, b"/a?b=c")
    assert request.headers["host"] == "quay.example:8443"
    assert request.extensions["sni_hostname"] == "quay.example"
    assert names.asked == ["quay.example"] * len(wire.sent)
    assert page.found_at == "https://quay.example:8443/a?b=c"
    assert robots.url.path == "/robots.txt"


@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ConnectTimeout])
def test_where_one_address_of_a_host_takes_no_connection_the_next_is_tried(failure: type[httpx.TransportError]) -> None:
    class Half(Wire):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host != PUBLIC:
                raise failure("nobody there")
            return await super().handle_async_request(request)

    names = Names(quay_example=[["93.184.216.35", PUBLIC]])
    with fetcher(allow_private=False, transport=Half(), resolve=names) as web:
        assert web.get("http://quay.example/a").data == PAGE


def test_a_name_with_an_address_within_among_others_reaches_nobody(site: Site) -> None:
    port = site.address.rpartition(":")[2]
    error = why(f"http://quay.example:{port}/", allow_private=False, resolve=Names(quay_example=[["127.0.0.1"]]))
    assert "open internet" in error.message
    assert site.asked == []


def test_a_chain_of_redirects_is_followed_five_times(site: Site) -> None:
    for n in range(7):
        site.pages[f"/{n}"] = (302, {"Location": f"/{n + 1}"}, b"")
    site.pages["/7"] = html("The ferry left.")
    assert "more than 5 times" in why(f"{site.address}/1").message
    with fetcher() as web:
        assert web.get(f"{site.address}/2").found_at == f"{site.address}/7"


# what sites do


def test_a_page_comes_with_its_address_its_time_and_what_it_says_of_its_state(site: Site) -> None:
    status, headers, body = html("The ferry left.")
    site.pages["/a"] = (status, {**headers, "ETag": '"1"', "Last-Modified": "Thu, 04 Mar 2021 10:00:00 GMT"}, body)
    with fetcher() as web:
        page = web.get(f"{site.address}/a#top")
    assert (page.data, page.kind, page.unchanged) == (body, "text/html; charset=utf-8", False)
    assert page.address == f"{site.address}/a#top"
    assert page.time.endswith("+00:00")
    assert page.validators == Validators('"1"', "Thu, 04 Mar 2021 10:00:00 GMT")
    assert site.asked[-1].headers["user-agent"].startswith("footnote-qa/")


def test_a_site_is_told_what_it_said_and_may_answer_that_nothing_changed(site: Site) -> None:
    def page(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        same = asked.headers.get("if-none-match") == '"1"' and "if-modified-since" in asked.headers
        return (304, {}, b"") if same else (200, {}, b"x")

    site.pages["/a"] = page
    with fetcher() as web:
        assert web.get(f"{site.address}/a", Validators('"1"', "Thu, 04 Mar 2021 10:00:00 GMT")).unchanged
        assert not web.get(f"{site.address}/a").unchanged


def test_a_busy_site_is_asked_again_after_the_pause_that_it_asks_for(site: Site) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    answers = [(429, {"Retry-After": "7"}, b""), (503, {}, b""), html("The ferry left.")]
    site.pages["/a"] = lambda _: answers.pop(0)
    with fetcher(sleep=sleep) as web:
        assert b"ferry" in web.get(f"{site.address}/a").data
    assert slept == [7.0, 2.0]
    site.pages["/b"] = (429, {"Retry-After": "9000"}, b"")
    error = why(f"{site.address}/b", sleep=sleep)
    assert "9,000 s" in error.message
    assert error.again
    assert len(slept) == 2


def test_a_connection_that_breaks_off_is_tried_again_and_then_said(site: Site) -> None:
    answers = [None, html("The ferry left.")]
    site.pages["/a"] = lambda _: answers.pop(0)
    site.pages["/b"] = lambda _: None
    with fetcher() as web:
        assert b"ferry" in web.get(f"{site.address}/a").data
    assert why(f"{site.address}/b").again
    assert site.paths.count("/b") == 3


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_drip_is_ended_by_the_deadline(site: Site, where: str) -> None:
    def drip(asked: Asked) -> None:
        asked.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n" + (b"\r\n" if where == "body" else b""))
        for _ in range(100):
            asked.write(b"X" if where == "body" else b"X-A: b\r\n")
            time.sleep(0.05)

    site.pages["/a"] = drip
    began = time.monotonic()
    error = why(f"{site.address}/a", limits=FetchLimits(deadline=1.0))
    assert "longer than 1 s" in error.message
    assert error.again
    assert time.monotonic() - began < 4


def test_a_silent_site_is_left(site: Site) -> None:
    site.pages["/a"] = lambda _: time.sleep(1.5)
    assert "silent" in why(f"{site.address}/a", limits=FetchLimits(silence=0.3)).message


def test_a_page_may_be_so_large_and_no_larger_packed_or_not(site: Site) -> None:
    size = 2**20
    packed = {"Content-Encoding": "gzip"}
    site.pages["/plain"] = (200, {}, b"x" * (size + 1))
    site.pages["/bomb"] = (200, packed, gzip.compress(bytes(200 * size)))
    site.pages["/fits"] = (200, packed, gzip.compress(b"x" * size))
    site.pages["/cut"] = (200, packed, gzip.compress(PAGE)[:-9])
    site.pages["/wrong"] = (200, packed, b"no gzip at all")
    site.pages["/other"] = (200, {"Content-Encoding": "br"}, b"x")
    limits = FetchLimits(size=size)
    for name in ("plain", "bomb"):
        assert "larger than 1 MB" in why(f"{site.address}/{name}", limits=limits).message
    with fetcher(limits=limits) as web:
        assert len(web.get(f"{site.address}/fits").data) == size
    assert why(f"{site.address}/cut").again
    assert "packed wrongly" in why(f"{site.address}/wrong").message
    assert "not asked for" in why(f"{site.address}/other").message


@pytest.mark.parametrize(
    ("status", "words"), [(401, "login"), (403, "login"), (404, "not there"), (410, "gone"), (418, "418")]
)
def test_what_a_site_refuses_is_said_and_not_asked_again(site: Site, status: int, words: str) -> None:
    site.pages["/a"] = (status, {}, b"x")
    error = why(f"{site.address}/a")
    assert words in error.message
    assert not error.again
    assert site.paths == ["/a"]


def test_two_requests_at_a_time_go_to_one_host_and_waiting_for_a_turn_takes_no_time_off(site: Site) -> None:
    def slowly(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        time.sleep(0.6)
        return 200, {}, asked.path.encode()

    wanted = [f"{site.address}/{n}" for n in range(9)]
    site.pages.update({f"/{n}": slowly for n in range(9)})
    with fetcher(limits=FetchLimits(deadline=2.5)) as web:
        found = [one for one in web.each([*wanted, "ftp://x/"]) if isinstance(one, Fetched | Missed)]
    assert [one.address for one in found] == [*wanted, "ftp://x/"]
    assert all(isinstance(one, Fetched) for one in found[:-1]), found
    assert isinstance(found[-1], Missed)
    assert site.most_at_once == 2


# robots.txt


def test_robots_txt_is_read_once_and_kept_to(site: Site) -> None:
    rules = b"User-agent: footnote-qa\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"
    site.pages |= {"/robots.txt": (200, {}, rules), "/a": html("a"), "/b": html("b"), "/private/c": html("c")}
    with fetcher() as web:
        found = list(web.each([f"{site.address}/{path}" for path in ("a", "b", "private/c")]))
    assert [type(one).__name__ for one in found] == ["Fetched", "Fetched", "Missed", "Progress"]
    assert [one.path for one in site.asked].count("/robots.txt") == 1
    assert "/private/c" not in site.paths


def test_a_redirect_into_what_robots_txt_forbids_is_not_followed(site: Site) -> None:
    site.pages |= {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private\n"),
        "/a": (302, {"Location": "/private"}, b""),
    }
    assert "robots.txt" in why(f"{site.address}/a").message
    assert site.paths == ["/a"]


def test_without_robots_txt_all_is_allowed_and_with_a_broken_site_nothing(site: Site) -> None:
    site.pages["/a"] = html("a")
    with fetcher() as web:
        assert web.get(f"{site.address}/a").data
    site.pages["/robots.txt"] = (500, {}, b"")
    assert why(f"{site.address}/a").again


def test_rules_that_take_for_ever_to_compare_are_left_out(site: Site) -> None:
    site.pages |= {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /" + b"*a" * 60 + b"$\n"),
        f"/{'a' * 300}b": html("a"),
    }
    with fetcher() as web:
        assert web.get(f"{site.address}/{'a' * 300}b").data
