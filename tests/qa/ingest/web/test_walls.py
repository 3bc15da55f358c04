import pytest

from qa.ingest.web.walls import wall

ARTICLE = "<p>" + "The ferry left at seven in the morning, and forty passengers were on board of it. " * 9 + "</p>"


@pytest.mark.parametrize(
    ("page", "address", "word"),
    [
        ("<form><input name=a><input type=password></form>", "", "login"),
        ("<p>Welcome back</p>", "https://quay.example/login?next=/a", "login"),
        ("<div id='root'></div><script src=a.js></script>", "", "JavaScript"),
        ("<body><noscript>Please enable JavaScript.</noscript><script>x</script>", "", "JavaScript"),
        ("<p>You need to turn on Javascript to run this app.</p><script>x</script>", "", "JavaScript"),
        ("<title>Just a moment...</title><script>x</script>", "", "person"),
    ],
)
def test_what_stands_before_an_article_is_named(page: str, address: str, word: str) -> None:
    assert word in wall(f"<html><body>{page}</body></html>", address or "https://quay.example/a")


@pytest.mark.parametrize(
    "page",
    [
        ARTICLE
        + "<form><input type=password></form><div id=root></div><script>x</script><noscript>JavaScript</noscript>",
        "<p>A short note: the ferry does not run today.</p>",
        "<p>A short note.</p><script>count()</script>",
        "",
    ],
)
def test_an_article_is_none_of_these_whatever_stands_around_it(page: str) -> None:
    assert wall(page, "https://quay.example/login-troubles") == ""


def test_a_page_of_nothing_but_brackets_is_looked_at_in_no_time() -> None:
    assert wall("<script " * 20_000 + "<" * 200_000 + "<!--" * 20_000, "https://quay.example/") == ""
