/* Suggestions beneath a search field while somebody types: the combo box pattern of the ARIA
   Authoring Practices, with a list box whose options the server writes.

   Without this file the same form leads to the results page. */

const WAIT_MS = 140;
const FEWEST_LETTERS = 2;
let lists = 0;

class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.elements.q;
    this.status = form.querySelector("[data-search-status]");
    this.asked = "";
    this.at = -1;
    this.list = document.createElement("ul");
    this.list.id = `suggestions-${++lists}`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    form.append(this.list);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.list.id],
    ])
      this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.options.length && this.show());
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) this.hide();
    });
    // The field keeps the focus: a press on an option would take it away before the click.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.go(option, event.ctrlKey || event.metaKey);
    });
  }

  get options() {
    return [...this.list.children];
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const text = this.input.value.trim();
    if (text === this.asked) return;
    this.asked = text;
    this.request?.abort();
    if (text.length < FEWEST_LETTERS) return this.fill("");
    this.request = new AbortController();
    try {
      const url = `${this.form.dataset.search}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(url, { signal: this.request.signal });
      if (answer.ok) this.fill(await answer.text());
    } catch (problem) {
      if (problem.name !== "AbortError") this.fill("");
    }
  }

  fill(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const options = [...template.content.children];
    options.forEach((option, number) => (option.id = `${this.list.id}-${number}`));
    this.list.replaceChildren(...options);
    this.choose(-1);
    const isHere = this.form.contains(document.activeElement);
    if (options.length && isHere) this.show();
    else this.hide();
    const count = options.length - 1;
    const things = count === 1 ? "1 suggestion" : `${count} suggestions`;
    this.status.textContent = !html.trim() ? "" : `${things}, use the arrow keys to choose`;
  }

  show() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  choose(number) {
    const { options } = this;
    options[this.at]?.setAttribute("aria-selected", "false");
    this.at = options.length ? number : -1;
    const chosen = options[this.at];
    if (!chosen) return this.input.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", chosen.id);
  }

  key(event) {
    const last = this.options.length - 1;
    const isOpen = !this.list.hidden;
    if (event.key === "Escape" && isOpen) {
      event.preventDefault(); // Closes the list alone, not what the field stands in.
      event.stopPropagation();
      return this.hide();
    }
    if (event.key === "Enter" && isOpen && this.at >= 0) {
      event.preventDefault();
      return this.go(this.options[this.at], event.ctrlKey || event.metaKey);
    }
    if (last < 0 || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return undefined;
    event.preventDefault();
    if (!isOpen) this.show();
    // One place more than options: the field itself, with nothing chosen.
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = this.at + step;
    return this.choose(next > last ? -1 : next < -1 ? last : next);
  }

  go(option, isApart) {
    if (isApart) window.open(option.dataset.url, "_blank", "noopener");
    else location.assign(option.dataset.url);
  }
}

for (const form of document.querySelectorAll("[data-search]")) new Suggestions(form);

/* On a narrow screen the field opens over the page, and whoever opened it wants to type. */
const pop = document.querySelector("#site-search");
pop?.addEventListener("toggle", (event) => {
  if (event.newState === "open") pop.querySelector("input").focus();
});

/* Reading the results writes nothing; that they were asked for is told apart. */
const told = document.querySelector("[data-asked]");
const isFirst = !new URLSearchParams(location.search).has("page");
if (told && isFirst && !new URLSearchParams(location.search).has("type")) {
  fetch(told.dataset.askedUrl, {
    method: "POST",
    body: new URLSearchParams({ q: told.dataset.asked }),
    keepalive: true,
  }).catch(() => undefined);
}
