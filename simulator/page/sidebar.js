/** Whom one acts as, and the spaces that person is in. */
import { el } from "./element.js";
import { icon } from "./icons.js";
import { paintAvatar } from "./message.js";
import { isDirect, on, spaceTitle, state } from "./state.js";
import { word } from "./words.js";

const place = document.getElementById("sidebar");

let deeds;
on("unread", () => deeds && draw());

/** `deeds.become(person)` and `deeds.enter(space)` are what one can do here. */
export function drawSidebar(theDeeds) {
  deeds = theDeeds;
  draw();
}

function draw() {
  const select = el("select", { id: "me", onchange: () => deeds.become(select.value) },
    ...state.people.map((person) => el("option", { value: person.name, selected: person.name === state.me.name }, person.display_name)));
  const avatar = el("span", { class: "avatar", "aria-hidden": "true" });
  paintAvatar(avatar, { name: state.me.name, displayName: state.me.display_name }, false);
  place.replaceChildren(
    el("div", { class: "me" }, avatar, el("label", {}, el("span", {}, word("i_am")), select)),
    ...group("spaces", state.spaces.filter((space) => !isDirect(space))),
    ...group("direct", state.spaces.filter(isDirect)));
}

function group(title, spaces) {
  if (!spaces.length) return [];
  return [el("h2", {}, word(title)), el("ul", {}, ...spaces.map((space) => el("li", {}, entry(space))))];
}

function entry(space) {
  return el("button", {
    type: "button", class: "space-entry", "aria-current": space.name === state.space?.name ? "page" : null,
    onclick: () => deeds.enter(space),
  }, icon(isDirect(space) ? "person" : "people"), el("span", {}, spaceTitle(space)),
  state.unread.has(space.name) ? el("span", { class: "unread", title: "●" }) : null);
}
