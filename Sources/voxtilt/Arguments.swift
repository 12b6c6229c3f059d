public import ArgumentParser
public import Fields
public import FilteredBackProjection
public import Phantoms
public import Projection
public import StackIO
public import Transforms

// The libraries' own names serve as arguments.
extension FilteredBackProjection.Scale: ExpressibleByArgument {}
extension NoiseModel.Output: ExpressibleByArgument {}
extension RampWindow: ExpressibleByArgument {}
extension RayModel: ExpressibleByArgument {}
extension StackEncoding: ExpressibleByArgument {}
extension TiltAxis: ExpressibleByArgument {}
