// Keeps what the checks panel says of a draft's words in step with its preview, and adds the
// sentences that block to the number of issues. Wagtail writes its own number whenever it has
// looked at the preview.

const COUNTERS = [
  '[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]',
  '[data-side-panel="checks"] [data-content-checker-count]',
];

const written = new WeakMap();
const others = new WeakMap();
let running = null;
let open = 0;

// A page that is being added has an address of its own once it has been saved by itself.
function address(panel) {
  const preview = document.querySelector("[data-w-preview-url-value]");
  const stored = preview?.dataset.wPreviewUrlValue.match(/pages\/(\d+)\/edit/);
  return stored ? panel.dataset.storedUrl.replace("/0/", `/${stored[1]}/`) : panel.dataset.url;
}

function show(counter) {
  // What is not our own text was written by Wagtail, and is its own number.
  if (counter.firstChild !== written.get(counter)) {
    others.set(counter, Number(counter.textContent.trim()) || 0);
  }
  const sum = others.get(counter) + open;
  if (written.get(counter)?.data !== String(sum) || !written.get(counter).isConnected) {
    written.set(counter, document.createTextNode(String(sum)));
    counter.replaceChildren(written.get(counter));
  }
  if (counter.matches("[data-side-panel-toggle-counter]")) counter.hidden = sum === 0;
  else counter.classList.toggle("has-errors", sum > 0);
}

function count() {
  const panel = document.querySelector("[data-claims-draft]");
  open = Number(panel?.querySelector("[data-claims-count]")?.dataset.claimsCount ?? 0);
  document.querySelectorAll(COUNTERS).forEach(show);
}

function watch() {
  for (const counter of document.querySelectorAll(COUNTERS)) {
    new MutationObserver(() => show(counter)).observe(counter, { childList: true });
  }
  refresh();
}

async function refresh() {
  const panel = document.querySelector("[data-claims-draft]");
  if (!panel) return;
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(address(panel), { signal: running.signal });
    if (answer.status !== 200) return;
    panel.innerHTML = await answer.text();
    count();
  } catch (problem) {
    if (problem.name !== "AbortError") throw problem;
  }
}

document.addEventListener("w-preview:updated", refresh);
document.addEventListener("w-side-panel:show", refresh);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
else watch();
