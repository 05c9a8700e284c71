import DescribedDevices
import Ink
import Kernel
import Testing

@testable import Touch

@Suite("Visitors on described devices")
struct VisitTests {
  /// What a panel hears of a visit, and the places at which the hand was meant to be when it pressed.
  func heard(
    _ device: DescribedDevice, _ geometry: TouchGeometry, _ steps: String
  ) throws -> (events: [TouchEvent], decoder: TouchDecoder) {
    var visit = Visit(device: device, geometry: geometry)
    let recording = try visit.record(try VisitStep.parse(steps))
    // As a panel gets it: through the text of a recording.
    let read = try Recording(evemu: Array(EvemuWriter.text(recording).utf8))
    #expect(read == recording)
    var decoder = try TouchDecoder(read.description)
    var stream = TouchStream(geometry: geometry)
    for event in read.events { decoder.process(event, into: &stream) }
    return (stream.events, decoder)
  }

  static let touching = DescribedDevice.all.filter { $0.kind != nil }

  @Test(
    "what a hand draws arrives where it was drawn, on every device and in every rotation",
    arguments: touching,
    Rotation.allCases)
  func arrives(device: DescribedDevice, rotation: Rotation) throws {
    let panel = rotation.panelSize(scanoutWidth: 1280, scanoutHeight: 800)
    let geometry = TouchGeometry(
      width: panel.width, height: panel.height, rotation: rotation, matrix: device.matrix)
    let (events, _) = try heard(device, geometry, "draw 7:bar 300,210,280 tap 700,650")
    let strokes = Dictionary(grouping: events.filter { $0.phase != .hover }, by: \.contact)
      .values.sorted { $0[0].time < $1[0].time }
    try #require(strokes.count == 3)
    #expect(strokes.allSatisfy { $0.first?.phase == .down && $0.last?.phase == .up })
    // The hand as it was, against what the panel heard at the same time.
    var visitor = Visitor(device: device, panelWidth: geometry.width)
    visitor.draw(try #require(DigitShape.named("7:bar")), x: 300, y: 210, side: 280)
    visitor.tap(x: 700, y: 650)
    let meant = Dictionary(uniqueKeysWithValues: visitor.samples.map { ($0.time, $0.fingers) })
    // A unit of the coarsest device (the Pi's 480 lines on 800 pixels) is less than two pixels.
    for event in events where event.phase == .down || event.phase == .move {
      let finger = try #require(meant[event.time]?.first)
      #expect(abs(Double(event.x) - finger.x) < 1.2 && abs(Double(event.y) - finger.y) < 1.2)
    }
    // Every sample of the hand that changed the device's units is there.
    #expect(strokes[0].count > Int(device.rate / 5))
  }

  @Test("the report rate of a device is measured", arguments: touching)
  func rate(device: DescribedDevice) throws {
    let geometry = TouchGeometry(width: 1280, height: 800, matrix: device.matrix)
    let (_, decoder) = try heard(device, geometry, "draw 8 500,260,280 draw 3 500,260,280")
    let rate = try #require(decoder.reportRate)
    #expect(abs(rate - device.rate) < device.rate / 50)
  }

  @Test("the size of a finger comes through the device's units")
  func size() throws {
    for device in [DescribedDevice.usbTenPoint, .protocolA, .swappedAxes] {
      let geometry = TouchGeometry(width: 1280, height: 800, matrix: device.matrix)
      let (events, _) = try heard(device, geometry, "draw 1 500,260,280")
      // A finger covers about a 24th of the panel, give or take a quarter and a unit of the device.
      #expect(events.allSatisfy { abs($0.size - 53) < 14 })
    }
  }

  @Test("a palm of a visitor is cancelled, and a finger laid down amid a line never joins it")
  func mishaps() throws {
    let device = DescribedDevice.usbTenPoint
    let geometry = TouchGeometry(width: 1280, height: 800)
    let palm = try heard(device, geometry, "palm 300,300,200").events
    #expect(palm.map(\.phase).filter { $0 != .move } == [.down, .cancel])
    var filter = StrokeFilter()
    let line = try heard(device, geometry, "rest 100,100,500,100,1000,700,600 tap 20,20").events
    #expect(Set(line.map(\.contact)).count == 3)
    let admitted = line.filter { filter.admits($0) }
    #expect(Set(admitted.map(\.contact)).count == 2)
    #expect(admitted.allSatisfy { $0.y < 110 })
  }

  @Test("two fingers held at opposite corners are two contacts in the corners, in every rotation")
  func corners() throws {
    for device in [DescribedDevice.usbTenPoint, .protocolA, .lyingRange] {
      for rotation in Rotation.allCases {
        let panel = rotation.panelSize(scanoutWidth: 1280, scanoutHeight: 800)
        let geometry = TouchGeometry(width: panel.width, height: panel.height, rotation: rotation)
        let (events, _) = try heard(
          device, geometry, "pair 3,3,\(panel.width - 3),\(panel.height - 3),300")
        let ways = Dictionary(grouping: events, by: \.contact).values
        #expect(ways.count == 2)
        for way in ways { #expect(way.allSatisfy { abs($0.x - way[0].x) < 6 && abs($0.y - way[0].y) < 6 }) }
      }
    }
  }

  @Test("a device whose firmware oversteps its range is put on the edge")
  func edges() throws {
    let device = DescribedDevice.lyingRange
    let (events, decoder) = try heard(
      device, TouchGeometry(width: 1280, height: 800), "line -20,400,1300,400,400")
    #expect(events.map(\.x).min() == 0.5 && events.map(\.x).max() == 1279.5)
    #expect(decoder.axes?.x.observed == -64...4200)
  }

  @Test("the same seed is the same hand, another seed is another")
  func seeds() throws {
    let geometry = TouchGeometry(width: 1280, height: 800)
    let steps = try VisitStep.parse("draw 5 500,260,280")
    func recording(_ seed: UInt64) throws -> Recording {
      var visit = Visit(device: .usbTenPoint, geometry: geometry, seed: seed)
      return try visit.record(steps)
    }
    #expect(try recording(3) == recording(3))
    #expect(try recording(3) != recording(4))
  }

  @Test("every digit is there by at least two hands, within its square, and is drawn at a hand's speed")
  func digits() {
    for digit in 0...9 { #expect(DigitShape.hands(of: digit).count >= 2) }
    for shape in DigitShape.all {
      var visitor = Visitor(device: .usbTenPoint, panelWidth: 1280, tremor: 0)
      visitor.draw(shape, x: 0, y: 0, side: 280)
      let fingers = visitor.samples.compactMap(\.fingers.first)
      #expect(fingers.allSatisfy { (20...260).contains($0.x) && (20...260).contains($0.y) })
      let duration = Double(visitor.samples.last?.time ?? 0) / 1e9
      #expect(duration > 0.4 && duration < 4)
      // From rest to rest: the first and the last step of a stroke are far shorter than the longest.
      let first = visitor.samples.prefix { !$0.fingers.isEmpty }.compactMap(\.fingers.first)
      let steps = zip(first, first.dropFirst()).map { a, b in
        ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
      }
      let longest = steps.max() ?? 0
      #expect(longest > 10 * (steps.first ?? 0) && longest > 10 * (steps.last ?? 0))
    }
  }

  @Test("a visit is read from words, and says itself again")
  func parsing() throws {
    let text = """
      draw 7:bar 500,260,280 # with a bar
      tap 900,700
      hold 1,2,300 line 0,0,10,10.5,200 pair 1,2,3,4,3000
      rest 1,2,3,4,5,6,700 palm 5,6,70 wait 500 pull 1,2,3,4,50 unplug plug
      """
    let steps = try VisitStep.parse(text)
    #expect(steps.count == 11)
    let again = steps.map(\.description).joined(separator: " ")
    #expect(try VisitStep.parse(again).map(\.description) == steps.map(\.description))
    #expect(steps[3].description == "line 0,0,10,10.5,200")
  }

  @Test(
    "a step that is none is refused by its name",
    arguments: [
      ("dance", "dance"), ("draw 11 1,2,3", "draw 11"), ("draw 7:gothic 1,2,3", "draw 7:gothic"),
      ("draw", "draw "),
      ("tap 1", "tap 1"), ("tap 1,x", "tap 1,x"), ("tap 1,2,3", "tap 1,2,3"), ("wait", "wait "),
      ("line 1,2,3,4,inf", "line 1,2,3,4,inf"), ("hold 1,2,1e300", "hold 1,2,1e300"),
      ("strokes f", "strokes "),
    ])
  func refused(text: String, step: String) {
    let error = #expect(throws: VisitError.self) { try VisitStep.parse(text) }
    #expect(error?.description.contains(step) == true)
  }

  @Test("no recording holds a device that is pulled out")
  func pulled() throws {
    var visit = Visit(device: .usbTenPoint, geometry: TouchGeometry(width: 1280, height: 800))
    let steps = try VisitStep.parse("pull 1,2,3,4,50")
    #expect(throws: VisitError("pull 1,2,3,4,50", "a recording cannot pull the device out")) {
      try visit.record(steps)
    }
  }

  @Test("strokes from elsewhere are made to fit, with their aspect")
  func strokeFiles() throws {
    let strokes = try StrokeFile.parse("0 0\n100 0\n\n100 200\n", name: "x")
    #expect(strokes.count == 2)
    let points = strokes.flatMap { $0.flatMap { $0 } }
    #expect(points.map { Int(($0.x * 1000).rounded()) } == [325, 675, 675])
    #expect(points.map { Int(($0.y * 1000).rounded()) } == [150, 150, 850])
    #expect(throws: VisitError("strokes x", "line 2 is no point")) {
      try StrokeFile.parse("0 0\n1\n", name: "x")
    }
    #expect(throws: VisitError("strokes x", "it has no point")) { try StrokeFile.parse("\n", name: "x") }
  }

  // MARK: Assets/recordings

  static let recordings =
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Assets/recordings"

  @Test("the recordings of hands are what their steps give")
  func recordedHands() throws {
    let list = String(
      decoding: try contentsOfFile("\(Self.recordings)/hands.txt", limit: 1 << 16), as: UTF8.self)
    let lines = list.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count == 5)
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      var visit = Visit(
        device: .usbTenPoint, geometry: TouchGeometry(width: 1280, height: 800),
        seed: try #require(UInt64(words[1])))
      let recording = try visit.record(try VisitStep.parse(words: Array(words[2...])))
      let file = try contentsOfFile("\(Self.recordings)/\(words[0])", limit: 1 << 20)
      #expect(try Recording(evemu: file) == recording)
    }
  }

  @Test(
    "every recording that comes with the panel is strokes and a tap, and leaves no finger on the glass",
    arguments: (0...9).map { "digit-\($0)" } + ["digit-7-bar", "digit-1-upstroke", "free-play"])
  func shippedRecordings(name: String) throws {
    let recording = try Recording(
      evemu: try contentsOfFile("\(Self.recordings)/\(name).evemu", limit: 1 << 20))
    var decoder = try TouchDecoder(recording.description)
    var stream = TouchStream(geometry: TouchGeometry(width: 1280, height: 800))
    for event in recording.events { decoder.process(event, into: &stream) }
    let downs = stream.events.filter { $0.phase == .down }
    #expect(downs.count >= 2 && downs.count == stream.events.filter { $0.phase == .up }.count)
    #expect(!decoder.isPressed && stream.counters.cancelled == 0 && stream.counters.overflows == 0)
  }
}
