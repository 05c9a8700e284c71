/// One thing that a visitor does, as it stands in a visit: `draw 7:bar 500,260,280`, `tap 900,700`, `wait 500`.
///
/// Places and lengths are panel pixels, times are milliseconds.
public enum VisitStep: Sendable, CustomStringConvertible {
  /// A digit into the square with this top left corner and side.
  case draw(DigitShape, x: Double, y: Double, side: Double)
  /// Strokes of a file into a square, see ``StrokeFile``.
  case strokes(file: String, [DigitShape.Stroke], x: Double, y: Double, side: Double)
  case tap(x: Double, y: Double)
  case hold(x: Double, y: Double, milliseconds: Int)
  case line(from: DrawingPoint, to: DrawingPoint, milliseconds: Int)
  /// Two fingers held at once.
  case pair(DrawingPoint, DrawingPoint, milliseconds: Int)
  /// A line, during which a second finger is laid down at another place.
  case rest(from: DrawingPoint, to: DrawingPoint, rest: DrawingPoint, milliseconds: Int)
  case palm(x: Double, y: Double, milliseconds: Int)
  case wait(milliseconds: Int)
  /// A line during which the device is pulled out.
  case pull(from: DrawingPoint, to: DrawingPoint, milliseconds: Int)
  case unplug
  case plug

  /// How the steps are written, for the command's help.
  public static let help = """
      draw DIGIT[:HAND] X,Y,SIDE     draws a digit into the square at X,Y
      strokes FILE X,Y,SIDE          draws the strokes of a file ("x y" a line, a blank line between strokes)
      tap X,Y                        touches shortly
      hold X,Y,MS                    touches and stays
      line X0,Y0,X1,Y1,MS            draws a straight line
      pair X0,Y0,X1,Y1,MS            holds two fingers at once
      rest X0,Y0,X1,Y1,X2,Y2,MS      draws a line; amid it a second finger comes down at X2,Y2
      palm X,Y,MS                    lays the hand down, known as a palm after 30 ms
      wait MS                        does nothing
      pull X0,Y0,X1,Y1,MS            begins a line; at its end the device is gone, the finger still on it
      unplug, plug                   takes the device away, brings it back
    """

  /// Reads a visit: steps one after the other; `#` begins a comment up to the end of its line.
  ///
  /// - Parameter contents: reads a file of strokes.
  /// - Throws: ``VisitError`` that names the step.
  public static func parse(
    _ text: String, contents: (String) throws(VisitError) -> String = noFile
  ) throws(VisitError) -> [VisitStep] {
    var words: [Substring] = []
    for line in text.split(separator: "\n") {
      words += line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    }
    return try parse(words: words.map(String.init), contents: contents)
  }

  /// Reads a visit that is already divided into words.
  public static func parse(
    words: [String], contents: (String) throws(VisitError) -> String = noFile
  ) throws(VisitError) -> [VisitStep] {
    var steps: [VisitStep] = []
    var rest = words[...]
    while let verb = rest.popFirst() {
      switch verb {
      case "draw":
        let name = rest.popFirst() ?? ""
        guard let shape = DigitShape.named(name) else {
          throw VisitError("draw \(name)", "no such digit; virtual-touch digits lists them")
        }
        let n = try numbers(&rest, verb, 3)
        steps.append(.draw(shape, x: n[0], y: n[1], side: n[2]))
      case "strokes":
        guard let file = rest.popFirst() else { throw VisitError(verb, "a file and X,Y,SIDE must follow") }
        let n = try numbers(&rest, verb, 3)
        let strokes = try StrokeFile.parse(try contents(file), name: file)
        steps.append(.strokes(file: file, strokes, x: n[0], y: n[1], side: n[2]))
      case "tap":
        let n = try numbers(&rest, verb, 2)
        steps.append(.tap(x: n[0], y: n[1]))
      case "hold":
        let n = try numbers(&rest, verb, 3)
        steps.append(.hold(x: n[0], y: n[1], milliseconds: Int(n[2])))
      case "line", "pair", "pull":
        let n = try numbers(&rest, verb, 5)
        let (from, to) = (DrawingPoint(n[0], n[1]), DrawingPoint(n[2], n[3]))
        steps.append(
          verb == "line"
            ? .line(from: from, to: to, milliseconds: Int(n[4]))
            : verb == "pair"
              ? .pair(from, to, milliseconds: Int(n[4])) : .pull(from: from, to: to, milliseconds: Int(n[4])))
      case "rest":
        let n = try numbers(&rest, verb, 7)
        steps.append(
          .rest(
            from: DrawingPoint(n[0], n[1]), to: DrawingPoint(n[2], n[3]), rest: DrawingPoint(n[4], n[5]),
            milliseconds: Int(n[6])))
      case "palm":
        let n = try numbers(&rest, verb, 3)
        steps.append(.palm(x: n[0], y: n[1], milliseconds: Int(n[2])))
      case "wait": steps.append(.wait(milliseconds: Int(try numbers(&rest, verb, 1)[0])))
      case "unplug": steps.append(.unplug)
      case "plug": steps.append(.plug)
      default: throw VisitError(verb, "no such step")
      }
    }
    return steps
  }

  /// For visits that need no file of strokes.
  public static func noFile(_ path: String) throws(VisitError) -> String {
    throw VisitError("strokes \(path)", "files cannot be read here")
  }

  /// The numbers of the next word, divided by commas; none beyond a million.
  private static func numbers(
    _ words: inout ArraySlice<String>, _ verb: String, _ count: Int
  ) throws(VisitError) -> [Double] {
    let word = words.popFirst() ?? ""
    let values = word.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    let found = values.compactMap { $0 }.filter { $0.isFinite && abs($0) <= 1e6 }
    guard found.count == count, values.count == count else {
      throw VisitError(
        "\(verb) \(word)", "\(count) number\(count == 1 ? "" : "s") must follow, divided by commas")
    }
    return found
  }

  public var description: String {
    func text(_ n: Double) -> String { n == n.rounded() && abs(n) < 1e6 ? String(Int(n)) : String(n) }
    func list(_ n: Double...) -> String { n.map(text).joined(separator: ",") }
    return switch self {
    case .draw(let shape, let x, let y, let side): "draw \(shape.digit):\(shape.hand) \(list(x, y, side))"
    case .strokes(let file, _, let x, let y, let side): "strokes \(file) \(list(x, y, side))"
    case .tap(let x, let y): "tap \(list(x, y))"
    case .hold(let x, let y, let ms): "hold \(list(x, y, Double(ms)))"
    case .line(let a, let b, let ms): "line \(list(a.x, a.y, b.x, b.y, Double(ms)))"
    case .pair(let a, let b, let ms): "pair \(list(a.x, a.y, b.x, b.y, Double(ms)))"
    case .rest(let a, let b, let c, let ms): "rest \(list(a.x, a.y, b.x, b.y, c.x, c.y, Double(ms)))"
    case .palm(let x, let y, let ms): "palm \(list(x, y, Double(ms)))"
    case .wait(let ms): "wait \(ms)"
    case .pull(let a, let b, let ms): "pull \(list(a.x, a.y, b.x, b.y, Double(ms)))"
    case .unplug: "unplug"
    case .plug: "plug"
    }
  }
}

/// A step of a visit that cannot be read.
public struct VisitError: Error, Sendable, Equatable, CustomStringConvertible {
  public let step: String
  public let reason: String

  public init(_ step: String, _ reason: String) {
    self.step = step
    self.reason = reason
  }

  public var description: String { "cannot do \"\(step)\": \(reason)" }
}
