// While very many register: works out a sum that shows that a browser fills the form in, in slices
// so that typing is never held up. A form sent before it is done waits for it, and says so.
"use strict";
(() => {
  const told = document.getElementById("work");
  const form = told && told.closest("form");
  if (!form) return;
  const field = form.elements.form_work;
  const challenge = form.elements.form_opened.value.split(".").pop();
  const bits = Number(told.dataset.bits);
  const SLICE = 12; // milliseconds
  let nonce = 0, done = false, waiting = false;

  // SHA-256 of one block, its first word: the browser's own takes a promise for each, ten times as long.
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const part = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
  const K = Int32Array.from(primes, (p) => part(Math.cbrt(p)));
  const H = Int32Array.from(primes.slice(0, 8), (p) => part(Math.sqrt(p)));
  const W = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const first = (text) => {
    W.fill(0);
    for (let i = 0; i < text.length; i++) W[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i % 4));
    W[text.length >> 2] |= 0x80 << (24 - 8 * (text.length % 4));
    W[15] = text.length * 8;
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15], y = W[i - 2];
      W[i] = W[i - 16] + W[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = H;
    for (let i = 0; i < 64; i++) {
      const s = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const t = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + s) | 0; d = c; c = b; b = a; a = (s + t) | 0;
    }
    return (H[0] + a) >>> 0;
  };

  const slice = () => {
    const until = performance.now() + SLICE;
    while (performance.now() < until) {
      for (let i = 0; i < 100; i++, nonce++) {
        if (first(`${challenge}:${nonce}`) >>> (32 - bits)) continue;
        field.value = nonce;
        done = true;
        told.textContent = "";
        if (waiting) form.submit();
        return;
      }
    }
    setTimeout(slice, 0);
  };
  const wait = () => {
    waiting = true;
    told.textContent = told.dataset.words;
  };
  form.addEventListener("submit", (event) => {
    if (done || event.submitter?.name) return; // a button with a name sends nothing in yet
    event.preventDefault();
    wait();
  });
  if ("byItself" in told.dataset) wait();
  slice();
})();
