import CDRM
import Glibc
import Ink
import Kernel

/// Owns a CRTC with a connector, and the dumb buffers that it shows in turn.
///
/// Ink goes into the buffer that is seen, or is about to be. A whole picture goes into the other one, which is then
/// exchanged by a page flip; its event tells that the old one is free. Where a second buffer does not fit, whole pictures
/// are copied into the first at the next vblank. The mode is set with the first picture, so that there is no black gap.
final class DRMOutput: ScreenOutput {
  private enum Flip {
    case idle
    /// A flip is on its way; `isWanted` asks for another one as soon as it is done.
    case pending(isWanted: Bool, since: UInt64)
    /// The driver is still busy with what it got before (EBUSY).
    case retry(at: UInt64)
    /// The picture is copied at the next vblank.
    case vblank(since: UInt64)
  }

  /// A driver that tells nothing for so long tells nothing any more.
  private static let patience: UInt64 = 1_000_000_000

  let card: DRMCard
  let connector: ConnectorReport
  let mode: DisplayMode
  private let crtc: UInt32
  private let committer: any CRTCCommit
  private let flusher: Flusher
  private let log: (String) -> Void
  private var front: DumbBuffer
  private var back: DumbBuffer?
  private var flip = Flip.idle
  private var isModeSet = false
  private var isSlowTold = false
  /// errno of a commit that lost the display; taken by the screen.
  private var fault: Int32 = 0

  /// Prepares the CRTC; nothing is seen before the first picture.
  ///
  /// - Parameter tell: called on any thread when ``takeFault()`` may have something.
  /// - Throws: ``KernelError`` when another program is master, memory is short, or the driver refuses the mode.
  init(
    card: DRMCard, connector: ConnectorReport, mode: DisplayMode, log: @escaping (String) -> Void,
    tell: @escaping @Sendable () -> Void
  ) throws(KernelError) {
    try card.becomeMaster()
    guard let crtc = connector.crtcs.first else {
      throw KernelError("use", connector.name, reason: "no CRTC can drive it")
    }
    let committer: any CRTCCommit =
      AtomicCommit(card: card, crtc: crtc, connector: connector.id)
      ?? LegacyCommit(card: card, crtc: crtc, connector: connector.id)
    let front = try DRMOutput.buffer(card, mode, committer.formats)
    let code = committer.commit(framebuffer: front.framebuffer, mode: mode, isTest: true)
    if code != 0 { throw DRMOutput.refusal(of: mode, on: "\(connector.name) of \(card.name)", code) }
    back = try? DumbBuffer(card: card, width: mode.width, height: mode.height, format: front.layout.format)
    flusher = try Flusher(card: card, tell: tell)
    self.front = front
    self.card = card
    self.connector = connector
    self.mode = mode
    self.crtc = crtc
    self.committer = committer
    self.log = log
    card.save(crtc: crtc, connector: connector.id)
    CrashGuard.watch(card: card.raw)
  }

  /// The first buffer, in the first format that the driver takes.
  private static func buffer(
    _ card: DRMCard, _ mode: DisplayMode, _ formats: [PixelFormat]?
  ) throws(KernelError) -> DumbBuffer {
    var failure: KernelError?
    for format in PixelFormat.order(formats, preferredDepth: card.preferredDepth) {
      do throws(KernelError) {
        return try DumbBuffer(card: card, width: mode.width, height: mode.height, format: format)
      } catch {
        if failure == nil { failure = error }
      }
    }
    throw failure ?? KernelError("use", card.name, reason: "it shows none of the known formats of pixels")
  }

  private static func refusal(of mode: DisplayMode, on object: String, _ code: Int32) -> KernelError {
    code == EACCES || code == EPERM
      ? DRMCard.held(object, errno: code) : KernelError("set mode \(mode) of", object, errno: code)
  }

  var name: String {
    let buffers = back == nil ? "one buffer" : "two buffers"
    return
      "\(connector.name) of \(card.name), \(mode), \(front.layout.format.rawValue), \(committer.kind), \(buffers)"
  }
  var scanoutWidth: Int { mode.width }
  var scanoutHeight: Int { mode.height }
  var millimetres: (width: Int, height: Int)? { connector.millimetres.map { ($0.width, $0.height) } }

  /// When ``tick(_:rotation:)`` is to be called; nil while nothing is waited for.
  var deadline: UInt64? {
    switch flip {
    case .idle: nil
    case .pending(_, let since), .vblank(let since): since + DRMOutput.patience
    case .retry(let at): at
    }
  }

  /// What an errno of ``takeFault()`` means, as a sentence.
  func describe(_ fault: Int32) -> KernelError {
    DRMOutput.refusal(of: mode, on: "\(connector.name) of \(card.name)", fault)
  }

  /// errno of what lost the display, once.
  func takeFault() -> Int32 {
    let told = flusher.takeFault()
    defer { fault = 0 }
    return fault != 0 ? fault : told
  }

