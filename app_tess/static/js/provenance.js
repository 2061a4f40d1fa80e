// The count of cadences of a picture that has not been drawn on the server appears in place; without JavaScript its link leads there.
(() => {
  "use strict";

  for (const slot of document.querySelectorAll("li[data-provenance]")) {
    slot.querySelector("a").addEventListener("click", async (event) => {
      event.preventDefault();
      const answer = await fetch(slot.dataset.provenance, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer || answer.status !== 200) {
        location.assign(slot.dataset.provenance);
        return;
      }
      const lines = (await answer.json()).sentences.map((sentence) => {
        const line = document.createElement("li");
        line.className = "wrap";
        line.textContent = sentence;
        return line;
      });
      slot.replaceWith(...lines);
    });
  }
})();
