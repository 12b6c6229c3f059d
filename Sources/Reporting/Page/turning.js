// The maximum-intensity projection that turns about the tilt axis.

const turnsAboutX = facts.axis === "x";
/** Voxels across the tilt axis in a page. */
const width = turnsAboutX ? extent.y : extent.x;
const diagonal = Math.ceil(Math.hypot(width, extent.z));
const projection = turnsAboutX
  ? new Plate(document.getElementById("projection"), extent.x, diagonal)
  : new Plate(document.getElementById("projection"), diagonal, extent.y);
const brightest = new Uint8Array(projection.width * projection.height);
const turnButton = document.getElementById("turn");

/**
 * The brightest level along each ray at a tilt θ in degrees.
 *
 * s = (x − x₀) cos θ + (z − z₀) sin θ, each voxel in the bin that its centre falls into. Where the
 * tilt axis runs along the columns, s runs upwards in the picture.
 */
function project(degrees) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const bins = new Int32Array(width);
  brightest.fill(0);
  for (let z = 0; z < extent.z; z++) {
    for (let i = 0; i < width; i++) {
      const landing =
        (i - (width - 1) / 2) * c + (z - (extent.z - 1) / 2) * s + (diagonal - 1) / 2;
      bins[i] = Math.min(diagonal - 1, Math.max(0, Math.round(landing)));
    }
    for (let y = 0; y < extent.y; y++) {
      const voxels = z * stride.z + y * stride.y;
      if (turnsAboutX) {
        const target = (diagonal - 1 - bins[extent.y - 1 - y]) * extent.x;
        for (let x = 0; x < extent.x; x++) {
          const level = levels[voxels + x];
          if (level > brightest[target + x]) brightest[target + x] = level;
        }
      } else {
        const target = y * diagonal;
        for (let x = 0; x < extent.x; x++) {
          const level = levels[voxels + x];
          if (level > brightest[target + bins[x]]) brightest[target + bins[x]] = level;
        }
      }
    }
  }
}

let projected;

function drawProjection() {
  const degrees = Number(sliders.angle.value);
  if (projected !== degrees) project(degrees);
  projected = degrees;
  for (let i = 0; i < brightest.length; i++) projection.pixels[i] = shades[brightest[i]];
  projection.show(true);
  projection.scaleBar();
  document.getElementById("angle-value").textContent = `${degrees}°`.replace("-", "−");
  document.getElementById("direction").textContent = directionInWords(degrees);
}

/** Whether the series looked that way. Seen from behind a direction is the same. */
function directionInWords(degrees) {
  if (facts.firstTilt === undefined) return "";
  const [first, last] = [Number(facts.firstTilt), Number(facts.lastTilt)];
  const isMeasured = [-360, -180, 0, 180, 360].some(
    (turn) => degrees + turn >= first && degrees + turn <= last);
  return isMeasured
    ? "A direction within the tilt range." : "A direction in the missing wedge: nothing was measured along it.";
}

function turnTo(degrees) {
  sliders.angle.value = ((((degrees + 180) % 360) + 360) % 360) - 180;
  drawProjection();
}

function fitProjection() {
  const room = document.querySelector(".turning").clientWidth;
  const free = room < 620 ? room : room - 290;
  projection.resize(Math.min(free / projection.width, 560 / projection.height));
}

/** A turn in 12 seconds; a step a second where the reader asks for less motion. */
let isTurning = false;

function keepTurning(began, from) {
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const turn = (now) => {
    if (!isTurning) return;
    const seconds = (now - began) / 1000;
    const passed = isCalm ? 15 * Math.floor(seconds) : 30 * seconds;
    const next = Math.round(from + passed);
    if (next !== turnedTo) { turnedTo = next; turnTo(next); }
    requestAnimationFrame(turn);
  };
  let turnedTo = from;
  requestAnimationFrame(turn);
}

function setTurning(wanted) {
  isTurning = wanted;
  turnButton.textContent = wanted ? "Stop" : "Turn";
  turnButton.setAttribute("aria-pressed", wanted);
  if (wanted) keepTurning(performance.now(), Number(sliders.angle.value));
}

function startTurning() {
  const { canvas } = projection;
  fitProjection();
  drawProjection();
  turnButton.addEventListener("click", () => setTurning(!isTurning));
  sliders.angle.addEventListener("input", () => {
    setTurning(false);
    drawProjection();
  });
  canvas.addEventListener("keydown", (event) => {
    const change = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key];
    if (!change) return;
    event.preventDefault();
    setTurning(false);
    turnTo(Number(sliders.angle.value) + change * (event.shiftKey ? 10 : 1));
  });
  let held;
  const along = (event) => (turnsAboutX ? -event.clientY : event.clientX);
  canvas.addEventListener("pointerdown", (event) => {
    try { canvas.setPointerCapture(event.pointerId); } catch { /* then it is not dragged */ }
    setTurning(false);
    held = { at: along(event), angle: Number(sliders.angle.value) };
  });
  canvas.addEventListener("pointermove", (event) => {
    // Half a degree a pixel.
    if (event.buttons & 1 && held) turnTo(Math.round(held.angle + (along(event) - held.at) / 2));
  });
}
