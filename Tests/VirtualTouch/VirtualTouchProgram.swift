import DescribedDevices
import Glibc
import Ink
import Kernel
import Touch

/// `virtual-touch`: a visitor's hand where there is none. Plays drawings, taps and mishaps into devices made by uinput, or
/// writes them as recordings.
@main
struct VirtualTouchProgram {
  static let help = """
    virtual-touch: plays visitors into touch devices made by uinput, and writes recordings of them

    virtual-touch list                           the described devices
    virtual-touch digits                         the digits and the hands that write them
    virtual-touch play [OPTIONS] STEP…           makes a device and does the steps in real time
    virtual-touch play [OPTIONS] -               the same, with steps from standard input, answered line by line
    virtual-touch replay [OPTIONS] RECORDING     makes the device of a recording in evemu's format and plays it
    virtual-touch recording [OPTIONS] FILE STEP… writes the steps as a recording in evemu's format, without uinput
    virtual-touch create DEVICE…                 makes devices that stay until standard input ends
    virtual-touch nodes [DIRECTORY]              what a panel would take of /dev/input, and why not the others
    virtual-touch watch [OPTIONS] MS             tells what a panel would hear
    virtual-touch check                          proves the touch room against this kernel (root, uinput)

    Options of play, recording and watch:
      --device DEVICE    a described device (usb-10-point)
      --panel WxH        the panel in pixels, after its rotation (1280x800)
      --rotate N         the panel's rotation: 0, 90, 180 or 270 (0)
      --matrix "a b c d e f"  the digitizer matrix that the panel has set (the one that the device needs)
      --seed N           another hand (1)
      --slow F           everything takes F times as long (1)
      --tremor F         deviation of the hand in panel pixels (0.3)
      --settle MS        wait after a device was made, until the panel has found it (1000)
      --script FILE      steps from a file, before those of the command line

    Steps, in panel pixels and milliseconds:
    \(VisitStep.help)
    """

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      try run(arguments)
    } catch let error as VisitError {
      say("virtual-touch: \(error)", to: 2)
      exit(2)
    } catch let error as Usage {
      say("virtual-touch: \(error.reason); virtual-touch --help tells more", to: 2)
      exit(2)
    } catch {
      say("virtual-touch: \(error)", to: 2)
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    guard let command = arguments.first else { throw Usage("a command is missing") }
    let rest = Array(arguments.dropFirst())
    switch command {
    case "--help", "-h", "help": say(help)
    case "list":
      for device in DescribedDevice.all {
        say("\(device.key)\t\(device.kind.map { "\($0)" } ?? "to be refused")\t\(device.note)")
      }
    case "digits": for shape in DigitShape.all { say("\(shape.digit):\(shape.hand)") }
    case "play": try play(Options(rest))
    case "replay": try replay(Options(rest))
    case "recording": try record(Options(rest))
    case "create": try create(rest)
    case "nodes": try nodes(rest)
    case "watch": try watch(Options(rest))
    case "check": exit(try Check.run() ? 0 : 1)
    default: throw Usage("there is no command \(command)")
    }
  }

  // MARK: - Commands

  private static func play(_ options: Options) throws {
    let isLineByLine = options.words == ["-"]
    let steps = try isLineByLine ? options.scriptSteps() : options.steps()
    var player = Player(options)
    try player.plug()
    for step in steps { try player.perform(step) }
    if isLineByLine {
      say("ready")
      while let line = readLine() {
        do throws(VisitError) {
          for step in try VisitStep.parse(line, contents: textOfFile) { try perform(step, with: &player) }
          say("ready")
        } catch { say("refused \(error)") }
      }
    }
    say("done")
  }

  /// A step whose device or file fails is told, and the next line is read.
  private static func perform(_ step: VisitStep, with player: inout Player) throws(VisitError) {
    do { try player.perform(step) } catch { throw VisitError("\(step)", "\(error)") }
  }

  private static func record(_ options: Options) throws {
    guard let file = options.words.first else { throw Usage("a file must follow recording") }
    var rest = options
    rest.words.removeFirst()
    var visit = rest.visit()
    let recording = try visit.record(try rest.steps())
    try write(EvemuWriter.text(recording), to: file)
    let end = recording.events.last?.time ?? 0
    say("\(file): \(recording.events.filter(\.endsFrame).count) frames, \(end / 1_000_000) ms")
  }

  private static func replay(_ options: Options) throws {
    guard let file = options.words.first, options.words.count == 1 else {
      throw Usage("one recording must follow replay")
    }
    let recording: Recording
    do { recording = try Recording(evemu: try contentsOfFile(file, limit: 64 << 20)) } catch let error
      as RecordingError
    {
      throw KernelError("replay", file, reason: error.description)
    }
    let device = try VirtualDevice(recording.description)
    say("device \(recording.description.name) at \(device.path)")
    Player.sleep(until: MonotonicClock.now() + options.settle)
    let late = try Player.send(recording.events, to: device, start: MonotonicClock.now())
    say(
      "played \(file): \(recording.events.filter(\.endsFrame).count) frames, at most \(late / 1000) us late")
    say("done")
  }

  private static func create(_ keys: [String]) throws {
    if keys.isEmpty { throw Usage("a device must follow create") }
    var made: [HeldDevice] = []
    for key in keys {
      let device = try HeldDevice(try Options.device(key).description)
      say("device \(key) at \(device.path)")
      made.append(device)
    }
    say("ready")
    while readLine() != nil {}
    withExtendedLifetime(made) {}
  }

  private static func nodes(_ words: [String]) throws {
    let input = try TouchInput(
      .auto, geometry: TouchGeometry(width: 1280, height: 800), directory: words.first ?? "/dev/input")
    for candidate in input.candidates { say("\(candidate)") }
    say(input.candidates.contains(where: \.isTaken) ? "done" : "no touch device")
  }

  private static func watch(_ options: Options) throws {
    guard let milliseconds = options.words.first.flatMap({ UInt64($0) }) else {
      throw Usage("MS must follow watch")
    }
    let input = try TouchInput(.auto, geometry: options.geometry)
    say(input.summary)
    let poll = try Poll()
    try poll.add(input.descriptor, tag: 0)
    let end = MonotonicClock.now() + milliseconds * 1_000_000
    var events: [TouchEvent] = []
    var known = input.candidates
    while MonotonicClock.now() < end {
      try poll.wait(timeout: 20) { _, _ in input.read(into: &events) }
      for event in events { say(describe(event)) }
      events.removeAll(keepingCapacity: true)
      for candidate in input.candidates where !known.contains(candidate) { say("\(candidate)") }
      known = input.candidates
    }
    for device in input.devices {
      let rate = device.reportRate.map { "\(Int($0.rounded())) reports a second" } ?? "no report rate yet"
      say("\(device.name): \(rate)\(device.note.map { "; \($0)" } ?? "")")
    }
    say("\(input.counters)")
  }

  static func describe(_ event: TouchEvent) -> String {
    func tenth(_ value: Float) -> String { "\(Double((value * 10).rounded()) / 10)" }
    return
      "\(event.phase) \(event.contact) \(tenth(event.x)),\(tenth(event.y)) size \(tenth(event.size)) \(event.pointer)"
  }

  // MARK: - Files

  static func textOfFile(_ path: String) throws(VisitError) -> String {
    do throws(KernelError) {
      return String(decoding: try contentsOfFile(path, limit: 16 << 20), as: UTF8.self)
    } catch { throw VisitError("strokes \(path)", error.description) }
  }

  private static func write(_ text: String, to path: String) throws(KernelError) {
    let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(Array(text.utf8), to: path)
  }
}

/// A command line that cannot be understood.
struct Usage: Error {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}

/// Writes a line at once, so that whoever waits for it reads it.
func say(_ line: String, to descriptor: Int32 = 1) {
  var bytes = Array(line.utf8)[...]
  bytes.append(UInt8(ascii: "\n"))
  while !bytes.isEmpty {
    let n = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if n > 0 { bytes = bytes.dropFirst(n) } else if errno != EINTR { return }
  }
}
