// The voxels of the page: eight bits each, `levels[z][y][x]`, unpacked from its pictures.

const facts = document.getElementById("volume").dataset;
const extent = { x: Number(facts.x), y: Number(facts.y), z: Number(facts.z) };
/** From a voxel to its neighbour along each axis. */
const stride = { x: 1, y: extent.x, z: extent.x * extent.y };
const binning = Number(facts.binning);
/** The edge of a shown voxel in nm, or NaN where nobody knows. */
const voxelSize = Number(facts.size ?? NaN) * binning;
const lowest = Number(facts.low);
const highest = Number(facts.high);
const levels = new Uint8Array(extent.x * extent.y * extent.z);

/**
 * Fills `levels`. The rows of all pages stand below each other, in one picture after the other, and
 * all of these have been loaded.
 */
function unpack() {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let filled = 0;
  for (const image of document.querySelectorAll("img.voxels")) {
    if (image.naturalWidth === 0) throw new Error("a picture of its voxels is damaged");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) levels[filled++] = data[i];
  }
  if (filled !== levels.length) throw new Error(`${filled} voxels of ${levels.length} were found`);
}

/** The value that a level stands for. */
function valueOf(level) {
  return lowest + (level / 255) * (highest - lowest);
}

/** A number in four digits, with a proper minus. */
function short(value) {
  return Number(value.toPrecision(4)).toString().replace("-", "−");
}
