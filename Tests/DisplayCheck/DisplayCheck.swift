import CDRM
import Display
import Glibc
import Ink
import Kernel

/// A program that opens a screen and shows a known picture with ink, to be looked at on real displays and virtual ones.
///
///     display-check [DISPLAY [ROTATION [MODE [FRAMES]]]]
///     display-check probe [DISPLAY]
///     display-check bench
///
/// It tells each change of the screen, one line each. SIGUSR1 draws one more stroke into the front buffer, SIGUSR2 flips
/// 100 times with ink between, SIGHUP takes the card from its own screen and gives it back at the next SIGHUP, SIGTERM ends it well.
@main
struct DisplayCheck {
  static func main() {
    do throws(KernelError) {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      say("\(error)")
      exit(1)
    }
  }

  private static func run(_ words: [String]) throws(KernelError) {
    if words.first == "bench" { return bench() }
    if words.first == "probe" {
      say(Screen.probe(try DisplayRequest.parse(display: words.count > 1 ? words[1] : "auto")).text)
      return
    }
    func word(_ index: Int, _ otherwise: String) -> String { index < words.count ? words[index] : otherwise }
    let request = try DisplayRequest.parse(
      display: word(0, "auto"), rotation: word(1, "0"), mode: word(2, ""),
      frames: words.count > 3 ? words[3] : nil)
    let signals = try Signals([SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGHUP])
    let screen = try Screen(request) { say($0) }
    defer { screen.close() }
    say(screen.summary)
    say(
      "size \(screen.width)x\(screen.height), \(screen.millimetres.map { "\($0.width)x\($0.height) mm" } ?? "unknown size")"
    )
    let picture = try TestPicture()
    picture.draw(on: screen)
    screen.flip()
    if case .headless = request.kind {
      picture.ink(on: screen)
      screen.flip()
      return
    }
    let poll = try Poll()
    try poll.add(signals.raw, tag: 0)
    try poll.add(screen.descriptor, tag: 1)
    // The first flip must be done before ink counts as drawn into the front buffer.
    picture.ink(on: screen)
    say("ready")
    var thief: FileDescriptor?
    var flips = 0
    while true {
      try poll.wait { _, _ in }
      for change in screen.handleEvents() {
        say("change \(change)")
        if change == .resized {
          say("size \(screen.width)x\(screen.height)")
          picture.draw(on: screen)
          screen.flip()
          picture.ink(on: screen)
        }
      }
      while let number = signals.next() {
        switch number {
        case SIGUSR1:
          picture.ink(on: screen)
          say("ink")
        case SIGUSR2:
          flips += 1
          try flipOften(screen, picture)
        case SIGHUP:
          if let held = thief.take() {
            _ = consume held
            say("given back")
          } else {
            thief = try steal()
            say("taken away")
            picture.draw(on: screen)
            screen.flip()
          }
        default:
          say("end")
          return
        }
      }
    }
  }

  /// Flips 100 times, faster than most displays, with ink between, and says how long it took.
  private static func flipOften(_ screen: Screen, _ picture: TestPicture) throws(KernelError) {
    let began = MonotonicClock.now()
    for step in 0..<100 {
      picture.draw(on: screen)
      screen.surface.fill(PixelRect(x: step * 4, y: screen.height / 2, width: 40, height: 40), .white)
      screen.flip()
      // Ink while the flip is on its way, into the buffer that is about to be seen.
      let ink = PixelRect(x: 60, y: 60 + step * 2, width: 30, height: 30)
      screen.surface.fill(ink, Color(0xF4F6F8))
      screen.show(ink)
      usleep(UInt32(step % 4) * 8_000)
      _ = screen.handleEvents()
    }
    picture.draw(on: screen)
    screen.flip()
    picture.ink(on: screen)
    say("100 flips in \((MonotonicClock.now() - began) / 1_000_000) ms")
  }

