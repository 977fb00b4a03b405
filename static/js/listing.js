/* Lists: filters in a dialog on phones, open groups that stay open, addresses without empty fields.

   Without this file the filters stand beside or below the list and work by their own button. */

const drawer = document.querySelector("[data-filter-drawer]");
const room = drawer?.querySelector("[data-filter-room]");
const isPhone = matchMedia("(max-width: 61.99rem)");
let form = document.querySelector("#filters");
const home = document.createComment("filters");
form?.before(home);

/* --- The dialog -------------------------------------------------------------------------- */
function open() {
  room.append(form);
  drawer.showModal();
  drawer.querySelector("#filter-drawer-title").focus();
}

function bringHome() {
  if (room.contains(form)) home.after(form);
}

document.addEventListener("click", (event) => {
  if (!isPhone.matches || !event.target.closest("#filter-button")) return;
  event.preventDefault();
  open();
});

drawer?.addEventListener("click", (event) => {
  if (event.target === drawer || event.target.closest("[data-filter-close]")) drawer.close();
});
drawer?.addEventListener("close", () => {
  bringHome();
  document.querySelector("#filter-button")?.focus();
});
isPhone.addEventListener("change", () => drawer?.open && drawer.close());

/* Results are there already when "Show 12 products" is pressed: the dialog only has to go. */
form?.addEventListener(
  "submit",
  (event) => {
    if (!drawer.open || event.submitter?.id !== "filter-apply") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    drawer.close();
    document.querySelector("#result-count").focus();
  },
  true,
);

/* --- Addresses say only what was chosen --------------------------------------------------- */
form?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  if (formData.get("sort") === "featured") formData.delete("sort");
});

/* --- Groups stay as they were left; the focus is never lost ------------------------------- */
const left = new Map();
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.matches?.("[data-facet]")) left.set(target.dataset.facet, target.open);
  },
  true,
);

document.addEventListener("htmx:after:swap", () => {
  for (const group of document.querySelectorAll("[data-facet]")) {
    if (left.has(group.dataset.facet)) group.open = left.get(group.dataset.facet);
  }
  if (document.activeElement !== document.body) return;
  if (drawer?.open) drawer.querySelector("#filter-drawer-title").focus();
  else document.querySelector("#result-count")?.focus({ preventScroll: true });
});

/* The shop could not be reached in the background: go there the plain way. */
document.addEventListener("htmx:error", (event) => {
  const source = event.detail?.ctx?.sourceElement ?? event.target;
  if (source === form) HTMLFormElement.prototype.submit.call(form);
  else if (source?.matches?.(".listing a[hx-get]")) location.assign(source.href);
});
