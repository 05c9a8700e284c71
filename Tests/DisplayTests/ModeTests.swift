import Testing

@testable import Display

@Suite("which mode is taken")
struct ModeTests {
  static let modes = [
    DisplayMode(width: 1920, height: 1080, refresh: 60_000, isInterlaced: true),
    DisplayMode(width: 1280, height: 800, refresh: 59_810),
    DisplayMode(width: 1280, height: 800, refresh: 74_934, isPreferred: true),
    DisplayMode(width: 1920, height: 1080, refresh: 50_000),
    DisplayMode(width: 1920, height: 1080, refresh: 59_940),
    DisplayMode(width: 640, height: 480, refresh: 59_940),
  ]

  func choose(
    _ wanted: DisplayRequest.Mode? = nil, running: DisplayMode? = nil, _ modes: [DisplayMode] = modes
  )
    -> String
  {
    DisplayMode.choose(wanted, of: modes, running: running).map { "\($0)\($0.isInterlaced ? "i" : "")" }
      ?? "none"
  }

  @Test("without a wish it is the one that the display prefers")
  func preferred() {
    #expect(choose() == "1280x800@75")
    #expect(choose(running: Self.modes[5]) == "1280x800@75")
  }

  @Test("the running mode stays where it has the preferred size, so that nothing flickers")
  func running() {
    #expect(choose(running: Self.modes[1]) == "1280x800@60")
  }

  @Test("a wish is met at its rate, or else at the best there is, never interlaced")
  func wished() {
    #expect(choose(.init(width: 1920, height: 1080)) == "1920x1080@60")
    #expect(choose(.init(width: 1920, height: 1080, refresh: 50)) == "1920x1080@50")
    #expect(choose(.init(width: 1920, height: 1080), running: Self.modes[3]) == "1920x1080@50")
    #expect(choose(.init(width: 1280, height: 800)) == "1280x800@75")
  }

  @Test("a wish that cannot be met takes the preferred mode")
  func unmet() {
    #expect(choose(.init(width: 1920, height: 1080, refresh: 144)) == "1280x800@75")
    #expect(choose(.init(width: 1, height: 1)) == "1280x800@75")
  }

  @Test("a display that prefers nothing keeps what runs, or else takes the largest")
  func unpreferred() {
    let modes = Self.modes.filter { !$0.isPreferred }
    #expect(choose(modes).hasPrefix("1920x1080"))
    #expect(choose(running: Self.modes[5], modes) == "640x480@60")
  }

  @Test("an interlaced mode is better than none, and no mode is none")
  func last() {
    #expect(choose([Self.modes[0]]) == "1920x1080@60i")
    #expect(choose([]) == "none")
  }

  private func choose(_ modes: [DisplayMode]) -> String { choose(nil, running: nil, modes) }

  @Test("the kernel's timings come back unchanged, and tell the rate to a thousandth")
  func timings() {
    var mode = DisplayMode(width: 0, height: 0, refresh: 0)
    mode.timing = [74_250, 1280, 1390, 1430, 1650, 0, 720, 725, 730, 750, 0, 60, 5, 72]
    let read = DisplayMode(mode.info)
    #expect(read.timing == mode.timing)
    #expect((read.width, read.height, read.refresh) == (1280, 720, 60_000))
    #expect(read.isPreferred && !read.isInterlaced)
    #expect(read.isSame(as: read))
    var other = read
    other.timing[0] = 74_176
    #expect(!read.isSame(as: other))
    #expect(DisplayMode(other.info).refresh == 59_940)
  }

  @Test("formats are tried as they are listed, but for a driver that prefers 16 bits")
  func formats() {
    #expect(PixelFormat.order(nil, preferredDepth: 0) == [.xrgb8888, .xbgr8888, .rgb888, .rgb565])
    #expect(PixelFormat.order([.rgb565, .xrgb8888], preferredDepth: 24) == [.xrgb8888, .rgb565])
    #expect(PixelFormat.order([.rgb565, .xrgb8888], preferredDepth: 16) == [.rgb565, .xrgb8888])
    #expect(PixelFormat.order([.xrgb8888], preferredDepth: 16) == [.xrgb8888])
    #expect(PixelFormat.order([], preferredDepth: 16) == [])
  }
}
