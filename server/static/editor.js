// The editor of the query page: YASGUI, completing from this service's own terms. Without this file the form works.
// Nothing is asked of any other host: prefix.cc and LOV, which the stock completers know, are replaced below.

(() => {
  const form = document.querySelector("form[data-endpoint]");
  if (!form || typeof Yasgui === "undefined") return;
  const { endpoint, completions, base, root, tab: tabName } = form.dataset;
  const textarea = form.querySelector("textarea");
  const Yasqe = Yasgui.Yasqe || window.Yasqe;

  const known = fetch(completions, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
    .catch(() => ({ prefixes: {}, classes: {}, properties: {} }));

  // A term is found by the beginning of its address, or by any part of its name in whatever language.
  const matching = (terms, text) => {
    const sought = text.toLowerCase();
    return Object.keys(terms).filter(
      (iri) =>
        iri.startsWith(text) ||
        iri.slice(Math.max(iri.lastIndexOf("#"), iri.lastIndexOf("/")) + 1).toLowerCase().includes(sought) ||
        terms[iri].some((label) => label.toLowerCase().includes(sought)),
    );
  };
  const completers = Yasqe.Autocompleters;
  completers.prefixes.persistenceId = null;
  completers.prefixes.get = () =>
    known.then(({ prefixes }) => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort());
  for (const [name, group] of [["class", "classes"], ["property", "properties"]]) {
    completers[name].get = (yasqe, token) =>
      known.then((terms) => matching(terms[group], (token && (token.autocompletionString || token.string)) || ""));
  }
  Yasqe.defaults.autocompleters = ["prefixes", "class", "property", "variables"];

  // The editor's words are English; those that the page gives take their place wherever they turn up.
  const words = JSON.parse(form.dataset.words);
  const [, counted] = Object.entries(words).find(([english]) => english.startsWith("{n}"));
  const translated = (text) => {
    const count = text.match(/^(\d+) results? in ([\d.]+) seconds?$/);
    return count ? counted.replace("{n}", count[1]).replace("{s}", count[2]) : words[text];
  };
  const translate = (node) => {
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const ours = translated(text.data);
      if (ours && ours !== text.data) text.data = ours;
    }
    for (const input of node.querySelectorAll("input[placeholder]")) {
      if (words[input.placeholder]) input.placeholder = words[input.placeholder];
    }
  };

  // The editor leaves fields without a name and what scrolls out of reach of keys, and has a plain button among its tabs.
  const name = (node) => {
    const give = (selector, attribute, value) => {
      for (const element of node.querySelectorAll(selector)) {
        if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
      }
    };
    give(".CodeMirror textarea", "aria-label", "SPARQL");
    give(".CodeMirror-scroll, .yasr_results", "tabindex", "0");
    give(".tab input", "aria-label", tabName);
    give(".addTab", "role", "tab");
    give(".addTab", "aria-selected", "false");
    const size = node.querySelector(".pageSizerLabel");
    if (size) give(".tableSizer", "aria-label", size.textContent.trim());
  };

  // New tabs show plain values: people read years and amounts, not their datatypes.
  const { getDefaults } = Yasgui.Tab;
  Yasgui.Tab.getDefaults = (yasgui) => {
    const given = getDefaults.call(Yasgui.Tab, yasgui);
    given.yasr.settings.pluginsConfig = { table: { compact: true } };
    return given;
  };

  const url = new URL(endpoint, location.href).href;
  const place = document.createElement("div");
  place.id = "yasgui";
  form.before(place);
  new MutationObserver(() => {
    translate(place);
    name(place);
  }).observe(place, { childList: true, subtree: true });
  form.classList.add("enhanced");

  // The editor is there at once; prefixes for showing results arrive when the service has counted its terms.
  const prefixes = {};
  known.then((terms) => Object.assign(prefixes, terms.prefixes));
  const yasgui = new Yasgui(place, {
    requestConfig: { endpoint: url, method: "POST", headers: () => ({ "Accept-Language": document.documentElement.lang }) },
    copyEndpointOnNewTab: true,
    endpointCatalogueOptions: { getData: () => [{ endpoint: url }], keys: [] },
    persistenceId: "yusuan",
    tabName,
    autofocus: false,
    yasr: {
      prefixes: () => prefixes,
      persistenceId: "yusuan-results",
    },
    yasqe: { showQueryButton: true, resizeable: true },
  });
  window.yasgui = yasgui;

  // A query in the address comes first, in a tab that holds it already or in a new one.
  const show = (query, name) => {
    const held = Object.values(yasgui._tabs).find((tab) => tab.getPersistedJson().yasqe.value === query);
    if (held) held.select();
    else yasgui.addTab(true, { ...Yasgui.Tab.getDefaults(yasgui), name: name || tabName, yasqe: { value: query } });
    const endpointOf = yasgui.getTab();
    if (endpointOf.getEndpoint() !== url) endpointOf.setEndpoint(url);
  };
  const first = Object.values(yasgui._tabs).length === 1 && yasgui.getTab();
  if (first && first.getPersistedJson().yasqe.value === Yasqe.defaults.value) {
    first.setQuery(textarea.value);
    if (form.dataset.name) first.setName(form.dataset.name);
  } else if (form.dataset.given) {
    show(textarea.value, form.dataset.name);
  }

  for (const link of document.querySelectorAll("a[data-query]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(link.dataset.query, link.textContent.trim());
      link.closest("details").open = false;
      yasgui.getTab().query().catch(() => {});
      place.scrollIntoView({ block: "start" });
    });
  }

  // The form below the editor downloads what the editor holds.
  form.addEventListener("submit", () => {
    textarea.value = yasgui.getTab().getYasqe().getValue();
  });
  yasgui.on("query", () => {
    for (const shown of document.querySelectorAll(".served")) shown.remove();
  });

  // Addresses of ours lead to pages of this host, wherever it stands; others stay as they are.
  const lead = (event) => {
    const link = event.target.closest && event.target.closest("a.iri");
    if (!link || !link.href.startsWith(base)) return;
    const key = link.href.slice(base.length);
    link.href = `${root}/${key.startsWith("id/") ? `doc/${key.slice(3)}` : key}`;
  };
  for (const event of ["pointerover", "focusin", "click"]) place.addEventListener(event, lead, true);
})();
