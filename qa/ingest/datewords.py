"""The words that stand beside a day on its line: "Published on", "Updated", a time of day, the day of the week."""

from __future__ import annotations

import re

from qa.ingest.date import without_dates
from qa.ingest.months import WEEKDAY

_PUBLISHED = """
(?:first |originally |date )?(?:published|posted)(?: time| date)?|created|date|publication date|online since
(?:zuerst )?veröffentlicht|erschienen|erstellt|datum|stand|publiziert|online seit|publié|publiée|mis en ligne|paru|date
publicado|publicada|publicación|fecha|pubblicato|pubblicata|data|publicação|gepubliceerd|geplaatst|opublikowano
data publikacji|dodano|publicerad|publicerat|publisert|udgivet|offentliggjort|publicat
опубликован[оа]?|дата публикации|опубліковано|дата|yayınlanma(?: tarihi)?|yayın tarihi|giriş(?: tarihi)?
نُ?شر(?:ت)?(?: في)?|تاريخ النشر|发布(?:时间|日期|于)?|發布(?:時間|日期|於)?|发表(?:时间|于)|發表時間|时间|時間|日期
公開日時?|公開|投稿日時?|掲載日?|配信|입력|등록|게재|승인|작성일?|발행일?
"""
_UPDATED = """
(?:last )?(?:updated?|modified|edited|revised)(?: time)?|(?:zuletzt )?(?:aktualisiert|geändert|bearbeitet)
letzte (?:änderung|aktualisierung)|mis à jour|mise à jour|modifié|actualizado|actualizada|actualización|modificado
(?:ultimo )?aggiorna(?:to|mento)|atualizad[oa]|última atualização|bijgewerkt|gewijzigd|laatste? (?:update|wijziging)
aktualizacja|zaktualizowano|(?:senast )?uppdaterad|uppdaterat|(?:sist )?oppdatert|opdateret|actualizat
обновлен[оа]?|обновлено|изменено|оновлено|(?:son )?güncelle(?:nme|me)(?: tarihi)?|(?:آخر )?تحديث
更新(?:时间|時間|日期|日時?|于|於)?|最終更新日?|最后更新|最終?수정|수정
"""
_AT = r"on|at|le|am|el|il|em|op|den|dnia|в|kl\.?|um|à|a las|alle|ore|às|uhr|om|saat|by|the"
_ZONE = r"\b(?:GMT|UTC|CES?T|MSK|МСК|[AECMP][DS]?T|[BHIJMPSW][GKS]T)\b(?:[+-]\d{1,2}(?::?\d{2})?)?"
_CLOCK = (
    r"(?<!\d)\d{1,2}(?:[:.]|h ?|:\d{2}:)\d{2}(?!\d)(?:\s*(?:[ap]\.?m\b\.?|uhr|h\b|hs?\b))?|\b[ap]\.?m\b\.?"
    r"|오전|오후|上午|下午"
    r"|\d{1,2}[時时点] ?(?:\d{1,2}分)?|\d{1,2} ?시(?: ?\d{1,2}분)?|\d{1,2} uhr\b|\b[бr]?г\.|\br\."
)
_BY = re.compile(r"\b(?:by|von|par|por)\s+\w[\w .'’-]{1,30}$", re.I)
_SOURCE = re.compile(  # credits that Chinese, Japanese and Korean sites print behind the day
    r"(?:来源|來源|作者|编辑|責任編輯|责任编辑|出典|문의|출처|기자|source|quelle|fonte|fuente|источник)\s*[:：]\s*[^:：]{1,30}$",
    re.I,
)


def _any(table: str) -> str:
    return "(?:" + "|".join(line for line in table.strip().split("\n")) + ")"


LABEL = re.compile(
    rf"{_any(_PUBLISHED)}(?: in (?:the )?[\w ’'&-]{{2,40}},)?(?: (?:{_AT}))?(?!\w) ?(?:[:：]|-(?= ))?", re.I
)
UPDATED = re.compile(rf"{_any(_UPDATED)}(?: (?:{_AT}))?(?!\w) ?[:：]?", re.I)
_BESIDE = re.compile(rf"{_CLOCK}|{_ZONE}|(?<!\w)(?:{_AT})(?!\w)", re.I)
_WEEKDAY = re.compile(WEEKDAY, re.I)


def beside_dates(line: str) -> str:
    """Return what a line says beside its days, their labels, weekdays and times; all of it where it has no day."""
    return _without(line)


def _without(line: str, *others: re.Pattern[str]) -> str:
    rest = without_dates(line)
    if rest == line:
        return line
    for pattern in (*others, LABEL, UPDATED, _BESIDE, _WEEKDAY):
        rest = pattern.sub(" ", rest)
    return rest


def is_date_line(line: str) -> bool:
    """Tell whether a line holds a day and beside it nothing but labels, a weekday, a time and who is credited."""
    if len(line) > 100 or not any(character.isdigit() for character in line):
        return False
    rest = _without(line, _SOURCE, _BY)
    return rest != line and not re.search(r"[^\W\d_]{2,}|\d{2,}", rest)


def names_weekday(line: str) -> bool:
    """Tell whether a line names a day of the week."""
    return bool(_WEEKDAY.search(without_dates(line)))
