"""Words after which, or before which, a full stop does not end a sentence (English news)."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words("""
    Mr Mrs Ms Messrs Mx Dr Drs Prof Sen Sens Rep Reps Gov Govs Gen Lt Col Maj Capt Cmdr Cpt Sgt Cpl Pvt Adm Brig
    Supt Det Insp Amb Hon Rev Msgr Mme Mlle Sra Srta Ft Mt Pfc Spc Ald Asst Atty
""")
LATIN = _words("""
    vs v viz cf e.g i.e ca approx
""")
GO_ON_BEFORE_NAMES = _words("""
    St ST Ste Sr Jr Inc Corp Co Cos Ltd Bros Llc Plc Ave Blvd Rd Hwy Dept Univ Assn Assoc Intl Natl Ph.D Esq Bldg Sec
    Est Tenn Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla
    Ore Pa Tex Vt Va Wash Wis Wyo Mio Mrd Tsd
""")
GO_ON_BEFORE_NUMBERS = _words("""
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec No Nos Art Vol Ch Sec Fig Tel Ext p pp
""")
CLOCK = frozenset({"a.m", "p.m"})
AFTER_CLOCK = _words("""
    ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST IST Eastern Central Mountain Pacific Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September
    October November December Jan Feb Mar Apr Jun Jul Aug Sept Oct Nov Dec
""")
# words that open a sentence far more often than they go on after "U.S." or "Inc."
STARTERS = _words("""
    A According After All Also Although Among An And Another Any Are As At Because Before Both But By Can Despite
    Did Do During Each Earlier Even Every Few First Following For From Further Furthermore Given Had Has Have He
    Her Here His How However I If Importantly In Indeed Instead Is It It's Its It’s Last Later Like Many Meanwhile
    More Moreover Most Much My Nearly Neither No None Nor Not Nothing Now Of On Once One Only Or Other Others Our
    Over Overall Perhaps Please Read She Should Similarly Since So Some Still Such That That's That’s The Their
    Then There There's There’s These They This Those Though Through Throughout Thus To Today Together Two Under
    Unlike Until Was We Were What When Where Whether Which While Who Why Will With Within Without Would Yes Yet
    You Your
""")
