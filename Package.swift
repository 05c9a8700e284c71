// swift-tools-version: 6.2
import PackageDescription

/// Rooms whose code touches no kernel, no clock and no file: they also compile as Embedded Swift.
let pure: [SwiftSetting] = [.treatAllWarnings(as: .error), .strictMemorySafety()]

/// Rooms at the edge, which call the kernel and C libraries.
let edge: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// Lets a kernel target use instructions above the baseline of the processor family that is built for.
func instructions(x86 features: String...) -> [SwiftSetting] {
  #if arch(x86_64)
    [.unsafeFlags(features.flatMap { ["-Xcc", "-m" + $0] })]
  #else
    []
  #endif
}
func instructions(arm architecture: String) -> [SwiftSetting] {
  #if arch(arm64)
    [.unsafeFlags(["-Xcc", "-march=" + architecture])]
  #else
    []
  #endif
}

/// Opens memfd_create, ppoll, pipe2, accept4 and struct ucred in the Glibc module.
let gnu: [CSetting] = [.define("_GNU_SOURCE")]

/// Programs are linked by the toolchain's own lld, with their 44,000 relative relocations packed (RELR, which glibc
/// reads since 2.36): a megabyte less to load and to keep. Swift's runtime calls 25 functions of libstdc++; they are linked in,
/// since to load and relocate the whole library costs another megabyte and a sixth of the time to start. Nobody loads a program as a
/// library, so it exports no symbols: half a megabyte and a quarter of a millisecond.
let linked: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
      "-Xlinker", "--remap-inputs=*/libstdc++.so=/dev/null",
      "-Xlinker", "--no-export-dynamic",
      "-Xlinker", "--push-state", "-Xlinker", "-Bstatic", "-Xlinker", "-lstdc++", "-Xlinker", "--pop-state",
    ], .when(platforms: [.linux]))
]

