// swift-tools-version: 6.2
import PackageDescription

#if arch(x86_64)
  let portable = Context.environment["VOXTILT_PORTABLE"] != nil
#else
  let portable = true
#endif

/// The numerical kernels want AVX2 and FMA. `VOXTILT_PORTABLE=1` builds for any processor.
let processor: [SwiftSetting] = portable ? [] : [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]

/// Every Swift target is compiled under the same rules.
let houseRules: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + processor

/// Targets that vend spans of storage they own.
let spanVending: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

let numerics: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// `scripts/documentation` sets `VOXTILT_DOCS`; nothing else needs the plugin.
let documentation: [Package.Dependency] =
  Context.environment["VOXTILT_DOCS"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")]

let package = Package(
  name: "voxtilt",
  products: [
    .executable(name: "voxtilt", targets: ["VoxtiltCommand"]),
    .library(name: "Voxtilt", targets: ["Voxtilt"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ] + documentation,
  targets: [
    // MARK: - Floor 0 · doors to C, and what an error tells
    .target(
      name: "Errors", swiftSettings: houseRules),
    .target(name: "CPUGuard", cSettings: portable ? [.define("VOXTILT_PORTABLE")] : []),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),

    // MARK: - Floor 1 · data
    .target(
      name: "Fields", dependencies: ["CPUGuard", "Errors", numerics],
      swiftSettings: houseRules + spanVending),
    .target(
      name: "Files", dependencies: ["CCrypto", "Errors"], swiftSettings: houseRules),
    .target(
      name: "Statistics", dependencies: [numerics], swiftSettings: houseRules),

    // MARK: - Floor 2 · the language of operators, files and pictures
    .target(
      name: "Operators", dependencies: ["Fields"], swiftSettings: houseRules),
    .target(
      name: "StackIO", dependencies: ["CTIFF", "Errors", "Fields", "Files"],
      swiftSettings: houseRules),
    .target(
      name: "Records", dependencies: ["CPUGuard", "Errors", "Files"], swiftSettings: houseRules),
    .target(
      name: "DenseAlgebra", dependencies: ["COpenBLAS", "Errors", "Files"],
      swiftSettings: houseRules),
    .target(
      name: "Plots", dependencies: ["CPNG", "Errors", "Fields", numerics], swiftSettings: houseRules
    ),

    // MARK: - Floor 3 · physics
    .target(
      name: "Projection", dependencies: ["Errors", "Fields", "Operators", numerics],
      swiftSettings: houseRules),
    .target(
      name: "Transforms", dependencies: ["CFFTW", "Errors", "Fields", "Operators", numerics],
      swiftSettings: houseRules),
    .target(
      name: "Imaging", dependencies: ["CFFTW", "Errors", "Fields", "Operators", numerics],
      swiftSettings: houseRules),
    .target(
      name: "Phantoms",
      dependencies: ["Errors", "Fields", "Files", "Operators", "Statistics", numerics],
      swiftSettings: houseRules),

    // MARK: - Floor 4 · inference
    .target(
      name: "Inversion",
      dependencies: [
        "DenseAlgebra", "Errors", "Fields", "Operators", "Plots", "Statistics", "Transforms",
        numerics,
      ],
      swiftSettings: houseRules),
    .target(
      name: "Reconstruction",
      dependencies: ["Errors", "Fields", "Projection", "Records", "StackIO"],
      swiftSettings: houseRules),

    // MARK: - Floor 5 · methods and pages
    .target(
      name: "AnalyticReconstruction",
      dependencies: ["Fields", "Projection", "Reconstruction", "Transforms"],
      swiftSettings: houseRules),
    .target(
      name: "AlgebraicReconstruction",
      dependencies: [
        "DenseAlgebra", "Errors", "Fields", "Inversion", "Operators", "Projection",
        "Reconstruction", "Statistics", numerics,
      ],
      swiftSettings: houseRules),
    .target(
      name: "VariationalReconstruction",
      dependencies: [
        "Errors", "Fields", "Inversion", "Operators", "Projection", "Reconstruction", "StackIO",
        "Statistics", "Transforms", numerics,
      ],
      swiftSettings: houseRules),

    .target(
      name: "Deblurring",
      dependencies: [
        "DenseAlgebra", "Errors", "Fields", "Imaging", "Inversion", "Operators", "Plots",
        "Reconstruction", "Transforms", numerics,
      ],
      swiftSettings: houseRules),

    .target(
      name: "Spectroscopy",
      dependencies: [
        "Errors", "Fields", "Imaging", "Operators", "Plots", "Reconstruction", "Statistics",
        numerics,
      ],
      swiftSettings: houseRules),

    .target(
      name: "Preparation",
      dependencies: [
        "DenseAlgebra", "Errors", "Fields", "Plots", "Reconstruction", "Statistics", "Transforms",
        numerics,
      ],
      swiftSettings: houseRules),

    .target(
      name: "Reporting",
      dependencies: [
        "Errors", "Fields", "Files", "Inversion", "Plots", "Reconstruction", "Records",
      ],
      resources: [
        .embedInCode("Page/report.css"), .embedInCode("Page/voxels.js"),
        .embedInCode("Page/drawing.js"), .embedInCode("Page/sections.js"),
        .embedInCode("Page/turning.js"), .embedInCode("Page/page.js"),
      ],
      swiftSettings: houseRules),

    // MARK: - Floor 6 · tilt series on disk, and what records tell of them
    .target(
      name: "SeriesIO",
      dependencies: [
        "DenseAlgebra", "Errors", "Fields", "Files", "Imaging", "Inversion", "Plots", "Preparation",
        "Projection", "Reconstruction", "Records", "StackIO",
      ], swiftSettings: houseRules),

    // MARK: - Floor 7 · studies
    .target(
      name: "Alignment",
      dependencies: [
        "DenseAlgebra", "Errors", "Fields", "Files", "Inversion", "Plots", "Preparation",
        "Projection", "Reconstruction", "Records", "SeriesIO", "StackIO", "Statistics",
        "Transforms", numerics,
      ],
      swiftSettings: houseRules),
    .target(
      name: "DosePlanning",
      dependencies: [
        "Errors", "Fields", "Files", "Phantoms", "Plots", "Projection", "Reconstruction", "Records",
        "SeriesIO", "StackIO", "Statistics", "Transforms", numerics,
      ],
      swiftSettings: houseRules),
    .target(
      name: "MissingWedge",
      dependencies: [
        "Fields", "Files", "Phantoms", "Plots", "Projection", "Reconstruction", "Records",
        "Reporting", "SeriesIO", "StackIO", "Transforms", numerics,
      ],
      swiftSettings: houseRules),

    .target(
      name: "Quality",
      dependencies: [
        "Errors", "Fields", "Files", "AnalyticReconstruction", "Inversion", "Plots", "Projection",
        "Reconstruction", "Records", "Reporting", "SeriesIO", "StackIO", "Statistics", "Transforms",
        numerics,
      ],
      swiftSettings: houseRules),
    .target(
      name: "Fusion",
      dependencies: [
        "Errors", "Fields", "Files", "Imaging", "Inversion", "Operators", "Projection",
        "Reconstruction", "Records", "SeriesIO", "StackIO", "Statistics", "Transforms", numerics,
      ],
      swiftSettings: houseRules),
    .target(
      name: "SpectralTomography",
      dependencies: [
        "DenseAlgebra", "Errors", "Fields", "Files", "Inversion", "Operators", "Phantoms", "Plots",
        "Preparation", "Projection", "Reconstruction", "Records", "SeriesIO", "Spectroscopy",
        "StackIO", numerics,
      ],
      swiftSettings: houseRules),

    // MARK: - Floor 8 · recipes and lessons
    .target(
      name: "Lessons",
      dependencies: [
        "AlgebraicReconstruction", "Deblurring", "DenseAlgebra", "Errors", "Fields", "Inversion",
        "MissingWedge", "Plots", "Projection", "Reconstruction", "Records", "Statistics", numerics,
      ],
      swiftSettings: houseRules),
    .target(
      name: "Workflow",
      dependencies: [
        "AlgebraicReconstruction", "Alignment", "VariationalReconstruction", "Deblurring",
        "DenseAlgebra",
        "Errors", "Fields", "Files", "AnalyticReconstruction", "Imaging", "Inversion",
        "MissingWedge", "Phantoms", "Plots", "Preparation", "Projection", "Quality",
        "Reconstruction", "Records", "Reporting", "Fusion", "SeriesIO", "SpectralTomography",
        "Spectroscopy", "StackIO",
      ],
      swiftSettings: houseRules),

    // MARK: - Floor 9 · the face
    .target(
      name: "Voxtilt",
      dependencies: [
        "AlgebraicReconstruction", "Alignment", "VariationalReconstruction", "DosePlanning",
        "Errors",
        "Fields", "AnalyticReconstruction", "Inversion", "MissingWedge", "Operators", "Phantoms",
        "Preparation", "Projection", "Quality", "Reconstruction", "Records", "Fusion",
        "SeriesIO", "SpectralTomography", "StackIO", "Transforms", "Workflow",
      ], swiftSettings: houseRules),

    // MARK: - Floor 10 · programs
    .executableTarget(
      name: "VoxtiltCommand",
      dependencies: [
        "AlgebraicReconstruction", "Alignment", "VariationalReconstruction", "Deblurring",
        "DosePlanning",
        "Errors", "Fields", "Files", "AnalyticReconstruction", "Imaging", "Inversion", "Lessons",
        "MissingWedge", "Operators", "Phantoms", "Plots", "Preparation", "Projection", "Quality",
        "Reconstruction", "Records", "Fusion", "SeriesIO", "SpectralTomography",
        "Spectroscopy", "StackIO", "Transforms", "Workflow", arguments,
      ],
      path: "Sources/voxtilt",
      swiftSettings: houseRules),
    .executableTarget(
      name: "voxbench",
      dependencies: [
        "AlgebraicReconstruction", "Alignment", "VariationalReconstruction", "Fields",
        "AnalyticReconstruction", "Inversion", "MissingWedge", "Operators", "Phantoms", "Plots",
        "Projection", "Reconstruction", "Fusion", "SpectralTomography", "Statistics",
        "Transforms", arguments, numerics,
      ],
      swiftSettings: houseRules),

    // MARK: - Tests
    .target(
      name: "TestSupport", dependencies: ["Fields", "Statistics"], path: "Tests/Support",
      swiftSettings: houseRules),
    .target(
      name: "TestDesk",
      dependencies: [
        "Fields", "Files", "Phantoms", "Reconstruction", "SeriesIO", "StackIO", "Workflow",
      ], path: "Tests/Desk", swiftSettings: houseRules),
    .testTarget(
      name: "SeriesIOTests",
      dependencies: [
        "AlgebraicReconstruction", "Errors", "Fields", "Files", "AnalyticReconstruction", "Plots",
        "Reconstruction", "Records", "SeriesIO", "StackIO", "TestDesk", "Workflow",
      ], swiftSettings: houseRules),
    .testTarget(
      name: "CPUGuardTests", dependencies: ["CPUGuard"], swiftSettings: houseRules),
    .testTarget(
      name: "FieldsTests", dependencies: ["Fields", "TestSupport", numerics],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "StackIOTests",
      dependencies: ["Errors", "Fields", "Files", "StackIO", "Statistics", "TestSupport"],
      resources: [.copy("Golden"), .copy("Variations")], swiftSettings: houseRules),
    .testTarget(
      name: "StatisticsTests", dependencies: ["Statistics"], swiftSettings: houseRules),
    .testTarget(
      name: "FilesTests", dependencies: ["Errors", "Files", "TestSupport"],
      swiftSettings: houseRules),
    .testTarget(
      name: "RecordsTests", dependencies: ["Files", "Records", "TestSupport"],
      swiftSettings: houseRules),
    .testTarget(
      name: "PlotsTests", dependencies: ["CPNG", "Fields", "Plots"], swiftSettings: houseRules),
    .testTarget(
      name: "ProjectionTests", dependencies: ["Fields", "Operators", "Projection", "TestSupport"],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "TransformsTests",
      dependencies: ["Fields", "Operators", "TestSupport", "Transforms"],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "ImagingTests",
      dependencies: ["Fields", "Imaging", "Operators", "TestSupport", numerics],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "InversionTests",
      dependencies: ["Fields", "Inversion", "Operators", "TestSupport", "Transforms"],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "VariationalReconstructionTests",
      dependencies: [
        "VariationalReconstruction", "Fields", "Imaging", "Inversion", "Operators", "Phantoms",
        "Projection", "Reconstruction", "StackIO", "TestSupport", "Transforms",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "DosePlanningTests",
      dependencies: [
        "AlgebraicReconstruction", "DosePlanning", "Fields", "AnalyticReconstruction", "Phantoms",
        "Projection", "Reconstruction", "TestSupport", "Transforms",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "MissingWedgeTests",
      dependencies: [
        "AlgebraicReconstruction", "VariationalReconstruction", "Fields", "AnalyticReconstruction",
        "MissingWedge", "Phantoms", "Plots", "Projection", "Reconstruction", "TestSupport",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "QualityTests",
      dependencies: [
        "AlgebraicReconstruction", "VariationalReconstruction", "Fields", "AnalyticReconstruction",
        "Inversion", "Phantoms", "Projection", "Quality", "Reconstruction", "TestSupport",
        "Transforms",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "FusionTests",
      dependencies: [
        "Fields", "Imaging", "Inversion", "Operators", "Phantoms", "Fusion", "StackIO",
        "Statistics", "TestSupport", "Transforms", numerics,
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "SpectralTomographyTests",
      dependencies: [
        "VariationalReconstruction", "DenseAlgebra", "Fields", "Files", "Inversion", "Operators",
        "Phantoms", "Projection", "Reconstruction", "SpectralTomography", "Spectroscopy", "StackIO",
        "TestSupport",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "PhantomsTests", dependencies: ["Fields", "Files", "Phantoms", "TestSupport"],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "ReportingTests", dependencies: ["Fields", "Plots", "Reporting"],
      swiftSettings: houseRules),
    .testTarget(
      name: "LessonsTests",
      dependencies: ["Deblurring", "DenseAlgebra", "Imaging", "Lessons", "Reconstruction"],
      swiftSettings: houseRules),
    .testTarget(
      name: "WorkflowTests",
      dependencies: [
        "AlgebraicReconstruction", "VariationalReconstruction", "Errors", "Fields", "Files",
        "AnalyticReconstruction", "Inversion", "Phantoms", "Projection", "Reconstruction",
        "Records", "Reporting", "SeriesIO", "StackIO", "TestDesk", "TestSupport", "Workflow",
      ], swiftSettings: houseRules),
    .testTarget(
      name: "VoxtiltTests",
      dependencies: [
        "Fields", "Records", "SeriesIO", "StackIO", "Statistics", "TestSupport", "VoxtiltCommand",
        "Workflow",
      ],
      swiftSettings: houseRules),
    .testTarget(
      name: "FaceTests", dependencies: ["Voxtilt"], swiftSettings: houseRules),
    .testTarget(
      name: "DenseAlgebraTests", dependencies: ["DenseAlgebra", "Files", "TestSupport"],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "DeblurringTests",
      dependencies: [
        "Deblurring", "DenseAlgebra", "Fields", "Imaging", "Inversion", "Lessons", "Reconstruction",
        "TestSupport",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "SpectroscopyTests",
      dependencies: ["Fields", "Imaging", "Operators", "Spectroscopy", "TestSupport", numerics],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "AlignmentTests",
      dependencies: [
        "AlgebraicReconstruction", "Alignment", "Fields", "Phantoms", "Reconstruction",
        "Statistics", "TestSupport", numerics,
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "PreparationTests",
      dependencies: [
        "Fields", "Phantoms", "Preparation", "Reconstruction", "TestSupport", "Transforms",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "VoxbenchTests", dependencies: ["voxbench"], swiftSettings: houseRules),
    .testTarget(
      name: "OperatorsTests", dependencies: ["Fields", "Operators"], swiftSettings: houseRules),
    .testTarget(
      name: "ReconstructionTests",
      dependencies: [
        "AlgebraicReconstruction", "Fields", "AnalyticReconstruction", "Phantoms", "Projection",
        "Reconstruction", "StackIO", "TestSupport", "Transforms",
      ],
      swiftSettings: houseRules),
    .testTarget(
      name: "AnalyticReconstructionTests",
      dependencies: [
        "Fields", "AnalyticReconstruction", "Projection", "Reconstruction", "TestSupport",
        "Transforms",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
    .testTarget(
      name: "AlgebraicReconstructionTests",
      dependencies: [
        "AlgebraicReconstruction", "Fields", "Imaging", "Inversion", "Operators", "Phantoms",
        "Projection", "Reconstruction", "TestSupport",
      ],
      resources: [.copy("Golden")], swiftSettings: houseRules),
  ]
)
