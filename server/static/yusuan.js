// Everything works without this file. With it, a finding and its cells light up together, a table is one stop of the Tab
// key, and the address of a page can be shared.

(() => {
  const of = (element) => (element.dataset.findings || element.dataset.finding || "").split(" ").filter(Boolean);
  const related = new Map();
  for (const element of document.querySelectorAll("[data-finding], [data-findings]")) {
    for (const id of of(element)) {
      if (!related.has(id)) related.set(id, []);
      related.get(id).push(element);
    }
  }
  // A cell may be focused while the pointer is on another, so that what each of them is on is kept apart.
  const hovered = new Set();
  const focused = new Set();
  const light = () => {
    const lit = new Set([...hovered, ...focused].flatMap(of).flatMap((id) => related.get(id)));
    for (const element of document.querySelectorAll(".lit")) if (!lit.has(element)) element.classList.remove("lit");
    for (const element of lit) if (!element.matches("section")) element.classList.add("lit");
  };
  for (const element of new Set([...related.values()].flat())) {
    if (element.matches("section")) continue;
    for (const [entered, left, elements] of [["mouseenter", "mouseleave", hovered], ["focusin", "focusout", focused]]) {
      element.addEventListener(entered, () => { elements.add(element); light(); });
      element.addEventListener(left, () => { elements.delete(element); light(); });
    }
  }

  // A printed table is one stop of the Tab key; arrow keys, Home and End move between its links.
  for (const table of document.querySelectorAll("table.grid")) {
    const rows = [...table.rows].map((row) => [...row.querySelectorAll("a[href]")]).filter((row) => row.length);
    const links = rows.flat();
    if (!links.length) continue;
    const region = table.closest(".scroll[tabindex]");
    if (region) region.removeAttribute("tabindex");
    for (const link of links) link.tabIndex = link === links[0] ? 0 : -1;
    const middle = (link) => {
      const box = link.getBoundingClientRect();
      return box.left + box.width / 2;
    };
    const nearest = (row, x) => row && row.reduce((a, b) => (Math.abs(middle(b) - x) < Math.abs(middle(a) - x) ? b : a));
    table.addEventListener("focusin", (event) => {
      const link = event.target.closest("a[href]");
      if (link) for (const other of links) other.tabIndex = other === link ? 0 : -1;
    });
    table.addEventListener("keydown", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.altKey || event.ctrlKey || event.metaKey) return;
      const at = links.indexOf(link);
      const line = rows.findIndex((row) => row.includes(link));
      const target = {
        ArrowRight: () => links[at + 1],
        ArrowLeft: () => links[at - 1],
        ArrowDown: () => nearest(rows[line + 1], middle(link)),
        ArrowUp: () => nearest(rows[line - 1], middle(link)),
        Home: () => rows[line][0],
        End: () => rows[line][rows[line].length - 1],
      }[event.key];
      if (!target) return;
      event.preventDefault();
      const next = target();
      if (next) next.focus();
    });
  }

  const index = document.querySelector("nav.index");
  if (index && "IntersectionObserver" in window) {
    const links = new Map([...index.querySelectorAll("a[href^='#']")].map((a) => [a.hash.slice(1), a]));
    const seen = new Set();
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) entry.isIntersecting ? seen.add(entry.target) : seen.delete(entry.target);
      const first = [...document.querySelectorAll("main section")].find((section) => seen.has(section));
      for (const link of links.values()) link.removeAttribute("aria-current");
      const link = first && (links.get(first.id) || links.get(first.getAttribute("aria-labelledby")));
      if (link) link.setAttribute("aria-current", "true");
    }, { rootMargin: "-15% 0px -60% 0px" });
    for (const section of document.querySelectorAll("main .body > section")) watcher.observe(section);
  }

  // Share: the dialogue of the system where there is one, else the address goes to the clipboard.
  for (const button of document.querySelectorAll("button[data-share]")) {
    if (!navigator.share && !navigator.clipboard) continue;
    button.parentElement.hidden = false;
    button.addEventListener("click", async () => {
      const url = location.href;
      try {
        if (navigator.share) {
          await navigator.share({ title: button.dataset.title, url });
        } else {
          await navigator.clipboard.writeText(url);
          button.nextElementSibling.textContent = button.dataset.done;
        }
      } catch {
        // Who closes the dialogue shares nothing.
      }
    });
  }
})();
