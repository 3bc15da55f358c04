// An answer as the terminal shows it: a block for each quote, the words that answer in bold, its source below.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function spelled(published) {
  if (!published) return "undated";
  const [year, month, day] = published.split("-");
  return [day && String(Number(day)), month && MONTHS[Number(month) - 1], year].filter(Boolean).join(" ");
}

export function named(article) {
  return [article.title || article.source, article.publisher, spelled(article.published)].filter(Boolean).join(" — ");
}

// The quote on one line, letter by letter, each with whether it answers. Offsets count code points.
function letters(citation) {
  const answers = (at) => citation.answers.some(({ start, end }) => start <= at && at < end);
  const found = [];
  let gap = false;
  Array.from(citation.quote).forEach((letter, index) => {
    if (/\s/.test(letter)) {
      gap = found.length > 0;
      return;
    }
    const bold = answers(citation.start + index);
    if (gap) found.push({ letter: " ", bold: bold && found.at(-1).bold });
    gap = false;
    found.push({ letter, bold });
  });
  return found;
}

function pieces(marked) {
  const found = [];
  for (const { letter, bold } of marked) {
    if (found.length && found.at(-1).bold === bold) found.at(-1).text += letter;
    else found.push({ text: letter, bold });
  }
  return found;
}

// A quote never holds what looks like a marker of ours: its own numbers in brackets stand in parentheses.
const unmarked = (text) => text.replace(/\[(\d+)\]/g, "($1)");

// A sentence in pieces, marked where it is the quote of its citation.
function told(sentence, citations) {
  const own = citations.filter((citation) => sentence.citations.includes(citation.number));
  const plain = [{ text: sentence.text, bold: false }];
  if (own.length !== 1 || !own[0].answers.length) return plain;
  const marked = letters(own[0]);
  const quote = unmarked(marked.map(({ letter }) => letter).join(""));
  const head = sentence.text.length - sentence.text.trimStart().length;
  const at = [head, head + 1].find((start) => sentence.text.startsWith(quote, start));
  if (at === undefined) return plain;
  const before = { text: sentence.text.slice(0, at), bold: false };
  const after = { text: sentence.text.slice(at + quote.length), bold: false };
  return [before, ...pieces(marked).map(({ text, bold }) => ({ text: unmarked(text), bold })), after];
}

function whole(answer) {
  const shown = answer.sentences.filter(({ verdict }) => verdict !== "unsupported");
  const found = [];
  shown.forEach((sentence, number) => {
    if (number && !sentence.text.startsWith("\n")) found.push({ text: " ", bold: false });
    found.push(...told(sentence, answer.citations));
  });
  const said = found.map(({ text }) => text).join("");
  return said === answer.answer ? found : [{ text: answer.answer, bold: false }];
}

function lines(marked) {
  const found = [[]];
  for (const { text, bold } of marked) {
    text.split("\n").forEach((part, number) => {
      if (number) found.push([]);
      if (part) found.at(-1).push({ text: part, bold });
    });
  }
  return found;
}

// A line's nodes; its markers open their sources.
function nodes(line, citations, open) {
  return line.flatMap(({ text, bold }) =>
    text.split(/(\[\d+\])/).filter(Boolean).map((part) => {
      const number = Number(/^\[(\d+)\]$/.exec(part)?.[1]);
      const citation = citations.find((one) => one.number === number);
      if (citation) return marker(citation, open);
      return bold ? element("strong", {}, part) : part;
    }));
}

function marker(citation, open) {
  const button = element("button", { type: "button", className: "note", textContent: `[${citation.number}]` });
  button.setAttribute("aria-label", `Source ${citation.number}: ${named(citation)}`);
  button.addEventListener("click", () => open(citation, button));
  return button;
}

export function block(answer, open) {
  const parts = [];
  for (const line of lines(whole(answer))) {
    if (!line.length || !parts.length) parts.push([]);
    if (line.length) parts.at(-1).push(line);
  }
  return parts.filter((part) => part.length).map((part) => {
    const rows = part.map((line) => element("p", { className: line[0].text.startsWith("— ") ? "byline" : "" },
      ...nodes(line, answer.citations, open)));
    return answer.answered ? element("blockquote", {}, ...rows) : element("div", { className: "none" }, ...rows);
  });
}

export function sources(answer, open) {
  const rows = answer.citations.map((citation) => {
    const link = element("button", { type: "button", className: "link" }, `[${citation.number}] ${named(citation)}`);
    link.addEventListener("click", () => open(citation, link));
    const marked = letters(citation);
    const stands = answer.answer.includes(unmarked(marked.map(({ letter }) => letter).join("")));
    const quote = pieces(marked).map(({ text, bold }) => (bold ? element("strong", {}, text) : text));
    return element("li", {}, link, ...(stands ? [] : [element("q", {}, ...quote)]));
  });
  return rows.length ? [element("ol", { className: "sources", ariaLabel: "Sources" }, ...rows)] : [];
}

// Where there is no answer: the first passage of each of the nearest articles.
export function closest(answer, open) {
  if (answer.answered || !answer.passages.length) return [];
  const first = new Map();
  for (const hit of answer.passages) if (!first.has(hit.article)) first.set(hit.article, hit);
  const rows = [...first.values()].slice(0, 3).map((hit) => {
    const link = element("button", { type: "button", className: "link" }, hit.title || hit.source);
    link.addEventListener("click", () => open({ ...hit, answers: [] }, link));
    return element("li", {}, link);
  });
  return [element("p", { className: "remark" }, "Closest, but not an answer:"),
    element("ul", { className: "closest" }, ...rows)];
}

export function remarks(answer) {
  const said = answer.unanswered.map((part) => `Not answered: ${part}`);
  if (answer.rewritten) said.push(`Understood as: ${answer.rewritten}`);
  if (answer.notice) said.push(answer.notice);
  return said.map((text) => element("p", { className: "remark" }, text));
}
