// The page: its two views, its conversation, and how it asks the server.

import { block, closest, element, remarks, sources } from "./answers.js";
import { Library, Source } from "./archive.js";

const at = (id) => document.getElementById(id);
const KEPT = 20; // turns that a reload brings back
const REFERRED = 3; // turns that a question may refer to

class Refused extends Error {
  constructor(status, { error, hint }) {
    super([error, status === 422 ? "" : hint].filter(Boolean).join(" ")); // 422: the hint is for who writes programs
    this.status = status;
  }
}

async function request(path, options = {}) {
  const token = sessionStorage.getItem("token");
  const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  const reply = await fetch(path, { ...options, headers }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { error: "The server does not answer.", hint: "Try again when it runs." });
  });
  if (reply.ok) return reply;
  if (reply.status === 401) {
    view("door");
    at("refused").textContent = token ? "This is not the token." : "";
  }
  const said = await reply.json().catch(() => ({ error: `The server answered ${reply.status}.` }));
  throw new Refused(reply.status, said);
}

const api = async (path) => (await request(path)).json();

function scope() {
  const given = new FormData(at("filters"));
  return Object.fromEntries([...given].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
}

function told({ publisher, since, until }) {
  return [publisher, since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(", ");
}

// Server-sent events over fetch, as EventSource can neither post nor send a token.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const name = /^event: (.*)$/m.exec(part)?.[1];
      if (name) yield [name, JSON.parse(/^data: (.*)$/m.exec(part)[1])];
    }
  }
}

const source = new Source(api);
const library = new Library(api, scope, (article, opener) => open(article, opener), say);

async function open(citation, opener, others) {
  try {
    await source.open({ answers: [], ...citation }, opener, others);
  } catch (error) {
    say(error.message);
  }
}

function say(text) {
  at(at("ask").hidden ? "found" : "status").textContent = text;
}

class Conversation {
  constructor() {
    this.turns = [];
    this.stopping = null;
    for (const answer of JSON.parse(sessionStorage.getItem("turns") ?? "[]")) this.show(this.begin(answer.question), answer);
  }

  begin(question, filters = {}) {
    const said = element("div", { className: "said" });
    const head = element("h3", { tabIndex: -1 }, question);
    const of = told(filters);
    const turn = element("li", { className: "turn" }, head,
      ...(of ? [element("p", { className: "asked-of" }, `Asked of: ${of}`)] : []), said);
    at("welcome").hidden = true;
    at("fresh").hidden = false;
    at("conversation").append(turn);
    head.scrollIntoView({ block: "start" });
    return said;
  }

  show(said, answer) {
    const go = (citation, opener) => open(citation, opener, answer.citations);
    said.replaceChildren(...block(answer, go), ...sources(answer, go), ...closest(answer, go), ...remarks(answer));
    this.turns.push(answer);
    const kept = this.turns.slice(-KEPT).map((turn) => ({ ...turn, passages: turn.passages.slice(0, 10) }));
    sessionStorage.setItem("turns", JSON.stringify(kept));
  }

  async ask(question) {
    const filters = scope();
    const history = this.turns.slice(-REFERRED).map((turn) => ({ question: turn.question, answer: turn.answer,
      citations: turn.citations.map(({ quote }) => ({ quote })) }));
    const said = this.begin(question, filters);
    said.ariaLive = "polite"; // the answer is read out; its draft is not
    this.stopping = new AbortController();
    busy(true);
    say("Searching …");
    try {
      await this.follow(said, { question, history, ...filters }, this.stopping.signal);
    } catch (error) {
      const stopped = error.name === "AbortError";
      const settled = said.querySelector(".settled")?.textContent;
      const ended = { className: stopped ? "remark" : "wrong", role: stopped ? "" : "alert" };
      say(stopped ? "Stopped." : "");
      said.replaceChildren(...(settled ? [element("p", {}, settled)] : []),
        element("p", ended, stopped ? "Stopped: this is no whole answer." : error.message));
    } finally {
      said.parentElement.scrollIntoView({ block: "start" });
      busy(false);
      this.stopping = null;
    }
  }

  async follow(said, asked, signal) {
    const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
    const reply = await request("ask", { method: "POST", headers, body: JSON.stringify(asked), signal });
    const settled = element("span", { className: "settled" });
    const draft = element("span", { className: "draft" });
    said.replaceChildren(element("p", { ariaHidden: "true" }, settled, draft));
    for await (const [name, value] of events(reply.body)) {
      if (name === "retrieved") say(`Reading ${value.passages.length} passages …`);
      if (name === "token") draft.append(value.text);
      if (name === "verified") {
        draft.textContent = "";
        if (value.verdict !== "unsupported") settled.append(`${value.text} `);
      }
      if (name === "answered") {
        this.show(said, value);
        const count = value.citations.length;
        say(value.answered ? `Answered, with ${count} ${count === 1 ? "source" : "sources"}.` : value.answer);
        return;
      }
      if (name === "error") throw new Refused(0, value);
    }
    throw new Refused(0, { error: "The server ended before the answer did.", hint: "Ask again." });
  }

  stop() {
    this.stopping?.abort();
  }

  clear() {
    this.stop();
    this.turns = [];
    sessionStorage.removeItem("turns");
    at("conversation").replaceChildren();
    at("welcome").hidden = false;
    at("fresh").hidden = true;
    say("");
    at("question").focus();
  }
}

function busy(going) {
  at("send").hidden = going;
  at("stop").hidden = !going;
  if (!going && document.activeElement === document.body) at("question").focus();
}

function view(name) {
  for (const one of ["door", "ask", "archive"]) at(one).hidden = one !== name;
  for (const one of ["ask", "archive"]) {
    if (one === name) at(`to-${one}`).setAttribute("aria-current", "page");
    else at(`to-${one}`).removeAttribute("aria-current");
  }
  if (name === "door") at("token").focus();
}

async function look() {
  if (location.hash === "#main") return; // the skip link's
  const name = location.hash === "#archive" ? "archive" : "ask";
  view(name);
  if (name === "archive") await library.list();
}

async function filtered() {
  at("scope-told").textContent = `Filters: ${told(scope()) || "none"}`;
  if (!at("archive").hidden) await look();
}

// Open the view that the address names, and ask for the token if one is needed.
async function begin() {
  const given = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (given) {
    sessionStorage.setItem("token", decodeURIComponent(given));
    history.replaceState(null, "", location.pathname);
  }
  await look();
  try {
    const names = await api("publishers");
    at("publishers").replaceChildren(...names.map((name) => element("option", { value: name })));
  } catch (error) {
    say(error.message);
  }
}

const conversation = new Conversation();

at("asking").addEventListener("submit", (event) => {
  event.preventDefault();
  const question = at("question").value.trim();
  if (!question || conversation.stopping) return;
  at("question").value = "";
  conversation.ask(question);
});
at("question").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at("asking").requestSubmit();
  }
});
at("stop").addEventListener("click", () => conversation.stop());
at("fresh").addEventListener("click", () => conversation.clear());
at("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  filtered();
  at("scope").open = false;
  at("scope").querySelector("summary").focus();
});
at("filters").addEventListener("change", filtered);
at("filters").addEventListener("reset", () => setTimeout(filtered));
at("key").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", at("token").value.trim());
  at("token").value = "";
  begin().then(() => at("question").focus());
});
window.addEventListener("hashchange", look);
begin();
