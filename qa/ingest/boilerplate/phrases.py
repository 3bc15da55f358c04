"""What sites put around their articles, in English and some French, German and Spanish: the stock phrases.

All patterns are for squashed lines: one line, straight quotes, without case (qa.ingest.canonical.squash).
"""

from __future__ import annotations

import re

from qa.ingest.canonical import squash

_WORDS = """
menu|home|search|log in|login|log out|sign in|sign up|register|subscribe|subscribe now|my account|settings|navigation
skip to content|skip to main content|skip to navigation|toggle navigation|open menu|close menu|close|back to top
advertisement|advertising|advert|ad|ads|sponsored|sponsored content|promoted content|paid content|paid post
print|email|e-mail|share|shares|tweet|facebook|twitter|whatsapp|linkedin|pinterest|telegram|reddit|instagram|youtube
tiktok
bluesky|threads|messenger|rss|copy link|copy url|link copied|save|bookmark|listen|listen to this article
gift this article
read more|read more here|read next|up next|continue reading|keep reading|see more|show more|load more|view more
view all|see all
must read|must reads|must watch|trending|trending now|latest|latest news|breaking|breaking news|live|watch live|top news
newsletter|newsletters|next|previous|next article|previous article|next post|previous post|more|more news|more stories
contact|contact us|about us|advertise|advertise with us|privacy|privacy policy|terms of use|terms of service|terms
cookie policy|cookie settings|manage cookies|accept|accept all|reject all|got it|sitemap|site map|careers|help|faq
follow us|connect with us|join us|find us on facebook|like us on facebook|thank you for reading|loading
play video|watch video|watch now|now playing
close video|video player close|get short url|text size|font size
get the app|download the app|download our app|our apps|mobile apps|subscribers only|premium|what to read next
accueil|se connecter|connexion|s'abonner|s'inscrire|publicité|annonce|partager|partager cet article|imprimer|envoyer
lire la suite|en savoir plus|voir plus|passer au contenu|aller au contenu principal|rechercher|suivez-nous
offrir cet article
startseite|anmelden|abmelden|registrieren|abonnieren|anzeige|werbung|teilen|artikel teilen|drucken|merken|vorlesen
weiterlesen|mehr lesen|mehr anzeigen|zum inhalt springen|suche|suchen|folgen sie uns|schließen|kontakt|impressum
datenschutz
inicio|iniciar sesión|registrarse|suscribirse|suscríbete|publicidad|anuncio|compartir|compartir este artículo|imprimir
leer más|seguir leyendo|ver más|ir al contenido|saltar al contenido|buscar|síguenos|contacto|aviso legal
"""
_ENDING = """
related|related articles|related stories|related news|related topics|related posts|related content|related links
more articles|more from this author|more from author|more like this|more on this story|more on this topic
latest articles|latest posts|latest stories|latest videos|recent posts|recent comments|popular articles|popular news
archives|categories
recent articles|recent news|popular posts
most read
most popular|most viewed|most shared|most commented|top stories|editor's picks|editors' picks|recommended
recommended for you
recommended stories|recommended reading|you may also like|you might also like|you may like|you might be interested in
also read
also on this site|around the web|from the web|from our partners|in other news|don't miss|tags|topics|filed under
about the author
share this|share this article|share this story|share this post|share this page|share it|share on facebook
spread the word
à lire aussi|lire aussi|sur le même sujet|articles liés|les plus lus|dans la même rubrique|vous aimerez aussi
nos derniers articles
mehr zum thema|das könnte sie auch interessieren|lesen sie auch|meistgelesen|verwandte artikel|weitere artikel
mehr aus dem ressort
te puede interesar|también te puede interesar|noticias relacionadas|artículos relacionados|lo más leído|más noticias
lea también
"""
_COMMENTS = """
comments|comment|comments are closed|comments are off|comments closed|leave a comment|leave a reply|post a comment
add a comment
write a comment|add your comment|join the conversation|join the discussion|view comments|show comments|read comments
no comments
be the first to comment|please enter your comment|please enter your name here|cancel reply|reader comments
discussion about this post
commentaires|laisser un commentaire|réagir|kommentare|kommentar schreiben|kommentar verfassen|comentarios
deja un comentario
"""
_LANGUAGES = (
    r"(?:arabic|chinese|english|farsi|persian|french|german|hindi|italian|japanese|portuguese|russian|spanish|urdu)"
)
_SITES = (
    r"(?:twitter|x|facebook|instagram|youtube|tiktok|telegram|linkedin|threads|google news|whatsapp|bluesky|mastodon)"
)
_STORES = r"(?:roku|app store|google play|play store)"
_LINES = (
    rf"follow (?:us|me|\S+(?: \S+){{0,6}}) on {_SITES}\b.{{0,80}}",
    rf"share (?:this|it|on|via|with|to|by)\b(?: (?:this|article|story|post|page|on|via|{_SITES}|email|link))*",
    r"(?:sign[- ]?up|subscribe|register|join)\b.{0,120}\b(?:newsletters?|our updates|inbox|mailing list)\b.{0,60}",
    r"(?:sign[- ]?up|subscribe) (?:here|now|today|for free|to read|to continue|to .{2,30} today)\b.{0,30}",
    r"(?:click|tap) here (?:to|for)\b.{0,80}",
    r"[^.!?]{0,120}\b(?:click|tick|tap|sign up|subscribe|read more|learn more|find out more) here\b\W*",
    r".{0,120}\b(?:in|into|to) your inbox\b.{0,80}",
    r"(?:read|see|watch|view|listen)(?: also| more| next| related)? ?[:|»>].{0,160}",
    r"(?:more|related|also read|read also|don't miss|recommended) ?[:|»>].{0,160}",
    r"(?:lire aussi|à lire aussi|lesen sie auch|lea también) ?[:|»>].{0,160}",
    rf"(?:read|available|listen|watch)(?: this)?(?: article| story| page)?(?: also)? in {_LANGUAGES}",
    r"(?:download|get)(?: the| our)?(?: \S+){0,3} app\b.{0,30}",
    rf"(?:[\w&'-]+ ){{0,5}}{_STORES}",
    r"(?:\S+ )?\d+ ?min(?:ute)?s?\.? (?:read|de lecture|lesezeit)",
    r"(?:reading time|temps de lecture|lesezeit|tiempo de lectura).{0,30}",
    r"\d+ (?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?) ago|just now|published|updated|posted",
    r"listen to (?:this )?(?:article|story|page).{0,30}|(?:image|photo|slide)? ?\d+ ?(?:/|of) ?\d+",
    r"[\d.,]+ ?[km]? (?:comments?|shares?|views?|likes?|reads?|commentaires?|kommentare?|comentarios?)",
    r"(?:©(?=.{0,40}\d{4}|.{0,60} rights\b)|(?:copyright|\(c\))(?= ?©| ?\d{4}| by\b)).{0,160}",
    r".{0,100}\b(?:all rights reserved|tous droits réservés|alle rechte vorbehalten|derechos reservados).{0,200}",
    r"[-–—*\s]*advertisement[-–—*\s]*(?:spot_img)*|(?:spot_img)+|advertisement (?:continue|scroll|article).{0,40}",
    r"(?:tags?|topics?|keywords?|labels?|filed under|categor(?:y|ies)|you are here) ?:.{0,200}",
    r"(?:previous|next) (?:article|post|story).{0,160}|related articles ?more from author",
    r"like (?:this:|loading).{0,20}",
    r".{0,60}\(opens in (?:a )?new (?:window|tab)\)|our standards: .{0,60}",
    r"last updated?:? \d+ \w+(?: \d+ \w+)? ago",
    r"(?:a[+-]? ){1,2}a[+-]?",
    r"(?:article |story )?continues (?:after|below)(?: this)? (?:advertisement|ad)",
    r".{0,60}\b(?:we|this (?:web)?site|our (?:web)?site)(?: and our partners)? uses? cookies\b.{0,300}",
    r"(?:accept|manage|reject).{0,20} cookies|.{0,30}nous utilisons des cookies.{0,300}",
    r".{0,30}(?:wir|diese website) (?:verwenden?|nutz(?:t|en)) cookies.{0,300}",
    r".{0,40}website can also be accessed at the following.{0,60}",
    r"(?:please )?enable javascript.{0,100}|your browser does not support.{0,80}|javascript (?:is|must be) .{0,60}",
    r"(?:abonnez-vous|inscrivez-vous|suivez-nous|folgen sie uns|síguenos|suscríbete)\b.{0,120}",
    r"support (?:our|independent|local|quality) journalism\b.{0,80}|unable to view our graphics\?.{0,60}",
)
_COMMENT_LINES = (
    r"(?:your )?email address will not be published.{0,80}|required fields are marked.{0,20}",
    r"leave a (?:reply|comment)\b.{0,40}|notify me of .{0,60}|.{0,80}\bcomment data is processed\b.{0,10}",
    r"save my name, email.{0,120}|please enter (?:your|an?) .{0,60}|you have entered an incorrect email.{0,80}",
    r"(?:you must be |please )?(?:log|sign)(?:ged)? in (?:to|or) .{0,40}comment.{0,20}",
    r"\d+ (?:comments?|thoughts? on .{0,200})|comments? (?:on this .{2,20} )?(?:are|is) (?:now )?closed.{0,30}",
)
_PITCHES = (  # what a paywall says; a line of an article that tells of subscriptions says none of it
    r"already (?:an? )?(?:\w+ )?(?:subscriber|subscribed|member|registered)\b.{0,40}\b(?:log|sign) ?-?in",
    r"(?:log|sign) ?-?in (?:here )?(?:to|and) (?:read|continue|keep reading|view)",
    r"(?:subscribe|register|sign up|join)(?: now| today)? (?:for|to|and|from)\b.{0,60}"
    r"\b(?:read|access|unlimited|continue|unlock|a week|a month|per month|trial)\b",
    r"you(?:'ve| have) (?:read|reached|used)\b.{0,40}\b(?:free|limit|articles)",
    r"(?:this|the full|the rest of this) (?:article|story|content|post) is (?:only )?"
    r"(?:for|available to|reserved for|exclusive to)\b.{0,30}\b(?:subscribers|members|registered|paying)",
    r"(?:to (?:read|continue)|read) (?:on|the (?:full|whole|rest)|this|reading)\b.{0,80}"
    r"\b(?:subscri|register|sign up|log in)",
    r"bereits (?:\w+[- ]?)?(?:abonnent|abonniert|kunde|registriert|mitglied)",
    r"(?:jetzt|hier|sofort)\b.{0,20}\b(?:weiterlesen|abonnieren|testen|freischalten|gratis|kostenlos)\b.{0,80}"
    r"\b(?:abo|monat|euro|woche|zugang|plus|weiterlesen|lesen)",
    r"(?:dieser|den) (?:artikel|beitrag|text|inhalt)\b.{0,60}\b(?:nur für|exklusiv|mit (?:einem )?abo|freischalten)",
    r"(?:weiterlesen|weiter lesen)\b.{0,40}\b(?:abo|plus|premium|anmelden|registrieren)",
    r"(?:article|contenu) (?:est )?réservé aux? (?:abonné|adhérent|membre)|déjà abonné|il vous reste\b.{0,20}\bà lire",
    r"(?:abonnez-vous|s'abonner)\b.{0,60}\b(?:lire|accéder|illimité|mois|semaine)",
    r"(?:contenido|artículo|noticia) (?:exclusiv[oa]|reservad[oa]|sólo|solo)\b.{0,30}\b(?:suscriptor|registrad)",
    r"¿?ya eres suscriptor|(?:suscríbete|suscríbase)\b.{0,60}\b(?:leer|acceder|sin límites|mes|semana)",
    r"(?:contenuto|articolo) (?:riservato|esclusivo)|sei già abbonato|abbonati\b.{0,60}\b(?:leggere|continuare|mese)",
    r"(?:conteúdo|matéria) (?:exclusiv[oa]|restrit[oa])|já é assinante|assine\b.{0,60}\b(?:ler|acess|mês|continuar)",
    r"al abonnee|al een abonnement|(?:word abonnee|neem een abonnement)|redan prenumerant|allerede abonnent",
    r"masz już (?:konto|subskrypcję)|уже подписан|оформите подписку|zaten abone",
)
_PICTURE = re.compile(
    r"\S*\.(?:jpe?g|png|gif|webp|svg)|untitled[-_ ]?\w{0,4}|(?:img|dsc|dscn|pxl|image)[-_ ]?\d+\S*"
    r"|spot_img|screen ?shot.{0,40}"
)
_NUMBERED = re.compile(r"\d+[.)] ")  # an item of a list
_HOST = re.compile(r"(?:https?://)?(?:[\w-]+\.)+(?:com|org|net|info|co|tv|news|edu|gov|io|ir|eu|[a-z]{2})(?:/\S*)?")
_WEATHER = re.compile(r"-?\d{1,3}(?:[.,]\d)?\s*(?:°\s*[cf]?|[cf])")


