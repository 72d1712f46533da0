/* The numbers at the door keep up with what colleagues tick, without a new page. */
"use strict";
(() => {
  const place = document.querySelector("[data-counts]");
  if (!place) return;
  const put = (name, number) => {
    for (const at of place.querySelectorAll(`[data-count="${name}"]`)) at.textContent = number;
  };
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(place.dataset.counts, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const numbers = await answer.json();
      put("came", numbers.came);
      put("expected", numbers.expected);
      for (const [mode, number] of Object.entries(numbers.by_mode)) put(mode, number);
      const share = numbers.expected ? Math.min(numbers.came, numbers.expected) / numbers.expected : 0;
      const bar = place.querySelector(".meter rect");
      if (bar) bar.setAttribute("width", String(Math.round(share * 1000) / 10));
    } catch {
      /* No net: the page still works, and the next press shows the true number. */
    }
  };
  setInterval(ask, 10000);
})();
