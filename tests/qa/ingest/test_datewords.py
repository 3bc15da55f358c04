import pytest

from qa.ingest.datewords import is_date_line


@pytest.mark.parametrize(
    "line",
    [
        "March 4, 2021",
        "Thursday, February 22, 2024",
        "Published: March 4, 2021 at 10:15 a.m. ET",
        "Posted on March 4, 2021 by jane",
        "March 4, 2021 Updated March 5, 2021, 1:55 p.m. ET",
        "Publié le 4 mars 2021 à 10h15 - Mis à jour le 5 mars 2021",
        "Stand: 04.03.2021, 10:15 Uhr",
        "2021-03-04",
        "Published in The Herald, March 4th, 2021.",
        "Thu Mar 4, 2021 03:23PM [Updated: Fri Mar 5, 2021 04:12PM]",
        "4 maart 2021, 10:15",
        "Pubblicato il 4 marzo 2021 alle 10:15",
        "Publicado em 4 de março de 2021 às 10h15",
        "Czwartek, 4 marca 2021 r.",
        "Publicerad 4 mars 2021 kl. 10.15",
        "4 марта 2021 г., 10:15",
        "Опубліковано: 4 березня 2021",
        "4 Mart 2021 Perşembe, Güncelleme: 5 Mart 2021",
        "نشر في: ٤ مارس ٢٠٢١",
        "2021-03-04 08:30 来源:港湾新闻",
        "2021年3月4日 10時15分 公開",
        "입력 2021.03.04 09:12 수정 2021.03.05 10:00",
    ],
)
def test_a_line_that_only_gives_a_day_is_a_date_line(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "The storm came on March 4, 2021",
        "March 4: the storm",
        "Jane Roe",
        "1. 2. 2",
        "",
        "Nov. 1, 2018 - the first day of it all",
    ],
)
def test_a_line_that_says_more_is_none(line: str) -> None:
    assert not is_date_line(line)
