// Starts the page, and keeps it in shape.

async function start() {
  const state = document.getElementById("state");
  try {
    await unpack();
    startSections();
    startTurning();
    state.hidden = true;
    document.documentElement.dataset.ready = "yes";
  } catch (fault) {
    state.textContent = `The volume cannot be shown: ${fault.message}.`;
    throw fault;
  }
  new ResizeObserver(() => {
    fitSections();
    drawSections();
    fitProjection();
    drawProjection();
  }).observe(document.querySelector("main"));
}

// Paper folds nothing.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});

await start();
