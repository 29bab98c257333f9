/** The open space: its threads, oldest first, each with a place to reply. */
import { api } from "./api.js";
import { composer } from "./composer.js";
import { el } from "./element.js";
import { icon } from "./icons.js";
import { drawMessage, redrawMessage } from "./message.js";
import { drop, isDirect, on, spaceTitle, state, take } from "./state.js";
import { word } from "./words.js";

const place = document.getElementById("conversation");
const newThread = document.getElementById("new-thread");

on("message", put);
on("removed", (name) => {
  const node = nodeOf(name);
  const thread = node?.closest(".thread");
  node?.remove();
  if (thread && !thread.querySelector("article")) thread.remove();
  showEmpty();
});

export async function openSpace(space) {
  const changes = state.space !== space;
  state.space = space;
  if (changes) {
    state.messages = new Map();
    place.replaceChildren();
    const direct = isDirect(space);
    const placeholder = direct ? word("message_direct", { app: spaceTitle(space) }) : word("new_thread");
    newThread.replaceChildren(composer({ space, placeholder, onsent: () => toEnd("smooth") }));
  }
  const known = [...state.messages.keys()];
  const { messages } = await api.messages(space.name);
  if (state.space !== space) return;
  const still = new Set(messages.map((message) => message.name));
  known.filter((name) => !still.has(name)).forEach(drop);
  messages.forEach(take);
  showEmpty();
  if (changes) toEnd("instant");
}

function put(message) {
  const follows = place.scrollHeight - place.scrollTop - place.clientHeight < 120;
  const node = nodeOf(message.name);
  if (node) redrawMessage(node, message);
  else threadOf(message).querySelector(".messages").append(drawMessage(message));
  showEmpty();
  if (follows) toEnd("smooth");
}

function threadOf(message) {
  const name = message.thread.name;
  return [...place.querySelectorAll(".thread")].find((each) => each.dataset.thread === name) ?? startThread(name);
}

function startThread(name) {
  const reply = el("button", { type: "button", class: "reply", onclick: openReply }, icon("chat"), word("reply"));
  const node = el("section", { class: "thread", "data-thread": name }, el("div", { class: "messages" }), reply);
  function openReply() {
    const box = composer({ space: state.space, thread: name, placeholder: word("reply_here") });
    box.addEventListener("focusout", (event) => {
      const written = box.querySelector("textarea").value;
      if (!written && !box.contains(event.relatedTarget) && box.isConnected) box.replaceWith(reply);
    });
    reply.replaceWith(box);
    box.start();
  }
  place.append(node);
  return node;
}

function showEmpty() {
  const empty = place.querySelector(".empty");
  if (state.messages.size) empty?.remove();
  else if (!empty) place.append(el("p", { class: "empty" }, word("empty", { app: state.app.display_name })));
}

const nodeOf = (name) => [...place.querySelectorAll("article")].find((each) => each.dataset.message === name);

function toEnd(behavior) {
  place.scrollTo({ top: place.scrollHeight, behavior });
}
