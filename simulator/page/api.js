/** The simulator's JSON endpoints. A refusal is thrown as an Error that carries the reason. */
import { state } from "./state.js";

async function call(path, options) {
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error?.message ?? `${response.status} ${response.statusText}`);
  return answer;
}

const get = (path, query = {}) => call(`${path}?${new URLSearchParams(query)}`);

const post = (path, body) => call(path, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ person: state.me.name, ...body }),
});

const sheetPath = (id) => `/_sim/sheets/${encodeURIComponent(id)}`;

export const api = {
  state: (person) => get("/_sim/chat/state", person ? { person } : {}),
  messages: (space) => get("/_sim/chat/messages", { space, person: state.me.name }),
  say: (space, text, thread) => post("/_sim/chat/say", { space, text, thread }),
  click: (message, action, inputs) => post("/_sim/chat/click", { message, action, inputs }),
  submit: (dialog, action, inputs) => post("/_sim/chat/dialog", { dialog, action, inputs }),
  closeDialog: (dialog, by) => post("/_sim/chat/dialog/close", { dialog, by }),
  suggest: (space, action, query) => post("/_sim/chat/suggest", { space, action, query }),
  driveTree: () => get("/_sim/drive/tree"),
  driveFile: (id) => `/_sim/drive/file/${encodeURIComponent(id)}`,
  sheet: (id, sheet, rows) => get(sheetPath(id), { person: state.me.name, rows, ...(sheet === null ? {} : { sheet }) }),
  enterCell: (id, range, text) => post(`${sheetPath(id)}/enter`, { range, values: [[text]] }),
  changeSheet: (id, requests) => post(`${sheetPath(id)}/change`, { requests }),
  sortSheet: (id, how) => post(`${sheetPath(id)}/sort`, how),
  stream: () => new EventSource(`/_sim/chat/stream?${new URLSearchParams({ person: state.me.name })}`),
  event: (id) => `/_sim/chat/events/${id}`,
};
