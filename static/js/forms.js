/* Small comforts for forms: steppers, no double submit, focus on errors, fresh pages after Back. */

/* --- Quantity steppers ------------------------------------------------------------------ */
function clamp(input) {
  const lowest = Number(input.min || 1);
  const highest = Number(input.max || 99);
  const value = Math.round(Number(input.value)) || lowest;
  return Math.min(Math.max(value, lowest), highest);
}

let waiting;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  const before = input.value;
  input.value = clamp(input) + Number(button.dataset.step);
  input.value = clamp(input);
  if (input.value === before) return;
  clearTimeout(waiting);
  const isLive = input.form?.hasAttribute("data-autosubmit");
  waiting = setTimeout(
    () => input.dispatchEvent(new Event("change", { bubbles: true })),
    isLive ? 350 : 0,
  );
});

/* --- Forms that send themselves --------------------------------------------------------- */
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.hasAttribute("data-autosubmit")) return;
  if (form.checkValidity()) form.requestSubmit();
  else form.reportValidity();
});

/* --- No double submit; alive again after Back --------------------------------------------- */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-guard")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("[type=submit]");
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy) {
    button.dataset.idle = button.innerHTML;
    button.textContent = button.dataset.busy;
  }
});

function wake() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
      if (button.dataset.idle) button.innerHTML = button.dataset.idle;
    }
  }
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[data-refresh-on-return]")) {
    location.reload();
    return;
  }
  wake();
});

/* --- Errors get the focus ----------------------------------------------------------------- */
document.querySelector("[data-focus]")?.focus();

/* --- The menu on small screens -------------------------------------------------------------- */
const menu = document.querySelector("details.menu");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

/* --- Print buttons ------------------------------------------------------------------------ */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* --- Waiting for the bank: look again now and then, for two minutes ------------------------- */
const waitingRoom = document.querySelector("[data-look-again]");
if (waitingRoom) {
  const tries = Number(sessionStorage.getItem(location.pathname) ?? 0);
  if (tries < 12) {
    setTimeout(
      () => {
        sessionStorage.setItem(location.pathname, String(tries + 1));
        location.reload();
      },
      tries < 4 ? 4000 : 12000,
    );
  }
}
