/** What happens when someone clicks in a card: checks, waiting, the click itself. */
import { el } from "./element.js";
import { isFollowable, whereTo } from "./markup.js";
import { icon } from "./icons.js";
import { check, entries } from "./inputs.js";
import { word } from "./words.js";

/** The click each surface is busy with. */
const running = new WeakMap();

/**
 * A surface is what a card is drawn on: `root()` holds the inputs that travel with a click,
 * `send(action, entries)` carries it out. A message is one, a dialog is another.
 *
 * Clicks on one surface go one after the other (leaving a field may be one, right before the
 * button); a second tap on a button that is still at work is no second click.
 */
export async function perform(action, surface, trigger, parameters = []) {
  if (trigger?.classList.contains("spinning")) return;
  await running.get(surface);
  const root = surface.root();
  if (!check(root, action)) return;
  const parametrised = { ...action, parameters: [...(action.parameters ?? []), ...parameters] };
  const sent = surface.send(parametrised, entries(root));
  running.set(surface, sent);
  root.setAttribute("aria-busy", "true");
  trigger?.classList.add("spinning");
  trigger?.classList.toggle("shows-spinner", action.loadIndicator !== "NONE");
  await sent;
  root.removeAttribute("aria-busy");
  trigger?.classList.remove("spinning", "shows-spinner");
}

/** Makes an element do what a card's `onClick` says. */
export function followClick(node, onClick, surface, parameters = []) {
  if (onClick.action) {
    node.addEventListener("click", (event) => {
      event.stopPropagation();
      perform(onClick.action, surface, node, parameters);
    });
  } else if (onClick.openLink) {
    node.addEventListener("click", () => openLink(onClick.openLink.url));
  }
}

/** A card's button, as a button or, where it opens a link, as a link. */
export function button(spec, surface) {
  if (spec.onClick?.overflowMenu) return overflowMenu(spec, surface);
  const label = [spec.icon && cardIcon(spec.icon), spec.text && el("span", {}, spec.text)];
  const kind = (spec.type ?? (spec.color ? "FILLED" : "FILLED_TONAL")).toLowerCase().replaceAll("_", "-");
  const attributes = { class: `button ${kind}`, "aria-label": spec.text ? null : spec.altText, title: spec.altText };
  const url = spec.onClick?.openLink?.url;
  let node;
  if (url && !spec.disabled) {
    node = el("a", { ...attributes, ...(isFollowable(url) ? whereTo(url) : {}) }, ...label);
  } else {
    node = el("button", { ...attributes, type: "button", disabled: spec.disabled }, ...label);
    if (spec.onClick) followClick(node, spec.onClick, surface);
  }
  if (spec.color && !spec.disabled) paint(node, spec.color, kind);
  return node;
}

export function cardIcon(spec) {
  if (spec.iconUrl) return el("img", { class: "icon", src: spec.iconUrl, alt: spec.altText ?? "", loading: "lazy" });
  return icon(spec.materialIcon?.name ?? spec.knownIcon ?? "", spec.altText);
}

function overflowMenu(spec, surface) {
  const items = spec.onClick.overflowMenu.items.map((item) => button({ ...item, icon: item.startIcon, type: "BORDERLESS" }, surface));
  const menu = el("details", { class: "overflow" },
    el("summary", { class: "button borderless", "aria-label": spec.altText ?? spec.text ?? word("more_actions") },
      spec.icon ? cardIcon(spec.icon) : icon("more"), spec.text),
    el("div", { class: "overflow-items" }, ...items));
  menu.addEventListener("click", (event) => {
    if (event.target.closest(".overflow-items")) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) menu.open = false;
  });
  return menu;
}

function openLink(url) {
  if (!isFollowable(url)) return;
  const { href, target } = whereTo(url);
  if (target) window.open(href, target, "noopener");
  else location.hash = href;
}

/** Colours a button; on a filled one the text turns black or white, whichever reads better. */
function paint(node, { red = 0, green = 0, blue = 0 }, kind) {
  const colour = `rgb(${[red, green, blue].map((part) => Math.round(part * 255)).join(" ")})`;
  if (kind === "filled" || kind === "filled-tonal") {
    node.style.background = colour;
    node.style.color = 0.299 * red + 0.587 * green + 0.114 * blue > 0.6 ? "#111" : "#fff";
  } else {
    node.style.color = colour;
  }
}
