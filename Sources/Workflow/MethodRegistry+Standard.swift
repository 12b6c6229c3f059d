import AlgebraicReconstruction
import VariationalReconstruction
import AnalyticReconstruction
public import Reconstruction

extension MethodRegistry {
  /// The methods of this package.
  public static let standard = MethodRegistry([
    "fbp": FilteredBackProjection.self, "sirt": SIRT.self, "sart": SART.self,
    "os-sart": OSSART.self, "cgls": CGLS.self, "mlem": MLEM.self, "osem": MLEM.self,
    "tv-sart": TVSART.self, "asd-pocs": ASDPOCS.self, "cs": CompressedSensing.self,
    "dart": DART.self,
  ])
}
