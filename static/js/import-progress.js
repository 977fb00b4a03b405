// Asks how far the worker is and shows it, until there is nothing left to wait for.
const state = document.querySelector("#import-state");
const said = document.querySelector("#import-said");
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
let pause = PAUSE_MS;

const isBusy = () => state.querySelector("[data-busy]") !== null;

// Said aloud only when something else is being done, not at every step.
function tell() {
  const text = state.querySelector(".import-status").textContent.trim().replace(/\s+/g, " ");
  if (said.textContent !== text) said.textContent = text;
}

async function look() {
  try {
    const answer = await fetch(state.dataset.stateUrl, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    state.replaceChildren(...page.body.childNodes);
    tell();
    pause = PAUSE_MS;
  } catch {
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
  if (isBusy()) setTimeout(look, pause);
}

if (state && isBusy()) setTimeout(look, pause);