  /// How long copies into a scanout buffer take, in ordinary memory, which a real one is a little slower than.
  private static func bench() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 1920 * 1200 * 4, alignment: 64)
    defer { memory.deallocate() }
    for format in PixelFormat.allCases {
      for rotation in Rotation.allCases {
        let size = rotation.panelSize(scanoutWidth: 1280, scanoutHeight: 800)
        let surface = Surface(width: size.width, height: size.height, color: Color(0x123456))
        guard
          let layout = try? ScanoutLayout(
            width: 1280, height: 800, stride: 1280 * 4, format: format, size: 1280 * 800 * 4, of: "memory")
        else { continue }
        let times = [surface.bounds, PixelRect(x: 300, y: 300, width: 40, height: 40)].map { rect -> UInt64 in
          (0..<40).map { _ -> UInt64 in
            let began = MonotonicClock.now()
            surface.pixels.withUnsafeBufferPointer {
              copyToScanout(
                $0, width: surface.width, height: surface.height, rect, rotation: rotation, to: memory,
                layout: layout)
            }
            return MonotonicClock.now() - began
          }.sorted()[20]
        }
        say("\(format.rawValue) \(rotation.rawValue): whole \(times[0] / 1000) us, 40x40 \(times[1]) ns")
      }
    }
  }

  /// Drops master on the screen's own descriptor of the card, and becomes it on another, as a display server would.
  private static func steal() throws(KernelError) -> FileDescriptor {
    for number in 3..<64 as Range<Int32> {
      var path = [CChar](repeating: 0, count: 128)
      let length = readlink("/proc/self/fd/\(number)", &path, path.count)
      let name = String(decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard name.hasPrefix("/dev/dri/card") else { continue }
      drmDropMaster(number)
      let other = try FileDescriptor.open(name, O_RDWR)
      drmSetMaster(other.raw)
      return other
    }
    throw KernelError("find", "a card", reason: "the screen has none open")
  }

  private static func say(_ line: String) {
    print(line)
    fflush(nil)
  }
}

/// A picture in which every corner and direction can be told, whatever the size, and strokes of ink over it.
struct TestPicture {
  private let face: Typeface

  init() throws(KernelError) {
    face = try Typeface(inter: .semiBold)
  }

  /// A red, a green, a blue and a yellow corner (clockwise from the top left), a white frame, words, and ramps of colour.
  func draw(on screen: Screen) {
    let (width, height) = (screen.width, screen.height)
    screen.surface.fill(screen.surface.bounds, Color(0x101820))
    for x in 0..<width / 2 {
      let level = UInt8(x * 510 / width)
      for (row, color) in [
        Color(red: level, green: 0, blue: 0), Color(red: 0, green: level, blue: 0),
        Color(red: 0, green: 0, blue: level), Color(red: level, green: level, blue: level),
      ].enumerated() {
        screen.surface.fill(
          PixelRect(x: width / 4 + x, y: height * 3 / 4 + row * 8, width: 1, height: 8), color)
      }
    }
    let side = 48
    for (x, y, color) in [
      (0, 0, 0xFF0000), (width - side, 0, 0x00FF00), (width - side, height - side, 0x0000FF),
      (0, height - side, 0xFFFF00),
    ] {
      screen.surface.fill(PixelRect(x: x, y: y, width: side, height: side), Color(UInt32(color)))
    }
    screen.surface.stroke(screen.surface.bounds, .white, thickness: 1)
    face.draw(
      "Top \(width)x\(height)", on: &screen.surface, x: width / 2, baseline: 60, size: 40, color: .white,
      alignment: .center)
  }

  /// A stroke as a finger draws it: segment by segment into the front buffer.
  func ink(on screen: Screen) {
    var canvas = Canvas()
    let ramp = InkRamp(paper: Color(0x1A2230), ink: Color(0xF4F6F8))
    let (left, top) = (screen.width / 2 - 140, 90)
    screen.show(screen.surface.ink(canvas, canvas.bounds, x: left, y: top, ramp: ramp))
    var pen = Pen(diameter: Sketch.brush)
    var damage = pen.down(x: 70, y: 60, on: &canvas)
    for step in 0..<40 {
      screen.show(screen.surface.ink(canvas, damage, x: left, y: top, ramp: ramp))
      let (x, y) = step < 20 ? (70 + step * 7, 60) : (203 - (step - 20) * 5, 60 + (step - 20) * 9)
      damage = pen.move(x: Float(x), y: Float(y), on: &canvas)
    }
    screen.show(screen.surface.ink(canvas, damage, x: left, y: top, ramp: ramp))
  }
}
