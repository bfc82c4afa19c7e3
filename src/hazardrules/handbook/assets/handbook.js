/* What is only comfort: the pages say everything without it. */
"use strict";

(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  // On paper the facts to look at are always told, the cases where the reader has opened them.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details.facts:not([open]), details.more:not([open])");
    closed.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => {
    closed.forEach((part) => { part.open = false; });
    closed = [];
  });

  // Whoever comes for one rule shall see it, also inside what is folded.
  const arrive = () => {
    const there = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = there && there.closest("details:not([open])");
    if (fold) {
      fold.open = true;
      there.scrollIntoView();
    }
    follow();
  };

  // The contents: at a desk they show where one is, on a phone they fold away once a clause is chosen.
  const toc = document.querySelector(".toc");
  const wide = matchMedia("(min-width: 64rem)");
  const follow = () => {
    if (!toc) return;
    all(".toc [aria-current]").forEach((link) => link.removeAttribute("aria-current"));
    const here = location.hash && all(".toc a").find((link) => link.hash === location.hash);
    if (!here) return;
    here.setAttribute("aria-current", "location");
    if (wide.matches) toc.scrollTop = here.offsetTop - toc.clientHeight / 3;
  };
  if (toc) {
    toc.addEventListener("click", (event) => {
      if (event.target.closest("a") && !wide.matches) toc.querySelector("details").open = false;
    });
  }

  addEventListener("hashchange", arrive);
  arrive();

  // All cases at once, for reading through and for printing.
  const tools = document.querySelector("[data-unfold]");
  if (tools) {
    tools.hidden = false;
    tools.addEventListener("click", () => {
      const open = tools.getAttribute("aria-pressed") !== "true";
      tools.setAttribute("aria-pressed", String(open));
      all("details.cases").forEach((part) => { part.open = open; });
    });
  }
})();
