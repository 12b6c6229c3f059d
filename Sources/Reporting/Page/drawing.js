// What both viewers draw with: grey shades, sharp scales, lines and scale bars.

const sliders = Object.fromEntries(
  ["x", "y", "z", "black", "white", "angle"].map((id) => [id, document.getElementById(id)]));

/** The pixel of each level, red, green, blue and opaque, as one number. */
const shades = new Uint32Array(256);

/** Makes the levels up to `black` black and those from `white` on white. */
function shade(black, white) {
  const bytes = new Uint8ClampedArray(shades.buffer);
  for (let level = 0; level < 256; level++) {
    const grey = ((level - black) / (white - black)) * 255;
    bytes.set([grey, grey, grey, 255], 4 * level);
  }
}

/** Screen pixels a voxel: whole pixels of the device where voxels are enlarged, so that all are alike. */
function sharp(scale) {
  const dots = window.devicePixelRatio || 1;
  return scale * dots >= 1 ? Math.floor(scale * dots) / dots : scale;
}

/** A picture of `width` × `height` voxels behind a canvas that shows it at any scale. */
class Plate {
  constructor(canvas, width, height) {
    Object.assign(this, { canvas, width, height });
    this.pen = canvas.getContext("2d");
    this.small = document.createElement("canvas");
    [this.small.width, this.small.height] = [width, height];
    this.smallPen = this.small.getContext("2d");
    this.image = this.smallPen.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Gives the canvas its size on the screen. */
  resize(scale) {
    const dots = window.devicePixelRatio || 1;
    this.scale = scale * dots;
    this.canvas.width = Math.max(1, Math.round(this.width * this.scale));
    this.canvas.height = Math.max(1, Math.round(this.height * this.scale));
    this.canvas.style.width = `${this.canvas.width / dots}px`;
  }

  /** Shows `pixels`, as squares where they are enlarged unless they shall be smooth. */
  show(isSmooth = false) {
    this.smallPen.putImageData(this.image, 0, 0);
    this.pen.imageSmoothingEnabled = isSmooth || this.scale < 1;
    this.pen.imageSmoothingQuality = "high";
    this.pen.drawImage(this.small, 0, 0, this.canvas.width, this.canvas.height);
  }

  /** The column and row of the voxel under the pointer. */
  under(event) {
    const box = this.canvas.getBoundingClientRect();
    const place = (offset, length, count) =>
      Math.min(count - 1, Math.max(0, Math.floor((offset / length) * count)));
    return [
      place(event.clientX - box.left, box.width, this.width),
      place(event.clientY - box.top, box.height, this.height),
    ];
  }

  /** A line that stands out from bright and dark. */
  line(x1, y1, x2, y2) {
    const dots = window.devicePixelRatio || 1;
    for (const [width, colour] of [[3, "rgb(0 0 0 / 55%)"], [1, "#ffe08a"]]) {
      this.pen.beginPath();
      this.pen.lineWidth = width * dots;
      this.pen.strokeStyle = colour;
      this.pen.moveTo(x1, y1);
      this.pen.lineTo(x2, y2);
      this.pen.stroke();
    }
  }

  /** A bar of 1, 2 or 5 times a power of ten nanometres, or voxels, about a fifth of the width. */
  scaleBar() {
    const isKnown = voxelSize > 0;
    const size = isKnown ? voxelSize : binning;
    const wanted = (this.width * size) / 5;
    const decade = 10 ** Math.floor(Math.log10(wanted));
    const ratio = (length) => Math.max(length / wanted, wanted / length);
    let length = [1, 2, 5, 10].map((m) => Number((m * decade).toPrecision(1)))
      .reduce((best, next) => (ratio(next) < ratio(best) ? next : best));
    if (!isKnown) length = Math.max(1, Math.round(length));
    const unit = isKnown ? "nm" : length === 1 ? "voxel" : "voxels";
    const label = isKnown && length >= 1000 ? `${length / 1000} µm` : `${length} ${unit}`;
    const dots = window.devicePixelRatio || 1;
    const bar = (length / size) * this.scale;
    this.pen.font = `600 ${12 * dots}px system-ui, sans-serif`;
    const inner = Math.max(bar, this.pen.measureText(label).width);
    const height = 30 * dots;
    if (inner + 16 * dots > this.canvas.width || 2 * height > this.canvas.height) return;
    this.pen.fillStyle = "rgb(0 0 0 / 75%)";
    this.pen.fillRect(0, this.canvas.height - height, inner + 16 * dots, height);
    this.pen.fillStyle = "white";
    this.pen.textAlign = "center";
    this.pen.fillText(label, inner / 2 + 8 * dots, this.canvas.height - 14 * dots);
    this.pen.fillRect(
      8 * dots + (inner - bar) / 2, this.canvas.height - 9 * dots, bar, 4 * dots);
  }
}
