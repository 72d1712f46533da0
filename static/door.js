/* The door on a telephone: search as you type, tick without waiting, go on when the net goes.
   Without this script the page's own forms do the same. */
import { openCamera } from "./door-camera.js";
import { Log } from "./door-log.js";
import { People } from "./door-people.js";

const page = document.querySelector("[data-door]");
const find = (name, within = page) => within.querySelector(`[data-${name}]`);

if (page && find("search")) start(JSON.parse(page.dataset.door));

function start(told) {
  const words = told.words;
  const fill = (sentence, gaps) => sentence.replace(/\{(\w+)\}/g, (_, name) => gaps[name] ?? "");
  const input = page.querySelector("#q");
  const people = new People(told);
  const log = new Log(told, { answered, refused, changed: showNet, poll });
  let last = null; // whom the page shows as just ticked
  let letting = null; // who is let in though without a seat: the first of two presses

  /* What is said: large, and read aloud. */
  function say(sentence, bad = false) {
    const [at, other] = bad ? [find("alarm"), find("voice")] : [find("voice"), find("alarm")];
    if (!at.hidden && at.textContent === sentence) return;
    other.hidden = true;
    other.textContent = "";
    at.hidden = false;
    at.textContent = sentence;
  }

  function hush() {
    for (const name of ["voice", "alarm"]) find(name).hidden = true;
  }

  const stuck = () => log.offline || log.away;
  const refocus = () => find("camera").hidden && input.focus();

  /* Put in what is new, and nothing where nothing is: a finger may be on its way to a button. */
  function replace(at, ...rows) {
    const made = document.createElement("div");
    made.append(...rows);
    if (made.innerHTML !== at.innerHTML) at.replaceChildren(...made.childNodes);
  }

  /* One person as a row with the buttons that make sense now. */
  function row(person, tag) {
    const made = document.createElement(tag);
    made.className = "visitor";
    made.dataset.person = person.id;
    made.append(find("row").content.cloneNode(true));
    const now = log.state(person);
    const plain = told.letIn.includes(person.status);
    const put = (name, text) => {
      const at = find(name, made);
      at.textContent = text;
      at.hidden = !text;
    };
    put("name", person.name);
    const unseated = now.state && ["waiting", "pending"].includes(person.status);
    put("status", person.status === "confirmed" ? "" : unseated ? words.unseated : words.status[person.status]);
    put("mode", person.mode === "online" ? words.mode.online : "");
    find("unchosen", made).hidden = person.chosen;
    const since = now.state && fill(now.state === "in" ? words.came : words.left, { time: now.at });
    const who = now.waits ? stuck() && words.waits : now.state && now.by && fill(words.who, { who: now.by });
    find("about", made).textContent = [person.organisation, since, who].filter(Boolean).join(" · ");
    for (const whom of made.querySelectorAll("[data-whom]")) whom.textContent = ` ${person.name}`;
    const wanted = {
      in: !now.state && plain && (person.chosen || letting === person.id),
      let: !now.state && plain && !person.chosen && letting !== person.id,
      back: now.state === "out" && plain,
      undo: now.state === "in",
      out: now.state === "in",
      anew: !now.state && !plain,
    };
    for (const button of made.querySelectorAll("[data-do]")) {
      if (!wanted[button.dataset.do]) button.remove();
    }
    return made;
  }

  function rows(text) {
    if (!text) return [];
    const found = people.answering(text);
    if (!found.length) {
      const none = document.createElement("p");
      none.className = "note";
      none.textContent = people.isCode(text) ? words.no_code : fill(words.none, { name: text });
      return [none];
    }
    const list = document.createElement("ul");
    list.className = "visitors";
    list.append(...found.slice(0, told.atMost).map((person) => row(person, "li")));
    const more = found.length > told.atMost ? [...find("more").content.cloneNode(true).children] : [];
    return [list, ...more];
  }

  /* The page as it stands. Whoever has the focus keeps it, though the rows are made anew. */
  function show() {
    if (!people.loaded) return;
    const held = document.activeElement?.closest?.("[data-person]");
    const key = held && `[data-person="${held.dataset.person}"] [data-do="${document.activeElement.dataset.do}"]`;
    replace(find("results"), ...rows(input.value.trim()));
    if (last) {
      const just = row(last, "div");
      just.classList.add("note", "good");
      replace(find("just"), just);
    }
    if (key) page.querySelector(key)?.focus();
  }

  function press(person, tick) {
    last = person;
    letting = null;
    log.add(person, tick);
    input.value = "";
    show();
    refocus();
  }

  function answered(person, tick, answer, pending) {
    people.update(person.id, answer.state, answer.at, answer.by, answer.line);
    if (!pending) say(answer.sentence);
    show();
    count(1);
  }

  function refused(person, sentence) {
    say(sentence, true);
    show();
  }

  /* What the net is doing, and how much waits for it. */
  let wasWaiting = false;
  function showNet({ waiting, offline, away }) {
    const net = find("net");
    const lines = [];
    if (offline) lines.push(words.offline);
    if (waiting && (offline || away)) lines.push(fill(words.waiting, { number: waiting }));
    net.textContent = lines.join(" ");
    net.hidden = !lines.length;
    const gone = find("away");
    gone.hidden = !away;
    if (away) {
      find("away-words").textContent = away === "other" ? words.somebody_else : words.signed_out;
      find("away-link").href = told.signIn;
    }
    if (waiting && offline) {
      wasWaiting = true;
      const newest = log.newest();
      if (newest) say(fill(words.queued, { name: newest.person.name }));
    } else if (wasWaiting && !waiting) {
      wasWaiting = false;
      say(words.sent);
    }
    show();
  }

  /* A code from a camera or a hand scanner ticks at once, if nothing has to be decided. */
  function take(code) {
    const person = people.byCode(code);
    if (!person) {
      input.value = code;
      show();
      say(words.no_code, true);
      input.select();
      return;
    }
    const now = log.state(person);
    if (!now.state && person.status === "confirmed" && person.chosen) {
      press(person, "in");
      return;
    }
    if (now.state === "in") say(fill(words.again, { name: person.name, time: now.at, who: now.by }));
    input.value = "";
    last = person;
    show();
    find("just").querySelector("button, a")?.focus();
  }

  page.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && button.dataset.do !== "anew") {
      const person = people.get(Number(button.closest("[data-person]").dataset.person));
      if (button.dataset.do === "let") {
        letting = person.id;
        show();
        page.querySelector(`[data-person="${person.id}"] [data-do="in"]`)?.focus();
      } else {
        press(person, button.dataset.do === "back" ? "in" : button.dataset.do);
      }
    }
    if (log.offline && event.target.closest("[data-needs-net], [data-do=anew]")) {
      event.preventDefault();
      say(words.needs_net, true);
    }
  });

  let typing = 0;
  input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      hush();
      show();
    }, 80);
  });

  find("search").addEventListener("submit", (event) => {
    if (!people.loaded) return; // the form asks the server
    event.preventDefault();
    const text = input.value.trim();
    if (people.isCode(text)) {
      take(text);
      return;
    }
    show();
    find("results").querySelector("[data-do]")?.focus();
  });

  window.addEventListener("beforeunload", (event) => {
    if (log.waiting) event.preventDefault();
  });
  window.addEventListener("online", () => poll());

  openCamera({ button: find("scan"), box: find("camera"), stop: find("stop"), take, failed: () => say(words.no_camera, true) });

  /* The numbers. A press counts at once; the server's own numbers follow. */
  const numbers = find("counts");
  function put(name, number) {
    const at = numbers.querySelector(`[data-count="${name}"]`);
    if (at && at.textContent !== "–") at.textContent = number;
  }

  let counting = 0;
  function count(soon) {
    clearTimeout(counting);
    counting = setTimeout(poll, soon ? 400 : 4000);
  }

  async function poll() {
    clearTimeout(counting);
    try {
      if (document.hidden && !log.waiting) return;
      if (!people.loaded) await people.load();
      const answer = await log.ask(`efter=${people.line}`);
      if (!answer) return;
      for (const [id, state, at, by, line] of answer.lines) people.update(id, state, at, by, line);
      if (answer.changed !== people.changed) await people.load();
      put("came", answer.came);
      put("expected", answer.expected);
      put("left", answer.left);
      find("left", numbers).hidden = !answer.left;
      put("unseated", answer.unseated);
      find("unseated", numbers).hidden = !answer.unseated;
      for (const [name, [came, expected]] of [
        ...Object.entries(answer.by_mode),
        ...Object.entries(answer.by_sector),
        ...Object.entries(answer.items).map(([id, share]) => [`item-${id}`, share]),
      ]) {
        put(name, came);
        put(`${name}-expected`, expected);
      }
      const share = answer.expected ? Math.min(answer.came, answer.expected) / answer.expected : 0;
      numbers.querySelector(".meter rect")?.setAttribute("width", String(Math.round(share * 1000) / 10));
      show();
    } catch {
      /* No net: what the page holds in memory is searched and ticked meanwhile. */
    } finally {
      count(0);
    }
  }
  poll();
}
