// The sheet follows the choices at once. Without this, "Visa arket" shows it.
const choices = document.getElementById("choices");
const shown = document.getElementById("shown");
const told = document.getElementById("told");
let waiting = 0;
let asked = 0;

async function show() {
  const mine = ++asked;
  const query = new URLSearchParams(new FormData(choices));
  const answer = await fetch(`${choices.action}?${query}`);
  // What is wrong is said at its field when the button is pressed.
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  shown.replaceChildren(...page.getElementById("shown").childNodes);
  told.textContent = shown.querySelector("button, .note")?.textContent.trim() ?? "";
  const picks = document.getElementById("picks");
  if (!picks.contains(document.activeElement)) {
    picks.replaceChildren(...page.getElementById("picks").childNodes);
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => show().catch(() => {}), 300);
}

choices.addEventListener("input", soon);
