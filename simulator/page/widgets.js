/** What a card shows: one drawing for each kind of widget. */
import { button, cardIcon, followClick } from "./actions.js";
import { el } from "./element.js";
import { dateTimePicker, selectionInput, switchControl, textInput } from "./inputs.js";
import { cardText, messageText } from "./markup.js";

const DRAWINGS = {
  buttonList, carousel, chipList, columns, dateTimePicker, decoratedText, grid, image, selectionInput, textInput, textParagraph,
  divider: () => el("hr"),
};

export function widget(spec, surface) {
  const kind = Object.keys(DRAWINGS).find((name) => name in spec);
  if (!kind) return null;
  const align = spec.horizontalAlignment?.toLowerCase();
  return el("div", { class: `widget ${kind}`, "data-align": align }, DRAWINGS[kind](spec[kind], surface));
}

function textParagraph(spec) {
  const text = spec.textSyntax === "MARKDOWN" ? messageText(spec.text ?? "", "MARKUP_SYNTAX_MARKDOWN") : cardText(spec.text ?? "");
  const node = el("p", { class: "text" }, ...text);
  if (spec.maxLines) {
    node.style.setProperty("--lines", spec.maxLines);
    node.classList.add("clamped");
  }
  return node;
}

function decoratedText(spec, surface) {
  const start = spec.startIcon ?? spec.icon;
  const node = el("div", { class: spec.wrapText ? "decorated" : "decorated single-line" },
    start ? el("span", { class: "start", "data-align": spec.startIconVerticalAlignment?.toLowerCase() }, cardIcon(start)) : null,
    el("div", { class: "middle" },
      spec.topLabel ? el("div", { class: "label" }, ...cardText(spec.topLabel)) : null,
      el("div", { class: "text" }, ...cardText(spec.text ?? "")),
      spec.bottomLabel ? el("div", { class: "label" }, ...cardText(spec.bottomLabel)) : null),
    spec.button ? button(spec.button, surface) : null,
    spec.endIcon ? el("span", { class: "end" }, cardIcon(spec.endIcon)) : null);
  if (spec.switchControl) {
    const control = switchControl(spec.switchControl, surface);
    control.querySelector("input").setAttribute("aria-label", node.querySelector(".middle").textContent);
    node.append(control);
  }
  return spec.onClick ? clickable(node, spec.onClick, surface) : node;
}

function buttonList(spec, surface) {
  return el("div", { class: "buttons" }, ...(spec.buttons ?? []).map((each) => button(each, surface)));
}

function chipList(spec, surface) {
  const chips = (spec.chips ?? []).map((chip) => {
    const node = el("button", { type: "button", class: "chip", disabled: chip.disabled, title: chip.altText },
      chip.icon ? cardIcon(chip.icon) : null, chip.label);
    if (chip.onClick) followClick(node, chip.onClick, surface);
    return node;
  });
  return el("div", { class: spec.layout === "HORIZONTAL_SCROLLABLE" ? "chips scrollable" : "chips" }, ...chips);
}

function columns(spec, surface) {
  return el("div", { class: "column-items" }, ...(spec.columnItems ?? []).map((column) => el("div", {
    class: "column", "data-size": column.horizontalSizeStyle?.toLowerCase(),
    "data-align": column.horizontalAlignment?.toLowerCase(), "data-valign": column.verticalAlignment?.toLowerCase(),
  }, ...(column.widgets ?? []).map((each) => widget(each, surface)))));
}

function grid(spec, surface) {
  const items = (spec.items ?? []).map((item) => {
    const node = el("div", { class: "grid-item" },
      item.image?.imageUri ? el("img", { src: item.image.imageUri, alt: item.image.altText ?? "", loading: "lazy" }) : null,
      item.title ? el("div", { class: "grid-title" }, item.title) : null,
      item.subtitle ? el("div", { class: "label" }, item.subtitle) : null);
    const parameters = [{ key: "grid_item_identifier", value: item.id ?? "" }];
    return spec.onClick ? clickable(node, spec.onClick, surface, parameters) : node;
  });
  const frame = el("div", { class: "grid-items" }, ...items);
  frame.style.setProperty("--columns", spec.columnCount ?? 2);
  return el("div", {}, spec.title ? el("div", { class: "grid-heading" }, spec.title) : null, frame);
}

function image(spec, surface) {
  const node = el("img", { src: spec.imageUrl, alt: spec.altText ?? "", loading: "lazy" });
  return spec.onClick ? clickable(node, spec.onClick, surface) : node;
}

function carousel(spec, surface) {
  return el("div", { class: "carousel-cards" }, ...(spec.carouselCards ?? []).map((card) => el("div", { class: "carousel-card" },
    ...[...(card.widgets ?? []), ...(card.footerWidgets ?? [])].map((each) => widget(each, surface)))));
}

/** A whole row one can press, with the mouse and with the keyboard. */
function clickable(node, onClick, surface, parameters) {
  const row = el("div", { class: "clickable", role: "button", tabindex: "0" }, node);
  followClick(row, onClick, surface, parameters);
  row.addEventListener("keydown", (event) => {
    if (event.target !== row || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    row.click();
  });
  return row;
}
