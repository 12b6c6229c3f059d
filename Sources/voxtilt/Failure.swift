import AlgebraicReconstruction
import Alignment
import ArgumentParser
import CompressedSensing
import DosePlanning
import Deblurring
import DenseAlgebra
import Fields
import Files
import Foundation
import Imaging
import Inversion
import Lessons
import Phantoms
import Plots
import Preparation
import Projection
import Quality
import Reconstruction
import Records
import Reporting
import SensorFusion
import SpectralTomography
import Spectroscopy
import StackIO
import Transforms
import Workflow

/// Exit codes, and how a failure ends the process.
enum Failure {
  static let usage: Int32 = 64
  static let badData: Int32 = 65
  static let noInput: Int32 = 66
  static let internalFault: Int32 = 70
  static let cannotCreate: Int32 = 73
  static let inputOutput: Int32 = 74
  static let paused: Int32 = 75
  static let interrupted: Int32 = 130

  /// Says what went wrong and ends the process with its code. Help and version go to standard output.
  static func end(with error: any Error) -> Never {
    guard let code = code(of: error) else {
      let message = Voxtilt.fullMessage(for: error)
      guard Voxtilt.exitCode(for: error).rawValue != 0 else {
        print(message)
        do { try Terminal.checkOutput() } catch { end(with: error) }
        CrashGuard.leave(0)
      }
      Terminal.say(message)
      CrashGuard.leave(usage)
    }
    Terminal.say("voxtilt: " + words(of: error))
    Unfinished.end(code: code)
  }

  /// One or two sentences.
  static func words(of error: any Error) -> String {
    guard code(of: error) != nil else { return Voxtilt.message(for: error) }
    if case StackError.nonFinite = error {
      return "\(error) (reconstruct --replace-nonfinite VALUE)"
    }
    return "\(error)"
  }

  static func exitCode(of error: any Error) -> Int32 { code(of: error) ?? usage }

  /// `nil` where the argument parser has its own words.
  private static func code(of error: any Error) -> Int32? {
    switch error {
    case StackError.tilts(.badRange), StackError.tilts(.rangeMissesStop),
      StackError.tilts(.rangeTooLong):
      usage
    case let error as StackError: code(of: error.category)
    case let error as FileError: code(of: error.category)
    case let error as RecordsError: code(of: error.category)
    case is OutputFailure: inputOutput
    case let error as WorkflowError: code(of: error.category)
    case let error as PhantomError:
      code(ofPhantom: error)
    case let error as ReconstructionError:
      switch error {
      case .interrupted: interrupted
      case .startShape, .pointOfAnotherRun: badData
      default: usage
      }
    case let error as AlgebraicError:
      if case .negativeCounts = error { badData } else { usage }
    case let error as InversionError:
      switch error {
      case .negativeCount: badData
      case .diverged: internalFault
      default: usage
      }
    case let error as CompressedSensingError: error == .emptySeries ? badData : usage
    case let error as DeblurringError: code(ofDeblurring: error)
    case let error as DenseError:
      switch error {
      case .file(let error): code(of: error.category)
      case .unreadable: noInput
      default: badData
      }
    case is GeometryError, is TransformError, is ChoiceError, is LessonError: usage
    case let error as ImageDeblurringError: code(ofImage: error)
    case let error as BlurError:
      switch error {
      case .weight, .allZero, .noWeight, .negativeSum, .tooLarge, .centroidOutside: badData
      default: usage
      }
    case let error as SpectrumError: code(ofSpectrum: error)
    case let error as SpectralError: code(ofSpectral: error)
    case is ComparisonError: badData
    case let error as FusionError:
      switch error {
      case .shape, .negativeCount, .emptyMap, .emptyHAADF, .noiseUnknown: badData
      default: usage
      }
    case let error as QualityError:
      if case .diameter = error { usage } else { badData }
    case let error as DosePlanningError:
      switch error {
      case .orderCount, .orderNotAPosition, .orderRepeated, .doses: badData
      default: usage
      }
    case let error as PlotError:
      if case .cannotWrite = error { cannotCreate } else { usage }
    case let error as ReportError:
      switch error {
      case .cannotWrite: cannotCreate
      case .anchorTwice: internalFault
      case .badSidecar, .tilt: badData
      }
    case is UnfitSeries: badData
    case let error as StageFailure: exitCode(of: error.cause)
    case let error as SeriesFailure: exitCode(of: error.first)
    case let error as AlignmentError:
      switch error {
      case .file(let error): code(of: error.category)
      case .unreadable: noInput
      case .rounds, .range, .finest, .scale: usage
      default: badData
      }
    case let error as PreparationError:
      switch error {
      case .intensity, .level, .curve, .curveNotPositive, .fieldSize, .fieldPair, .noLight: badData
      default: usage
      }
    case is ValidationError, is CleanExit: nil
    default:
      Voxtilt.exitCode(for: error) == .validationFailure || Voxtilt.exitCode(for: error) == .success
        ? nil : internalFault
    }
  }

  private static func code(ofPhantom error: PhantomError) -> Int32 {
    switch error {
    case .file(let error): code(of: error.category)
    case .unreadable: noInput
    case .voxelSize, .noiseLevel, .collectedFraction, .readNoise, .pixelSizeUnknown: usage
    default: badData
    }
  }

  private static func code(ofSpectrum error: SpectrumError) -> Int32 {
    switch error {
    case .window, .windowAtEdge, .windowNarrow, .windowsOverlap, .windowBelowZero, .windowEmpty,
      .separation:
      usage
    default: badData
    }
  }

  private static func code(ofSpectral error: SpectralError) -> Int32 {
    switch error {
    case .noManifest: noInput
    case .elementUnknown, .energiesOutside, .elementOutside, .binning, .strength,
      .components, .region, .notCounts:
      usage
    default: badData
    }
  }

  private static func code(ofImage error: ImageDeblurringError) -> Int32 {
    switch error {
    case .negativeCount, .nothingSeen, .uniform, .partUniform, .regionSilent: badData
    default: usage
    }
  }

  private static func code(ofDeblurring error: DeblurringError) -> Int32 {
    switch error {
    case .lengths, .truthLength, .notFinite, .negativeData, .zeroOperator, .tooShort,
      .negativeOperator, .referenceSilent, .evenKernel, .noSum, .noPeak, .kernelSum, .silent,
      .uniform:
      badData
    default: usage
    }
  }

  private static func code(of category: RecordsError.Category) -> Int32 {
    switch category {
    case .usage: usage
    case .cannotCreate: cannotCreate
    }
  }

  private static func code(of category: FileError.Category) -> Int32 {
    switch category {
    case .noInput: noInput
    case .badData: badData
    case .cannotCreate: cannotCreate
    case .inputOutput: inputOutput
    case .memory: internalFault
    }
  }

  private static func code(of category: WorkflowError.Category) -> Int32 {
    switch category {
    case .noInput: noInput
    case .badData: badData
    case .cannotCreate: cannotCreate
    case .usage: usage
    case .paused: paused
    }
  }
}
