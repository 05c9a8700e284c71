import ArgumentParser
import Glibc
import Kernel
import PNG

/// `panelctl screenshot`: what the visitor sees now.
struct Screenshot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screenshot",
    abstract: "Saves what the running panel shows, as PNG.",
    discussion: "Over SSH: ssh booth panelctl screenshot > booth.png")

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where to write it; without it, and as -, standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let toStandardOutput = output == nil || output == "-"
    if toStandardOutput, isatty(STDOUT_FILENO) == 1 {
      throw UsageError(
        description:
          "a terminal cannot show a PNG file; name one with -o FILE, or send standard output into one")
    }
    let place = try store.place(try store.settings().settings)
    guard let panel = try ControlClient.connect(spool: place.path) else {
      throw KernelError(
        "take", "a screenshot", reason: "no panel runs on the store \(place.path)",
        next: "start it (systemctl start panel), or name its store with --spool")
    }
    let picture = try panel.screenshot()
    let png = try PNG.encode(
      xrgb: picture.pixels, width: picture.width, height: picture.height, effort: .fast)
    if let output, !toStandardOutput {
      try OutputPlace.check(output)
      try OutputFile.write(png, to: output)
    } else {
      var standard = Output()
      try standard.bytes(png)
      try standard.flush()
    }
  }
}
