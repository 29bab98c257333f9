/** The simulated Drive at the side: a tree that stays open as it was while files come and go. */
import { api } from "./api.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { closeSheet, openSheet, sheetChanged } from "./sheet.js";
import { state } from "./state.js";
import { word } from "./words.js";

const FOLDER = "application/vnd.google-apps.folder";
const SPREADSHEET = "application/vnd.google-apps.spreadsheet";
const ICONS = { [SPREADSHEET]: "table", "text/csv": "table", "application/pdf": "receipt" };
const REFRESH_MS = 150;

const place = document.getElementById("drive");
const open = new Set();
let tree = [];
let linked = null;
let refreshing = null;

/** Draws the pane; `leave` is what its X does. */
export async function drawDrive(leave) {
  place.replaceChildren(
    el("header", { class: "drive-header" }, icon("folder"), el("h2", {}, word("drive")),
      el("button", { type: "button", class: "plain", "aria-label": word("close"), onclick: leave }, icon("close"))),
    el("div", { class: "drive-body" }));
  await refresh();
}

/** Many files come at once when a project is made; the tree is read once for all of them. */
export function driveChanged(id = null) {
  sheetChanged(id);
  refreshing ??= setTimeout(() => { refreshing = null; refresh(); }, REFRESH_MS);
}

/** Opens the tree down to what a link names and marks it. */
export async function showInDrive(id) {
  linked = id;
  closeFile();
  await refresh();
  for (const node of lineage(tree, id) ?? []) open.add(node.id);
  draw();
  place.querySelector(".linked")?.scrollIntoView({ block: "center", behavior: "smooth" });
  const found = lineage(tree, id)?.at(-1);
  if (found && found.mimeType !== FOLDER) showFile(found);
}

async function refresh() {
  tree = await api.driveTree();
  if (!open.size) for (const root of tree) open.add(root.id);
  draw();
}

function draw() {
  const body = place.querySelector(".drive-body");
  if (!body || body.querySelector(".file-view")) return;
  const top = body.scrollTop;
  const filled = tree.filter((root) => root.children?.length);
  body.replaceChildren(filled.length
    ? el("ul", { class: "tree", role: "tree", "aria-label": word("drive") }, ...filled.map(branch))
    : el("p", { class: "empty" }, word("drive_empty", { app: state.app.display_name })));
  body.scrollTop = top;
}

function branch(node) {
  const folder = node.mimeType === FOLDER;
  const isOpen = folder && open.has(node.id);
  const row = el("button", {
    type: "button", class: node.id === linked ? "row linked" : "row", title: node.name,
    onclick: () => (folder ? toggle(node) : showFile(node)),
  },
  folder ? el("span", { class: isOpen ? "twist open" : "twist" }, icon("chevron")) : el("span", { class: "twist" }),
  icon(folder ? (isOpen ? "folder_open" : "folder") : ICONS[node.mimeType] ?? "document"),
  el("span", { class: "row-name" }, node.name),
  folder ? el("small", {}, String(node.children.length)) : el("small", {}, size(node.size)));
  return el("li", { role: "treeitem", "aria-expanded": folder ? String(isOpen) : null }, row,
    isOpen && node.children.length ? el("ul", { role: "group" }, ...node.children.map(branch)) : null);
}

function toggle(node) {
  if (!open.delete(node.id)) open.add(node.id);
  draw();
  focusRow(node.name);
}

async function showFile(node) {
  const body = place.querySelector(".drive-body");
  const url = api.driveFile(node.id);
  const content = el("div", { class: "file-content" });
  body.replaceChildren(el("div", { class: "file-view" },
    el("div", { class: "file-top" },
      el("button", { type: "button", class: "plain", "aria-label": word("back"), onclick: () => { closeFile(); focusRow(node.name); } }, el("span", { class: "twist back" }, icon("chevron"))),
      el("strong", {}, node.name),
      node.mimeType === SPREADSHEET ? null : el("a", { class: "button borderless", href: url, target: "_blank" }, word("open"))),
    content));
  body.querySelector("button").focus();
  if (node.mimeType === SPREADSHEET) {
    content.classList.add("sheet");
    await openSheet(node.id, content);
  } else content.append(await preview(node, url));
}

async function preview(node, url) {
  if (node.mimeType.startsWith("image/")) return el("img", { src: url, alt: node.name });
  if (node.mimeType === "application/pdf") return el("iframe", { src: url, title: node.name });
  const response = await fetch(url);
  const bytes = new Uint8Array(await response.arrayBuffer());
  try {
    if (!response.ok || bytes.includes(0)) throw new TypeError("not text");
    return el("pre", {}, new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return el("p", { class: "empty" }, word("no_preview"));
  }
}

function closeFile() {
  closeSheet();
  place.querySelector(".file-view")?.remove();
  draw();
}

function focusRow(name) {
  [...place.querySelectorAll(".row")].find((row) => row.title === name)?.focus({ preventScroll: true });
}

/** The nodes from a root down to the one of that id. */
function lineage(nodes, id) {
  for (const node of nodes) {
    if (node.id === id) return [node];
    const below = lineage(node.children ?? [], id);
    if (below) return [node, ...below];
  }
  return null;
}

function size(bytes) {
  if (bytes === null || bytes === undefined) return "";
  const number = Number(bytes);
  return number < 1024 ? `${number} B` : `${(number / 1024).toFixed(number < 10240 ? 1 : 0)} KB`;
}
