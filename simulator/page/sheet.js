/** A spreadsheet as people use it: tabs, cells to type into, rows to insert and delete, sorting. */
import { api } from "./api.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { failure } from "./snackbar.js";
import { word } from "./words.js";

const MORE_ROWS = 200;

let view = null;

/** Draws the spreadsheet into a place that stays as long as it is looked at. */
export async function openSheet(id, place) {
  view = { id, place, sheet: null, rows: MORE_ROWS, chosen: null, editor: null };
  await load();
}

export function closeSheet() {
  view = null;
}

/** Somebody changed a file; while one types, the picture waits until that is done. */
export function sheetChanged(id) {
  if (view?.id === id && !view.editor) load();
}

async function load() {
  const mine = view;
  let shown;
  try {
    shown = await api.sheet(mine.id, mine.sheet, mine.rows);
  } catch (error) {
    mine.place.replaceChildren(el("p", { class: "empty" }, error.message));
    return;
  }
  // Another one may be open by now, and a cell may be in the making.
  if (view !== mine || mine.editor) return;
  mine.sheet = shown.sheet;
  mine.shown = shown;
  draw();
}

function draw() {
  const { place, shown } = view;
  const scroll = place.querySelector(".grid");
  const at = scroll ? [scroll.scrollLeft, scroll.scrollTop] : [0, 0];
  const focus = place.contains(document.activeElement) ? document.activeElement.dataset?.cell : null;
  const grid = el("div", { class: "grid" }, table(shown),
    shown.more ? el("button", { type: "button", class: "more-rows", onclick: () => { view.rows += MORE_ROWS; load(); } }, word("more_rows")) : null);
  place.replaceChildren(toolbar(), grid, el("div", { class: "sheet-tabs", role: "tablist" }, ...shown.tabs.map(tab)));
  [grid.scrollLeft, grid.scrollTop] = at;
  if (focus) cellAt(focus)?.focus({ preventScroll: true });
}

function tab({ id, title }) {
  return el("button", {
    type: "button", role: "tab", "aria-selected": String(id === view.sheet),
    onclick: () => { Object.assign(view, { sheet: id, chosen: null, rows: MORE_ROWS }); load(); },
  }, title);
}

/** What can be done with the row or column whose head was tapped last. */
function toolbar() {
  const { chosen } = view;
  if (!chosen) return el("p", { class: "sheet-tools" }, word("sheet_hint"));
  const act = (key, drawing, deed) => el("button", { type: "button", onclick: deed }, icon(drawing), word(key));
  if (chosen.row !== undefined) {
    return el("div", { class: "sheet-tools", role: "toolbar" },
      el("strong", {}, word("row", { name: chosen.row + 1 })),
      act("insert_above", "plus", () => insertRow(chosen.row)),
      act("insert_below", "plus", () => insertRow(chosen.row + 1)),
      act("delete_row", "delete", () => change([{ deleteDimension: { range: rowSpan(chosen.row) } }])));
  }
  return el("div", { class: "sheet-tools", role: "toolbar" },
    el("strong", {}, word("column", { name: view.shown.columns[chosen.column].name })),
    act("sort_up", "upload", () => sort("ASCENDING")),
    act("sort_down", "download", () => sort("DESCENDING")));
}

const rowSpan = (row) => ({ sheetId: view.sheet, dimension: "ROWS", startIndex: row, endIndex: row + 1 });

const insertRow = (row) => change([{ insertDimension: { range: rowSpan(row), inheritFromBefore: row > view.chosen.row } }]);

const sort = (order) => attempt(() => api.sortSheet(view.id, { sheet: view.sheet, column: view.chosen.column, order }));

const change = (requests) => attempt(() => api.changeSheet(view.id, requests));

async function attempt(deed) {
  try {
    await deed();
  } catch (error) {
    failure({ shown: word("failed"), why: error.message });
  }
  if (!view) return;
  view.chosen = null;
  await load();
}

