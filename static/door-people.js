/* Who may come, in the page's memory only: what lies on the telephone's disk outlives the day. */

const CODE = /^([1-9][0-9]{0,8})-([A-Z2-7]{16})$/;
const MISREAD = { 0: "O", 1: "I", 8: "B" };

const fold = (text) => text.normalize("NFC").toLocaleLowerCase("sv");

function readCode(text) {
  const [number, letters = ""] = text.replace(/\s/g, "").toUpperCase().split("-", 2);
  const code = `${number}-${letters.replace(/[018]/g, (digit) => MISREAD[digit])}`;
  return CODE.test(code) ? code : "";
}

export class People {
  constructor(told) {
    this.address = told.people;
    this.loaded = false;
    this.line = 0;
    this.changed = "";
    this.known = new Map();
    this.codes = new Map();
    this.sorted = [];
  }

  get(id) {
    return this.known.get(id);
  }

  /* Everybody the first time, then those that have changed. Raises without a net. */
  async load() {
    const address = new URL(this.address, location.href);
    if (this.changed) address.searchParams.set("sedan", this.changed);
    const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(15000) });
    if (!answer.ok) throw new Error("not told");
    const told = await answer.json();
    for (const row of told.people) this.keep(row);
    this.sorted = [...this.known.values()].filter((person) => person.status !== "declined");
    if (this.loaded) this.sorted.sort((a, b) => a.protected - b.protected || (a.protected ? a.id - b.id : a.name.localeCompare(b.name, "sv")));
    if (!this.loaded) this.line = told.line;
    this.changed = told.changed;
    this.loaded = true;
  }

  keep([id, name, organisation, status, mode, code, chosen, isProtected, state = "", at = "", by = "", line = 0]) {
    const before = this.known.get(id);
    const person = before ?? { id };
    Object.assign(person, { name, organisation, status, mode, code, chosen: Boolean(chosen), protected: Boolean(isProtected) });
    person.text = isProtected ? "" : fold(`${name} ${organisation}`);
    if (!before || line >= before.line) Object.assign(person, { state, at, by, line });
    this.known.set(id, person);
    this.codes.set(code, person);
  }

  /* A line of the log; those that are told again or late change nothing. */
  update(id, state, at, by, line) {
    this.line = Math.max(this.line, line);
    const person = this.known.get(id);
    if (person && line > person.line) Object.assign(person, { state, at, by, line });
  }

  isCode(text) {
    return Boolean(readCode(text));
  }

  byCode(text) {
    return this.codes.get(readCode(text));
  }

  /* As the server searches: every word must be found; the protected answer to their number only. */
  answering(text) {
    const bearer = this.byCode(text);
    if (bearer) return [bearer];
    if (this.isCode(text)) return [];
    const wanted = fold(text).split(/\s+/).filter(Boolean).slice(0, 8);
    const number = text.match(/\d+/)?.[0] ?? "";
    if (/^(skydd|prote)/.test(wanted[0]) || /^\d+$/.test(wanted[wanted.length - 1])) {
      return this.sorted.filter((one) => one.protected && (!number || one.id === Number(number)));
    }
    return this.sorted.filter((one) => !one.protected && wanted.every((word) => one.text.includes(word)));
  }
}
