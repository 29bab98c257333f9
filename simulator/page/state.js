/** What the page knows, and who wants to hear when it changes. */
export const state = {
  me: null, people: [], spaces: [], commands: [], app: null,
  space: null,
  messages: new Map(),
  unread: new Set(),
};

const listeners = { message: new Set(), removed: new Set(), unread: new Set() };

export function on(what, listener) {
  listeners[what].add(listener);
}

function tell(what, value) {
  for (const listener of listeners[what]) listener(value);
}

/** Takes a message from wherever it came first, the live stream or an answer; the newest wins. */
export function take(message) {
  const spaceName = message.name.split("/messages/")[0];
  if (spaceName !== state.space?.name) {
    state.unread.add(spaceName);
    tell("unread");
    return;
  }
  const known = state.messages.get(message.name);
  if (known && changed(known) > changed(message)) return;
  if (known && JSON.stringify(known) === JSON.stringify(message)) return;
  state.messages.set(message.name, message);
  tell("message", message);
}

export function drop(name) {
  if (state.messages.delete(name)) tell("removed", name);
}

/** The name people know a user by. */
export function nameOf(user) {
  if (user.name === state.app.name || user.type === "BOT") return state.app.display_name;
  return state.people.find((person) => person.name === user.name)?.display_name ?? user.displayName ?? user.name;
}

/** What a space is called for the one who looks: a direct message by whoever is on its other side. */
export function spaceTitle(space) {
  if (space.space_type !== "DIRECT_MESSAGE") return space.display_name;
  if (space.app_is_member) return state.app.display_name;
  const others = space.members.filter((name) => name !== state.me.name);
  return others.map((name) => nameOf({ name })).join(", ") || space.display_name;
}

export const isDirect = (space) => space.space_type === "DIRECT_MESSAGE";

const changed = (message) => message.lastUpdateTime ?? message.createTime;
