// Keeps what the checks panel says of a draft's words in step with its preview.

let running = null;

// A page that is being added has an address of its own once it has been saved by itself.
function address(panel) {
  const preview = document.querySelector("[data-w-preview-url-value]");
  const stored = preview?.dataset.wPreviewUrlValue.match(/pages\/(\d+)\/edit/);
  return stored ? panel.dataset.storedUrl.replace("/0/", `/${stored[1]}/`) : panel.dataset.url;
}

async function refresh() {
  const panel = document.querySelector("[data-claims-draft]");
  if (!panel) return;
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(address(panel), { signal: running.signal });
    if (answer.status === 200) panel.innerHTML = await answer.text();
  } catch (problem) {
    if (problem.name !== "AbortError") throw problem;
  }
}

document.addEventListener("w-preview:updated", refresh);
document.addEventListener("w-side-panel:show", refresh);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", refresh);
else refresh();
