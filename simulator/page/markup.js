/** Chat's two ways of writing formatted text, turned into DOM without ever trusting the text. */
import { el } from "./element.js";
import { nameOf } from "./state.js";

const HTML_TAGS = {
  B: "b", STRONG: "b", I: "i", EM: "i", U: "u", S: "s", STRIKE: "s", DEL: "s", CODE: "code", PRE: "pre",
  UL: "ul", OL: "ol", LI: "li", TIME: "span", BR: "br", P: "p",
};

/** Whether people may follow a link: to the web, mail, or a place on this page. */
export const isFollowable = (url) => /^(https?:|mailto:|#)/i.test(url);

function link(url, ...children) {
  if (!isFollowable(url)) return el("span", {}, ...children);
  return el("a", whereTo(url), ...children);
}

/** A link's attributes: the simulated Drive opens on this page, all else in a tab of its own. */
export function whereTo(url) {
  const id = drivePlace(url);
  return id === null ? { href: url, target: "_blank", rel: "noopener" } : { href: `#drive/${encodeURIComponent(id)}` };
}

/**
 * The id in a link to the simulated Drive. The host does not count: what apps call the simulator
 * (a name inside a compose network, say) need not be what the browser calls it.
 */
export function drivePlace(url) {
  const target = URL.parse(url, location.href);
  if (target?.pathname !== "/" || !target.hash.startsWith("#drive/")) return null;
  return decodeURIComponent(target.hash.slice("#drive/".length));
}

/** A card's text: the HTML subset that Chat draws, rebuilt tag by tag from a whitelist. */
export function cardText(html) {
  // An inert document: it runs no script and loads no picture.
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return [...parsed.body.childNodes].flatMap(rebuilt);
}

function rebuilt(node) {
  if (node.nodeType === Node.TEXT_NODE) return [node.textContent];
  if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE"].includes(node.tagName)) return [];
  const children = [...node.childNodes].flatMap(rebuilt);
  if (node.tagName === "A") return [link(node.getAttribute("href") ?? "", ...children)];
  if (node.tagName === "FONT") {
    const span = el("span", {}, ...children);
    span.style.color = node.getAttribute("color") ?? "";
    return [span];
  }
  const tag = HTML_TAGS[node.tagName];
  return tag ? [el(tag, {}, ...children)] : children;
}

const CHAT = [
  [/```\n?([\s\S]+?)\n?```/, (m) => el("pre", {}, m[1])],
  [/`([^`\n]+)`/, (m) => el("code", {}, m[1])],
  [/<(users\/[\w]+)>/, (m) => el("span", { class: "mention" }, `@${m[1] === "users/all" ? "all" : nameOf({ name: m[1] })}`)],
  [/<(https?:[^|>\s]+)\|([^>]+)>/, (m) => link(m[1], m[2])],
  [/<(https?:[^|>\s]+)>/, (m) => link(m[1], m[1])],
  [/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/, (m) => link(m[0], m[0])],
  [/(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])/, (m) => el("b", {}, ...inline(m[1], CHAT))],
  [/(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])/, (m) => el("i", {}, ...inline(m[1], CHAT))],
  [/(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])/, (m) => el("s", {}, ...inline(m[1], CHAT))],
];

const MARKDOWN = [
  [/```\w*\n([\s\S]+?)\n?```/, (m) => el("pre", {}, m[1])],
  [/\\([\\`*_~[\](){}#+\-.!<>|])/, (m) => m[1]],
  ...CHAT.slice(1, 3),
  [/\[([^\]\n]+)\]\(([^)\s]+)\)/, (m) => link(m[2], ...inline(m[1], MARKDOWN))],
  ...CHAT.slice(4, 6),
  [/\*\*(?=\S)(.+?)(?<=\S)\*\*/, (m) => el("b", {}, ...inline(m[1], MARKDOWN))],
  [/~~(?=\S)(.+?)(?<=\S)~~/, (m) => el("s", {}, ...inline(m[1], MARKDOWN))],
  [/(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])/, (m) => el("i", {}, ...inline(m[1], MARKDOWN))],
  [/(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])/, (m) => el("i", {}, ...inline(m[1], MARKDOWN))],
  [/(?<=^|\n)#{1,6} +(.+)/, (m) => el("b", {}, ...inline(m[1], MARKDOWN))],
];

/** A message's text in whichever syntax the message names; lists and quotes keep their own signs. */
export function messageText(text, syntax = "MARKUP_SYNTAX_CHAT") {
  return inline(text, syntax === "MARKUP_SYNTAX_MARKDOWN" ? MARKDOWN : CHAT);
}

/** Finds the rule that matches earliest, draws it, and goes on behind it. */
function inline(text, rules) {
  const nodes = [];
  while (text) {
    let first = null;
    for (const [pattern, draw] of rules) {
      const match = pattern.exec(text);
      if (match && (!first || match.index < first.match.index)) first = { match, draw };
    }
    if (!first) return [...nodes, text];
    if (first.match.index) nodes.push(text.slice(0, first.match.index));
    nodes.push(first.draw(first.match));
    text = text.slice(first.match.index + first.match[0].length);
  }
  return nodes;
}

/** What a person typed: plain text, with mentions and commands marked where Chat annotated them. */
export function typedText(message) {
  const text = message.text ?? "";
  const nodes = [];
  let end = 0;
  for (const note of message.annotations ?? []) {
    if (note.startIndex < end) continue;
    nodes.push(...inline(text.slice(end, note.startIndex), CHAT));
    end = note.startIndex + note.length;
    nodes.push(el("span", { class: "mention" }, text.slice(note.startIndex, end)));
  }
  return [...nodes, ...inline(text.slice(end), CHAT)];
}
