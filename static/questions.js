/* An event's own questions: those that do not apply are hidden until they do. Without this script
   all are shown, each with a line that says when to answer it. A form for several people asks them
   once for each, under names that end in the number of the person. */
"use strict";
(() => {
  const values = (form, name) =>
    [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
      .filter((input) => (input.type === "radio" || input.type === "checkbox" ? input.checked : true))
      .map((input) => input.value);
  const holds = (form, wanted, name, otherwise) => {
    if (!wanted) return true;
    if (!form.querySelector(`[name="${name}"]`)) return !otherwise || wanted.split(" ").includes(otherwise);
    return values(form, name).some((value) => wanted.split(" ").includes(value));
  };
  const start = (place) => {
    const form = place.closest("form") || place;
    const questions = [...place.querySelectorAll("[data-question]")];
    const told = form.querySelector("[data-told]");
    const steering = (name) => questions.find((one) => one.querySelector(`[name="${CSS.escape(name)}"]`));
    const applies = ({ dataset }) => {
      if (!holds(form, dataset.modes, `mode${place.dataset.suffix || ""}`, place.dataset.mode)) return false;
      if (!holds(form, dataset.sectors, "sector", "")) return false;
      if (!dataset.after) return true;
      const before = steering(dataset.after);
      return Boolean(before) && !before.hidden && values(form, dataset.after).includes(dataset.answer);
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
  };
  for (const place of document.querySelectorAll("[data-questions]")) start(place);
  document.addEventListener("row-added", (news) => {
    for (const place of news.target.querySelectorAll("[data-questions]")) start(place);
  });
})();
