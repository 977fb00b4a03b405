/* Films: played in their place once a reader has asked for it and then agreed.

   Without this file the picture is a link to the film's own site. Nothing is loaded from there
   before the second click. */

const ALLOWED = "autoplay; encrypted-media; fullscreen; picture-in-picture";

function frame({ video, title }) {
  const player = document.createElement("iframe");
  player.title = title;
  player.allow = ALLOWED;
  player.referrerPolicy = "strict-origin-when-cross-origin";
  player.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups");
  player.src = video;
  return player;
}

for (const film of document.querySelectorAll("[data-video]")) {
  const screen = film.querySelector("[data-video-screen]");
  const question = film.querySelector("template").content;

  film.querySelector("[data-video-link]").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    screen.replaceChildren(question.cloneNode(true));
    screen.querySelector("p").focus();
    screen.querySelector("button").addEventListener("click", () => {
      const player = frame(film.dataset);
      screen.replaceChildren(player);
      player.focus();
    });
  });
}
