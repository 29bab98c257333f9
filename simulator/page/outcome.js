/** Carries out an action against the simulator and shows a person what came of it. */
import { api } from "./api.js";
import { closeDialog, showDialog } from "./dialog.js";
import { failure, notice } from "./snackbar.js";
import { take } from "./state.js";
import { word } from "./words.js";

export const click = (message, action, entries) => carryOut(api.click(message, action, entries));

export async function say(space, text, thread) {
  const answer = api.say(space, text, thread);
  await carryOut(answer.then(({ message, outcome }) => {
    take(message);
    return outcome;
  }));
}

async function carryOut(pending) {
  let outcome;
  try {
    outcome = await pending;
  } catch (error) {
    failure({ shown: word("failed"), why: error.message });
    return;
  }
  outcome.messages.forEach(take);
  if (outcome.closed) closeDialog();
  if (outcome.dialog) showDialog(outcome.dialog, dialogDeeds);
  if (outcome.notice) notice(outcome.notice);
  if (outcome.error) failure(outcome.error, outcome.event);
}

const dialogDeeds = {
  submit: (dialog, action, entries) => carryOut(api.submit(dialog, action, entries)),
  close: (dialog, by) => carryOut(api.closeDialog(dialog, by)),
};
