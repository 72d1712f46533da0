// The programme's table: what is not saved, moving rows with Alt and arrows or by dragging them,
// and collisions while one writes. Each of these can be done without: by the menus and the buttons.
(() => {
  const form = document.querySelector("form[data-unsaved]");
  if (!form) return;
  const save = form.querySelector("button");
  let changed = false;
  let written = "";
  form.addEventListener("input", (event) => {
    changed = true;
    written = event.target.closest("tr")?.querySelector("[data-place]")?.dataset.place ?? "";
  });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  const ask = (what) => {
    const button = document.createElement("button");
    button.name = "do";
    button.value = what;
    button.hidden = true;
    form.append(button);
    form.requestSubmit(button);
    button.remove();
  };

  form.addEventListener("keydown", (event) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const row = event.target.closest("tr[data-item]");
    if (!row) return;
    event.preventDefault();
    ask(`${event.key === "ArrowUp" ? "up" : "down"}:${row.dataset.item}`);
  });

  // Ctrl+S saves, as in any sheet.
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.requestSubmit(save);
    }
  });

  // Dragging, by a grip of its own, so that text in the cells can still be marked.
  let held = null;
  for (const row of form.querySelectorAll("tr[data-item]")) {
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.textContent = "\u2807";
    grip.ariaHidden = "true";
    grip.draggable = true;
    grip.addEventListener("dragstart", (event) => {
      held = row;
      event.dataTransfer.setData("text/plain", row.dataset.item);
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(row, 0, 0);
    });
    grip.addEventListener("dragend", () => { held = null; });
    row.lastElementChild.prepend(grip);
    row.addEventListener("dragover", (event) => {
      if (held && held !== row && held.parentNode === row.parentNode) {
        event.preventDefault();
        row.classList.add("over");
      }
    });
    row.addEventListener("dragleave", () => row.classList.remove("over"));
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      row.classList.remove("over");
      ask(`move:${held.dataset.item}:${row.dataset.item}`);
    });
  }

  // Collisions are worked out in one place, on the server: the page is asked to look without saving.
  let waiting = 0;
  let asked = 0;
  const look = async () => {
    asked += 1;
    const mine = asked;
    const body = new FormData(form);
    body.set("do", "check");
    body.set("here", written);
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(body) });
    } catch {
      return;
    }
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const cell of form.querySelectorAll("td[data-place]")) {
      const other = page.querySelector(`td[data-place="${cell.dataset.place}"]`);
      if (!other) continue;
      for (const old of cell.querySelectorAll(".clash")) old.remove();
      for (const clash of other.querySelectorAll(".clash")) cell.append(document.importNode(clash, true));
      const collides = other.closest("tr").classList.contains("clashing");
      cell.closest("tr").classList.toggle("clashing", collides);
    }
    const count = form.querySelector("#clash-count");
    const words = page.querySelector("#clash-count");
    if (count.textContent !== words.textContent) count.textContent = words.textContent;
  };
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 400);
  });
})();
