import Glibc
import Kernel
import Testing

@testable import Display

@Suite("Backlight")
struct BacklightTests {
  /// A directory like /sys/class/backlight, with these lights.
  private func withLights(
    _ lights: [(name: String, type: String, maximum: String, now: String)], _ body: (String) throws -> Void
  ) throws {
    let name = try #require(strdup("/tmp/backlight-XXXXXX"))
    defer { free(name) }
    try #require(mkdtemp(name) != nil)
    let root = String(cString: name)
    defer {
      for light in lights {
        for file in ["type", "max_brightness", "brightness"] { unlink("\(root)/\(light.name)/\(file)") }
        rmdir("\(root)/\(light.name)")
      }
      rmdir(root)
    }
    for light in lights {
      try #require(mkdir("\(root)/\(light.name)", 0o755) == 0)
      for (file, text) in [
        ("type", light.type), ("max_brightness", light.maximum), ("brightness", light.now),
      ] {
        let path = "\(root)/\(light.name)/\(file)"
        let out = try FileDescriptor.open(path, O_WRONLY | O_CREAT)
        try out.writeAll(Array("\(text)\n".utf8), to: path)
      }
    }
    try body(root)
  }

  @Test("without a backlight there is none")
  func none() throws {
    #expect(Backlight.find(in: "/nonexistent") == nil)
    try withLights([]) { #expect(Backlight.find(in: $0) == nil) }
    try withLights([("broken", "raw", "zero", "0"), ("off", "raw", "0", "0")]) {
      #expect(Backlight.find(in: $0) == nil)
    }
  }

  @Test("firmware is taken before platform before raw")
  func order() throws {
    try withLights([("a", "raw", "255", "1"), ("b", "platform", "15", "1"), ("c", "firmware", "7", "1")]) {
      root in
      #expect(Backlight.find(in: root)?.path == "\(root)/c")
    }
    try withLights([("z", "platform", "15", "1"), ("a", "raw", "255", "1")]) { root in
      #expect(Backlight.find(in: root)?.path == "\(root)/z")
    }
  }

  @Test("percent is set and read back, and never quite dark", arguments: [7, 15, 255, 100_000])
  func percent(maximum: Int) throws {
    try withLights([("rpi", "raw", "\(maximum)", "\(maximum)")]) { root in
      let light = try #require(Backlight.find(in: root))
      #expect(light.percent == 100)
      for percent in stride(from: 10, through: 100, by: 10) {
        try light.set(percent: percent)
        let step = (100 + maximum - 1) / maximum
        #expect(abs((light.percent ?? -1000) - percent) <= step)
      }
      try light.set(percent: 0)
      #expect(try contentsOfFile("\(light.path)/brightness", limit: 64).starts(with: Array("1\n".utf8)))
    }
  }

  @Test("a file that may not be written says what to do")
  func refused() throws {
    try withLights([("rpi", "raw", "255", "100")]) { root in
      let light = try #require(Backlight.find(in: root))
      unlink("\(light.path)/brightness")
      try #require(mkdir("\(light.path)/brightness", 0o755) == 0)
      let error = #expect(throws: KernelError.self) { try light.set(percent: 50) }
      #expect(error?.nextStep?.contains("udev") == true)
      #expect(light.percent == nil)
      rmdir("\(light.path)/brightness")
    }
  }
}
