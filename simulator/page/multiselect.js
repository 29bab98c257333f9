/** The multiselect menu: chosen items as chips, and a search among people or the app's suggestions. */
import { api } from "./api.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { newId } from "./inputs.js";
import { state } from "./state.js";
import { word } from "./words.js";

const DEFAULT_LIMIT = 3;

export function multiSelect(spec, surface, field) {
  const id = newId();
  const limit = spec.multiSelectMaxSelectedItems ?? DEFAULT_LIMIT;
  let chosen = (spec.items ?? []).filter((item) => item.selected);
  const chips = el("span", { class: "chosen" });
  const search = el("input", {
    id, role: "combobox", autocomplete: "off", placeholder: word("search"),
    "aria-expanded": "false", "aria-controls": `${id}-menu`,
  });
  const menu = el("ul", { class: "menu", id: `${id}-menu`, role: "listbox", hidden: true });
  const control = el("div", { class: "multiselect" }, chips, search, menu);

  function redraw() {
    chips.replaceChildren(...chosen.map((item) => el("span", { class: "chip" }, item.text,
      el("button", {
        type: "button", "aria-label": word("remove", { name: item.text }),
        onclick: () => { choose(chosen.filter((other) => other !== item)); search.focus(); },
      }, icon("close")))));
    search.hidden = chosen.length >= limit;
  }

  function choose(items) {
    chosen = items;
    search.value = "";
    close();
    redraw();
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function close() {
    menu.hidden = true;
    search.setAttribute("aria-expanded", "false");
  }

  async function offer() {
    const query = search.value.trim();
    const found = await candidates(spec, query);
    if (query !== search.value.trim()) return;
    const taken = new Set(chosen.map((item) => item.value));
    const open = found.filter((item) => !taken.has(item.value));
    menu.replaceChildren(...open.map((item) => el("li", {
      role: "option", "aria-selected": "false",
      // mousedown, not click: the search field would lose its focus and close the menu first.
      onmousedown: (event) => { event.preventDefault(); choose([...chosen, item]); },
    }, el("span", {}, item.text), item.bottomText ? el("small", {}, item.bottomText) : null)));
    menu.hidden = open.length === 0;
    search.setAttribute("aria-expanded", String(open.length > 0));
  }

  search.addEventListener("input", (event) => { event.stopPropagation(); offer(); });
  search.addEventListener("change", (event) => event.stopPropagation());
  search.addEventListener("focus", offer);
  search.addEventListener("blur", close);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !menu.hidden) { event.preventDefault(); event.stopPropagation(); close(); }
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      menu.firstElementChild?.dispatchEvent(new Event("mousedown", { cancelable: true }));
    }
    if (event.key === "Backspace" && !search.value && chosen.length) choose(chosen.slice(0, -1));
  });
  redraw();
  return field(spec, surface, control, {
    label: el("label", { for: id }, spec.label ?? spec.name),
    requirable: true,
    entry: () => (chosen.length ? chosen.map((item) => item.value) : [""]),
    restore: (values) => {
      const known = new Map([...people(), ...(spec.items ?? [])].map((item) => [item.value, item]));
      chosen = values.filter(Boolean).map((value) => known.get(value) ?? { value, text: value });
      redraw();
    },
  });
}

const people = () => state.people.map((person) => ({ value: person.name, text: person.display_name, bottomText: person.email }));

async function candidates(spec, query) {
  const source = spec.dataSourceConfigs?.[0] ?? {};
  const remote = spec.externalDataSource ?? source.remoteDataSource;
  const matches = (item) => `${item.text} ${item.bottomText ?? ""}`.toLowerCase().includes(query.toLowerCase());
  const platform = spec.platformDataSource ?? source.platformDataSource;
  const own = [...(spec.items ?? []), ...(platform?.commonDataSource === "USER" ? people() : [])].filter(matches);
  if (!remote || query.length < (spec.multiSelectMinQueryLength ?? source.minCharactersTrigger ?? 3)) return own;
  const outcome = await api.suggest(state.space.name, remote, query);
  return [...own, ...(outcome.suggestions ?? [])];
}
