import DescribedDevices
import Testing

@testable import Touch

@Suite("Recordings in evemu's format")
struct RecordingTests {
  let sample = """
    # EVEMU 1.3
    # Kernel: 6.1.0
    N: Some Touch # 7
    I: 0003 222a 0001 0110
    P: 02 00 00 00 00 00 00 00
    B: 00 0b 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 00 00 00 00 00 00 00
    B: 01 00 04 00 00 00 00 00 00
    A: 00 0 4095 0 0 12
    A: 01 -5 4095 0 0
    L: 00 0
    S: 05 0

    ################################
    E: 0.000001 0003 0000 0100\t# EV_ABS / ABS_X 100
    E: 1.250000 0001 014a 0001
    E: 1.250000 0000 0000 0000\t# ------------ SYN_REPORT (0) ---------- +0ms\r
    E: 2.000000 0003 0001 -003
    """

  @Test("what evemu-record writes is read")
  func reading() throws {
    let recording = try Recording(evemu: Array(sample.utf8))
    #expect(recording.description.name == "Some Touch # 7")
    #expect(recording.description.identity == .init(bus: 3, vendor: 0x222a, product: 1, version: 0x0110))
    #expect(recording.description.properties == [DeviceProperty.direct])
    #expect(recording.description.has(key: 0x14a) == true)
    #expect(recording.description.axes == [0: AxisRange(0, 4095, resolution: 12), 1: AxisRange(-5, 4095)])
    #expect(
      recording.events == [
        InputEvent(time: 1000, type: 3, code: 0, value: 100),
        InputEvent(time: 1_250_000_000, type: 1, code: 0x14a, value: 1),
        InputEvent(time: 1_250_000_000, type: 0, code: 0, value: 0),
        InputEvent(time: 2_000_000_000, type: 3, code: 1, value: -3),
      ])
  }

  @Test("more properties than the kernel has are no recording")
  func properties() throws {
    let line = "N: x\nP:" + String(repeating: " 01", count: 128)
    #expect(try Recording(evemu: Array(line.utf8)).description.properties.count == 128)
    #expect(throws: RecordingError.self) { try Recording(evemu: Array("\(line)\nP: 01".utf8)) }
    #expect(throws: RecordingError.self) {
      try Recording(evemu: Array(String(repeating: "\(line)\n", count: 70).utf8))
    }
  }

  @Test("what is written is read back the same", arguments: DescribedDevice.all)
  func roundTrip(device: DescribedDevice) throws {
    let events = [
      InputEvent(time: 0, type: 3, code: 0x35, value: 12_345),
      InputEvent(time: 999_999_000, type: 3, code: 0x35, value: -7),
      InputEvent(time: 4_294_967_295_000_001_000, type: 0, code: 0, value: Int32.min),
    ]
    let recording = Recording(description: device.description, events: events)
    #expect(try Recording(evemu: Array(EvemuWriter.text(recording).utf8)) == recording)
  }

  @Test(
    "a damaged line is refused by its number",
    arguments: [
      ("N: a\nhello", 2), ("N: a\nX: 1", 2), ("N: a\nI: 1 2 3", 2), ("N: a\nI: 1 2 3 10000", 2),
      ("N: a\nP: 1g", 2),
      ("N: a\nA: 00 1 2", 2), ("N: a\nA: 00 0 99999999999 0 0 0", 2), ("N: a\n\nE: 0.1 0003 0000 1", 3),
      ("N: a\nE: 0.000001 0003 0000", 2), ("N: a\nE: -1.000000 0003 0000 1", 2),
      ("N: a\nE: 0.00000x 3 0 1", 2),
      ("N: a\nE: 2.000000 0003 0000 1\nE: 1.000000 0003 0000 2", 3), ("N: a\nE: 99999999999.000000 3 0 1", 2),
      ("N: a\nB:", 2), ("# no device", 0), ("", 0), ("N: a\nB: 100000 00", 2),
    ])
  func damaged(text: String, line: Int) {
    let error = #expect(throws: RecordingError.self) { try Recording(evemu: Array(text.utf8)) }
    #expect(error?.line == line)
    #expect(line == 0 || error?.description.hasPrefix("line \(line): ") == true)
  }

  @Test("a recording cut or changed anywhere gives a recording or an error")
  func anyBytes() {
    let whole = Array(sample.utf8)
    for end in whole.indices { _ = try? Recording(evemu: Array(whole[..<end])) }
    var state: UInt64 = 7
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 24)
      }
      _ = try? Recording(evemu: bytes)
    }
  }

  @Test("a name cannot break a recording or a message")
  func names() throws {
    var description = DescribedDevice.mouse.description
    description.name = "a\nE: 1 2 3\u{1b}[2J"
    let recording = try Recording(evemu: Array(EvemuWriter.head(description).utf8))
    #expect(recording.description.name == "a?E: 1 2 3?[2J")
    #expect(
      TouchCandidate(path: "p", name: description.name, verdict: .refused("x")).name == "a?E: 1 2 3?[2J")
  }

  @Test("any events of any device give contact changes that make sense", arguments: DescribedDevice.all)
  func anyEvents(device: DescribedDevice) throws {
    guard device.kind != nil else { return }
    var raw = try RawDevice(device.description)
    var state: UInt64 = 42
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    let codes: [UInt16] = [0, 1, 2, 3, 0x18, 0x2f, 0x30, 0x35, 0x36, 0x37, 0x39, 0x110, 0x140, 0x14a]
    let values: [Int32] = [-1, 0, 1, 2, 5, 300, 4095, Int32.max, Int32.min]
    var down: Set<Int32> = []
    for _ in 0..<20_000 {
      raw.send(
        UInt16(random(4)), codes[Int(random(UInt64(codes.count)))], values[Int(random(UInt64(values.count)))])
      if random(5) == 0 { raw.frame([]) }
      for event in raw.heard() {
        #expect(event.x >= 0.5 && event.x <= 1279.5 && event.y >= 0.5 && event.y <= 799.5)
        #expect(event.size >= 0)
        switch event.phase {
        case .down:
          let isNew = down.insert(event.contact).inserted
          #expect(isNew)
        case .move: #expect(down.contains(event.contact))
        case .up, .cancel:
          let wasDown = down.remove(event.contact) != nil
          #expect(wasDown)
        case .hover: #expect(event.contact == 0)
        }
      }
    }
    raw.decoder.cancel(time: raw.time, into: &raw.stream)
    for event in raw.heard() {
      let wasDown = down.remove(event.contact) != nil
      #expect(event.phase == .cancel && wasDown)
    }
    #expect(down.isEmpty)
  }
}
