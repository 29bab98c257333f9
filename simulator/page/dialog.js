/** The one dialog a person may have open: a modal sheet with a card in it. */
import { el } from "./element.js";
import { icon } from "./icons.js";
import { footer, header, section } from "./cards.js";
import { word } from "./words.js";

let open = null;

/** Shows a card, in the dialog that is already open if it is the same one. */
export function showDialog({ id, card }, deeds) {
  if (open?.id !== id) {
    closeDialog();
    open = opened(id, deeds);
  }
  draw(card);
}

export function closeDialog() {
  open?.node.close();
  open?.node.remove();
  open = null;
}

function opened(id, deeds) {
  const body = el("div", { class: "dialog-card" });
  const node = el("dialog", { class: "dialog", "aria-label": word("dialog") }, body, el("div", { class: "snackbars", role: "status" }));
  // The app hears of the X; Escape closes quietly, as in Chat.
  const leave = (by) => { closeDialog(); deeds.close(id, by); };
  node.addEventListener("cancel", (event) => { event.preventDefault(); leave("escape"); });
  document.body.append(node);
  node.showModal();
  const surface = { root: () => body, send: (action, entries) => deeds.submit(id, action, entries) };
  return { id, node, body, surface, leave };
}

function draw(card) {
  const { body, node, surface, leave } = open;
  const close = el("button", { type: "button", class: "plain close", "aria-label": word("close"), onclick: () => leave("icon") }, icon("close"));
  body.replaceChildren(
    el("div", { class: "dialog-top" }, card.header ? header(card.header) : el("span", {}), close),
    el("div", { class: "dialog-sections" }, ...(card.sections ?? []).map((each) => section(each, surface))),
    card.fixedFooter ? footer(card.fixedFooter, surface) : "");
  node.setAttribute("aria-label", card.header?.title ?? word("dialog"));
  body.querySelector(".dialog-sections :is(input, textarea, select):not([hidden])")?.focus();
}
