import Fields
import Reconstruction

/// What all stages of a fusion are told: settings, what was measured, and who is asked on the way.
package struct FusionTask {
  package let settings: SensorFusion
  /// With sparse maps pooled.
  package let data: FusionData
  /// The same with maps as they were counted.
  package let counted: FusionData
  let onStage: @Sendable (SensorFusion.Stage) -> Void
  let isCancelled: @Sendable () -> Bool

  package init(
    _ settings: SensorFusion, _ data: FusionData,
    onStage: @escaping @Sendable (SensorFusion.Stage) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.settings, counted, self.onStage, self.isCancelled) = (
      settings, data, onStage, isCancelled
    )
    self.data = FusionData(data.haadf, data.maps.map { $0.pooled() }, gradient: data.gradient)
  }

  var isImage: Bool { data.haadf.pictures.count == 1 }

  func endIfCancelled() throws {
    if isCancelled() { throw ReconstructionError.interrupted }
  }

  /// `∂²D/∂x²` of a map at its typical concentration.
  func curvature(_ e: Int, _ scale: Double) -> Double {
    data.maps[e].curvature(at: data.maps[e].typicalSignal / scale, scale: scale)
  }

  /// `ν = √(∂²D/∂x²)`: total variation against white noise grows with σ, not with σ².
  func share(_ e: Int, scale: Double) -> Double { curvature(e, scale).squareRoot() }
}
