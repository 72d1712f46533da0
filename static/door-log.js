/* The presses of the buttons: each with a number of its own, sent one by one in their order.
   What the net cannot take now waits here, in the page, and is sent when it is back. */

const RETRY = 3000; // milliseconds

/* Not everywhere: `randomUUID` wants https. */
function nonce() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/* The wall clock of the event, wherever the telephone believes it is. */
const wall = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm", hour: "2-digit", minute: "2-digit" });
const clock = (when) => wall.format(when).replace(":", document.documentElement.lang === "en" ? ":" : ".");

export class Log {
  constructor(told, then) {
    this.told = told;
    this.then = then;
    this.queue = [];
    this.offline = false;
    this.away = ""; // "out": signed out; "other": somebody else is signed in
    this.token = "";
    this.sending = false;
  }

  get waiting() {
    return this.queue.length;
  }

  newest() {
    return this.queue[this.queue.length - 1];
  }

  /* How it stands with somebody, what still waits included. */
  state(person) {
    const waits = this.queue.findLast((one) => one.person === person);
    if (!waits) return { state: person.state, at: person.at, by: person.by, waits: false };
    const state = waits.tick === "undo" ? "" : waits.tick;
    return { state, at: clock(new Date(waits.pressed)), by: "", waits: true };
  }

  add(person, tick) {
    this.queue.push({ nonce: nonce(), person, tick, pressed: Date.now() });
    this.send();
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.queue.length && (await this.post(this.queue[0])));
    } finally {
      this.sending = false;
      this.then.changed(this);
      clearTimeout(this.again);
      if (this.queue.length) this.again = setTimeout(() => this.then.poll(), RETRY);
    }
  }

  /* Whether the press has been dealt with; if not, it and those behind it wait. */
  async post(one, renewed = false) {
    try {
      if (!this.token && !(await this.ask())) return false;
    } catch {
      return false;
    }
    const body = new URLSearchParams({
      csrf_token: this.token,
      nonce: one.nonce,
      registration: one.person.id,
      tick: one.tick,
      punkt: this.told.punkt,
      who: this.told.who,
      waited: Math.max(0, Date.now() - one.pressed),
    });
    let answer;
    try {
      answer = await fetch(this.told.line, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(10000) });
    } catch {
      this.offline = true;
      return false;
    }
    this.offline = answer.status >= 500 || answer.status === 429;
    if (this.offline) return false;
    if (answer.status === 409) {
      this.away = "other";
      return false;
    }
    if (answer.status === 403 && !renewed) {
      this.token = "";
      return this.post(one, true);
    }
    if (answer.status === 403) {
      this.away = "out";
      return false;
    }
    const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    this.queue.shift();
    if (answer.ok) this.then.answered(one.person, one.tick, told, this.queue.length);
    else this.then.refused(one.person, told.sentence ?? `${one.person.name}: ${answer.status}`);
    return true;
  }

  /* How many have come and what is new; null where nobody, or somebody else, is signed in. */
  async ask(query = "") {
    let answer;
    try {
      const address = new URL(this.told.counts, location.href);
      for (const [name, value] of new URLSearchParams(query)) address.searchParams.set(name, value);
      answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(10000) });
    } catch (error) {
      this.offline = true;
      this.then.changed(this);
      throw error;
    }
    this.offline = answer.status >= 500;
    const told = answer.ok ? await answer.json() : null;
    const out = answer.type === "opaqueredirect" || answer.status === 403;
    this.away = out ? "out" : told && told.who !== this.told.who ? "other" : "";
    this.token = told?.token ?? "";
    this.then.changed(this);
    if (!told || this.away) return null;
    if (this.queue.length) this.send();
    return told;
  }
}
