// Loads htmx when something of the page first needs it: most visits do not. Until then links and forms work as without it.
(() => {
  "use strict";

  const source = document.currentScript.dataset.htmx;
  const USES = "[hx-get], [hx-boost], [hx-target]";
  let loading;

  const load = () => {
    loading ??= (async () => {
      // htmx reads a page that is complete, or else at DOMContentLoaded, which is over
      if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
      await new Promise((done, failed) => {
        document.head.append(Object.assign(document.createElement("script"), { src: source, onload: done, onerror: failed }));
      });
    })();
    return loading;
  };

  const arrived = () => typeof htmx !== "undefined";

  const prepare = ({ target }) => {
    if (target.closest?.(USES)) load().catch(() => {});
  };

  // the form of a run opens in the page, and a head of the table sorts there
  const click = async (event) => {
    const link = event.target.closest("a[hx-get], [hx-boost] a");
    if (!link || arrived() || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      await load();
      link.click();
    } catch {
      location.assign(link.href);
    }
  };

  // Enter and "Apply", which can come before htmx has arrived
  const submit = async (event) => {
    const form = event.target;
    if (arrived() || event.defaultPrevented || !form.matches("form[hx-get]")) return;
    event.preventDefault();
    try {
      await load();
      form.requestSubmit(event.submitter);
    } catch {
      form.submit();
    }
  };

  // a filter that applies when it is changed
  const change = async ({ target }) => {
    if (arrived() || !target.closest("form[hx-get]")) return;
    await load().catch(() => {});
    if (arrived()) target.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("pointerdown", prepare);
  document.addEventListener("focusin", prepare);
  document.addEventListener("click", click);
  document.addEventListener("change", change);
  document.addEventListener("submit", submit);
  if (document.querySelector("#run-progress")) load().catch(() => {});
})();
