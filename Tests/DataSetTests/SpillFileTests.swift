import Glibc
import Testing

@testable import DataSet

@Suite("Columns that wait for their rows")
struct SpillFileTests {
  @Test(
    "chunks come back as they went in, from memory or from the disk",
    arguments: [
      [], [0], [7, 0, 9], [65_532], [65_531, 1], [300_000, 5], [Int](repeating: 999, count: 400),
    ])
  func roundTrip(_ sizes: [Int]) throws {
    let chunks = sizes.enumerated().map { n, size in (0..<size).map { UInt8(truncatingIfNeeded: $0 / 3 + n) }
    }
    let spill = SpillFile(in: "/tmp")
    for chunk in chunks { try spill.write(chunk) }
    try spill.rewind()
    for chunk in chunks { #expect(try spill.next() == chunk) }
    #expect(try spill.next() == nil)
  }

  @Test("a directory is needed only by what does not fit the buffer, and then its name is told")
  func noDirectory() throws {
    let spill = SpillFile(in: "/no/such/directory")
    try spill.write([1, 2, 3])
    let complaint = #expect(throws: (any Error).self) {
      try spill.write([UInt8](repeating: 0, count: 1 << 16))
    }
    #expect(complaint.map { "\($0)" }?.contains("/no/such/directory") == true)
  }
}
