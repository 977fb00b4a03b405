// Prints the page by its button.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
