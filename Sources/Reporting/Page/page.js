// Starts the page, and keeps it in shape.

function start() {
  const state = document.getElementById("state");
  try {
    unpack();
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

// Pictures count as loaded when the page is.
if (document.readyState === "complete") start();
else window.addEventListener("load", start);
