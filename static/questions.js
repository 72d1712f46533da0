/* An event's own questions: those that do not apply are hidden until they do. Without this script
   all are shown, each with a line that says when to answer it. */
"use strict";
(() => {
  const place = document.querySelector("[data-questions]");
  const form = place && (place.closest("form") || place);
  if (!form) return;
  const questions = [...place.querySelectorAll("[data-question]")];
  const told = form.querySelector("[data-told]");

  const values = (name) =>
    [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
      .filter((input) => (input.type === "radio" || input.type === "checkbox" ? input.checked : true))
      .map((input) => input.value);
  const steering = (name) => questions.find((one) => one.querySelector(`[name="${CSS.escape(name)}"]`));
  const holds = (wanted, name, otherwise) => {
    if (!wanted) return true;
    if (!form.querySelector(`[name="${name}"]`)) return !otherwise || wanted.split(" ").includes(otherwise);
    return values(name).some((value) => wanted.split(" ").includes(value));
  };
  const applies = ({ dataset }) => {
    if (!holds(dataset.modes, "mode", place.dataset.mode)) return false;
    if (!holds(dataset.sectors, "sector", "")) return false;
    if (!dataset.after) return true;
    const before = steering(dataset.after);
    return Boolean(before) && !before.hidden && values(dataset.after).includes(dataset.answer);
  };
  const settle = (first) => {
    const news = [];
    for (const one of questions) {
      const hide = !applies(one);
      if (one.hidden && !hide) news.push((one.querySelector("legend, label") || one).textContent.trim());
      one.hidden = hide;
    }
    place.hidden = questions.every((one) => one.hidden);
    if (!first && news.length) told.textContent = `${place.dataset.shown} ${news.join(" ")}`;
  };

  for (const when of place.querySelectorAll(".when-to")) {
    for (const described of place.querySelectorAll(`[aria-describedby~="${CSS.escape(when.id)}"]`)) {
      const rest = described.getAttribute("aria-describedby").split(/\s+/).filter((id) => id !== when.id);
      described.setAttribute("aria-describedby", rest.join(" "));
    }
    when.remove();
  }
  form.addEventListener("change", () => settle(false));
  window.addEventListener("pageshow", () => settle(true));
  settle(true);
})();
