/* Share: the device's own sheet and copying, where the browser has them.

   Without this file the links to e-mail and messages still work. */

for (const place of document.querySelectorAll("[data-share]")) {
  const { title, url } = place.dataset;
  const status = place.querySelector("[data-share-status]");
  const now = place.querySelector("[data-share-now]");
  const copy = place.querySelector("[data-share-copy]");

  place.querySelector("[data-print]").hidden = false;
  now.hidden = !navigator.share;
  now.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));

  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    const words = copy.querySelector("span");
    try {
      await navigator.clipboard.writeText(url);
      words.textContent = status.textContent = "Link copied";
    } catch {
      words.textContent = status.textContent = "Copying is not allowed here";
    }
    setTimeout(() => {
      words.textContent = "Copy link";
      status.textContent = "";
    }, 4000);
  });
}
