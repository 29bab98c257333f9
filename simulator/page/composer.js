/** Where people write: a box that knows the app's commands after "/" and people after "@". */
import { el } from "./element.js";
import { icon } from "./icons.js";
import { say } from "./outcome.js";
import { state } from "./state.js";
import { word } from "./words.js";

let lastMenu = 0;

export function composer({ space, thread = null, placeholder, onsent = () => {} }) {
  const menuId = `menu-${++lastMenu}`;
  const box = el("textarea", {
    rows: 1, placeholder, "aria-label": placeholder, role: "combobox", "aria-expanded": "false",
    "aria-controls": menuId, "aria-autocomplete": "list", enterkeyhint: "send",
  });
  const send = el("button", { type: "submit", class: "plain send", "aria-label": word("send"), disabled: true }, icon("send"));
  const menu = el("ul", { class: "menu", id: menuId, role: "listbox", hidden: true });
  const waiting = el("p", { class: "waiting", hidden: true }, word("waiting", { app: state.app.display_name }));
  const form = el("form", { class: "composer" }, menu, el("div", { class: "box" }, box, send), waiting);
  let offers = [];
  let current = 0;

  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    send.disabled = !box.value.trim();
  };

  function offer() {
    offers = offersFor(box.value.slice(0, box.selectionStart), space);
    current = 0;
    drawMenu();
  }

  function drawMenu() {
    menu.hidden = offers.length === 0;
    menu.classList.toggle("below", form.getBoundingClientRect().top < window.innerHeight / 2);
    box.setAttribute("aria-expanded", String(!menu.hidden));
    menu.setAttribute("aria-label", word(offers[0]?.command ? "commands" : "mentions"));
    menu.replaceChildren(...offers.map((each, index) => el("li", {
      id: `${menuId}-${index}`, role: "option", "aria-selected": String(index === current),
      // The box must keep its focus, so this listens before the click takes it.
      onmousedown: (event) => { event.preventDefault(); pick(each); },
    }, el("strong", {}, each.name), el("span", {}, each.description))));
    if (menu.hidden) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", `${menuId}-${current}`);
  }

  function pick(each) {
    const before = box.value.slice(0, box.selectionStart).replace(/\S*$/, "");
    const after = box.value.slice(box.selectionStart);
    box.value = `${before}${each.name} ${after}`;
    box.selectionStart = box.selectionEnd = before.length + each.name.length + 1;
    offers = [];
    drawMenu();
    fit();
    // A command that opens a form needs no more words: one tap and the form is there.
    if (each.command?.opens_dialog && !after.trim()) form.requestSubmit();
  }

  box.addEventListener("input", () => { fit(); offer(); });
  box.addEventListener("blur", () => { offers = []; drawMenu(); });
  box.addEventListener("keydown", (event) => {
    // While an input method still converts, Enter belongs to it.
    if (event.isComposing || event.keyCode === 229) return;
    if (offers.length) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        current = (current + step + offers.length) % offers.length;
        drawMenu();
        return;
      }
      // A command typed to its end has nothing left to be picked: that Enter sends it.
      const whole = offers[current].command && box.value === offers[current].name;
      if (event.key === "Tab" || (event.key === "Enter" && !whole)) {
        event.preventDefault();
        pick(offers[current]);
        return;
      }
      if (event.key === "Escape") {
        offers = [];
        drawMenu();
        return;
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    fit();
    offer();
    waiting.hidden = !isForApp(text, space);
    await say(space.name, text, thread);
    waiting.hidden = true;
    onsent();
  });
  form.start = () => box.focus();
  return form;
}

/** What could come next: a command at the very beginning, a person after an @. */
function offersFor(before, space) {
  const command = /^\/\S*$/.exec(before)?.[0];
  if (command !== undefined && space.app_is_member) {
    return state.commands
      .filter((each) => each.kind === "SLASH_COMMAND" && each.name.startsWith(command))
      .map((each) => ({ name: each.name, description: each.description, command: each }));
  }
  const mention = /(?:^|\s)@(\S*)$/.exec(before)?.[1];
  if (mention === undefined) return [];
  const people = state.people.filter((person) => space.members.includes(person.name) && person.name !== state.me.name);
  return [{ name: `@${state.app.display_name}`, description: word("app_badge") },
    ...people.map((person) => ({ name: `@${person.display_name}`, description: person.email }))]
    .filter((each) => each.name.slice(1).toLowerCase().startsWith(mention.toLowerCase()));
}

function isForApp(text, space) {
  const direct = space.space_type === "DIRECT_MESSAGE" && space.app_is_member;
  const command = state.commands.some((each) => text.split(/\s/)[0] === each.name);
  return direct || command || text.includes(`@${state.app.display_name}`);
}
