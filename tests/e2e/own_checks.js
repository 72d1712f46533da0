// What axe does not look at: borders and focus against what is around them (WCAG 1.4.11), and
// the size of what is pressed (2.5.8), where it is not a word in a sentence.
() => {
  const found = [];
  const colour = (text) => {
    const [r, g, b, a = 1] = text.match(/rgba?\(([^)]*)\)/)[1].split(",").map(Number);
    return a === 0 ? null : [r, g, b];
  };
  const light = (c) => c.map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const c = colour(getComputedStyle(node).backgroundColor);
      if (c) return c;
    }
    return [255, 255, 255];
  };
  const name = (node) => node.outerHTML.slice(0, 90);
  for (const node of document.querySelectorAll("input:not([type=hidden]), select, textarea, .button")) {
    const border = colour(getComputedStyle(node).borderTopColor);
    if (!border || ratio(border, behind(node.parentElement)) < 3) found.push("border: " + name(node));
  }
  for (const node of document.querySelectorAll("a, button, input:not([type=hidden]), select")) {
    if (!node.checkVisibility()) continue; // in a closed <details>: nobody comes there
    const box = node.getBoundingClientRect();
    const alone = node.parentElement.textContent.trim() === node.textContent.trim();
    const inline = getComputedStyle(node).display === "inline" && !alone;
    if (box.width && box.left >= 0 && !inline && (box.height < 24 || box.width < 24)) {
      found.push(`small, ${box.width} x ${box.height}: ` + name(node));
    }
    node.focus({ focusVisible: true });
    const style = getComputedStyle(node);
    const ring = style.boxShadow === "none" ? null : colour(style.boxShadow);
    if (box.width && (style.outlineStyle === "none" || !ring || ratio(ring, behind(node.parentElement)) < 3)) {
      found.push("focus: " + name(node));
    }
  }
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) found.push(`${wide} px too wide`);
  return found;
}