def _set(table: str) -> frozenset[str]:
    return frozenset(phrase for line in table.split("\n") for phrase in line.split("|") if phrase)


FURNITURE = _set(_WORDS)
SOCIAL = _set(  # a line of nothing but these words and numbers is a row of buttons
    "share|shares|tweet|tweets|pin|pinterest|like|likes|print|email|mail|facebook|twitter|google|whatsapp|linkedin"
    "|telegram|reddit|messenger|viber|tumblr|flipboard|copy|link|comment|comments|views|instagram|youtube|bluesky|threads"
)
ENDING = _set(_ENDING)
COMMENTS = _set(_COMMENTS)
_FURNITURE_LINE = re.compile("|".join(f"(?:{line})" for line in _LINES))
_COMMENT_LINE = re.compile("|".join(f"(?:{line})" for line in _COMMENT_LINES))
_PITCH = re.compile("|".join(_PITCHES))
_TRIM = " .:!…*-–—|>»›·•#[]"
_LONGEST = 400  # characters; a stock phrase is short


def is_furniture(line: str) -> bool:
    """Tell whether a whole line is a stock phrase, a bare address, a temperature or the name of a picture."""
    plain = squash(line)
    if len(plain) > _LONGEST:
        return False
    bare = plain.strip(_TRIM)
    return (
        bare in FURNITURE
        or (SOCIAL.issuperset(re.findall(r"[^\W\d]+", plain) or [bare]) and not _NUMBERED.match(plain))
        or any(pattern.fullmatch(plain) for pattern in (_FURNITURE_LINE, _HOST, _WEATHER, _PICTURE))
        or ends_article(line)
    )


def sells(text: str) -> bool:
    """Tell whether a paragraph sells a subscription in a paywall's words."""
    return bool(_PITCH.search(squash(text[: 3 * _LONGEST])))


def ends_article(line: str) -> bool:
    """Tell whether a line heads what stands below articles: related ones, share buttons, comments."""
    plain = squash(line)[:_LONGEST]
    return plain.strip(_TRIM) in ENDING or "can also be accessed at the following" in plain or opens_comments(line)


def opens_comments(line: str) -> bool:
    """Tell whether a line heads the readers' comments or their form."""
    plain = squash(line)[:_LONGEST]
    return plain.strip(_TRIM) in COMMENTS or bool(_COMMENT_LINE.fullmatch(plain.strip(_TRIM)))


def is_one_word(line: str) -> bool:
    """Tell whether a stock phrase is a single word, which may as well be a heading of the article."""
    return len(squash(line).split()) == 1
