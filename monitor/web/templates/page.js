"use strict";
// Comfort alone: every page does without it. Local times, news of the list, keys, a map that can be clicked.
(() => {
  const one = (what) => document.querySelector(what);
  for (const time of document.querySelectorAll("time")) {
    time.title = `${new Date(time.dateTime).toLocaleString()} (${time.title})`;
  }

  const news = one("#news");
  if (news) {
    const pause = one("#pause"), told = news.firstElementChild;
    let paused = false;
    pause.hidden = false;
    pause.onclick = () => {
      paused = !paused;
      pause.textContent = paused ? "Go on" : "Pause";
      told.textContent = paused ? "Paused." : "";
    };
    setInterval(async () => {
      if (paused || document.hidden) return;
      try {
        const answer = await fetch(`/news.json?arrived=${news.dataset.arrived}`);
        if (!answer.ok) throw new Error(answer.status);
        const { new: count, incidents } = await answer.json();
        if (paused) return;
        const more = incidents - news.dataset.incidents;
        const text = [
          count ? `${count} new.` : "",
          more > 0 ? "An incident has opened." : more < 0 ? "An incident is over." : "",
        ].join(" ").trim();
        if (told.textContent !== text) told.textContent = text;
      } catch {
        if (!paused) told.textContent = "The monitor does not answer.";
      }
    }, 5000);
  }

  const map = one(".map svg");
  if (map) {
    map.onclick = (event) => {
      const first = event.target.dataset.p;
      const there = document.getElementById(`p${first}`);
      if (there) location.hash = there.id;
    };
  }

  // Single keys can be turned off (WCAG 2.1.4); the choice is kept in this browser.
  const button = one("#keys");
  let off = false;
  try { off = localStorage.keys === "off"; } catch { /* no storage: on */ }
  const say = () => { button.textContent = off ? "Turn keys on" : "Turn keys off"; };
  button.parentElement.hidden = false;
  say();
  button.onclick = () => {
    off = !off;
    try { localStorage.keys = off ? "off" : "on"; } catch { /* for this page */ }
    say();
  };
  document.addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const search = one("input[type=search]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "j" || event.key === "k") {
      const step = one(event.key === "j" ? "a[rel=next]" : "a[rel=prev]");
      if (step) { step.click(); return; }
      const links = [...document.querySelectorAll(".open")];
      const at = links.indexOf(document.activeElement);
      const next = links[event.key === "j" ? at + 1 : Math.max(at - 1, 0)];
      if (next) next.focus();
    } else if (event.key === "?") {
      button.focus();
    }
  });
})();
