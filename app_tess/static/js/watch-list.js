// The reader's watch list: TIC ids kept in this browser. The ticks of the table are the list, and a star's page adds or
// removes its star. Where the browser stores nothing (private windows), or runs no scripts, ticks serve for one page.
(() => {
  "use strict";

  const KEY = "watch-list";
  const MOST = 300;
  const link = document.querySelector("#watch-list");
  const root = new URL(link.href).pathname;
  const star = location.pathname.startsWith(`${root}stars/`) && location.pathname.slice(root.length + 6).match(/^[0-9]+$/)?.[0];

  const read = () =>
    (localStorage.getItem(KEY) ?? "").split(",").filter((id) => /^[1-9][0-9]{0,18}$/.test(id)).slice(0, MOST);

  try {
    localStorage.setItem(KEY, read().join(","));
  } catch {
    return;
  }

  const button = document.createElement("button");
  const boxes = () => document.querySelectorAll("[name=tic][form=ticked]");

  const show = () => {
    const ids = read();
    link.parentElement.hidden = ids.length === 0;
    link.href = `${root}?tic=${ids.join(",")}`;
    link.textContent = `Your watch list (${ids.length})`;
    button.textContent = ids.includes(star) ? "Remove from your watch list" : "Add to your watch list";
    for (const box of boxes()) box.checked = ids.includes(box.value);
  };

  const change = (id, isWatched) => {
    const others = read().filter((other) => other !== id);
    if (isWatched && others.length === MOST) alert(`A watch list has at most ${MOST} stars.`);
    localStorage.setItem(KEY, [...others, ...(isWatched ? [id] : [])].slice(0, MOST).join(","));
    show();
  };

  if (star && document.querySelector("main h1")) {
    button.type = "button";
    button.className = "watch";
    button.addEventListener("click", () => change(star, !read().includes(star)));
    document.querySelector("main h1").before(button);
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[name=tic][form=ticked]")) change(event.target.value, event.target.checked);
  });
  for (const event of ["htmx:afterSettle", "pageshow"]) addEventListener(event, show);
  addEventListener("storage", show);
  show();
})();
