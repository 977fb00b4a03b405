/* The product page: what the chosen size costs, and the picture gallery.

   Without this file every size shows its own price and the gallery scrolls by hand. */

/* --- The chosen size ---------------------------------------------------------------------- */
const form = document.querySelector("[data-buy]");

function show(name, text) {
  const place = document.querySelector(`[data-show="${name}"]`);
  if (!place) return;
  place.textContent = text ?? "";
  place.hidden = !text;
}

function refresh() {
  const chosen = form.querySelector("input[name=sku]:checked") ?? form.elements.sku;
  const { price, unit, availability, state, max, lowest, arrival } = chosen.dataset;
  if (!price) return;
  show("price", price);
  show("unit", unit);
  show("lowest", lowest);
  show("availability", availability);
  show("arrival", arrival);
  document.querySelector(".arrival")?.toggleAttribute("hidden", !arrival);
  document.querySelector("[data-show=availability]")?.setAttribute("class", `stock ${state}`);
  const quantity = form.elements.quantity;
  if (!quantity) return; // Sold out: there is nothing to choose.
  quantity.max = max;
  if (Number(quantity.value) > Number(max)) quantity.value = max;
  const wanted = Number(quantity.value);
  const button = form.querySelector("[data-buy-button]");
  button.textContent =
    wanted > 1 ? `Add ${wanted} to basket, ${price} each` : `Add to basket, ${price}`;
}

if (form) {
  form.addEventListener("change", refresh);
  window.addEventListener("pageshow", refresh);
}

/* --- The gallery -------------------------------------------------------------------------- */
for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const stage = gallery.querySelector(".stage");
  const thumbs = [...gallery.querySelectorAll(".thumbs a")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  for (const [index, thumb] of thumbs.entries()) {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      stage.scrollTo({
        left: stage.children[index].offsetLeft - stage.offsetLeft,
        behavior: calm.matches ? "auto" : "smooth",
      });
    });
  }

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        const index = [...stage.children].indexOf(entry.target);
        thumbs.forEach((thumb, at) => {
          if (at === index) thumb.setAttribute("aria-current", "true");
          else thumb.removeAttribute("aria-current");
        });
      }
    },
    { root: stage, threshold: 0.6 },
  );
  if (thumbs.length) for (const picture of stage.children) watcher.observe(picture);
}
