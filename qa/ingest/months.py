"""The months by name and abbreviation, and the days of the week, in the languages that articles are dated in."""

from __future__ import annotations

import re

# One line a month: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Danish, Norwegian,
# Romanian, Russian, Ukrainian, Turkish, Arabic (east and west). In inflected languages the genitive is what dates use.
_TABLE = """
january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari stycznia styczeń sty ianuarie ian
 января янв січня січ ocak oca يناير جانفي كانون_الثاني
february feb februar februari février fevrier févr fév fev febrero febbraio fevereiro lutego luty lut februarie
 февраля фев лютого лют şubat şub فبراير فيفري شباط
march mar märz maerz mrz mär mars marzo março marco maart mrt marca marzec marts martie
 марта мар березня бер mart مارس آذار اذار
april apr avril avr abril abr aprile kwietnia kwiecień kwi aprilie апреля апр квітня кві nisan nis
 أبريل ابريل إبريل أفريل نيسان
may mai mayo maggio mag maio mei maja maj mayıs мая май травня тра مايو ماي أيار ايار
june jun juni juin junio giugno giu junho czerwca czerwiec cze iunie июня июн червня чер haziran haz
 يونيو يونيه جوان حزيران
july jul juli juillet juil julio luglio lug julho lipca lipiec lip iulie июля июл липня лип temmuz tem
 يوليو يوليه جويلية تموز
august aug août aout agosto ago augustus sierpnia sierpień sie augusti августа авг серпня сер ağustos ağu
 أغسطس اغسطس أوت آب
september sep sept septembre septiembre settembre set setembro września wrzesień wrz septembrie сентября сен сент
 вересня вер eylül eyl سبتمبر أيلول ايلول
october oct oktober okt octobre octubre ottobre ott outubro out października październik paź octombrie
 октября окт жовтня жов ekim eki أكتوبر اكتوبر تشرين_الأول تشرين_الاول
november nov novembre noviembre novembro listopada listopad lis noiembrie ноября ноя нояб листопада лис kasım kas
 نوفمبر تشرين_الثاني
december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro grudnia grudzień gru decembrie desember
 des декабря дек грудня гру aralık ara ديسمبر كانون_الأول كانون_الاول
"""
_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim
lunes martes miércoles miercoles jueves viernes sábado sabado domingo mié jue vie sáb dom
lunedì martedì mercoledì giovedì venerdì gio
segunda terça quarta quinta sexta feira seg ter qua qui sex
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
poniedziałek wtorek środa czwartek piątek sobota niedziela
måndag tisdag onsdag torsdag fredag lördag søndag söndag mandag tirsdag lørdag
luni marți miercuri joi vineri sâmbătă duminică
понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
понеділок вівторок середа четвер пʼятниця п'ятниця п’ятниця субота неділя нд
pazartesi salı çarşamba perşembe cuma cumartesi pazar
الأحد الاحد الإثنين الاثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت
星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日
月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 월요일 화요일 수요일 목요일 금요일 토요일 일요일
"""


def _numbers() -> dict[str, int]:
    lines = _TABLE.replace("\n ", " ").split("\n")[1:-1]
    return {name.replace("_", " "): number for number, line in enumerate(lines, 1) for name in line.split()}


MONTHS = _numbers()
_LONGEST_FIRST = sorted(MONTHS, key=len, reverse=True)
MONTH = rf"(?P<month>(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})(?!\w)\.?)"
WEEKDAY = rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_WEEKDAYS.split(), key=len, reverse=True)))})(?!\w)\.?"


def month_number(name: str) -> int:
    """Return 1 … 12 for a month's name or abbreviation; raises KeyError for anything else."""
    return MONTHS[_folded(name.rstrip("."))]


def _folded(name: str) -> str:
    """Lower case as `re.IGNORECASE` sees it: KASIM, Mayıs, ſeptember."""
    lowered = name.replace("İ", "i").lower().replace("ſ", "s")
    if lowered in MONTHS:
        return lowered
    return next((month for month in MONTHS if re.fullmatch(re.escape(month), name, re.IGNORECASE)), lowered)
