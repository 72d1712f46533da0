/* Codes by camera, where the browser can read them itself. A hand scanner types into the search. */

const REST = 3000; // milliseconds before the same badge is read again

export async function openCamera({ button, box, stop, take, failed }) {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const formats = await BarcodeDetector.getSupportedFormats();
  if (!formats.includes("qr_code")) return;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const video = box.querySelector("video");
  let stream = null;
  let seen = { code: "", at: 0 };

  async function read() {
    if (!stream) return;
    try {
      const [found] = video.readyState >= 2 ? await detector.detect(video) : [];
      const now = Date.now();
      if (found && (found.rawValue !== seen.code || now - seen.at > REST)) {
        seen = { code: found.rawValue, at: now };
        take(found.rawValue);
      } else if (found) {
        seen.at = now;
      }
    } catch {
      /* A picture that cannot be read: the next one may be. */
    }
    setTimeout(read, 200);
  }

  function close() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    box.hidden = true;
    button.hidden = false;
    button.focus();
  }

  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      failed();
      return;
    }
    video.srcObject = stream;
    box.hidden = false;
    button.hidden = true;
    await video.play();
    stop.focus();
    read();
  });
  stop.addEventListener("click", close);
  window.addEventListener("pagehide", () => stream && close());
}
