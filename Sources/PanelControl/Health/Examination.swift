import Display
import Glibc
import JSON
import Kernel
import Settings
import Spool
import Touch

/// One thing that `doctor` looked at.
struct Examination: Equatable, Sendable {
  /// What: "touch", "clock".
  let name: String
  let finding: HealthFinding

  init(_ name: String, _ level: Outcome, _ sentence: String) {
    self.name = name
    finding = HealthFinding(level: level, sentence: sentence)
  }

  /// The line for people.
  var line: String {
    "\(Columns.left(finding.level.name, 9)) \(Columns.left(name, 13)) \(TerminalText.escaped(finding.sentence))"
  }

  var json: JSON {
    ["name": .string(name), "level": .string(finding.level.name), "sentence": .string(finding.sentence)]
  }

  /// Looks at everything. It fails only for a wrong command line.
  static func all(_ options: StoreOptions) throws(KernelError) -> [Examination] {
    let health = try Health.look(options)
    let settings = health.settings.settings
    return configuration(health.settings) + panel(health) + display(health, settings)
      + touch(health, settings)
      + store(health) + clock(health.clock) + model(health) + fonts() + operatorScreen(health)
  }

  private static func configuration(_ file: SettingsFile) -> [Examination] {
    if !file.findings.isEmpty {
      return file.findings.map { Examination("configuration", .attention, $0.description) }
    }
    return [
      Examination(
        "configuration", .well, file.path ?? "there is no \(SettingsFile.defaultPath); the defaults hold")
    ]
  }

  private static func panel(_ health: Health) -> [Examination] {
    switch health.panel {
    case .running(let live, _):
      let notices = live.notices.map { Examination("panel", .attention, $0) }
      let words = "runs for \(Columns.duration(seconds: live.runningSeconds)), \(live.screen)"
      return [Examination("panel", .well, words)] + notices
    case .absent:
      let service = health.place.reason == .service
      return [
        Examination(
          "panel", service ? .attention : .well,
          "no panel runs on \(health.place.path)" + (service ? "; start it with systemctl start panel" : ""))
      ]
    case .unreachable(let sentence): return [Examination("panel", .attention, sentence)]
    }
  }

  /// What the running panel took, or what one would take.
  private static func display(_ health: Health, _ settings: Settings) -> [Examination] {
    if case .running(let live, _) = health.panel {
      let isSeen = live.displayState.map { $0 == "lit" } ?? true
      return [Examination("display", isSeen ? .well : .attention, live.displayChoice)]
    }
    do throws(KernelError) {
      let request = try DisplayRequest.parse(
        display: settings.display, rotation: String(settings.rotation.rawValue), mode: settings.mode ?? "")
      let probe = Screen.probe(request)
      let lines = probe.text.split(separator: "\n").map { $0.drop { $0 == " " } }
      let first = lines.first.map { $0.hasPrefix("display: ") ? $0.dropFirst("display: ".count) : $0 } ?? ""
      return [Examination("display", probe.isFound ? .well : .attention, String(first))]
        + lines.dropFirst().map { Examination("display", .well, String($0)) }
    } catch {
      return [Examination("display", .attention, error.description)]
    }
  }

  /// What the running panel has in use, or what one would take.
  private static func touch(_ health: Health, _ settings: Settings) -> [Examination] {
    if case .running(let live, _) = health.panel {
      let none = Examination(
        "touch", .attention,
        "the running panel has no touch device; plug one in, or see with panel --probe why none is taken")
      return live.touch.isEmpty ? [none] : live.touch.map { Examination("touch", .well, $0) }
    }
    do throws(KernelError) {
      let selection = try TouchSelection(settings.touch)
      let input = try TouchInput(selection, geometry: TouchGeometry(width: 1280, height: 800))
      let candidates = input.candidates
      var found: [Examination] = []
      if !candidates.contains(where: \.isTaken) {
        let words =
          if case .device(let path) = selection {
            "\(path) cannot be used for touch; the next lines say why, and a panel takes it once it can be"
          } else if candidates.isEmpty {
            "there is no touch device in /dev/input; plug one in, and load its driver"
          } else {
            "no device can be used for touch; the next lines say why"
          }
        found.append(Examination("touch", .attention, words))
      }
      return found + candidates.map { Examination("touch", .well, $0.description) }
    } catch {
      return [Examination("touch", .attention, error.description)]
    }
  }

