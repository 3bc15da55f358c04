from __future__ import annotations

import pytest

from qa.verify.exact import FactKind, Ground, lacking
from qa.verify.facts import facts


def kinds(said: str, evidence: str, heading: str = "News of the bay\nThe Post\n6 June 2024") -> set[FactKind]:
    ground = Ground([evidence], heading, "", "2024-06-06")
    return {lack.kind for lack in lacking(facts(said), ground)}


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("Rents fell almost 18%.", "Rents fell 17.8 percent."),
        ("Rents fell about 18%.", "Rents fell nearly 18 percent."),
        ("Sixteen towns, plus Oxley, paid 5 euros or more.", "There are now 16 towns plus Oxley at 5 euros or above."),
        ("More than 2 million men came.", "In all 2,130,000 men came."),
        ("It cost $2.5 million.", "It cost $2,513,000."),
        ("Two dozen boats sank.", "24 boats sank."),
        ("She served for nearly 30 years.", "She served for three decades."),
        ("The ferry carries 90 men.", "The ferry carries 68 sailors and 22 guests."),
        ("It grew by 30 percentage points.", "It grew from 40% to 70%."),
        ("The museum closed in 2008.", "It opened in 2002; the museum closed six years later."),
        ("Half of the bill is paid: 30 pounds.", "The bill of 60 pounds is half paid."),
        ("Two friends, Ann and Bob, met.", "Ann met her friend Bob."),
        ("She stayed for 14 days.", "She came on 5 October and left on 19 October."),
        ("He left on 9 October.", "He came on 5 October and left 4 days later."),
        ("In 2004, 86,000 Oxley men voted.", "In 2004, Oxley voted. Of its people 86,000 men came."),
        ("Nine towns pay.", "In nine other towns people pay; in a 10th town nobody does since 3 June."),
    ],
)
def test_a_number_may_be_written_otherwise_rounded_or_follow_from_others(said: str, evidence: str) -> None:
    assert kinds(said, evidence) == set()


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("Rents fell 18%.", "Rents fell 17 percent."),
        ("It cost 20 million.", "It cost 15 million."),
        ("It opened in 2024.", "It opened in 2023."),
        ("Rents fell almost 28%.", "Rents fell 17.8 percent."),
        ("The reef is 1,400 kilometers long.", "The reef is 1,400 miles long."),
        ("She earned $50 a week.", "She earned $50 a month."),
        ("Nearly two dozen people spoke.", "Nearly a dozen people spoke."),
        ("Tens of thousands came.", "Hundreds of thousands came."),
        ("He is the third mayor.", "He is the fourth mayor."),
        ("Nearly half agreed.", "Nearly three quarters agreed."),
        ("She stayed for nine days.", "She stayed for four days. On 5 October the mayor received her."),
        ("The fair lasts 20 days.", "The fair lasts 11 days and ends on 9 June 2024."),
    ],
)
def test_another_number_is_told(said: str, evidence: str) -> None:
    assert FactKind.NUMBER in kinds(said, evidence)


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("It rained in Oxley on 5 June.", "It rained in Oxley yesterday."),
        ("It rained in Oxley on Wednesday.", "It rained in Oxley on June 5."),
        ("It rained in Oxley on June 4, 2024.", "It rained in Oxley on Tuesday."),
        ("It rained in Oxley in June 2024.", "It rained in Oxley."),
    ],
)
def test_a_day_may_be_told_by_that_of_the_article(said: str, evidence: str) -> None:
    assert kinds(said, evidence) == set()


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("It rained in Oxley on Monday.", "It rained in Oxley on Tuesday."),
        ("It rained in Oxley in May.", "It rained in Oxley in April."),
        ("It rained in Oxley last year.", "It will rain in Oxley next year."),
        ("It rained in Oxley a week before.", "It rained in Oxley a day before."),
    ],
)
def test_another_day_is_told(said: str, evidence: str) -> None:
    assert FactKind.DATE in kinds(said, evidence)


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("Then Joe Brook spoke in Oxley.", "Brook spoke in Oxley."),
        ("The European Central Bank waited.", "The ECB waited in Oxley."),
        ("The ECB waited.", "The European Central Bank waited."),
        ("They toured in Europe.", "The European tour began."),
        ("On Monday Ada Brook sang.", "On Monday she sang."),
        ("The Post says that it rained.", "It rained in Oxley."),
        ("Renovations of Oxley Hall began.", "Oxley Hall is being renovated."),
    ],
)
def test_a_name_may_be_a_surname_initials_another_form_or_a_pronoun(said: str, evidence: str) -> None:
    assert kinds(said, evidence) == set()


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("Then Jill Brook spoke.", "Then Joe Brook spoke."),
        ("A ferry left Corran.", "A ferry left Lindvale."),
        ("The crew of the S-300 left.", "The crew of the S-400 left."),
    ],
)
def test_another_name_is_told_with_what_stands_there(said: str, evidence: str) -> None:
    (lack,) = lacking(facts(said), Ground([evidence], ""))
    assert lack.kind is FactKind.NAME
    assert lack.instead


def test_quotations_are_compared_by_their_words() -> None:
    said = "He called it “a long, hard winter.”"
    assert kinds(said, 'He called it "a long hard winter" there.') == set()
    assert kinds(said, "He called it “a short drought” there.") == {FactKind.QUOTATION}


def test_a_link_that_is_not_the_sources_is_told() -> None:
    assert kinds("See https://evil.example/x now.", "See https://evil.example/x now.") == {FactKind.LINK}
