/* Recently seen: the last products of this browser, kept in it and never sent anywhere.

   Without this file, or without storage, the section stays hidden. */

const KEPT = "galea-recent";
const MOST = 7;
const section = document.querySelector("[data-recent]");

function read() {
  try {
    const known = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(known) ? known.filter((one) => one?.path?.startsWith("/")) : [];
  } catch {
    return [];
  }
}

function write(known) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(known));
  } catch {
    /* Storage is off: nothing is remembered. */
  }
}

function item({ path, title, picture }) {
  const link = document.createElement("a");
  link.href = path;
  if (picture) {
    const image = Object.assign(new Image(120, 150), { alt: "", loading: "lazy", src: picture });
    image.addEventListener("error", () => image.remove());
    link.append(image);
  }
  link.append(title);
  const line = document.createElement("li");
  line.append(link);
  return line;
}

/* The smallest of the first picture's files: these are thumbnails. */
function thumbnail() {
  const sources = document.querySelectorAll("[data-gallery] .thumbs source, [data-gallery] source");
  const set = [...sources].find((source) => source.type === "image/avif")?.srcset ?? "";
  const smallest = set
    .split(",")
    .map((part) => part.trim().split(/\s+/))
    .sort((one, other) => parseInt(one[1]) - parseInt(other[1]))[0]?.[0];
  return smallest || document.querySelector("[data-gallery] img")?.getAttribute("src") || "";
}

if (section) {
  const here = { path: location.pathname, title: document.querySelector("h1").textContent.trim() };
  const others = read().filter(({ path }) => path !== here.path);
  section.querySelector("ul").append(...others.slice(0, MOST - 1).map(item));
  section.hidden = others.length === 0;
  write([{ ...here, picture: thumbnail() }, ...others].slice(0, MOST));
  section.querySelector("[data-recent-forget]").addEventListener("click", () => {
    try {
      localStorage.removeItem(KEPT);
    } catch {
      /* There is nothing to forget. */
    }
    section.hidden = true;
  });
}
