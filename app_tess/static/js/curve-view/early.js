// Runs before the page is laid out: where views will be drawn, their pictures are hidden from the start and not loaded.
(() => {
  "use strict";

  if ("noModule" in HTMLScriptElement.prototype) document.documentElement.classList.add("with-views");
})();
