// The page works without this file. With it, findings can be filtered, and reasons are remembered in the browser.

(() => {
  const form = document.querySelector("#review");
  if (!form) return;
  const findings = [...form.querySelectorAll(".panel > .findings > .finding")];
  const shown = form.querySelector("#shown");

  const filters = form.querySelector(".filters");
  if (filters) {
    filters.hidden = false;
    const selects = [...filters.querySelectorAll("select")];
    const filter = () => {
      let count = 0;
      for (const finding of findings) {
        const fits = selects.every((s) => !s.value || finding.dataset[s.dataset.filter].split(" ").includes(s.value));
        finding.hidden = !fits;
        count += fits ? 1 : 0;
      }
      shown.textContent = count;
    };
    for (const select of selects) select.addEventListener("change", filter);
  }

  const key = `yusuan-reasons ${form.dataset.disclosure}`;
  const load = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };
  const reasons = load();
  const mark = (input) => input.closest(".finding").classList.toggle("accepted", input.value.trim() !== "");
  for (const input of form.querySelectorAll(".reason input")) {
    if (!input.value && reasons[input.name]) input.value = reasons[input.name];
    mark(input);
    input.addEventListener("input", () => {
      mark(input);
      reasons[input.name] = input.value.trim() || undefined;
      try {
        localStorage.setItem(key, JSON.stringify(reasons));
      } catch {
        // A browser that stores nothing still sends the reason with the form.
      }
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
})();
