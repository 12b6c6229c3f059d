package import Reconstruction

/// A method as a plan uses it: made anew for the noise of each series.
package struct PlannedMethod: Sendable {
  package let name: String
  /// How long a tilt takes, against other methods; it only steers the time that is foretold.
  package let cost: Double
  /// From the standard deviation of the noise, in line integrals.
  package let make: @Sendable (_ noise: Double) throws -> any ReconstructionMethod

  package init(
    name: String, cost: Double,
    make: @escaping @Sendable (_ noise: Double) throws -> any ReconstructionMethod
  ) {
    (self.name, self.cost, self.make) = (name, cost, make)
  }
}
