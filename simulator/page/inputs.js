/** The inputs a card may hold. Each field element carries `input`: its name, entry and check. */
import { el } from "./element.js";
import { perform } from "./actions.js";
import { multiSelect } from "./multiselect.js";
import { word } from "./words.js";

let lastId = 0;
export const newId = () => `input-${++lastId}`;

export function textInput(spec, surface) {
  const id = newId();
  const limit = spec.validation?.characterLimit;
  const type = spec.validation?.inputType;
  const multiple = spec.type === "MULTIPLE_LINE";
  const control = el(multiple ? "textarea" : "input", {
    id, placeholder: spec.placeholderText, maxlength: limit, rows: multiple ? 3 : null,
    autocomplete: "off", "aria-describedby": `${id}-hint`,
    inputmode: { INTEGER: "numeric", FLOAT: "decimal", EMAIL: "email" }[type],
  });
  control.value = spec.value ?? "";
  const suggestions = (spec.initialSuggestions?.items ?? []).map((item) => el("option", { value: item.text }));
  if (suggestions.length && !multiple) control.setAttribute("list", `${id}-list`);
  const counter = limit ? el("span", { class: "counter" }) : null;
  const count = () => counter && (counter.textContent = `${control.value.length} / ${limit}`);
  control.addEventListener("input", count);
  count();
  return field(spec, surface, control, {
    // A text without label shows its hint in the label's place.
    label: el("label", { for: id }, spec.label ?? spec.hintText ?? spec.name),
    hint: el("p", { class: "hint", id: `${id}-hint` }, spec.label ? spec.hintText : null, counter),
    list: suggestions.length ? el("datalist", { id: `${id}-list` }, ...suggestions) : null,
    entry: () => [control.value],
    restore: ([value]) => { control.value = value; count(); },
    problem: () => wrongText(control.value, type),
  });
}

function wrongText(value, type) {
  if (!value) return null;
  if (type === "INTEGER" && !/^[+-]?\d+$/.test(value)) return word("not_number");
  if (type === "FLOAT" && !/^[+-]?\d+(\.\d+)?$/.test(value)) return word("not_number");
  if (type === "EMAIL" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return word("not_email");
  return null;
}

export function selectionInput(spec, surface) {
  if (spec.type === "MULTI_SELECT") return multiSelect(spec, surface, field);
  if (spec.type === "DROPDOWN") return dropdown(spec, surface);
  const type = spec.type === "RADIO_BUTTON" ? "radio" : "checkbox";
  const group = newId();
  const boxes = (spec.items ?? []).map((item) => {
    const box = el("input", { type, name: group, value: item.value, checked: item.selected, role: spec.type === "SWITCH" ? "switch" : null });
    return el("label", { class: spec.type === "SWITCH" ? "option switch" : "option" }, box, el("span", {}, item.text));
  });
  const controls = () => boxes.map((label) => label.querySelector("input"));
  return field(spec, surface, el("div", { class: "options" }, ...boxes), {
    group: true,
    label: spec.label ? el("legend", {}, spec.label) : null,
    entry: () => controls().filter((box) => box.checked).map((box) => box.value),
    restore: (values) => controls().forEach((box) => { box.checked = values.includes(box.value); }),
  });
}

function dropdown(spec, surface) {
  const id = newId();
  const items = spec.items ?? [];
  const control = el("select", { id },
    items.some((item) => item.selected) ? null : el("option", { value: "" }, word("choose")),
    ...items.map((item) => el("option", { value: item.value, selected: item.selected }, item.text)));
  return field(spec, surface, control, {
    label: el("label", { for: id }, spec.label ?? spec.name),
    requirable: true,
    entry: () => [control.value],
    restore: ([value]) => { control.value = value; },
  });
}

export function dateTimePicker(spec, surface) {
  const id = newId();
  const type = { DATE_ONLY: "date", TIME_ONLY: "time" }[spec.type] ?? "datetime-local";
  const control = el("input", { id, type });
  if (spec.valueMsEpoch !== undefined) control.value = shownTime(Number(spec.valueMsEpoch), type);
  return field(spec, surface, control, {
    label: el("label", { for: id }, spec.label ?? spec.name),
    requirable: true,
    entry: () => {
      if (type === "date") return { date: control.value };
      if (type === "time") return { time: control.value };
      const [date = "", time = ""] = control.value.split("T");
      return { date, time };
    },
    restore: ({ date, time }) => { control.value = [date, time].filter(Boolean).join("T"); },
  });
}

/** A date or a time alone is UTC wherever one is; a moment is shown in local time. */
function shownTime(ms, type) {
  const moment = new Date(type === "datetime-local" ? ms - new Date(ms).getTimezoneOffset() * 60000 : ms);
  const text = moment.toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) }[type] ?? text.slice(0, 16);
}

export function switchControl(spec, surface) {
  const control = el("input", { type: "checkbox", checked: spec.selected, role: spec.controlType === "CHECK_BOX" ? null : "switch" });
  const wrap = el("span", { class: spec.controlType === "CHECK_BOX" ? "control" : "control switch" }, control);
  return field(spec, surface, wrap, {
    entry: () => [control.checked ? spec.value ?? "true" : ""],
    restore: ([value]) => { control.checked = Boolean(value); },
  });
}

/** The frame every input shares: label, hint, a place for what is wrong, and `onChangeAction`. */
function field(spec, surface, control, { label, hint, list, group, requirable, entry, restore, problem }) {
  const wrong = el("p", { class: "wrong", role: "alert" });
  const node = el(group ? "fieldset" : "div", { class: "field", "data-input": spec.name }, label, control, list, hint, wrong);
  const kept = entry();
  const untouched = JSON.stringify(kept);
  node.input = {
    name: spec.name,
    entry,
    restore,
    touched: () => JSON.stringify(entry()) !== untouched,
    check(required) {
      const value = entry();
      const empty = Array.isArray(value) ? !value.some(Boolean) : !Object.values(value).some(Boolean);
      const missing = required && empty && (requirable || problem);
      const text = missing ? word("required") : problem?.();
      wrong.textContent = text ?? "";
      node.classList.toggle("is-wrong", Boolean(text));
      return !text;
    },
  };
  node.addEventListener("change", () => {
    if (node.classList.contains("is-wrong")) node.input.check(false);
    if (spec.onChangeAction) perform(spec.onChangeAction, surface, null);
  });
  return node;
}

const fields = (root) => [...root.querySelectorAll("[data-input]")].map((node) => node.input);

/** What travels with a click: only what someone touched; the client itself knows the rest. */
export function entries(root) {
  return Object.fromEntries(fields(root).filter((input) => input.touched()).map((input) => [input.name, input.entry()]));
}

/** Marks what Chat would not send and moves the focus to the first of it. */
export function check(root, action) {
  const required = new Set(action.requiredWidgets ?? []);
  const wrong = fields(root).filter((input) => !input.check(action.allWidgetsAreRequired || required.has(input.name)));
  if (!wrong.length) return true;
  root.querySelector(".is-wrong :is(input, select, textarea)")?.focus();
  return false;
}

/** Carries what someone is typing over to a newer drawing of the same card. */
export function carryOver(from, to) {
  const old = new Map(fields(from).filter((input) => input.touched()).map((input) => [input.name, input.entry()]));
  for (const input of fields(to)) {
    if (old.has(input.name)) input.restore(old.get(input.name));
  }
}
