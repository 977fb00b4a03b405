/* The basket icon's count and the drawer that opens after something was added.

   Without this file the same forms lead to the basket page. */

const drawer = document.querySelector("[data-drawer]");

function countFromCookie() {
  const match = document.cookie.match(/(?:^|; )galea_basket_count=(\d+)/);
  return match ? Number(match[1]) : 0;
}

function showCount() {
  const count = countFromCookie();
  for (const link of document.querySelectorAll("[data-basket-link]")) {
    const badge = link.querySelector("[data-basket-count]");
    badge.textContent = count > 99 ? "99+" : String(count);
    badge.hidden = count === 0;
    const items = count === 1 ? "1 item" : `${count} items`;
    link.setAttribute("aria-label", count === 0 ? "Basket, empty" : `Basket, ${items}`);
  }
}

/* A live region is only heard when its text changes while it is on the page. */
function say(region, text) {
  if (!region || !text) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 60);
}

function openDrawer() {
  const wasOpen = drawer.open;
  if (!wasOpen) drawer.showModal();
  // What had the focus may have left with its line.
  if (!wasOpen || !drawer.contains(document.activeElement)) {
    drawer.querySelector("[data-drawer-title]").focus();
  }
  const news = drawer.querySelector("[data-announce], .notice.error");
  say(drawer.querySelector("[data-drawer-status]"), news?.textContent.trim());
}

function afterSwap(event) {
  showCount();
  const target = event.detail?.ctx?.target ?? event.target;
  if (drawer && (target === drawer || drawer.contains(target))) {
    openDrawer();
    return;
  }
  const basket = document.querySelector("#basket[data-announce]");
  if (!basket) return;
  if (document.activeElement === document.body) basket.focus();
  say(document.querySelector("[data-basket-status]"), basket.dataset.announce);
}

document.addEventListener("htmx:after:swap", afterSwap);

/* The shop could not be reached in the background: send the form the plain way. */
document.addEventListener("htmx:error", (event) => {
  const form = (event.detail?.ctx?.sourceElement ?? event.target)?.closest?.("form");
  if (form?.method === "post") HTMLFormElement.prototype.submit.call(form);
});

drawer?.addEventListener("click", (event) => {
  const isBackdrop = event.target === drawer;
  if (isBackdrop || event.target.closest("[data-drawer-close]")) drawer.close();
});

window.addEventListener("pageshow", showCount);
showCount();
