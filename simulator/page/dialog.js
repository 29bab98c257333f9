/** The one dialog a person may have open: a modal sheet with a card in it. */
import { el } from "./element.js";
import { icon } from "./icons.js";
import { footer, header, replaceDrawing, section } from "./cards.js";
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
  const node = el("dialog", { class: "dialog" }, body, el("div", { class: "snackbars", role: "status" }));
  const dialog = { id, node, body, keepsEntries: false };
  // The app hears of the X; Escape closes quietly, as in Chat.
  dialog.leave = (by) => { closeDialog(); deeds.close(id, by); };
  dialog.surface = {
    root: () => dialog.body,
    send: (action, entries) => {
      dialog.keepsEntries = Boolean(action.persistValues);
      return deeds.submit(id, action, entries);
    },
  };
  node.addEventListener("cancel", (event) => { event.preventDefault(); dialog.leave("escape"); });
  document.body.append(node);
  node.showModal();
  return dialog;
}

function draw(card) {
  const { body: old, node, surface, leave, keepsEntries } = open;
  const close = el("button", { type: "button", class: "plain close", "aria-label": word("close"), onclick: () => leave("icon") }, icon("close"));
  const body = el("div", { class: "dialog-card" },
    el("div", { class: "dialog-top" }, card.header ? header(card.header) : el("span"), close),
    el("div", { class: "dialog-sections" }, ...(card.sections ?? []).map((each) => section(each, surface))),
    card.fixedFooter ? footer(card.fixedFooter, surface) : null);
  open.body = body;
  node.setAttribute("aria-label", card.header?.title ?? word("dialog"));
  if (keepsEntries) {
    replaceDrawing(old, body);
  } else {
    old.replaceWith(body);
    body.querySelector(".dialog-sections :is(input, textarea, select):not([hidden])")?.focus();
  }
}