let package = Package(
  name: "DigitPanel",
  products: [
    .executable(name: "panel", targets: ["Panel"]),
    .executable(name: "panelctl", targets: ["PanelControl"]),
    .executable(name: "stroke-render", targets: ["StrokeRender"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // C libraries: module maps and one-line shims, no C code.
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CDRM", pkgConfig: "libdrm", providers: [.apt(["libdrm-dev"])]),
    .systemLibrary(name: "CEvdev", pkgConfig: "libevdev", providers: [.apt(["libevdev-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    .systemLibrary(name: "CInih", pkgConfig: "inih", providers: [.apt(["libinih-dev"])]),
    .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
    .systemLibrary(name: "CSIMD"),
    .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
    // Its declarations only: the library is loaded where it is used.
    .systemLibrary(name: "CPostgres", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),

    // The recogniser's fast kernels: one target an instruction set, since an intrinsic above the target's own crashes the
    // compiler; which of them runs is chosen at run time.
    .target(name: "VectorTasks", path: "Sources/Vector/Tasks", swiftSettings: edge),
    .target(
      name: "VectorSSE2", dependencies: ["VectorTasks", "CSIMD"], path: "Sources/Vector/SSE2",
      swiftSettings: edge),
    .target(
      name: "VectorAVX2", dependencies: ["VectorTasks", "CSIMD"], path: "Sources/Vector/AVX2",
      swiftSettings: edge + instructions(x86: "avx2")),
    .target(
      name: "VectorAVXVNNI", dependencies: ["VectorTasks", "CSIMD"], path: "Sources/Vector/AVXVNNI",
      swiftSettings: edge + instructions(x86: "avx2", "avxvnni")),
    .target(
      name: "VectorVNNI", dependencies: ["VectorTasks", "CSIMD"], path: "Sources/Vector/VNNI",
      swiftSettings: edge + instructions(x86: "avx2", "avx512f", "avx512bw", "avx512vl", "avx512vnni")),
    .target(
      name: "VectorNEON", dependencies: ["VectorTasks", "CSIMD"], path: "Sources/Vector/NEON",
      swiftSettings: edge),
    .target(
      name: "VectorDotProduct", dependencies: ["VectorTasks", "CSIMD"],
      path: "Sources/Vector/DotProduct",
      swiftSettings: edge + instructions(arm: "armv8.2-a+dotprod")),

    // The rooms, bottom up.
    .target(name: "Ink", swiftSettings: pure),
    .target(name: "JSON", swiftSettings: pure),
    .target(name: "Randomness", swiftSettings: pure),
    .target(name: "Kernel", dependencies: ["CLinux"], cSettings: gnu, swiftSettings: edge),
    .target(name: "PNG", dependencies: ["CPNG", "CZlib"], cSettings: gnu, swiftSettings: edge),
    .target(
      name: "Recognizer",
      dependencies: [
        "Ink", "CSIMD", "VectorTasks", "VectorSSE2", "VectorAVX2", "VectorAVXVNNI",
        "VectorVNNI", "VectorNEON", "VectorDotProduct",
      ], swiftSettings: pure),
    .target(
      name: "Touch", dependencies: ["Ink", "Kernel", "CEvdev", "CLinux"], cSettings: gnu, swiftSettings: edge),
    .target(
      name: "Display", dependencies: ["Ink", "Kernel", "PNG", "CDRM", "CFreeType", "CLinux"],
      cSettings: gnu, swiftSettings: edge),
    .target(
      name: "Spool",
      dependencies: ["Ink", "Kernel", "PNG", "Randomness", "Recognizer", "CSQLite", "CNettle"],
      exclude: ["RECORD.md"], cSettings: gnu, swiftSettings: edge),
    .target(
      name: "Sync", dependencies: ["Ink", "Kernel", "Spool", "CZlib"], exclude: ["PROTOCOL.md"],
      cSettings: gnu, swiftSettings: edge),
    .target(
      name: "Settings", dependencies: ["Ink", "Kernel", "CCrypt", "CInih"], cSettings: gnu,
      swiftSettings: edge),
    .target(
      name: "DataSet",
      dependencies: ["Ink", "JSON", "Kernel", "PNG", "Recognizer", "Spool", "CZlib", "CDeflate"],
      cSettings: gnu, swiftSettings: edge),

    // Training draws with the panel's own ink.
    .executableTarget(
      name: "StrokeRender", dependencies: ["Ink", "Recognizer"], cSettings: gnu, swiftSettings: edge),

    // The two programs.
    .executableTarget(
      name: "Panel",
      dependencies: [
        "Ink", "JSON", "Kernel", "PNG", "Randomness", "Touch", "Display", "Recognizer", "Spool", "Settings",
      ],
      cSettings: gnu, swiftSettings: edge, linkerSettings: linked),
    .executableTarget(
      name: "PanelControl",
      dependencies: [
        "Ink", "JSON", "Kernel", "PNG", "Randomness", "Recognizer", "Spool", "DataSet", "Settings", "Sync",
        "Display", "Touch", "CZlib", "CPostgres",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Health/STATUS.md", "Postgres/DATABASE.md"], cSettings: gnu, swiftSettings: edge,
      linkerSettings: linked),

    // What runs beside the panel in the virtual panel's guest.
    .executableTarget(
      name: "guest-witness", dependencies: ["CDRM", "CLinux"], path: "Tests/GuestWitness", cSettings: gnu,
      swiftSettings: edge),

    // Tests: a suite a room.
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: pure),
    .testTarget(name: "InkTests", dependencies: ["Ink", "Randomness"], cSettings: gnu, swiftSettings: edge),
    .testTarget(name: "KernelTests", dependencies: ["Kernel"], cSettings: gnu, swiftSettings: edge),
    .testTarget(
      name: "TouchTests",
      dependencies: ["Touch", "DescribedDevices", "Ink", "Kernel", "Randomness", "CLinux"],
      cSettings: gnu,
      swiftSettings: edge),
    // Touch devices as values, with what hands do on them, for the tests and for the virtual panel.
    .target(
      name: "DescribedDevices", dependencies: ["Touch", "Ink", "Kernel", "Randomness", "CEvdev"],
      path: "Tests/DescribedDevices", cSettings: gnu, swiftSettings: edge),
    .executableTarget(
      name: "virtual-touch", dependencies: ["DescribedDevices", "Touch", "Ink", "Kernel", "CLinux"],
      path: "Tests/VirtualTouch", cSettings: gnu, swiftSettings: edge),
    .testTarget(
      name: "RecognizerTests", dependencies: ["Recognizer", "Ink", "Randomness"], cSettings: gnu,
      swiftSettings: edge),
    .executableTarget(
      name: "display-check", dependencies: ["Display", "Ink", "Kernel", "CDRM"], path: "Tests/DisplayCheck",
      cSettings: gnu, swiftSettings: edge),
    .testTarget(
      name: "PNGTests", dependencies: ["PNG", "Randomness", "CZlib"], cSettings: gnu, swiftSettings: edge),
    .testTarget(
      name: "DisplayTests", dependencies: ["Display", "PNG", "Ink", "Kernel"], cSettings: gnu,
      swiftSettings: edge),
    .testTarget(
      name: "SpoolTests",
      dependencies: ["Spool", "Ink", "Kernel", "PNG", "Randomness", "Recognizer", "CSQLite"],
      exclude: ["Golden"], cSettings: gnu, swiftSettings: edge),
    .testTarget(
      name: "DataSetTests",
      dependencies: ["DataSet", "Spool", "Ink", "Kernel", "PNG", "Randomness", "Recognizer"],
      cSettings: gnu, swiftSettings: edge),
    .testTarget(
      name: "SyncTests", dependencies: ["Sync", "Spool", "Ink", "Kernel", "PNG", "Randomness", "CSQLite"],
      cSettings: gnu,
      swiftSettings: edge),
    .testTarget(
      name: "SettingsTests", dependencies: ["Settings", "Ink", "Randomness"], cSettings: gnu,
      swiftSettings: edge),
    .testTarget(
      name: "StrokeRenderTests", dependencies: ["StrokeRender", "Ink", "Kernel", "Recognizer"],
      cSettings: gnu, swiftSettings: edge),
    .testTarget(
      name: "PanelTests", dependencies: ["Panel", "Randomness"], exclude: ["Golden"], cSettings: gnu,
      swiftSettings: edge),
    .testTarget(
      name: "PanelControlTests",
      dependencies: [
        "PanelControl", "CZlib", "DataSet", "Ink", "JSON", "Kernel", "PNG", "Randomness", "Recognizer",
        "Settings",
        "Spool",
      ],
      cSettings: gnu, swiftSettings: edge),
  ],
  swiftLanguageModes: [.v6]
)
