/** The page itself: who looks, which space and pane are open, what comes in live. */
import { api } from "./api.js";
import { openSpace } from "./conversation.js";
import { closeDialog } from "./dialog.js";
import { drawDrive, driveChanged, showInDrive } from "./drive.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { drivePlace } from "./markup.js";
import { drawSidebar } from "./sidebar.js";
import { drop, isDirect, spaceTitle, state, take } from "./state.js";
import { word } from "./words.js";

const header = document.getElementById("space-header");
let stream = null;

async function become(person) {
  closeDialog();
  stream?.close();
  await loadState(person);
  sessionStorage.setItem("person", state.me.name);
  document.documentElement.lang = state.me.locale;
  document.getElementById("banner").textContent = word("banner");
  state.unread.clear();
  state.space = null;
  listen();
  drawDrive(() => showPane("chat"));
  const wanted = sessionStorage.getItem("space");
  const space = state.spaces.find((each) => each.name === wanted) ?? state.spaces[0];
  if (space) await enter(space);
  else drawSidebar({ become, enter });
}

async function loadState(person) {
  Object.assign(state, await api.state(person));
}

async function enter(space) {
  sessionStorage.setItem("space", space.name);
  state.unread.delete(space.name);
  closeDrawer();
  const opening = openSpace(space);
  drawSidebar({ become, enter });
  drawHeader();
  await opening;
}

function drawHeader() {
  const { space } = state;
  const about = isDirect(space) ? "" : [
    word("members", { count: space.members.length }),
    word(space.app_is_member ? "with_app" : "without_app", { app: state.app.display_name }),
  ].join(" · ");
  header.replaceChildren(
    el("button", { type: "button", class: "plain open-drawer", "aria-label": word("open_spaces"), onclick: () => document.body.classList.add("drawer-open") }, icon("menu")),
    el("div", { class: "space-title" }, el("h1", {}, spaceTitle(space)), el("small", {}, about)),
    el("div", { class: "tabs", role: "tablist" }, tab("chat", "chat"), tab("drive", "folder")));
  document.title = `${spaceTitle(space)} · Chat`;
}

function tab(pane, drawing) {
  return el("button", {
    type: "button", role: "tab", class: "tab", "data-tab": pane, "aria-selected": String(document.body.dataset.pane === pane),
    onclick: () => showPane(pane === "drive" && document.body.dataset.pane === "drive" ? "chat" : pane),
  }, icon(drawing), el("span", {}, word(pane)));
}

function showPane(pane) {
  document.body.dataset.pane = pane;
  for (const each of header.querySelectorAll("[data-tab]")) each.setAttribute("aria-selected", String(each.dataset.tab === pane));
  // Without its hash the next click on the same link is a move again.
  if (pane === "chat" && location.hash) history.replaceState(null, "", location.pathname + location.search);
}

function closeDrawer() {
  document.body.classList.remove("drawer-open");
}

function listen() {
  let first = true;
  const mine = api.stream();
  stream = mine;
  mine.onopen = async () => {
    document.getElementById("banner").textContent = word("banner");
    if (!first) await reload();
    first = false;
  };
  mine.onerror = () => { document.getElementById("banner").textContent = word("offline"); };
  mine.onmessage = ({ data }) => hear(JSON.parse(data));
}

function hear(event) {
  switch (event.type) {
    case "message.created":
    case "message.updated":
      return take(event.message);
    case "message.deleted":
      return drop(event.message.name);
    case "drive.changed":
      // No file is named when all was forgotten, the messages too.
      return event.file === null ? reload() : driveChanged(event.file);
    default:
      // A space came or changed, or too much happened at once to be told.
      return reload();
  }
}

async function reload() {
  const wanted = state.space?.name;
  await loadState(state.me.name);
  const space = state.spaces.find((each) => each.name === wanted) ?? state.spaces[0];
  if (!space) return;
  if (state.space?.name === space.name) Object.assign(state.space, space);
  await enter(state.space?.name === space.name ? state.space : space);
  driveChanged();
}

function followHash() {
  const id = drivePlace(location.href);
  if (id === null) return;
  showPane("drive");
  showInDrive(id);
}

window.addEventListener("hashchange", followHash);
document.addEventListener("click", (event) => {
  // A link to the Drive that is already shown changes no hash, yet one wants to see it again.
  const url = event.target.closest("a[href]")?.href;
  if (url && url === location.href && drivePlace(url) !== null) followHash();
});
document.getElementById("scrim").addEventListener("click", closeDrawer);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeDrawer();
});

const asked = new URLSearchParams(location.search);
if (asked.has("space")) sessionStorage.setItem("space", asked.get("space"));
await become(asked.get("person") ?? sessionStorage.getItem("person"));
followHash();
