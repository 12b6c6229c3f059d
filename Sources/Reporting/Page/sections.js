// Three sections that cross in one voxel, laid out so that axes line up, with linked cross-hairs.

const views = document.getElementById("views");
const place = { x: 0, y: 0, z: 0 };
const middle = {
  x: Math.floor(extent.x / 2), y: Math.floor(extent.y / 2), z: Math.floor(extent.z / 2),
};

/** A plane: which axes run across and down, and which one goes through. */
class Section {
  constructor(name, across, down, through) {
    Object.assign(this, { name, across, down, through });
    this.caption = document.getElementById(`at-${name}`);
    const canvas = document.getElementById(`view-${name}`);
    this.plate = new Plate(canvas, extent[across], extent[down]);
    this.listen(canvas);
  }

  draw() {
    const { plate, across, down, through } = this;
    const start = place[through] * stride[through];
    let pixel = 0;
    for (let row = 0; row < plate.height; row++) {
      let voxel = start + row * stride[down];
      for (let column = 0; column < plate.width; column++, voxel += stride[across]) {
        plate.pixels[pixel++] = shades[levels[voxel]];
      }
    }
    plate.show();
    this.drawCross();
    if (this.name === "xy") plate.scaleBar();
    this.caption.textContent = `${this.name}, ${through} = ${place[through] * binning}`;
  }

  /** Lines that leave the voxel itself, and some room about it, to be seen. */
  drawCross() {
    const { plate } = this;
    const [x, y] = [(place[this.across] + 0.5) * plate.scale, (place[this.down] + 0.5) * plate.scale];
    const room = Math.max(plate.scale, 9 * (window.devicePixelRatio || 1));
    plate.line(0, y, Math.max(0, x - room), y);
    plate.line(Math.min(plate.canvas.width, x + room), y, plate.canvas.width, y);
    plate.line(x, 0, x, Math.max(0, y - room));
    plate.line(x, Math.min(plate.canvas.height, y + room), x, plate.canvas.height);
  }

  listen(canvas) {
    const follow = (event) => {
      const [column, row] = this.plate.under(event);
      moveTo({ [this.across]: column, [this.down]: row });
    };
    canvas.addEventListener("pointerdown", (event) => {
      // A pointer that is no more cannot be captured.
      try { canvas.setPointerCapture(event.pointerId); } catch { /* then it is not dragged */ }
      follow(event);
    });
    canvas.addEventListener("pointermove", (event) => { if (event.buttons & 1) follow(event); });
    canvas.addEventListener("wheel", (event) => {
      // At the first and the last slice the wheel scrolls the page again.
      if (step(this.through, Math.sign(event.deltaY))) event.preventDefault();
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const moves = {
        ArrowLeft: [this.across, -1], ArrowRight: [this.across, 1], ArrowUp: [this.down, -1],
        ArrowDown: [this.down, 1], PageUp: [this.through, -1], PageDown: [this.through, 1],
      };
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      step(move[0], move[1] * (event.shiftKey ? 10 : 1));
    });
  }
}

const sections = [
  new Section("xy", "x", "y", "z"), new Section("zy", "z", "y", "x"),
  new Section("xz", "x", "z", "y"),
];

/** Moves along one axis; false where that is not possible. */
function step(axis, count) {
  const before = place[axis];
  moveTo({ [axis]: Math.min(extent[axis] - 1, Math.max(0, before + count)) });
  return place[axis] !== before;
}

function moveTo(change) {
  Object.assign(place, change);
  drawSections();
}

function drawSections() {
  for (const section of sections) section.draw();
  for (const axis of ["x", "y", "z"]) {
    sliders[axis].value = place[axis];
    document.getElementById(`${axis}-value`).textContent = place[axis] * binning;
  }
  // To the precision that eight bits leave.
  const value = valueOf(levels[place.x + place.y * stride.y + place.z * stride.z]);
  const where = ["x", "y", "z"].map((axis) => place[axis] * binning).join(", ");
  const told = highest > lowest ? rounded(value, (highest - lowest) / 255) : short(value);
  const [black, white] = ["black", "white"].map((name) => short(valueOf(Number(sliders[name].value))));
  document.getElementById("reading").textContent =
    `At (${where}): about ${told}. Black is ${black}, white ${white}.`;
}

/** A value to the decimal place of the step between levels. */
function rounded(value, gap) {
  const digits = Math.max(0, -Math.floor(Math.log10(gap)));
  return (digits <= 6 && Math.abs(value) < 1e6 ? value.toFixed(digits) : value.toPrecision(3))
    .replace("-", "−");
}

/** Sets the sizes of the views, at one scale for all. */
function fitSections() {
  const room = views.clientWidth;
  const isNarrow = room < 620;
  views.classList.toggle("narrow", isNarrow);
  const gap = 16;
  const controls = 270;
  let scale = isNarrow
    ? room / Math.max(extent.x, extent.z)
    : Math.min(
      (room - gap) / (extent.x + extent.z), Math.max(room - gap - controls, 100) / extent.x);
  scale = sharp(Math.min(scale, 640 / extent.y, 640 / extent.z));
  for (const section of sections) section.plate.resize(scale);
  // On paper: at most 100 mm wide and high.
  const flat = Math.min(1, (extent.x + extent.z) / (extent.y + extent.z));
  views.style.setProperty("--columns", `${extent.x}fr ${extent.z}fr`);
  views.style.setProperty("--paper", `${100 * flat}mm`);
}

/** Shades levels as the contrast sliders say, which never cross. */
function setContrast(moved) {
  const [black, white] = [Number(sliders.black.value), Number(sliders.white.value)];
  if (black >= white) {
    if (moved === "white") sliders.black.value = white - 1;
    else sliders.white.value = black + 1;
  }
  shade(Number(sliders.black.value), Number(sliders.white.value));
  for (const name of ["black", "white"]) {
    document.getElementById(`${name}-value`).textContent =
      short(valueOf(Number(sliders[name].value)));
  }
  drawHistogram();
}

/** How often each level occurs, counted once. */
let census;

function drawHistogram() {
  if (!census) {
    census = new Float64Array(256);
    for (let i = 0; i < levels.length; i++) census[levels[i]]++;
  }
  const canvas = document.getElementById("histogram");
  const pen = canvas.getContext("2d");
  const [black, white] = [Number(sliders.black.value), Number(sliders.white.value)];
  const most = Math.log1p(census.reduce((a, b) => Math.max(a, b)));
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (let level = 0; level < 256; level++) {
    const height = (Math.log1p(census[level]) / most) * (canvas.height - 4);
    pen.fillStyle = level < black || level > white ? "#b9c0ca" : "#33465c";
    pen.fillRect(level, canvas.height - height, 1, height);
  }
  pen.fillStyle = "black";
  pen.fillRect(black, 0, 1, canvas.height);
  pen.fillRect(white, 0, 1, canvas.height);
}

function startSections() {
  for (const axis of ["x", "y", "z"]) {
    sliders[axis].addEventListener("input", () => moveTo({ [axis]: Number(sliders[axis].value) }));
  }
  const begin = () => {
    [sliders.black.value, sliders.white.value] = [facts.black, facts.white];
    Object.assign(place, middle);
    setContrast();
    drawSections();
  };
  fitSections();
  begin();
  document.getElementById("reset").addEventListener("click", () => {
    begin();
    drawProjection();
  });
  for (const name of ["black", "white"]) {
    sliders[name].addEventListener("input", () => {
      setContrast(name);
      drawSections();
      drawProjection();
    });
  }
}
