import ArgumentParser
import Fields
import Plots

/// Runs one of the longer grids and prints its table.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Compares methods with the truth of phantoms, cell by cell.",
    discussion: """
      few-tilts     FBP, SIRT and total variation from 71 down to 10 tilts
      lambda-auto   the λ that the rules choose, against the one that is best
      spectral      channels near and below one count a pixel, alone and together
      spectral-modes  plasmon modes of a cube that come apart
      spectral-order  the background below an edge, subtracted before, after or in the model
      wedge         what is inferred and not measured from ±80° down to ±40°
      alignment     how well known shifts and a turned axis are found
      fusion-2d     HAADF and element maps of images, against each alone
      fusion-3d     HAADF and chemical tilt series, against each element alone
      fusion-contrast  what the strength of the prior does to contrast and edges
      """)

  enum Name: String, ExpressibleByArgument, CaseIterable {
    case fewTilts = "few-tilts"
    case lambdaAuto = "lambda-auto"
    case spectral
    case spectralModes = "spectral-modes"
    case spectralOrder = "spectral-order"
    case wedge
    case alignment
    case fusionInPlane = "fusion-2d"
    case fusionInSpace = "fusion-3d"
    case fusionContrast = "fusion-contrast"
  }

  @Argument(help: "The name of a study.") var name: Name
  @Flag(help: "A small size that takes seconds.") var quick = false
  @Option(help: "The folder of the phantoms' recipes.") var phantoms = "phantoms"
  @Option(help: "Also writes the table to this file.") var csv: String?
  @Option(help: "A folder for the pictures of a study that draws some.") var pictures: String?
  @Option(help: "Threads.") var threads = 2

  func run() throws {
    let workers = Workers(threads)
    let result =
      switch name {
      case .fewTilts: try FewTilts(phantoms, isQuick: quick, workers).run()
      case .lambdaAuto: try LambdaAuto(phantoms, isQuick: quick, workers).run()
      case .spectral: try SpectralStudy(phantoms, isQuick: quick, workers).run()
      case .spectralModes: try PlasmonStudy(phantoms, isQuick: quick, workers).run()
      case .spectralOrder: try SpectralOrderStudy(phantoms, isQuick: quick, workers).run()
      case .wedge: try WedgeStudy(phantoms, isQuick: quick, workers).run()
      case .alignment: try AlignmentStudy(phantoms, isQuick: quick, workers).run()
      case .fusionInSpace:
        try FusionInSpace(phantoms, isQuick: quick, workers, pictures: pictures).run()
      case .fusionContrast: try FusionContrast(isQuick: quick, workers).run()
      case .fusionInPlane: try FusionInPlane(isQuick: quick, workers, pictures: pictures).run()
      }
    print(result.table.markdown)
    for claim in result.claims { print("\(claim.holds ? "holds" : "FAILS"): \(claim.words)") }
    if let csv { try result.table.write(to: csv) }
  }
}

/// What a study found.
struct StudyResult {
  let table: Table
  let claims: [Claim]

  struct Claim {
    let words: String
    let holds: Bool
  }
}
