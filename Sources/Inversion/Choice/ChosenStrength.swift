/// How the λ of a reconstruction was chosen.
package protocol ChosenStrength: Sendable, Encodable {
  /// The λ, the rule, and every λ that was tried.
  var choice: LambdaChoice { get }
  /// What residuals are compared with, where it is known.
  var noise: Double? { get }
}
