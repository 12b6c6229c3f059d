import Fields
import Projection
import Reconstruction

/// The method that moves the voxels that DART leaves free. Its bounds hold; its mask, its stop rule and its number of iterations do not count.
public enum DiscreteUpdates: Sendable {
  case sirt(SIRT)
  case sart(SART)
  case osSART(OSSART)

  var method: any MaskableMethod {
    switch self {
    case .sirt(let method): method
    case .sart(let method): method
    case .osSART(let method): method
    }
  }
}

extension DiscreteUpdates {
  var rays: RayModel {
    switch self {
    case .sirt(let method): method.rays
    case .sart: .joseph
    case .osSART(let method): method.rays
    }
  }

  /// - Throws: ``AlgebraicError/subsets(_:tilts:)``
  func check(_ geometry: TiltGeometry) throws(AlgebraicError) {
    let (count, tilts) = (method.subsetCount(geometry), geometry.tilts.count)
    guard count <= tilts else { throw .subsets(count, tilts: tilts) }
  }
}

/// A method whose passes can be held to some of the voxels, others from one time to the next.
protocol MaskableMethod: SliceWiseMethod {
  var constraint: VoxelConstraint { get }
  func makeMaskablePass(_ geometry: TiltGeometry, workers: Workers) -> any MaskablePass
}

protocol MaskablePass: SlicePass {
  /// Voxels outside become zero and stay there; `nil` lets all move.
  mutating func hold(to support: Support?)
}

extension SIRT: MaskableMethod {
  func makeMaskablePass(_ geometry: TiltGeometry, workers: Workers) -> any MaskablePass {
    SubsetsPass(
      TiltSubset.interleaved(geometry, count: 1, rays: rays, workers: workers),
      relaxation: relaxation, constraint: constraint, geometry)
  }
}

extension OSSART: MaskableMethod {
  func makeMaskablePass(_ geometry: TiltGeometry, workers: Workers) -> any MaskablePass {
    SubsetsPass(
      TiltSubset.interleaved(geometry, count: subsets, rays: rays, workers: workers),
      relaxation: relaxation, constraint: constraint, geometry)
  }
}

extension SART: MaskableMethod {
  func makeMaskablePass(_ geometry: TiltGeometry, workers: Workers) -> any MaskablePass {
    SARTPass(self, geometry, workers)
  }
}

extension DiscreteUpdates: Codable {
  private enum CodingKeys: String, CodingKey { case updates }
  private enum Name: String, Codable { case sirt, sart, osSART = "os-sart" }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    switch try keys.decode(Name.self, forKey: .updates) {
    case .sirt: self = .sirt(try SIRT(from: decoder))
    case .sart: self = .sart(try SART(from: decoder))
    case .osSART: self = .osSART(try OSSART(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .sirt(let method):
      try method.encode(to: encoder)
      try keys.encode(Name.sirt, forKey: .updates)
    case .sart(let method):
      try method.encode(to: encoder)
      try keys.encode(Name.sart, forKey: .updates)
    case .osSART(let method):
      try method.encode(to: encoder)
      try keys.encode(Name.osSART, forKey: .updates)
    }
  }
}
