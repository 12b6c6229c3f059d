package import Fields
package import Operators
import Files
import Foundation
import Statistics

/// Materials in a field of voxels, each with its own solids and its own spectrum.
///
///     { "name": "…", "description": "…", "unit": "halfWidth", "size": [64, 32, 64],
///       "axis": { "first": 500, "step": 10, "count": 40 },
///       "materials": [ { "name": "core", "objects": [ … ],
///                        "spectrum": { "edges": [ { "energy": 532, "height": 1, "exponent": 3 } ] } } ] }
///
/// The objects are those of a phantom's recipe. The density of channel E is `Σ_m f_m(E) ρ_m`, and its
/// projections are exact line integrals of the solids.
package struct SpectralScene: Sendable {
  package struct Material: Sendable {
    package let name: String
    package let phantom: Phantom
    package let spectrum: SpectrumModel
  }

  package let name: String
  package let materials: [Material]
  /// eV, the middle of each channel.
  package let energies: [Double]
  package var volume: VolumeShape { materials[0].phantom.volume }

  /// Reads a scene.
  ///
  /// - Parameter size: voxels instead of the scene's own.
  /// - Throws: ``PhantomError``
  package init(reading path: String, volume size: VolumeShape? = nil) throws {
    guard let bytes = try? InputFile.contents(of: path).bytes else {
      throw PhantomError.unreadable(path: path)
    }
    let data = Data(bytes)
    guard let top = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw PhantomError.notJSON(path: path)
    }
    func refuse(_ key: String, _ rule: String) -> PhantomError {
      .unusable(key: key, RecipePlace(file: path, object: nil), rule: rule)
    }
    guard let axis = top["axis"] as? [String: Double], let first = axis["first"],
      let step = axis["step"], let count = axis["count"].flatMap({ Int(exactly: $0) }), first > 0,
      step > 0, 1...4096 ~= count,
      first + Double(count - 1) * step <= 1e7
    else {
      throw refuse(
        "axis", "first and step in eV above 0, up to 1e7 eV, and a count of 1 to 4096")
    }
    energies = (0..<count).map { first + Double($0) * step }
    name = top["name"] as? String ?? ""
    guard let list = top["materials"] as? [[String: Any]], !list.isEmpty else {
      throw refuse("materials", "a list of at least one material")
    }
    materials = try list.map { entry in
      let name = entry["name"] as? String ?? ""
      guard !name.isEmpty else { throw refuse("materials", "materials with a name") }
      guard let written = entry["spectrum"],
        let bytes = try? JSONSerialization.data(
          withJSONObject: written, options: .fragmentsAllowed),
        let spectrum = try? JSONDecoder().decode(SpectrumModel.self, from: bytes),
        spectrum.isUsable
      else { throw refuse("spectrum", "a background, edges or peaks with heights above 0") }
      var recipe = top
      (recipe["axis"], recipe["materials"]) = (nil, nil)
      recipe["objects"] = entry["objects"]
      let data = try JSONSerialization.data(withJSONObject: recipe)
      let phantom = try Phantom(
        try PhantomRecipe(data, from: "\(path), \(name)"), volume: size, voxelSize: nil)
      return Material(name: name, phantom: phantom, spectrum: spectrum)
    }
  }
}

/// A scene's materials, rendered and projected once, from which any channel is mixed.
package struct RenderedScene: Sendable {
  package let scene: SpectralScene
  private let volumes: [Volume]
  private let projections: [TiltSeries]
  /// Multiplies every density.
  package let scale: Double
  /// `b`, counts in every pixel and channel.
  package let background: Double

  /// - Parameters:
  ///   - counts: the mean over the object's projection and over the channels, in counts per pixel.
  ///   - background: `b`.
  ///   - response: what the instrument makes of projections.
  package init(
    _ scene: SpectralScene, degrees: [Double], counts: Double, background: Double,
    through response: (any SeriesResponse)? = nil, workers: Workers = .all
  ) {
    (self.scene, self.background) = (scene, background)
    volumes = scene.materials.map { $0.phantom.render(workers: workers) }
    projections = scene.materials.map {
      var series = $0.phantom.project(degrees: degrees, workers: workers)
      let sharp = series.projections
      response?.apply(sharp.span, into: series.projections.mutableSpan)
      return series
    }
    // Pixels that see any material are the object's projection.
    var (sum, seen) = (0.0, 0)
    let means = scene.materials.map { material in
      scene.energies.reduce(0) { $0 + material.spectrum.value(at: $1) }
        / Double(scene.energies.count)
    }
    for i in 0..<projections[0].projections.count {
      let value = zip(projections, means).reduce(0.0) {
        $0 + Double($1.0.projections.span[i]) * $1.1
      }
      guard value > 0 else { continue }
      sum += value
      seen += 1
    }
    scale = sum > 0 ? counts * Double(seen) / sum : 0
  }

  /// The true density of a channel, in counts per voxel length.
  package func truth(_ channel: Int) -> Volume {
    var mixed = Volume(zeros: scene.volume, voxelSize: volumes[0].voxelSize)
    for (volume, weight) in zip(volumes, weights(channel)) {
      Self.add(weight, volume.voxels, to: &mixed.voxels)
    }
    return mixed
  }

  /// One material's own density.
  package func material(_ index: Int) -> Volume { volumes[index] }

  /// The expected counts of a channel, its background included.
  package func expected(_ channel: Int) -> TiltSeries {
    var mixed = projections[0]
    mixed.projections = FloatStorage(zeros: mixed.projections.count)
    for (series, weight) in zip(projections, weights(channel)) {
      Self.add(weight, series.projections, to: &mixed.projections)
    }
    return mixed
  }

  /// Poisson counts of a channel over its background.
  package func counts(_ channel: Int, seed: UInt64) -> TiltSeries {
    var series = expected(channel)
    let own = seed &+ UInt64(channel) &* 0x9E37_79B9
    let slabs = series.shape.slabs
    for slice in 0..<series.shape.sliceCount {
      for tilt in 0..<series.shape.tiltCount {
        for bin in 0..<series.shape.binCount {
          var random = SplitMix64(seed: own, tilt: tilt, slice: slice, bin: bin)
          let i = slabs.index(slice: slice, page: tilt, position: bin)
          let mean = max(0, Double(series.projections.span[i])) + background
          let count = Poisson(mean: mean).sample(using: &random)
          var values = series.projections.mutableSpan
          values[i] = Float(count)
        }
      }
    }
    return series
  }

  private func weights(_ channel: Int) -> [Float] {
    scene.materials.map { Float(scale * $0.spectrum.value(at: scene.energies[channel])) }
  }

  private static func add(_ w: Float, _ x: FloatStorage, to sum: inout FloatStorage) {
    var values = sum.mutableSpan
    for i in values.indices { values[i] += w * x.span[i] }
  }
}
