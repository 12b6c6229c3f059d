import SeriesIO
public import AlgebraicReconstruction
public import ArgumentParser
public import VariationalReconstruction
import Deblurring
public import Fields
public import AnalyticReconstruction
import Inversion
public import Phantoms
public import Projection
public import Fusion
public import SpectralTomography
public import StackIO
public import Transforms
import Workflow

// The libraries' own names serve as arguments.
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

/// What chooses λ by one of some rules.
protocol RuleTaking { static var rules: [ChoiceRule] { get } }
extension LambdaChooser: RuleTaking {}
extension ImageDeblurring: RuleTaking {}
extension SignalChooser: RuleTaking {}

/// The name of one of them.
struct RuleName<Chooser: RuleTaking>: ExpressibleByArgument {
  let rule: ChoiceRule

  init?(argument: String) {
    guard let found = Chooser.rules.first(where: { $0.rawValue == argument }) else { return nil }
    rule = found
  }

  static var allValueStrings: [String] { Chooser.rules.map(\.rawValue) }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// `haar`, or `db2` to `db8`.
struct WaveletName: ExpressibleByArgument {
  let wavelet: Wavelet

  init?(argument: String) {
    guard let found = Wavelet.allCases.first(where: { "\($0)" == argument }) else { return nil }
    wavelet = found
  }
}