  private static func store(_ health: Health) -> [Examination] {
    var found: [Examination] = health.setAside.map { name in
      Examination("store", .critical, "a damaged store was set aside as \(name); keep that file: \(rescue)")
    }
    found += damage(health)
    switch health.store {
    case .failed(let error) where error.kind == .missing && access(health.place.path, F_OK) != 0:
      found.append(
        Examination(
          "store", .well, "there is none at \(health.place.path) yet; a panel makes it when it starts"))
    case .failed(let error) where error.kind == .damaged && health.notedDamage != nil: break
    case .failed(let error):
      let level: Outcome = error.kind == .damaged ? .critical : .attention
      found.append(Examination("store", level, error.description))
    case .open(let statistics, _):
      let words =
        "\(Columns.counted(statistics.samples, "drawing")) in \(health.place.path), \(Columns.bytes(statistics.freeBytes)) free"
      let level: Outcome =
        statistics.isFull ? .critical : statistics.freeBytes < Health.comfort ? .attention : .well
      found.append(Examination("store", level, level == .well ? words : "\(words); make room on that disk"))
    }
    if let sentence = health.asideSentence { found.append(Examination("store", .attention, sentence)) }
    if access(health.place.path, F_OK) == 0, access(health.place.path, W_OK | X_OK) != 0 {
      let problem = KernelError(
        "write to", health.place.path, errno: errno, next: "run it as the user who owns it, or as root")
      found.append(Examination("store", .attention, problem.description))
    }
    return found
  }

  /// What was noted of the store that opens, or else what reading all of it finds.
  private static func damage(_ health: Health) -> [Examination] {
    var reason = health.notedDamage
    if reason == nil, case .open = health.store {
      let isWatched = isatty(STDERR_FILENO) == 1
      if isWatched { Output.tell(progress: "reading the whole store") }
      defer { if isWatched { Output.tell(progress: "") } }
      do throws(StoreError) {
        reason = try Store.damage(directory: health.place.path)
      } catch {
        return [Examination("store", .attention, error.description)]
      }
    }
    return reason.map { [Examination("store", .critical, health.damageSentence($0))] } ?? []
  }

  private static let rescue = "panelctl doctor --salvage recovers its drawings"

  private static func clock(_ clock: Timestamp) -> [Examination] {
    let time = Columns.time(clock.wall) ?? "unknown"
    switch clock.quality {
    case .unset:
      return [
        Examination(
          "clock", .attention,
          "\(time): never set since power came; set it with timedatectl set-time, or connect a network for a minute"
        )
      ]
    case .restored:
      return [Examination("clock", .well, "\(time), as it was at the last shutdown or set by hand")]
    case .rtc: return [Examination("clock", .well, "\(time), kept by a battery")]
    case .ntp: return [Examination("clock", .well, "\(time), from the network")]
    }
  }

  private static func model(_ health: Health) -> [Examination] {
    switch health.model {
    case .success(let version): [Examination("model", .well, version)]
    case .failure(let problem): [Examination("model", .attention, problem.sentence)]
    }
  }

  private static func fonts() -> [Examination] {
    let problems = Typeface.Weight.allCases.compactMap { weight -> Examination? in
      do throws(KernelError) {
        _ = try Typeface(inter: weight)
        return nil
      } catch {
        return Examination("fonts", .attention, error.description)
      }
    }
    return problems.isEmpty ? [Examination("fonts", .well, "Inter in \(Typeface.interDirectory)")] : problems
  }
}
