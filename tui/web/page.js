"use strict";
// What Textual's script leaves to its page: the tab's conversation, the keyboard from the start, the browser's
// clipboard, and a phone. It runs before that script, which makes the terminal when the page has loaded.

const SMALL = 600; // pixels; narrower screens get smaller letters, of which 46 stand in a line of a phone
const CONVERSATION = "footnote-conversation"; // in the storage of this tab alone
const KEYS = { escape: "\x1b", ask: "\x1bOR", up: "\x1b[A", down: "\x1b[B", enter: "\r", commands: "\x10" };
const element = (id) => document.getElementById(id);
const terminal = element("terminal");
let socket = null;

// The size of the letters, as the address asks for, within reason.
const asked = parseInt(new URLSearchParams(location.search).get("fontsize"), 10);
terminal.dataset.fontSize = asked ? Math.min(Math.max(asked, 6), 60) : innerWidth < SMALL ? 14 : 16;
terminal.dataset.sessionWebsocketUrl = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;

// The socket: ours where Textual's script asks for one, so that the tab's conversation goes along and comes back.
window.WebSocket = class extends WebSocket {
  constructor(address) {
    super(`${address}&conversation=${sessionStorage.getItem(CONVERSATION) ?? ""}`);
    socket = this;
    this.addEventListener("message", ({ data }) => (typeof data === "string" ? heard(...JSON.parse(data)) : drawn()));
    this.addEventListener("close", ended);
  }
};

function heard(kind, value) {
  if (kind === "conversation") sessionStorage.setItem(CONVERSATION, value);
}

function ended({ code, reason }) {
  const gone = "The connection was lost. The conversation is saved.";
  element("why").textContent = code === 1000 ? "The session has ended." : reason || gone;
}

// The keyboard: in the terminal from its first picture on, and whenever the window is come back to.
let begun = false;
function drawn() {
  if (!begun) type();
  begun = true;
}

function type() {
  terminal.querySelector(".xterm-helper-textarea")?.focus({ preventScroll: true });
}

window.addEventListener("focus", type);
element("again").addEventListener("click", () => location.reload());

// Pasting is the browser's: the terminal would send Ctrl+V as a key.
window.addEventListener("keydown", (event) => {
  const pastes = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "v";
  if (pastes) event.stopImmediatePropagation();
}, true);

// Copying: by the clipboard where the page may; it may only over TLS and on this machine. Else as a key would do it.
const clipboard = navigator.clipboard;
Object.defineProperty(navigator, "clipboard", { value: { writeText: copy, readText: async () => "" } });

async function copy(text) {
  if (await taken(text)) tell(true);
  else offer(text);
}

async function taken(text) {
  try {
    await clipboard.writeText(text);
    return true;
  } catch {
    return copyAsKey(text);
  }
}

function tell(done) {
  socket?.send(JSON.stringify(["copied", done]));
}

function copyAsKey(text) {
  const give = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener("copy", give, { capture: true, once: true });
  const done = document.execCommand("copy");
  window.removeEventListener("copy", give, { capture: true });
  return done;
}

function offer(text) {
  element("offer").hidden = false;
  element("copy").onclick = async () => {
    element("offer").hidden = true;
    tell(await taken(text));
    type();
  };
}

// A phone: the screen is what its keyboard leaves, keys that it lacks are below, and a finger scrolls.
function fit() {
  const { height, scale } = window.visualViewport;
  document.body.style.height = `${Math.round(height * scale)}px`;
  window.scrollTo(0, 0);
  window.dispatchEvent(new Event("resize"));
}

window.visualViewport?.addEventListener("resize", fit);

element("keys").addEventListener("pointerdown", (event) => event.preventDefault()); // the keyboard stays up
element("keys").addEventListener("click", ({ target }) => {
  if (target.dataset.key) socket?.send(JSON.stringify(["stdin", KEYS[target.dataset.key]]));
});

let from = null;
const fingers = (event) => (event.touches.length === 1 ? event.touches[0] : null);
terminal.addEventListener("touchstart", (event) => (from = fingers(event)), { passive: true });
terminal.addEventListener("touchmove", (event) => {
  const to = fingers(event);
  if (!from || !to) return;
  const { clientX, clientY } = to;
  const deltaY = (from.clientY - clientY) / 2; // Textual scrolls two lines for a turn of one
  const turned = { deltaY, clientX, clientY, bubbles: true, cancelable: true };
  document.elementFromPoint(clientX, clientY)?.dispatchEvent(new WheelEvent("wheel", turned));
  from = to;
}, { passive: true });
