/** Draws one message, and draws it again in place when it changes. */
import { button } from "./actions.js";
import { card, replaceDrawing } from "./cards.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { messageText, typedText } from "./markup.js";
import { click } from "./outcome.js";
import { nameOf, state } from "./state.js";
import { word } from "./words.js";

export function drawMessage(message) {
  const byApp = message.sender.type === "BOT";
  const node = el("article", { class: byApp ? "message by-app" : "message", "data-message": message.name },
    el("span", { class: "avatar", "aria-hidden": "true" }),
    el("div", { class: "said" },
      el("header", {}), el("div", { class: "message-text" }), el("div", { class: "cards" }), el("div", { class: "accessories" })));
  paintAvatar(node.querySelector(".avatar"), message.sender, byApp);
  node.surface = { root: () => node, send: (action, entries) => click(message.name, action, entries) };
  node.drawn = {};
  redrawMessage(node, message);
  return node;
}

/** Touches only the parts that changed: an edit of one card leaves the others as they are. */
export function redrawMessage(node, message) {
  renew(node, "head", headOf(message), () => node.querySelector(".said > header").replaceChildren(...head(message)));
  renew(node, "text", [message.text, message.annotations, message.markupSyntax], () => {
    const text = message.sender.type === "BOT" ? messageText(message.text ?? "", message.markupSyntax) : typedText(message);
    const place = node.querySelector(".message-text");
    place.replaceChildren(...text);
    place.hidden = !message.text;
  });
  renew(node, "accessories", message.accessoryWidgets, () => {
    const buttons = (message.accessoryWidgets ?? []).flatMap((each) => each.buttonList?.buttons ?? []);
    node.querySelector(".accessories").replaceChildren(...buttons.map((each) => button(each, node.surface)));
  });
  redrawCards(node, message.cardsV2 ?? []);
}

function redrawCards(node, cards) {
  const place = node.querySelector(".cards");
  cards.forEach((each, index) => renew(node, `card-${index}`, each, () => {
    const fresh = card(each.card, node.surface);
    const old = place.children[index];
    if (old) replaceDrawing(old, fresh);
    else place.append(fresh);
  }));
  while (place.children.length > cards.length) {
    delete node.drawn[`card-${place.children.length - 1}`];
    place.lastElementChild.remove();
  }
}

function renew(node, part, value, draw) {
  const now = JSON.stringify(value ?? null);
  if (node.drawn[part] === now) return;
  node.drawn[part] = now;
  draw();
}

const headOf = (message) => [nameOf(message.sender), Boolean(message.lastUpdateTime)];

function head(message) {
  const time = new Date(message.createTime);
  return [
    el("strong", {}, nameOf(message.sender)),
    message.sender.type === "BOT" ? el("span", { class: "badge" }, word("app_badge")) : null,
    el("time", { datetime: message.createTime, title: time.toLocaleString(state.me.locale) },
      time.toLocaleTimeString(state.me.locale, { hour: "2-digit", minute: "2-digit" })),
    message.lastUpdateTime ? el("span", { class: "edited" }, word("edited")) : null,
    message.privateMessageViewer ? el("span", { class: "private" }, icon("lock"), word("private")) : null,
  ].filter(Boolean);
}

export function paintAvatar(node, user, byApp) {
  node.replaceChildren(byApp ? icon("bolt") : [...nameOf(user)][0] ?? "?");
  const hue = [...user.name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0) * 137) % 360, 7);
  if (!byApp) node.style.setProperty("--hue", hue);
}
