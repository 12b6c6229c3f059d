// swift-tools-version: 6.2
import PackageDescription

let names = [
  "ReadAndReconstruct", "ChooseMethod", "AutomaticLambda", "MissingWedgeCoverage", "JudgeQuality",
  "OwnMethod", "OwnProblem", "SimulateSeries", "FuseImages", "FromFileToFile",
]

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "voxtilt", path: "..")],
  targets: names.map { name in
    .executableTarget(
      name: name, dependencies: [.product(name: "Voxtilt", package: "voxtilt")],
      swiftSettings: [.swiftLanguageMode(.v6)])
  })
