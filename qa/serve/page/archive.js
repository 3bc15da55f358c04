// The archive: its list, and an article with the spans that were cited.

import { element, spelled } from "./answers.js";

const PART = 50;
const at = (id) => document.getElementById(id);

export class Library {
  constructor(api, scope, open, say) {
    Object.assign(this, { api, scope, open, say, offset: 0, asked: 0 });
    at("finding").addEventListener("submit", (event) => {
      event.preventDefault();
      this.list();
    });
    at("more").addEventListener("click", () => this.list(this.offset));
  }

  // List articles from the beginning, or more of them; of two requests only the later one is shown.
  async list(offset = 0) {
    const number = ++this.asked;
    const asked = new URLSearchParams({ ...this.scope(), q: at("words").value, limit: PART, offset });
    try {
      const listed = await this.api(`articles?${asked}`);
      if (number === this.asked) this.show(listed, offset);
    } catch (error) {
      if (number === this.asked) this.say(error.message);
    }
  }

  show({ total, articles }, offset) {
    if (!offset) at("articles").replaceChildren();
    const rows = articles.map((article) => this.row(article));
    at("articles").append(...rows);
    this.offset = offset + articles.length;
    at("found").textContent = `${total} ${total === 1 ? "article" : "articles"}`;
    at("more").hidden = this.offset >= total;
    if (offset) rows[0]?.querySelector("button").focus();
  }

  row(article) {
    const link = element("button", { type: "button", className: "link" }, article.title || article.source);
    link.addEventListener("click", () => this.open({ ...article, article: article.id }, link));
    const about = [article.publisher, spelled(article.published)].filter(Boolean).join(", ");
    return element("li", {}, link, element("span", { className: "about" }, about));
  }
}

export class Source {
  constructor(api) {
    this.api = api;
    at("close").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !at("source").hidden) this.close();
    });
  }

  // Show an article; `others` are citations of the same answer, of which those of this article are marked too.
  async open(citation, opener, others = []) {
    const article = await this.api(`articles/${encodeURIComponent(citation.article)}`);
    const spans = [...others.filter((one) => one.article === citation.article), citation];
    this.opener = opener;
    at("source-title").textContent = article.title || article.source;
    at("source-about").replaceChildren(...about(article));
    at("source-text").replaceChildren(...blocks(article, spans.filter((one) => one.end > one.start), citation));
    at("source").hidden = false;
    document.body.classList.add("reading");
    at("source").scrollTop = 0;
    at("source-title").focus();
    at("source-text").querySelector("mark.chosen")?.scrollIntoView({ block: "center" });
  }

  close() {
    at("source").hidden = true;
    document.body.classList.remove("reading");
    if (this.opener?.isConnected) this.opener.focus();
  }
}

function about(article) {
  const said = [article.publisher, article.author, spelled(article.published)].filter(Boolean).join(", ");
  if (!/^https?:\/\//i.test(article.url ?? "")) return [said];
  const link = element("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, "Open the page");
  return [`${said} · `, link];
}

// The blocks of the text. Offsets count code points, which JavaScript's strings do not.
function blocks(article, spans, chosen) {
  const letters = Array.from(article.text);
  const names = { heading: "h3", caption: "p", paragraph: "p" };
  return article.blocks.map(({ start, end, kind }) =>
    element(names[kind], { className: kind }, ...marked(letters, start, end, spans, chosen)));
}

function marked(letters, start, end, spans, chosen) {
  const inside = (at, ranges) => ranges.some((range) => range.start <= at && at < range.end);
  const answers = spans.flatMap((span) => span.answers);
  const edges = [...spans, ...answers].flatMap((span) => [span.start, span.end]);
  const cuts = [...new Set([start, end, ...edges.filter((edge) => start < edge && edge < end)])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, number) => {
    const text = letters.slice(from, cuts[number + 1]).join("");
    const words = inside(from, answers) ? element("strong", {}, text) : text;
    if (!inside(from, spans)) return words;
    return element("mark", { className: inside(from, [chosen]) ? "chosen" : "" }, words);
  });
}
