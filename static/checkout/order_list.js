// The list is narrowed without a new page: what is saved is what the address says by then.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-save-view]")) return;
  event.target.elements.query.value = window.location.search;
});
