// Without this script everything works; with it, a filter or a page of the table comes without a reload, and a run's page follows its run.
"use strict";

async function fetchPage(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  return { ok: response.ok, page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

function addressOf(form) {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return form.action + (query ? "?" + query : "");
}

const listAddress = () => window.location.pathname + window.location.search;
let shown = listAddress();
let latest = 0;
async function show(address) {
  const region = document.getElementById("results");
  const mine = ++latest;
  region.setAttribute("aria-busy", "true");
  const { ok, page } = await fetchPage(address).catch(() => ({ ok: false }));
  if (mine !== latest) return;
  const fresh = ok && page.getElementById("results");
  if (!fresh) { window.location.assign(address); return; }
  region.replaceWith(fresh);
  document.title = page.title;
  history.pushState(null, "", address);
  shown = listAddress();
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-live]") && document.getElementById("results")) {
    event.preventDefault();
    show(addressOf(event.target));
  }
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form && document.getElementById("results") && form.checkValidity()) show(addressOf(form));
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("#results thead a, #results .paging a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  show(link.href).then(() => document.getElementById("results").scrollIntoView());
});
// A jump to an anchor fires popstate too: only another list is worth fetching. The form above it is the server's, so load it whole.
window.addEventListener("popstate", () => { if (listAddress() !== shown) window.location.reload(); });

function followRun() {
  const run = document.getElementById("run-progress");
  if (!run || !run.dataset.refreshS) return;
  setTimeout(async () => {
    const { ok, page } = await fetchPage(window.location.href).catch(() => ({ ok: false }));
    const fresh = ok && page.getElementById("run-progress");
    if (fresh) { run.replaceWith(fresh); document.title = page.title; }
    followRun();
  }, 1000 * Number(run.dataset.refreshS));
}
followRun();
