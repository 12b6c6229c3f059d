import Fields
import Foundation

/// The two parts of the page in which voxels are drawn; the scripts in `Page` bring them to life.
struct ViewerMarkup {
  let view: VolumeView
  /// Degrees, lowest and highest; `nil` where they are not known.
  let tiltRange: ClosedRange<Double>?

  /// Sections through the volume, with their sliders.
  var sections: String {
    let extent = view.extent
    return """
      <section id="volume" class="part" \(facts)>
      <h2>Sections</h2>
      <p class="screen">Click or drag in a view to move the cross-hair. The wheel, or Page Up and \
      Page Down, moves through the slices. Arrow keys move the cross-hair of the view that has the \
      focus.</p>
      <p class="note">\(sizes)</p>
      <noscript><p class="warning">The views and sliders need JavaScript, which this browser does \
      not run.</p></noscript>
      <p id="state" role="status">Unpacking the volume …</p>
      <div class="views" id="views">
      \(figure("xy", axes: "x →, y ↓"))
      \(figure("zy", axes: "z →, y ↓"))
      \(figure("xz", axes: "x →, z ↓"))
      <div class="controls" role="group" aria-label="Position and contrast">
      \(slider("x", "x", 0..<extent.x, extent.x / 2))
      \(slider("y", "y", 0..<extent.y, extent.y / 2))
      \(slider("z", "z", 0..<extent.z, extent.z / 2))
      <p id="reading"></p>
      <canvas id="histogram" width="256" height="56" role="img" \
      aria-label="How often each value occurs, on a logarithmic scale, between black and white"></canvas>
      \(slider("black", "black", 0..<255, 0))
      \(slider("white", "white", 1..<256, 255))
      <p><button type="button" id="reset">Reset views and contrast</button></p>
      </div>
      </div>
      </section>
      """
  }

  /// The maximum-intensity projection that turns about the tilt axis.
  var turning: String {
    """
    <section id="turning" class="part">
    <h2>Rotating projection</h2>
    <p>The brightest voxel along each ray, as the detector sees the specimen at that tilt: the \
    volume rotates about \(axis). Contrast is that of the sections.</p>
    <div class="turning">
    <canvas id="projection" tabindex="0" role="application" \
    aria-label="Maximum-intensity projection. Left and right arrow keys rotate it."></canvas>
    <div class="controls">
    \(slider("angle", "tilt", -180..<181, 0))
    <p id="direction" class="note"></p>
    <p><button type="button" id="turn" aria-pressed="false">Turn</button></p>
    </div>
    </div>
    </section>
    """
  }

  private var axis: String {
    view.tiltAxis == .y
      ? "y, its tilt axis" : "the tilt axis, which runs along x in this file"
  }

  /// What was binned, and how voxels are counted.
  private var sizes: String {
    let (source, binning) = (view.source, view.binning)
    guard binning > 1 else { return "Voxels are counted from 0." }
    return """
      <strong>Binned \(binning)×: the file has \(source.x) × \(source.y) × \(source.z) voxels, and \
      each that is shown here is the mean of \(binning) × \(binning) × \(binning) of them.</strong> \
      Positions are those of the file, counted from 0.
      """
  }

  private var facts: String {
    let extent = view.extent
    var pairs = [
      ("x", "\(extent.x)"), ("y", "\(extent.y)"), ("z", "\(extent.z)"),
      ("binning", "\(view.binning)"), ("axis", view.tiltAxis.rawValue),
      ("low", "\(view.range.lowerBound)"), ("high", "\(view.range.upperBound)"),
      ("black", "\(level(view.contrast.lowerBound, 0))"),
      ("white", "\(level(view.contrast.upperBound, 255))"),
    ]
    if let size = view.voxelSize { pairs.append(("size", "\(size)")) }
    if let tiltRange {
      pairs.append(("first-tilt", "\(tiltRange.lowerBound)"))
      pairs.append(("last-tilt", "\(tiltRange.upperBound)"))
    }
    return pairs.map { #"data-\#($0)="\#($1)""# }.joined(separator: " ")
  }

  /// The level that shows `value`; black and white are apart.
  private func level(_ value: Float, _ other: Int) -> Int {
    let extent = view.range.upperBound - view.range.lowerBound
    guard view.contrast.lowerBound < view.contrast.upperBound, extent > 0 else { return other }
    let found = Int(((value - view.range.lowerBound) / extent * 255).rounded())
    return other == 0 ? min(max(found, 0), 254) : min(max(found, 1), 255)
  }

  private func figure(_ plane: String, axes: String) -> String {
    """
    <figure class="view \(plane)">
    <figcaption><b id="at-\(plane)">\(plane)</b> <span>\(axes)</span></figcaption>
    <canvas id="view-\(plane)" tabindex="0" role="application" \
    aria-label="Section \(plane). Arrow keys move the cross-hair, Page Up and Page Down move through \
    the slices."></canvas>
    </figure>
    """
  }

  private func slider(_ id: String, _ name: String, _ range: Range<Int>, _ value: Int) -> String {
    let bounds = #"min="\#(range.lowerBound)" max="\#(range.upperBound - 1)" value="\#(value)""#
    return """
      <div class="slider"><label for="\(id)">\(name)</label>\
      <input type="range" id="\(id)" \(bounds) step="1"><output for="\(id)" id="\(id)-value"></output></div>
      """
  }
}
