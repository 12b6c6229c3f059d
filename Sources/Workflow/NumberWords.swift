import Foundation

/// Four significant digits without idle zeros, for titles and sentences.
func words(_ value: Double) -> String { String(format: "%.4g", value) }
