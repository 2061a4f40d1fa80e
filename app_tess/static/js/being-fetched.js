// Pictures and views whose light-curve files are still being fetched are asked for again until they are there; without JavaScript
// a link loads the page again.
(() => {
  "use strict";

  const notice = document.querySelector("[data-being-fetched]");
  const waiting = new Set();

  const show = () => {
    notice.hidden = waiting.size === 0 && notice.dataset.beingFetched === "seen";
  };

  const replace = (image, address) => {
    for (const source of image.closest("picture")?.querySelectorAll("source") ?? []) source.remove();
    image.removeAttribute("srcset");
    image.src = address;
  };

  // A file that cannot be had is a line in the table of files, as on the next view of the page, and no picture.
  const list = (image, sentence) => {
    const figure = image.closest("figure[data-file]");
    const line = figure && document.querySelector(`[data-line="${CSS.escape(figure.dataset.file)}"]`);
    if (!line) return false;
    line.textContent = `Not available: ${sentence}`;
    figure.remove();
    return true;
  };

  const ask = async (image) => {
    const address = image.currentSrc.split("#")[0];
    const answer = await fetch(address, { headers: { Accept: "image/*" } }).catch(() => null);
    if (!answer) return;
    if (answer.status === 202 || (answer.status === 503 && answer.headers.has("Retry-After"))) {
      waiting.add(image);
      setTimeout(ask, 1000 * Number(answer.headers.get("Retry-After") || 3), image);
    } else {
      const waited = waiting.delete(image);
      const listed = !answer.ok && list(image, answer.headers.get("X-Alt-Text"));
      if (waited && !listed) replace(image, `${address}#arrived`);
    }
    notice.dataset.beingFetched = "seen";
    show();
  };

  // Views, drawn in place of pictures, wait for the same files.
  document.addEventListener("light-curve", ({ target, detail }) => {
    if (detail.isWaiting) waiting.add(target);
    else waiting.delete(target);
    notice.dataset.beingFetched = "seen";
    show();
  });

  for (const image of document.querySelectorAll(".picture img")) {
    if (image.complete && image.naturalWidth) ask(image);
    else image.addEventListener("load", () => ask(image), { once: true });
    image.addEventListener("error", () => waiting.delete(image));
  }
})();
