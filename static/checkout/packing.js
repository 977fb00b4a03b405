// Counts a scanned article at once; without this script the server does the same, page by page.
const form = document.querySelector("[data-packing]");
const field = form?.querySelector("[data-scan]");
const said = form?.querySelector("[data-said]");
const rows = [...(form?.querySelectorAll("[data-row]") ?? [])];

const number = (row) => row.querySelector("input");
const left = (row) => Number(row.dataset.left);
const counted = (row) => Number(number(row).value) || 0;

function say(words, isWrong) {
  said.textContent = words;
  said.classList.toggle("is-wrong", isWrong);
  said.classList.toggle("is-right", !isWrong);
}

function mark(row) {
  row.classList.toggle("is-complete", counted(row) === left(row));
}

const batch = (row, code) =>
  [...(row.querySelector("[data-batches]")?.options ?? [])].find((each) => each.dataset.code === code);
const means = (row, code) => row.dataset.codes.split(" ").includes(code) || batch(row, code);

function scan(code) {
  const typed = code.toLowerCase();
  const meant = rows.filter((row) => typed && means(row, typed));
  if (!meant.length) return say(`${code} is not in this order.`, true);
  const row = meant.find((each) => counted(each) < left(each));
  const name = meant[0].dataset.name;
  if (!row) {
    const all = meant.reduce((sum, each) => sum + left(each), 0);
    return say(`Enough: ${all} of ${name} belong into the parcel.`, true);
  }
  if (number(row).disabled) {
    return say(`${name} waits for goods; is it the right one?`, true);
  }
  number(row).value = counted(row) + 1;
  const named = batch(row, typed);
  if (named) named.selected = true;
  mark(row);
  say(`${counted(row)} of ${left(row)} × ${name}`, false);
}

field?.addEventListener("keydown", (event) => {
  const code = field.value.trim();
  if (event.key !== "Enter" || !code) return;
  event.preventDefault();
  field.value = "";
  scan(code);
});

rows.forEach((row) => number(row).addEventListener("input", () => mark(row)));
