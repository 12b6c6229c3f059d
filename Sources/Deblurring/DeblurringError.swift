package import Errors

/// Why something could not be deblurred.
package enum DeblurringError: CategorisedError, Equatable {
  case width(Double)
  case evenKernel(Int)
  case noSum(row: Int)
  case tooShort(count: Int, needed: Int)
  case lengths(operatorRows: Int, measurement: Int)
  case truthLength(truth: Int, unknowns: Int)
  case notFinite(what: String, index: Int)
  case lambda(Double)
  case iterations(Int)
  case lambdaMeaningless(method: String)
  case noiseUnknown(rule: String)
  case noise(Double)
  case notLinear(rule: String, method: String)
  case folds(Int, samples: Int)
  case reference(first: Int, end: Int, count: Int)
  case referenceSilent(first: Int, end: Int)
  case referenceNeedsSquare(rows: Int, columns: Int)
  case negativeData(index: Int, value: Double)
  case negativeOperator
  case nonNegativeMeaningless(method: String)
  case zeroOperator
  case noPeak
  case kernelSum(Double)
  case silent
  case uniform(Double)

  package var category: ErrorCategory {
    switch self {
    case .lengths, .truthLength, .notFinite, .negativeData, .zeroOperator, .tooShort,
      .negativeOperator, .referenceSilent, .evenKernel, .noSum, .noPeak, .kernelSum, .silent,
      .uniform:
      .badData
    default: .usage
    }
  }

  package var description: String {
    switch self {
    case .width(let width):
      "The width of a point spread must be above 0 and at most 1000 samples (got \(width))."
    case .evenKernel(let count):
      """
      A point spread of \(count) samples has no middle one. Give an odd number of samples, or a matrix \
      with one row per sample of the measurement.
      """
    case .noSum(let row):
      "Row \(row) (from 0) of the operator sums up to 0 and cannot be scaled to 1. Remove --scale."
    case .tooShort(let count, let needed):
      "The signal must have at least \(needed) samples (got \(count)). Give a longer one."
    case .lengths(let rows, let measurement):
      """
      The operator makes \(rows) samples, and the measurement has \(measurement). \
      Give a matrix with one row per sample.
      """
    case .truthLength(let truth, let unknowns):
      "The truth has \(truth) samples, and \(unknowns) are reconstructed. Give a truth of that length."
    case .notFinite(let what, let index):
      "The \(what) is not finite at sample \(index) (from 0). Correct or remove that sample."
    case .lambda(let lambda):
      "λ must be above 0 (got \(lambda))."
    case .iterations(let count):
      "The number of iterations must be at least 1 (got \(count))."
    case .lambdaMeaningless(let method):
      "Method \(method) has no λ. Remove --lambda and --choose, or choose another method."
    case .noiseUnknown(let rule):
      "The rule \(rule) compares with the noise, which is not known. Give --noise."
    case .noise(let noise):
      "The noise must be a standard deviation above 0 (got \(noise))."
    case .notLinear(let rule, let method):
      """
      The rule \(rule) is valid for linear methods only, and \(method) is not linear. \
      Choose l-curve or discrepancy.
      """
    case .folds(let folds, let samples):
      "The number of groups must be between 2 and \(samples / 2) for \(samples) samples (got \(folds))."
    case .reference(let first, let end, let count):
      """
      The reference \(first):\(end) is outside the \(count) samples. \
      Give first:end with 0 ≤ first < end ≤ \(count).
      """
    case .referenceSilent(let first, let end):
      """
      The reference \(first):\(end) contains no noise, so it does not show how much noise the prior \
      must suppress. Choose a part of the measurement that was recorded, not filled in.
      """
    case .referenceNeedsSquare(let rows, let columns):
      """
      A reference names the same samples in signal and measurement, and the operator has \(rows) rows \
      and \(columns) columns. Choose another rule.
      """
    case .negativeData(let index, let value):
      """
      Sample \(index) (from 0) is \(value), and Richardson-Lucy is for counts. \
      Subtract less background, or choose tikhonov or tv with --non-negative.
      """
    case .negativeOperator:
      """
      Richardson-Lucy needs an operator without negative entries and without empty columns. \
      Choose another method.
      """
    case .nonNegativeMeaningless(let method):
      "Method \(method) cannot keep x ≥ 0. Choose tikhonov, gradient, tv or l1, or remove --non-negative."
    case .zeroOperator:
      "The operator is zero everywhere. Check the file."
    case .noPeak:
      """
      The operator has no value above 0, so its peak cannot be scaled to 1. Check its signs, or \
      give --scale as-is.
      """
    case .kernelSum(let sum):
      """
      The sum of the point spread of a blur must be above 0 (got \(Float(sum))). Check its signs, or \
      give an operator that is not a blur as a matrix with one row per sample.
      """
    case .silent:
      """
      The signal contains only zeros, so there is nothing to deblur. Check the file, or name \
      its column with --column.
      """
    case .uniform(let value):
      """
      Every sample of the signal is \(Float(value)), which this blur does not change, so there is \
      no blur to remove. Check the file, or name its column with --column.
      """
    }
  }
}