  func show(_ rect: PixelRect, of surface: borrowing Surface, rotation: Rotation) {
    guard isModeSet else { return }
    front.write(surface, rect, rotation)
    let damage = rect.intersection(surface.bounds)
    if damage.isEmpty { return }
    flusher.damage(
      rotation.scanout(damage, scanoutWidth: mode.width, scanoutHeight: mode.height), of: front.framebuffer)
  }

  func flip(_ surface: borrowing Surface, rotation: Rotation) {
    switch flip {
    case .pending(_, let since): flip = .pending(isWanted: true, since: since)
    case .retry, .vblank: break
    case .idle:
      if !isModeSet {
        setMode(surface, rotation)
      } else if back == nil {
        copyAtVblank(surface, rotation)
      } else {
        exchange(surface, rotation)
      }
    }
  }

  /// Sets the mode again with the next picture, as after another program had the display.
  func reset() {
    isModeSet = false
    flip = .idle
  }

  /// Takes in the events of the card: flips that are done, and vblanks.
  func readEvents(_ surface: borrowing Surface, rotation: Rotation) {
    if card.readEvents() { advance(surface, rotation) }
  }

  /// Goes on where the driver does not answer.
  func tick(_ surface: borrowing Surface, rotation: Rotation) {
    guard let deadline, MonotonicClock.now() >= deadline else { return }
    if case .pending = flip, !isSlowTold {
      isSlowTold = true
      log("\(connector.name): \(card.driver) told no end of a page flip within a second; going on without")
    }
    advance(surface, rotation)
  }

  func isAlive(in round: UInt64) -> Bool { flusher.isAlive(in: round) }

  func close() {
    flusher.stop()
  }

  private func advance(_ surface: borrowing Surface, _ rotation: Rotation) {
    let before = flip
    flip = .idle
    switch before {
    case .idle, .pending(isWanted: false, since: _): break
    case .pending(isWanted: true, since: _), .retry: flip(surface, rotation: rotation)
    case .vblank: writeWhole(surface, rotation)
    }
  }

  private func setMode(_ surface: borrowing Surface, _ rotation: Rotation) {
    front.write(surface, surface.bounds, rotation)
    let code = committer.commit(framebuffer: front.framebuffer, mode: mode, isTest: false)
    isModeSet = code == 0
    fault = code
  }

  private func exchange(_ surface: borrowing Surface, _ rotation: Rotation) {
    guard let other = back.take() else { return }
    other.write(surface, surface.bounds, rotation)
    let code = committer.commit(framebuffer: other.framebuffer, mode: nil, isTest: false)
    let now = MonotonicClock.now()
    switch code {
    case 0:
      back = replaceFront(by: other)
      flip = .pending(isWanted: false, since: now)
    case EBUSY:
      back = consume other
      flip = .retry(at: now + 4_000_000)
    case EACCES, EPERM, ENODEV, ENXIO:
      back = consume other
      fault = code
    default:
      // Video memory that is too small for two is found out only now by some drivers; others cannot flip at all.
      log("\(connector.name): cannot flip pages: \(KernelError.words(code)); one buffer is used")
      _ = consume other
      writeWhole(surface, rotation)
    }
  }

  private func replaceFront(by buffer: consuming DumbBuffer) -> DumbBuffer {
    var other = buffer
    swap(&front, &other)
    return other
  }

  private func copyAtVblank(_ surface: borrowing Surface, _ rotation: Rotation) {
    var request = drmVBlank()
    let pipe = card.pipe(of: crtc) << DRM_VBLANK_HIGH_CRTC_SHIFT & DRM_VBLANK_HIGH_CRTC_MASK.rawValue
    request.request.type = drmVBlankSeqType(DRM_VBLANK_RELATIVE.rawValue | DRM_VBLANK_EVENT.rawValue | pipe)
    request.request.sequence = 1
    if drmWaitVBlank(card.raw, &request) == 0 {
      flip = .vblank(since: MonotonicClock.now())
    } else {
      writeWhole(surface, rotation)
    }
  }

  private func writeWhole(_ surface: borrowing Surface, _ rotation: Rotation) {
    front.write(surface, surface.bounds, rotation)
    flusher.damage(
      PixelRect(x: 0, y: 0, width: mode.width, height: mode.height), of: front.framebuffer)
  }
}

extension DumbBuffer {
  /// Copies pixels of the surface into the buffer.
  borrowing func write(_ surface: borrowing Surface, _ rect: PixelRect, _ rotation: Rotation) {
    let (memory, layout, width, height) = (memory, layout, surface.width, surface.height)
    surface.pixels.withUnsafeBufferPointer {
      copyToScanout($0, width: width, height: height, rect, rotation: rotation, to: memory, layout: layout)
    }
  }
}
