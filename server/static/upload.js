// Forms that upload files work without this file. With it, files that are too large are not sent, the page says how far
// the check has come, shows the first findings before the others, and the check can be cancelled.

(() => {
  const form = document.querySelector("form[data-limit]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const place = input.closest(".again, form");
  const status = place.querySelector(".status");
  const stop = place.querySelector(".cancel");
  const token = document.createElement("input");
  token.type = "hidden";
  token.name = "progress";
  form.prepend(token);
  const found = document.createElement("div");
  found.className = "found";
  found.setAttribute("role", "status");
  status.after(found);
  let timer = 0;

  const fits = () => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    const isTooLarge = size > Number(form.dataset.limit);
    status.textContent = isTooLarge ? form.dataset.tooLarge : "";
    return !isTooLarge;
  };
  const end = () => {
    clearInterval(timer);
    stop.hidden = true;
    status.textContent = "";
    found.replaceChildren();
  };
  const tell = (progress) => {
    if (!progress.findings.length || found.hasChildNodes()) return;
    const [lead, list] = [document.createElement("p"), document.createElement("ul")];
    lead.textContent = progress.found;
    for (const finding of progress.findings) {
      const item = document.createElement("li");
      item.className = finding.severity;
      item.textContent = finding.text;
      list.append(item);
    }
    found.replaceChildren(lead, list);
  };
  const follow = () => {
    const began = Date.now();
    let text = form.dataset.sending;
    const say = () => {
      status.textContent = `${text} ${Math.round((Date.now() - began) / 1000)} s`;
    };
    const ask = async () => {
      try {
        const response = await fetch(`${form.dataset.progress}/${token.value}`);
        if (response.status === 200) {
          const progress = await response.json();
          text = progress.text;
          tell(progress);
        }
      } catch {
        // The check goes on whether or not its progress can be shown.
      }
      say();
    };
    clearInterval(timer);
    timer = setInterval(ask, 500);
    found.replaceChildren();
    say();
    stop.hidden = false;
  };
  input.addEventListener("change", fits);
  form.addEventListener("submit", (event) => {
    if (place !== form && !place.contains(event.submitter)) return;
    if (!fits()) {
      event.preventDefault();
      return;
    }
    token.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    follow();
  });
  stop.addEventListener("click", () => {
    window.stop();
    end();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) end();
  });
})();
