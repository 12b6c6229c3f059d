public import AlgebraicReconstruction
public import ArgumentParser
public import CompressedSensing
public import Fields
public import FilteredBackProjection
public import Inversion
public import Phantoms
public import Projection
public import SensorFusion
public import SpectralTomography
public import StackIO
public import Transforms
public import Workflow

// The libraries' own names serve as arguments.
extension ChoiceRule: ExpressibleByArgument {}
extension ChannelCoupling: ExpressibleByArgument {}
extension EdgeBackground.Scope: ExpressibleByArgument {}
extension FilteredBackProjection.Scale: ExpressibleByArgument {}
extension HAADFModel: ExpressibleByArgument {}
extension NoiseModel.Output: ExpressibleByArgument {}
extension RampWindow: ExpressibleByArgument {}
extension RayModel: ExpressibleByArgument {}
extension SliceSequence.Axis: ExpressibleByArgument {}
extension Solver: ExpressibleByArgument {}
extension SpectraReconstruction.Order: ExpressibleByArgument {}
extension StackEncoding: ExpressibleByArgument {}
extension TiltAxis: ExpressibleByArgument {}
extension TiltYields.Choice: ExpressibleByArgument {}
extension VariationAxes: ExpressibleByArgument {}

/// `haar`, or `db2` to `db8`.
struct WaveletName: ExpressibleByArgument {
  let wavelet: Wavelet

  init?(argument: String) {
    guard let found = Wavelet.allCases.first(where: { "\($0)" == argument }) else { return nil }
    wavelet = found
  }
}
