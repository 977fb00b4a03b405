/* Compare: remembers in this tab which products were ticked, on whatever page of the list.

   Without this file the boxes of the page in view are sent by the form's own button. */

const MOST = 3;
const KEPT = "galea-compare";
const form = document.querySelector("[data-compare]");

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
}

function boxes() {
  return [...document.querySelectorAll("input[name=p][form=compare-form]")];
}

function show() {
  const chosen = read();
  const slugs = chosen.map(({ slug }) => slug);
  for (const box of boxes()) {
    box.checked = slugs.includes(box.value);
    box.disabled = !box.checked && chosen.length >= MOST;
  }
  for (const hidden of form.querySelectorAll("input[type=hidden]")) hidden.remove();
  const here = new Set(boxes().map((box) => box.value));
  for (const { slug } of chosen.filter(({ slug }) => !here.has(slug))) {
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: "p" });
    hidden.value = slug;
    form.append(hidden);
  }
  form.toggleAttribute("data-active", chosen.length > 0);
  form.querySelector("[data-compare-words]").textContent = chosen
    .map(({ title }) => title)
    .join(" · ");
  const button = form.querySelector("[data-compare-button]");
  button.textContent = chosen.length === 1 ? "Choose one more" : `Compare ${chosen.length}`;
  button.disabled = chosen.length < 2;
  form.querySelector("[data-compare-clear]").hidden = false;
}

function keep(chosen) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(chosen));
  } catch {
    /* No room in this browser: the boxes still work on this page. */
  }
  show();
}

if (form) {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("input[name=p][form=compare-form]")) return;
    const others = read().filter(({ slug }) => slug !== target.value);
    const added = { slug: target.value, title: target.dataset.title };
    keep(target.checked ? [...others, added].slice(0, MOST) : others);
  });
  form.querySelector("[data-compare-clear]").addEventListener("click", () => keep([]));
  document.addEventListener("htmx:after:swap", show);
  window.addEventListener("pageshow", show);
  show();
}
