import time

import pytest

from qa.ingest.boilerplate.phrases import ends_article, is_furniture, opens_comments, sells

FURNITURE = """Menu
Skip to content
SHARE THIS ARTICLE
Share it...
Share on Facebook
Comments are closed.
Please enter your comment!
Please enter your name here
- Advertisement -spot_img
Sign up for our newsletter
Subscribe to our free daily newsletter today
Read more: Storm tears lamp from lighthouse
Related articles
More Articles
Latest Articles
Most read
Must Read
Follow us on Twitter
Follow Jane Roe on X: @jane
© 2023 Example Herald. All rights reserved.
This website uses cookies to improve your experience.
26.9 C
-3°
Download The App:
Read in French
4 min read
3 days ago
12 Comments
Your email address will not be published. Required fields are marked *
www.example.co.uk
https://example.org/path
Untitled-1G
IMG_2041.jpg
Example TV News Roku
The Herald’s website can also be accessed at the following alternate addresses:
Lire aussi : Une tempête emporte la lanterne
Abonnez-vous
Tous droits réservés
Das könnte Sie auch interessieren
Anzeige
Te puede interesar
Iniciar sesión
Facebook Twitter Google+ Pinterest WhatsApp
Share 12 Tweet 3
Click to share on Twitter (Opens in new window)
Previous articleStorm tears lamp away
RELATED ARTICLESMORE FROM AUTHOR
Tags: harbour, lamp
Last update: 5 years 4 months ago
Leave a Reply Cancel reply
spot_imgspot_img
Want the best of the coast in your inbox?"""

KEPT = """A long wait
Turkey, Russia talking S-500
The two operations are not linked.
It was cold.
Read the whole report before you judge it.
He went home to follow the news on the radio.
Share prices fell by four per cent on Monday.
The comments were made in a speech at the harbour.
Related diseases are rarer than they used to be.
St. John's, N.B.
Copyrighted works were at the heart of the case.
1. Facebook
Where to watch: Apple TV
The lamp is out for the third year. Read more here.
© Herald / Jane Roe
(c) the third of the conditions
Share prices of Facebook fell
Subscribers of the library doubled in a year."""


@pytest.mark.parametrize("line", FURNITURE.split("\n"))
def test_stock_phrases_are_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", KEPT.split("\n"))
def test_what_an_article_says_is_not(line: str) -> None:
    assert not is_furniture(line)


def test_what_heads_the_foot_of_a_page_is_told_from_what_heads_comments() -> None:
    assert ends_article("Related articles")
    assert ends_article("Leave a Reply")
    assert opens_comments("Leave a Reply")
    assert not opens_comments("Related articles")
    assert not ends_article("Advertisement")


def test_hostile_lines_cost_nothing() -> None:
    began = time.thread_time()
    for line in (
        "share " * 10_000,
        "a." * 200 + "!",
        "copyright " * 39,
        "sign up " * 49,
        "- " * 199 + "x",
        "follow a " * 44,
    ):
        is_furniture(line)
    assert time.thread_time() - began < 1


def test_a_newsletters_invitation_is_no_paywall() -> None:
    assert not sells("Sign up for Quay News, a weekly dispatch that brings you the inside track on the harbour.")
    assert not sells("Follow her, subscribe to our Books newsletter, or tell her what you’re reading.")
    assert sells("Subscribe today for 2 crowns a week and read the whole story.")
