// A provenance that is opened before its picture has been drawn on the server is fetched; without JavaScript a link leads there.
(() => {
  "use strict";

  for (const slot of document.querySelectorAll("li[data-provenance]")) {
    slot.closest("details").addEventListener("toggle", async () => {
      const answer = await fetch(slot.dataset.provenance, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer || answer.status !== 200) return;
      const lines = (await answer.json()).sentences.map((sentence) => {
        const line = document.createElement("li");
        line.className = "wrap";
        line.textContent = sentence;
        return line;
      });
      slot.replaceWith(...lines);
    }, { once: true });
  }
})();
