"""Words after which, or before which, a full stop does not end a sentence: of English news, and of other languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


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


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """A language's own: what goes on unless a number stands before it (1848 г.), and what goes on before a number.

    In lower case, without the last full stop, and without spaces: z. B. is z.b.
    """

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@lru_cache(maxsize=64)
def abbreviations(language: str) -> Abbreviations:
    """Return a language's own abbreviations; of one that is not listed, none."""
    names, numbers = LISTED.get(language, ("", ""))
    return Abbreviations(_words(names), _words(numbers))


_NORDIC = ("bl.a dvs f.eks t.ex m.fl osv ca dr prof hr fr frk ing", "kl nr nro s sid side kap art fig tel ca")
LISTED: Mapping[str, tuple[str, str]] = {
    "de": (
        """z.b d.h u.a i.d.r o.ä u.u v.a z.t z.zt i.d.f i.s.v m.e n.chr v.chr s.o s.u sog bzw ggf vgl evtl inkl exkl
        zzgl abzgl ca dr prof dipl ing med jur phil hr hrn fr frl st str geb gest verh ehem rd gegr mind max allg""",
        "nr nrn abs art s bd kap ziff abb tab hausnr § seit ca jg jh rdnr rn aufl tel",
    ),
    "fr": (
        "m mm mme mmes mlle mlles me mgr dr drs pr prof st ste sts cf av bd boul chap éd env hab i.e p.ex vs réf",
        "art chap p pp n no nos nº vol fig t tél env al § ch",
    ),
    "es": (
        """sr sra sres sras srta d dª dña don dr dra drs prof profa lic ing arq abg ud uds vd vds ee p.ej pej avda av
        ctra pza gral cnel cap tte sto sta fco mª cía núm excmo excma ilmo rvdo hnos""",
        "art arts pág págs p pp núm núms n nº vol cap fig tel km c",
    ),
    "it": (
        """sig sigg sig.ra sig.na dott dott.ssa dr prof prof.ssa avv ing arch geom rag on sen gen col cap mons don cfr
        es per.es p.es s ss gent egr spett v.le p.za c.so""",
        "art artt pag pagg p pp n nn nr vol cap fig tel c co comma",
    ),
    "pt": (
        """sr sra srs sras srta dr dra drs prof profa eng arq exmo exma d dom gal cel cap v.exa p.ex ex av r lda st sto
        sta cia ilmo""",
        "art arts pág págs p pp n nº núm vol cap fig tel al",
    ),
    "ca": ("sr sra srs dr dra prof st sta av p.ex c", "art pàg pàgs p pp núm vol cap fig tel"),
    "ro": ("dl d-na dna dr prof ing av str sf nr cca ș.a ex", "art alin nr pag p vol cap fig tel"),
    "nl": (
        """dhr mevr mw mr drs dr prof ir ing ds jhr st o.a d.w.z bijv bv m.b.t i.p.v t.o.v n.a.v a.d.h.v m.a.w m.n resp
        ca mln mld evt incl excl max min vgl zgn gem""",
        "nr nrs blz p pp art vol hfdst afb fig tel ca lid",
    ),
    "sv": _NORDIC,
    "no": _NORDIC,
    "nb": _NORDIC,
    "nn": _NORDIC,
    "da": _NORDIC,
    "fi": ("esim ns mm ts ym yms toim prof tri dos fil past", "nro n s ss klo luku kuva puh"),
    "pl": (
        """dr hab prof inż mgr lek med ks bp abp św gen płk mjr kpt por ul al pl os im m.in tj tzn tzw np ww ok śp red
        n.p.m p""",
        "nr art ust pkt poz s str t rozdz rys tab tel godz ok",
    ),
    "cs": (
        "dr prof doc ing mgr mudr judr phdr bc sv tzv tj např popř resp ul nám gen plk kpt mj",
        "č čl odst s str sv kap obr tab tel",
    ),
    "sk": (
        "dr prof doc ing mgr mudr judr phdr bc sv tzv tj napr resp ul nám gen plk",
        "č čl ods s str kap obr tab tel",
    ),
    "hu": ("dr prof id ifj özv st pl ún ill kb stb u.n", "sz old fej ábr tel"),
    "hr": ("dr prof mr ing sv tzv tj npr ul gđa g gđica", "br čl st str sv sl tel"),
    "ru": (
        """т.е т.н т.к т.наз др проф акад доц канд инж г гг гор ул пр пл пер бул наб д дер с пос обл р-н им св о оз
        гос ср напр тов гр ген полк кап""",
        "стр с ст п пп гл рис табл т тт д кв корп стр тел оф №",
    ),
    "uk": (
        "т.зв проф акад доц інж м смт с вул просп пл пров бул обл р-н ім св див ред напр тов ген о",
        "стор с ст п пп гл рис табл т буд кв корп тел оф",
    ),
    "bg": ("т.е т.н т.нар проф акад доц инж д-р гр ул бул пл св ген полк", "стр с чл ал т фиг табл тел"),
    "tr": ("dr prof doç av yrd uzm müh mim sn bkz vb vs örn yy hz st alb gen yzb", "s ss no md böl cilt şek tel"),
    "el": ("κ κκ κα δρ καθ αγ οδ λεωφ π.χ δηλ βλ π.μ μ.μ αρ", "αρ σελ σ κεφ τόμ εικ τηλ άρθρ παρ"),
    "hi": ("डॉ प्रो श्री श्रीमती सुश्री पं मो स्व न्या कु", "पृ सं क्र"),
    "ar": ("د أ م أ.د ا", "ص رقم م"),
    "fa": ("د", "ص"),
}
