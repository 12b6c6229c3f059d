package import Fields

/// The pages that a step is about to get.
package protocol PageSequence: Sendable {
  /// Degrees, one a page.
  var tilts: [Double] { get }
  /// What each page is called in messages, from 1.
  var numbers: [Int] { get }
  var size: ImageSize { get }

  /// Goes through all pages and gives the results in their order.
  func map<Result: Sendable>(
    _ work: @escaping @Sendable (_ index: Int, _ page: Image) -> Result
  ) throws -> [Result]
}

/// What is asked of a preparation, in order; what it needs to know of all pages is found when its turn comes.
package enum PlannedStep: Sendable, Hashable {
  case hotPixels(threshold: Double)
  case deadLines
  /// At least one of the two.
  case fieldCorrection(flat: Image?, dark: Image?)
  case background(Background.Level)
  case beerLambert(BeerLambert.Intensity)
  case normalise(Normalisation.Basis)
  case cosineThickness
  case crop(ImageRegion)
  case pad(Int)
  case bin(Int, sums: Bool)
  case taper(Int)

  /// The step for these pages.
  /// - Throws: ``PreparationError`` where it does not fit them.
  package func step(for pages: some PageSequence, axis: TiltAxis) throws -> any PreparationStep {
    switch self {
    case .hotPixels(let threshold): try SpikeRemoval(threshold: threshold)
    case .deadLines: try DeadLineFilling(finding: pages)
    case .fieldCorrection(let flat, let dark): try FieldCorrection(flat: flat, dark: dark)
    case .background(let level): try Background(level, pages: pages)
    case .beerLambert(let intensity): try BeerLambert(intensity, pages: pages)
    case .normalise(let basis): try Normalisation(basis, pages: pages)
    case .cosineThickness: try CosineThickness(pages: pages)
    case .crop(let region): Crop(region)
    case .pad(let pixels): Padding(pixels)
    case .bin(let factor, let sums): Binning(factor, sums: sums)
    case .taper(let pixels): EdgeTaper(pixels, axis: axis)
    }
  }

  /// Whether pixels and their light are still those of the detector afterwards, so that flat and dark fields fit.
  package var keepsDetector: Bool {
    switch self {
    case .hotPixels, .deadLines, .background: true
    default: false
    }
  }
}
