// Suggestions below the search field of the site: offices, codes and projects, chosen by arrow keys, mouse or touch.
// Without this file the field is a plain form.

(() => {
  const field = document.querySelector("input[data-suggest]");
  if (!field) return;
  const list = document.createElement("ul");
  list.id = "search-suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.label);
  field.after(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
  let timer = 0;
  let asked = 0;
  let composing = false;

  const options = () => [...list.children];
  const active = () => options().find((option) => option.getAttribute("aria-selected") === "true");
  const close = () => {
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const select = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  };
  const part = (name, text, language) => {
    const element = document.createElement("span");
    element.className = name;
    element.textContent = text;
    if (language && language !== document.documentElement.lang) element.lang = language;
    return element;
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((suggestion, number) => {
      const option = document.createElement("li");
      option.id = `search-suggestion-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.page = suggestion.page;
      if (suggestion.notation) option.append(part("code", suggestion.notation), " ");
      option.append(part("name", suggestion.label, suggestion.language), " ");
      option.append(part("tag", suggestion.kind_label), " ", part("context", suggestion.context));
      return option;
    }));
    list.hidden = suggestions.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    select(undefined);
  };
  const ask = async () => {
    const text = field.value.trim();
    if (!text) return close();
    const number = (asked += 1);
    const address = new URL(field.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      if (number === asked && response.ok) show((await response.json()).suggestions);
    } catch {
      close();
    }
  };
  const later = () => {
    clearTimeout(timer);
    if (!composing) timer = setTimeout(ask, 120);
  };

  field.addEventListener("input", later);
  field.addEventListener("compositionstart", () => { composing = true; });
  field.addEventListener("compositionend", () => { composing = false; later(); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const all = options();
    const at = all.indexOf(active());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = at < 0 && step < 0 ? all.length - 1 : at + step;
      select(all[next]);
    } else if (event.key === "Escape") {
      close();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      location.assign(all[at].dataset.page);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) location.assign(option.dataset.page);
  });
  field.addEventListener("blur", close);
})();
