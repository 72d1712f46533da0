// Ticking in the list: one button for the whole page, and how many are ticked so far.
(() => {
  const form = document.getElementById("choose");
  const boxes = [...document.querySelectorAll('input[name="rad"]')];
  if (!form || !boxes.length) return;
  const covers = form.elements.galler;
  const ticked = covers.options[0];
  const words = ticked.textContent;
  const count = () => {
    const number = boxes.filter((box) => box.checked).length;
    ticked.textContent = number ? `${words} (${number})` : words;
    return number;
  };
  document.addEventListener("change", (event) => {
    if (event.target.name === "rad") {
      count();
      covers.value = "valda";
    }
  });
  count(); // the browser may have kept ticks when going back
})();
