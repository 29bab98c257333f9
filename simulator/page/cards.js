/** Draws a card: header, sections that may fold, footer. */
import { button } from "./actions.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { carryOver } from "./inputs.js";
import { cardText } from "./markup.js";
import { widget } from "./widgets.js";
import { word } from "./words.js";

export function card(spec, surface) {
  return el("div", { class: spec.sectionDividerStyle === "NO_DIVIDER" ? "card no-dividers" : "card" },
    spec.header ? header(spec.header) : null,
    ...(spec.sections ?? []).map((each) => section(each, surface)),
    spec.fixedFooter ? footer(spec.fixedFooter, surface) : null);
}

export function header(spec) {
  return el("header", { class: "card-header" },
    spec.imageUrl ? el("img", { class: spec.imageType === "CIRCLE" ? "round" : "", src: spec.imageUrl, alt: spec.imageAltText ?? "" }) : null,
    el("div", {},
      el("div", { class: "card-title" }, spec.title),
      spec.subtitle ? el("div", { class: "card-subtitle" }, spec.subtitle) : null));
}

export function section(spec, surface) {
  const widgets = (spec.widgets ?? []).map((each) => widget(each, surface));
  const node = el("section", { class: "card-section" },
    spec.header ? el("h4", {}, ...cardText(spec.header)) : null,
    ...widgets);
  const folded = widgets.slice(spec.uncollapsibleWidgetsCount ?? 0).filter(Boolean);
  if (spec.collapsible && folded.length) node.append(foldButton(folded));
  return node;
}

function foldButton(folded) {
  const label = el("span", {});
  const node = el("button", { type: "button", class: "fold", onclick: () => fold(!open) }, label, icon("chevron"));
  let open;
  function fold(now) {
    open = now;
    for (const each of folded) each.hidden = !open;
    label.textContent = word(open ? "show_less" : "show_more");
    node.setAttribute("aria-expanded", String(open));
  }
  fold(false);
  node.unfold = () => fold(true);
  return node;
}

export function footer(spec, surface) {
  const primary = spec.primaryButton && button({ type: "FILLED", ...spec.primaryButton }, surface);
  const secondary = spec.secondaryButton && button({ type: "OUTLINED", ...spec.secondaryButton }, surface);
  return el("footer", { class: "card-footer" }, secondary, primary);
}

/**
 * Puts a newer drawing in the place of an older one and keeps what belongs to the person, not to
 * the app: unfinished entries, unfolded sections, the focus.
 */
export function replaceDrawing(old, fresh) {
  carryOver(old, fresh);
  const folds = fresh.querySelectorAll(".fold");
  old.querySelectorAll(".fold").forEach((each, index) => {
    if (each.getAttribute("aria-expanded") === "true") folds[index]?.unfold();
  });
  const focused = old.contains(document.activeElement) ? path(old, document.activeElement) : null;
  old.replaceWith(fresh);
  if (!focused) return;
  const target = focused.reduce((node, index) => node?.children[index], fresh);
  target?.focus({ preventScroll: true });
}

function path(root, node) {
  const steps = [];
  for (; node !== root; node = node.parentElement) steps.unshift([...node.parentElement.children].indexOf(node));
  return steps;
}
