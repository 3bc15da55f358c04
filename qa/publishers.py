"""How publishers are called: by their own name, and well-known hosts by the name that readers know."""

from __future__ import annotations

from vectorstore.articles import Reference

NAMES = {
    "abc.net.au": "ABC News (Australia)",
    "abcnews.go.com": "ABC News",
    "aljazeera.com": "Al Jazeera",
    "apnews.com": "Associated Press",
    "arstechnica.com": "Ars Technica",
    "axios.com": "Axios",
    "bbc.co.uk": "BBC",
    "bbc.com": "BBC",
    "bloomberg.com": "Bloomberg",
    "businessinsider.com": "Business Insider",
    "buzzfeednews.com": "BuzzFeed News",
    "cbc.ca": "CBC",
    "cbsnews.com": "CBS News",
    "chicagotribune.com": "Chicago Tribune",
    "cnbc.com": "CNBC",
    "cnn.com": "CNN",
    "derstandard.at": "Der Standard",
    "dw.com": "Deutsche Welle",
    "economist.com": "The Economist",
    "elpais.com": "El País",
    "euronews.com": "Euronews",
    "faz.net": "Frankfurter Allgemeine Zeitung",
    "forbes.com": "Forbes",
    "foxnews.com": "Fox News",
    "france24.com": "France 24",
    "ft.com": "Financial Times",
    "huffpost.com": "HuffPost",
    "independent.co.uk": "The Independent",
    "latimes.com": "Los Angeles Times",
    "lefigaro.fr": "Le Figaro",
    "lemonde.fr": "Le Monde",
    "nature.com": "Nature",
    "nbcnews.com": "NBC News",
    "newyorker.com": "The New Yorker",
    "npr.org": "NPR",
    "nypost.com": "New York Post",
    "nytimes.com": "The New York Times",
    "nzz.ch": "Neue Zürcher Zeitung",
    "pbs.org": "PBS",
    "politico.com": "Politico",
    "propublica.org": "ProPublica",
    "reuters.com": "Reuters",
    "science.org": "Science",
    "scmp.com": "South China Morning Post",
    "smh.com.au": "The Sydney Morning Herald",
    "spiegel.de": "Der Spiegel",
    "sueddeutsche.de": "Süddeutsche Zeitung",
    "telegraph.co.uk": "The Telegraph",
    "theatlantic.com": "The Atlantic",
    "theguardian.com": "The Guardian",
    "thehill.com": "The Hill",
    "thetimes.co.uk": "The Times",
    "theverge.com": "The Verge",
    "theweek.co.uk": "The Week",
    "theweek.com": "The Week",
    "time.com": "Time",
    "usatoday.com": "USA Today",
    "vox.com": "Vox",
    "washingtonpost.com": "The Washington Post",
    "wired.com": "Wired",
    "wsj.com": "The Wall Street Journal",
    "zeit.de": "Die Zeit",
}


def publisher_of(article: Reference) -> str:
    """Return who published an article, by the name that readers know; "" where nobody is named."""
    named = article.publisher or ""
    host = named.lower().removeprefix("www.")
    parts = host.split(".")
    above = (".".join(parts[at:]) for at in range(len(parts) - 1))  # edition.cnn.com is CNN's
    return next((NAMES[one] for one in above if one in NAMES), named)
