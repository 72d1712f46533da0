/* One more row at a time for a group, without a new page. */
"use strict";
(() => {
  const form = document.querySelector("[data-party]");
  const button = form && form.querySelector("[data-more]");
  if (!button) return;
  const rows = form.querySelector("[name=rows]");
  const most = Number(form.dataset.most);
  const renumber = (text, from, to) => text.replace(new RegExp(`_${from}(?=$|-)`), `_${to}`);
  const blank = (field) => {
    if (field.tagName === "SELECT") {
      const first = [...field.options].findIndex((option) => option.defaultSelected);
      field.selectedIndex = Math.max(0, first);
    } else if (field.type === "radio" || field.type === "checkbox") field.checked = field.type === "radio" && !field.value;
    else field.value = "";
    for (const name of ["aria-invalid", "autofocus"]) field.removeAttribute(name);
  };
  button.addEventListener("click", (press) => {
    const before = [...form.querySelectorAll("[data-row]")].pop();
    const number = Number(before.dataset.row);
    if (number >= most) return;
    press.preventDefault();
    const row = before.cloneNode(true);
    row.dataset.row = String(number + 1);
    row.querySelector("legend").textContent = button.dataset.words.replace("@", number + 1);
    for (const error of row.querySelectorAll(".error")) error.remove();
    for (const wrong of row.querySelectorAll(".wrong")) wrong.classList.remove("wrong");
    for (const part of row.querySelectorAll("*"))
      for (const name of ["id", "name", "for", "data-after", "data-suffix"])
        if (part.hasAttribute(name)) part.setAttribute(name, renumber(part.getAttribute(name), number, number + 1));
    for (const part of row.querySelectorAll("[aria-describedby]")) {
      const hints = part.getAttribute("aria-describedby").split(/\s+/).filter((id) => id.endsWith("-hint"));
      const moved = hints.map((id) => renumber(id, number, number + 1)).join(" ");
      if (moved) part.setAttribute("aria-describedby", moved);
      else part.removeAttribute("aria-describedby");
    }
    for (const hidden of row.querySelectorAll(".visually-hidden, [data-questions] > legend"))
      hidden.textContent = hidden.textContent.replace(/\d+$/, String(number + 1));
    for (const field of row.querySelectorAll("input, select, textarea")) blank(field);
    for (const more of row.querySelectorAll("details")) more.open = more.hasAttribute("data-open");
    before.after(row);
    row.dispatchEvent(new Event("row-added", { bubbles: true }));
    rows.value = String(number + 1);
    if (number + 1 >= most) button.parentElement.remove();
    row.querySelector("input").focus();
  });
})();
