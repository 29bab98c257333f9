/** Short notices at the foot of the page. An error says more under "For developers" and stays. */
import { api } from "./api.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { word } from "./words.js";

const SHOWN_MS = 4500;

export function notice(text) {
  const bar = show("notice", el("p", {}, text));
  setTimeout(() => bar.remove(), SHOWN_MS);
}

export function failure({ shown, why, status }, event) {
  show("failure", el("div", {},
    el("p", {}, shown),
    el("details", { class: "developer" },
      el("summary", {}, word("developer")),
      el("pre", {}, [why, status && word("status", { status })].filter(Boolean).join("\n")),
      event ? el("a", { href: api.event(event), target: "_blank" }, word("sent_event")) : null)));
}

function show(kind, content) {
  const bar = el("div", { class: `snackbar ${kind}` }, content,
    el("button", { type: "button", class: "plain", "aria-label": word("close"), onclick: () => bar.remove() }, icon("close")));
  host().append(bar);
  return bar;
}

/** An open dialog covers the page, so what must be seen then has to be inside it. */
function host() {
  return document.querySelector("dialog[open] .snackbars") ?? document.getElementById("snackbars");
}
