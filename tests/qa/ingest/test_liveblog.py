from qa.ingest.html import extract

POSTS = "".join(
    f"<{{tag}} class='post'><time>{hour}:40</time><h2>Hour {hour}</h2><p>The keeper saw {hour} ships pass the light,"
    f" she wrote, and none of them was in trouble so far.</p></{{tag}}>"
    for hour in (18, 15, 11)
)
LIVE = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Storm: live"}</script>'


def texts(body: str, head: str = "") -> list[str]:
    page = f"<html><head><title>Storm: live</title>{head}</head><body><main>{body}</main></body></html>"
    return [piece.text for piece in extract(page).pieces]


def test_each_post_keeps_its_heading_and_begins_with_its_time() -> None:
    for tag, wrapper in (("li", "ul"), ("div", "div"), ("article", "section")):
        found = texts(f"<h1>Storm: live</h1><{wrapper}>{POSTS.format(tag=tag)}</{wrapper}>", LIVE)
        for hour in (18, 15, 11):
            at = found.index(f"Hour {hour}")
            assert found[at + 1].startswith(f"{hour}:40 The keeper saw {hour} ships")


def test_posts_in_an_element_that_is_named_live_are_parted_too() -> None:
    found = texts(f"<h1>Storm: live</h1><div class='live-blog'>{POSTS.format(tag='div')}</div>")
    assert any(text.startswith("18:40 The keeper") for text in found)


def test_readers_comments_are_no_posts() -> None:
    comments = POSTS.format(tag="li")
    found = texts(f"<h1>Storm</h1><p>{'The storm went on all night, the keeper said. ' * 5}</p><ul>{comments}</ul>")
    assert not any(text.startswith("18:40 The keeper") for text in found)
