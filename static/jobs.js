// Moves the bar of a piece of work; when it has ended, what came of it is put in its place.
"use strict";
(() => {
  const job = document.querySelector("[data-progress]");
  if (!job) return;
  const words = job.querySelector("#how-far strong");
  const bar = job.querySelector("#bar");
  const ask = async () => {
    try {
      const answer = await fetch(job.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type").includes("json")) return location.reload();
      const now = await answer.json();
      if (words.textContent !== now.words) words.textContent = now.words;
      bar.max = now.total || 1;
      bar.value = now.done;
      if (!now.under_way) return ended();
    } catch { /* the net is away for a moment: ask again */ }
    setTimeout(ask, 1000);
  };
  const ended = async () => {
    const page = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("job");
    if (!fresh) return location.reload();
    const told = fresh.querySelector("#how-far");
    words.textContent = told.textContent;
    told.remove();
    bar.remove();
    for (const old of [...job.children]) if (!old.contains(words)) old.remove();
    job.append(...fresh.children);
  };
  setTimeout(ask, 500);
})();
