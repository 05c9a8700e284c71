import Glibc
import Randomness

@testable import Recognizer

/// Files of the repository and of the data folder beside it.
enum Fixture {
  static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  /// The stroke and image sets, which are not part of the repository.
  static let data = root + "/../shared/data"
  static var hasData: Bool { access(data + "/mnist", R_OK) == 0 }

  static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// The bytes of a gzip file, unpacked by the gzip program; nil where either is missing.
  static func unpacked(_ path: String) -> [UInt8]? {
    guard access(path, R_OK) == 0, let pipe = popen("gzip -dc '\(path)'", "r") else { return nil }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, pipe)
      if count == 0 { return bytes.isEmpty ? nil : bytes }
      bytes += chunk[..<count]
    }
  }

  static let model = bytes(root + "/Assets/model/digits.safetensors") ?? []
}

/// A safetensors file built by hand, so that each part of it can be made wrong.
struct ModelFile {
  struct Tensor {
    var name: String
    var type: String
    var shape: [Int]
    var data: [UInt8]
  }

  var tensors: [Tensor]
  var metadata: [(String, String)]

  /// A small network that is right: 28 -> 3 by 16 kernels of 5 x 5, then 11 kernels over all of it.
  static func small(seed: UInt64 = 1) -> ModelFile {
    var random = SplitMix64(seed: seed)
    func numbers(_ count: Int, _ range: ClosedRange<Int>, bytes: Int) -> [UInt8] {
      (0..<count).flatMap { _ in
        let value = Int.random(in: range, using: &random)
        return (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
    }
    return ModelFile(
      tensors: [
        Tensor(
          name: "layer0.weight", type: "I8", shape: [16, 5, 5, 1], data: numbers(400, -127...127, bytes: 1)),
        Tensor(name: "layer0.bias", type: "I32", shape: [16], data: numbers(16, -5000...5000, bytes: 4)),
        Tensor(
          name: "layer0.multiplier", type: "I16", shape: [16], data: numbers(16, 3000...32767, bytes: 2)),
        Tensor(
          name: "layer1.weight", type: "I8", shape: [11, 3, 3, 16], data: numbers(1584, -127...127, bytes: 1)),
        Tensor(name: "layer1.bias", type: "I32", shape: [11], data: numbers(11, -5000...5000, bytes: 4)),
        Tensor(
          name: "layer1.multiplier", type: "I16", shape: [11], data: numbers(11, 3000...32767, bytes: 2)),
      ],
      metadata: [
        ("format", "digit-panel"), ("version", "test-1"), ("layers", "2"), ("threshold", "30000"),
        ("layer0.stride", "8"), ("layer0.padding", "0"), ("layer0.shift", "6"),
        ("layer1.stride", "1"), ("layer1.padding", "0"), ("layer1.shift", "4"),
      ])
  }

  /// The same file with one metadata value changed, or taken out.
  func with(_ key: String, _ value: String?) -> ModelFile {
    var copy = self
    copy.metadata.removeAll { $0.0 == key }
    if let value { copy.metadata.append((key, value)) }
    return copy
  }

  /// The same file with one tensor changed.
  func with(tensor index: Int, _ change: (inout Tensor) -> Void) -> ModelFile {
    var copy = self
    change(&copy.tensors[index])
    return copy
  }

  var header: String {
    var offset = 0
    var parts = [
      "\"__metadata__\":{" + metadata.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",") + "}"
    ]
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(offset + tensor.data.count)]}")
      offset += tensor.data.count
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  var bytes: [UInt8] { ModelFile.file(header: header, data: tensors.flatMap(\.data)) }

  static func file(header: String, data: [UInt8]) -> [UInt8] {
    let length = header.utf8.count
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
  }
}
