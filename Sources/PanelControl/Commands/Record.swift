import ArgumentParser
import Glibc
import Kernel
import Settings
import Touch

/// `panelctl record`: what a touch device sends, as a file that is played again anywhere.
struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Records a touch device in evemu's format, beside a running panel too.",
    discussion: """
      Ends with Ctrl-C, after --seconds, or when the device goes. Play it with panel --touch replay:FILE, or with \
      evemu-play. It holds what visitors draw: handle it as you handle their drawings.
      """)

  @Argument(help: ArgumentHelp("The file to write.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp(
      "The device, such as /dev/input/event3 (default: as the configuration says, or the only one).",
      valueName: "path"))
  var device: String?

  @Option(help: ArgumentHelp("Ends after so many seconds.", valueName: "n"))
  var seconds: Int?

  @OptionGroup var store: StoreOptions

  func validate() throws {
    if let seconds, !(1...86_400).contains(seconds) {
      throw ValidationError("--seconds takes a number from 1 to 86400, not \(seconds).")
    }
  }

  func run() throws {
    let path = try device ?? Record.device(try store.settings().settings)
    // Blocked before it records, so that the file always ends with a whole event.
    let signals = try Signals([SIGINT, SIGTERM, SIGHUP])
    try OutputPlace.check(file)
    let recorder = try TouchRecorder(device: path, file: file)
    Output.complain("recording \(TerminalText.escaped(recorder.description.name)) (\(path)); Ctrl-C ends it")
    let there = try Record.record(recorder, signals, seconds: seconds)
    var output = Output()
    try output.line("\(recorder.frames) touch frames in \(TerminalText.escaped(file))")
    try output.flush()
    if recorder.overflows > 0 {
      Output.complain(
        "the kernel dropped events \(recorder.overflows) times; record on a machine that is less busy")
    }
    if !there { Output.complain("the device went away; plug it in again and record anew for the rest") }
    if recorder.overflows > 0 || !there { throw Outcome.attention }
  }

  /// Records until a signal or the time ends it, or the device goes.
  ///
  /// - Returns: whether the device is still there.
  private static func record(
    _ recorder: TouchRecorder, _ signals: borrowing Signals, seconds: Int?
  ) throws(KernelError) -> Bool {
    let poll = try Poll()
    try poll.add(recorder.descriptor, tag: 0)
    try poll.add(signals.raw, tag: 1)
    let deadline = seconds.map { MonotonicClock.now() + UInt64($0) * 1_000_000_000 }
    while true {
      var (ready, ended) = (false, false)
      let now = MonotonicClock.now()
      let left = deadline.map { $0 > now ? ($0 - now) / 1_000_000 + 1 : 0 }
      try poll.wait(timeout: left.map { Int32(clamping: $0) } ?? -1) { tag, _ in
        if tag == 0 { ready = true } else { ended = true }
      }
      if ready, try !recorder.record() { return false }
      if ended || deadline.map({ MonotonicClock.now() >= $0 }) == true { return true }
    }
  }

  /// The device that the configuration names, or the only one that a panel would take.
  private static func device(_ settings: Settings) throws(KernelError) -> String {
    let selection = try TouchSelection(settings.touch)
    if case .device(let path) = selection { return path }
    let input = try TouchInput(.auto, geometry: TouchGeometry(width: 1280, height: 800))
    let devices = input.devices
    if devices.count == 1, let only = devices.first { return only.path }
    let next = "name one with --device; panelctl doctor shows them"
    if devices.isEmpty {
      throw KernelError("record", "touch", reason: "there is no device that can touch", next: next)
    }
    let names = devices.map { "\($0.name) (\($0.path))" }.joined(separator: ", ")
    throw KernelError("record", "touch", reason: "there are \(devices.count) devices, \(names)", next: next)
  }
}
