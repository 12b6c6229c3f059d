/// How λ₁ and λ₂ were found, and what was found for each element, for JSON.
package struct FusionAccount: Sendable, Encodable {
  package let rule: String
  package let lambda1: Double
  package let lambda2: Double
  package let trials: [StrengthTrial]
  package let elements: [FusionResult.Element]
  /// Of what is written: fused maps, or those of the maps alone.
  package let written: Written
  /// Of the fused maps with HAADF, and the part of its signal that the maps alone leave unexplained.
  package let haadf: Consistency
  package let unexplainedShare: Double
  package let contradicted: [String]
  package let vacuum: [MapVacuum]?
  /// Of tilt series: how far HAADF falls behind the projection law.
  package let projectionLaw: ProjectionLaw?

  package struct Written: Sendable, Encodable {
    package let haadf: Consistency
    /// In the order of the elements.
    package let elements: [WrittenFit]
  }

  package init(_ result: FusionResult, _ vacuum: [MapVacuum]?) {
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