function table({ columns, rows, frozen }) {
  const heads = columns.map(({ name, hidden }, column) => (hidden ? null : el("th", { scope: "col" },
    el("button", { type: "button", "aria-label": word("column", { name }), "aria-pressed": String(view.chosen?.column === column), onclick: () => choose({ column }) }, name))));
  const widths = columns.filter(({ hidden }) => !hidden).map(({ width }) => {
    const col = el("col");
    col.style.width = `${width}px`;
    return col;
  });
  const first = el("col", { class: "row-heads" });
  return el("table", { role: "grid", "aria-label": word("sheet") },
    el("colgroup", {}, first, ...widths),
    el("thead", {}, el("tr", {}, el("td"), ...heads)),
    el("tbody", {}, ...rows.map(({ cells, hidden }, row) => (hidden ? null : el("tr", { class: row < frozen ? "frozen" : null },
      el("th", { scope: "row" }, el("button", { type: "button", "aria-label": word("row", { name: row + 1 }), "aria-pressed": String(view.chosen?.row === row), onclick: () => choose({ row }) }, String(row + 1))),
      ...cells.map((cell, column) => (cell === null || columns[column].hidden ? null : drawCell(cell, row, column))))))));
}

function choose(what) {
  view.chosen = what;
  draw();
}

function drawCell(cell, row, column) {
  const name = `${view.shown.columns[column].name}${row + 1}`;
  const td = el("td", {
    role: "gridcell", tabindex: "0", "data-cell": name, title: cell.note ?? null,
    class: [cell.number && "number", cell.bold && "bold", cell.note && "noted"].filter(Boolean).join(" ") || null,
    rowspan: cell.down > 1 ? cell.down : null, colspan: cell.across > 1 ? cell.across : null,
    onclick: () => edit(td, cell, name),
    onkeydown: (event) => move(event, td, cell, name),
  }, cell.text ?? "");
  if (cell.background) Object.assign(td.style, { background: cell.background, color: "#1d2521" });
  if (cell.color && cell.color !== "rgb(0 0 0)") td.style.color = cell.color;
  if (cell.align) td.style.textAlign = cell.align;
  return td;
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function move(event, td, cell, name) {
  if (event.target !== td || event.isComposing) return;
  if (STEPS[event.key]) {
    event.preventDefault();
    step(td, ...STEPS[event.key])?.focus();
  } else if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    edit(td, cell, name);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    enter(name, "");
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    edit(td, cell, name, "");
  }
}

function step(td, down, across) {
  const row = td.parentElement;
  const index = [...row.children].indexOf(td);
  const rows = [...row.parentElement.children];
  const found = rows[rows.indexOf(row) + down]?.children[index + across];
  return found?.dataset.cell ? found : null;
}

/** Lets one type into a cell; what is typed at once takes the place of what was there. */
function edit(td, cell, name, start = null) {
  if (view.editor) return;
  const before = cell.entered ?? cell.text ?? "";
  const input = el("input", { type: "text", value: start ?? before, "aria-label": name, autocomplete: "off", enterkeyhint: "done" });
  const next = { Enter: step(td, 1, 0)?.dataset.cell ?? name, Tab: step(td, 0, 1)?.dataset.cell ?? name, Escape: name };
  view.editor = input;
  td.replaceChildren(input);
  td.classList.add("editing");
  input.focus();
  const end = async (key) => {
    if (view?.editor !== input) return;
    view.editor = null;
    if (key !== "Escape" && input.value !== before) await enter(name, input.value);
    else await load();
    if (next[key]) cellAt(next[key])?.focus();
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    // While an input method still converts, Enter belongs to it.
    if (event.isComposing || event.keyCode === 229 || !next[event.key]) return;
    event.preventDefault();
    end(event.key);
  });
  input.addEventListener("blur", () => end());
}

async function enter(name, text) {
  const title = view.shown.tabs.find(({ id }) => id === view.sheet).title.replaceAll("'", "''");
  await attempt(() => api.enterCell(view.id, `'${title}'!${name}`, text));
}

const cellAt = (name) => view?.place.querySelector(`[data-cell="${name}"]`);
