public import SensorFusion

/// How λ₁ and λ₂ were found, and what was found for each element, for JSON.
public struct FusionAccount: Sendable, Encodable {
  public let rule: String
  public let lambda1: Double
  public let lambda2: Double
  public let trials: [StrengthTrial]
  public let elements: [FusionResult.Element]
  /// Of what is written: fused maps, or those of the maps alone.
  public let written: Written
  /// Of the fused maps with HAADF, and the part of its signal that the maps alone leave unexplained.
  public let haadf: Consistency
  public let unexplainedShare: Double
  public let contradicted: [String]
  public let vacuum: [VacuumLevel]?
  /// Of tilt series: how far HAADF falls behind the projection law.
  public let projectionLaw: ProjectionLaw?

  public struct Written: Sendable, Encodable {
    public let haadf: Consistency
    /// In the order of the elements.
    public let elements: [WrittenFit]
  }

  public init(_ result: FusionResult, _ vacuum: [VacuumLevel]?) {
    rule =
      (result.settings.lambda1 == nil ? "λ₁: balance of both χ²" : "λ₁: given") + "; "
      + (result.settings.lambda2 == nil ? "λ₂: left-out pixels" : "λ₂: given")
    (lambda1, lambda2, trials) = (result.lambda1, result.lambda2, result.trials)
    (elements, haadf) = (result.elements, result.haadf)
    written = Written(haadf: result.writtenHAADF, elements: result.written)
    (unexplainedShare, contradicted) = (result.unexplainedShare, result.contradicted)
    (self.vacuum, projectionLaw) = (vacuum, result.projectionLaw)
  }
}
