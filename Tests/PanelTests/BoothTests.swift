import Ink
import Recognizer
import Spool
import Touch
import Testing

@testable import Panel

@Suite("A visit at the booth")
struct BoothTests {
  @Test("a finger on the sheet leaves a dot at once, and ink with every touch event")
  func inkAtOnce() {
    var visitor = Visitor()
    let canvas = visitor.booth.layout.canvas
    let down = visitor.send(.down, Float(canvas.x) + 100, Float(canvas.y) + 100)
    #expect(down.ink.contains(x: 100, y: 100))
    #expect(visitor.booth.sketch.canvas.pixels[100 * 280 + 100] == 255)
    let move = visitor.send(.move, Float(canvas.x) + 140, Float(canvas.y) + 100)
    #expect(move.ink.contains(x: 140, y: 100))
    #expect(!visitor.send(.move, Float(canvas.x) + 180, Float(canvas.y) + 100).ink.isEmpty)
  }

  @Test("strokes are kept in canvas coordinates with milliseconds", arguments: [1, 2])
  func strokes(scale: Int) throws {
    var visitor = Visitor(width: 1280, height: 800, scale: scale)
    #expect(visitor.booth.layout.canvasScale == scale)
    visitor.draw([(10, 20), (30, 40), (50, 90)])
    let points = try #require(visitor.booth.sketch.strokes.first?.points)
    #expect(points.map(\.x) == [10, 30, 50])
    #expect(points.map(\.y) == [20, 40, 90])
    #expect(points.map(\.t) == [0, 60, 120])
  }

  @Test("a second finger never joins the stroke")
  func secondFinger() {
    var visitor = Visitor()
    let canvas = visitor.booth.layout.canvas
    let (x, y) = (Float(canvas.x), Float(canvas.y))
    visitor.send(.down, x + 50, y + 50, contact: 1)
    visitor.send(.down, x + 250, y + 250, contact: 2)
    visitor.send(.move, x + 260, y + 250, contact: 2)
    visitor.send(.move, x + 60, y + 60, contact: 1)
    visitor.send(.up, x + 60, y + 60, contact: 1)
    visitor.send(.move, x + 200, y + 200, contact: 2)
    visitor.send(.up, x + 200, y + 200, contact: 2)
    #expect(visitor.booth.sketch.strokes.count == 1)
    #expect(visitor.booth.sketch.canvas.pixels[250 * 280 + 250] == 0)
  }

  @Test("a button acts when the finger comes up inside it, and not when it slides off")
  func slideOff() {
    var visitor = Visitor()
    visitor.drawSeven()
    let clear = visitor.booth.layout.clear
    visitor.send(.down, Float(clear.x + 5), Float(clear.y + 5))
    #expect(visitor.booth.pressed == .clear)
    visitor.send(.up, Float(clear.x + 5), Float(clear.y - 60))
    #expect(visitor.booth.pressed == nil)
    #expect(!visitor.booth.sketch.isEmpty)
    visitor.tap(.clear)
    #expect(visitor.booth.sketch.isEmpty)
  }

  @Test("Undo takes the last stroke, and brings back what Clear took")
  func undo() {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.draw([(40, 200), (240, 200)])
    visitor.tap(.undo)
    #expect(visitor.booth.sketch.strokes.count == 1)
    visitor.tap(.clear)
    #expect(visitor.booth.sketch.isEmpty)
    visitor.tap(.undo)
    #expect(visitor.booth.sketch.strokes.count == 1)
  }

  @Test("an empty sheet is refused kindly")
  func empty() {
    var visitor = Visitor()
    visitor.tap(.submit)
    #expect(visitor.submitted == 0)
    #expect(visitor.booth.message == .drawFirst)
  }

  @Test("a single dot is refused kindly, and stays to be drawn on")
  func dot() {
    var visitor = Visitor()
    visitor.draw([(140, 140)])
    visitor.tap(.submit)
    #expect(visitor.submitted == 0)
    #expect(visitor.booth.message == .onlyADot)
    #expect(!visitor.booth.sketch.isEmpty)
  }

  @Test("Submit asks once for the drawing to be stored, however often it is tapped")
  func submitOnce() {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.submit)
    visitor.tap(.submit, after: 50)
    visitor.tap(.submit, after: 5000)
    #expect(visitor.submitted == 1)
    #expect(visitor.booth.phase == .saving)
  }

  @Test("a double tap on Submit does not hand in an empty next drawing")
  func doubleTap() {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.submit)
    _ = visitor.booth.saved(Visitor.saved, Scoreboard(prompt: 3, own: 1), at: visitor.now)
    visitor.tap(.submit, after: 120)
    #expect(visitor.booth.message == .saved(Visitor.saved))
  }

  @Test("while a drawing is being saved nothing can be drawn over it")
  func savingIsQuiet() {
    var visitor = Visitor()
    visitor.drawSeven()
    let strokes = visitor.booth.sketch.strokes
    visitor.tap(.submit)
    visitor.draw([(10, 10), (200, 200)])
    visitor.tap(.clear)
    visitor.tap(.undo)
    #expect(visitor.booth.sketch.strokes == strokes)
  }

  @Test("the guess appears only after Submit, with the next digit at once")
  func saved() {
    var visitor = Visitor()
    visitor.drawSeven()
    #expect(visitor.recognised == 0)
    #expect(visitor.booth.reading == nil)
    visitor.tap(.submit)
    let response = visitor.booth.saved(
      Visitor.saved, Scoreboard(prompt: 3, own: 1, rank: 1, total: 1), at: visitor.now)
    #expect(response.repaint.contains(.everything))
    #expect(visitor.booth.message == .saved(Visitor.saved))
    #expect(visitor.booth.scoreboard.prompt == 3)
    #expect(visitor.booth.sketch.isEmpty)
    #expect(!visitor.booth.sketch.canUndo)
  }

  @Test("a disk that refuses keeps the drawing on the screen and calls staff until it is stored")
  func failing() {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.submit)
    _ = visitor.booth.failed("cannot store: no space left on device")
    #expect(visitor.booth.phase == .failing("cannot store: no space left on device"))
    #expect(!visitor.booth.isCollecting)
    visitor.draw([(10, 10), (200, 200)])
    #expect(visitor.booth.sketch.strokes.count == 1)
    #expect(visitor.booth.failed("cannot store: no space left on device").repaint.isEmpty)
    _ = visitor.booth.saved(Visitor.saved, Scoreboard(prompt: 1), at: visitor.now)
    #expect(visitor.booth.phase == .drawing)
    #expect(visitor.booth.sketch.isEmpty)
  }

  @Test(
    "a store that refused to say what is next, and then does, takes drawings again; one that has a drawing to take does not yet"
  )
  func refusedToOpen() {
    var visitor = Visitor()
    _ = visitor.booth.failed("cannot open the store: it is in use")
    #expect(!visitor.booth.isEnabled(.submit))
    let response = visitor.booth.update(Scoreboard(prompt: 3))
    #expect(visitor.booth.phase == .drawing && response.repaint.contains(.everything))
    #expect(visitor.booth.isEnabled(.submit))
    visitor.drawSeven()
    visitor.tap(.submit)
    _ = visitor.booth.failed("cannot store")
    _ = visitor.booth.update(Scoreboard(prompt: 3))
    #expect(visitor.booth.phase == .failing("cannot store"))
    _ = visitor.booth.saved(Visitor.saved, Scoreboard(prompt: 1), at: visitor.now)
    // The next visit finds a disk that refuses before anything was drawn.
    _ = visitor.booth.failed("cannot read")
    _ = visitor.booth.update(Scoreboard(prompt: 1))
    #expect(visitor.booth.phase == .drawing)
  }

  @Test("free play works while the disk refuses")
  func freePlayWhileFailing() {
    var visitor = Visitor()
    _ = visitor.booth.failed("cannot store")
    visitor.tap(.freePlayTab)
    visitor.drawSeven()
    #expect(!visitor.booth.sketch.isEmpty)
    #expect(visitor.recognised > 0)
  }

  @Test("in free play every touch event is read, and nothing can be stored")
  func freePlay() {
    var visitor = Visitor()
    visitor.tap(.freePlayTab)
    #expect(visitor.booth.mode == .freePlay)
    visitor.draw([(60, 60), (120, 60), (200, 60), (160, 140)])
    #expect(visitor.recognised == 5)
    visitor.tap(visitor.booth.layout.submit)
    #expect(visitor.submitted == 0)
    #expect(visitor.booth.place(of: .submit) == nil)
  }

  @Test("a reading that comes after Clear is not shown")
  func staleReading() {
    var visitor = Visitor()
    visitor.tap(.freePlayTab)
    visitor.drawSeven()
    visitor.tap(.clear)
    #expect(visitor.booth.read(.blank).repaint.isEmpty)
    #expect(visitor.booth.reading == nil)
  }

  @Test("changing between challenge and free play wipes the sheet")
  func changeMode() {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.freePlayTab)
    #expect(visitor.booth.sketch.isEmpty)
    #expect(!visitor.booth.sketch.canUndo)
  }

  @Test("a palm or an unplugged device takes its stroke away")
  func cancelled() {
    var visitor = Visitor()
    visitor.drawSeven()
    let canvas = visitor.booth.layout.canvas
    visitor.send(.down, Float(canvas.x + 20), Float(canvas.y + 20))
    visitor.send(.move, Float(canvas.x + 90), Float(canvas.y + 20))
    let response = visitor.send(.cancel, Float(canvas.x + 90), Float(canvas.y + 20))
    #expect(visitor.booth.sketch.strokes.count == 1)
    #expect(response.repaint.contains(.canvas))
  }

  @Test("thanks stay to be read while the next digit is begun")
  func thanksStay() {
    var visitor = Visitor()
    visitor.drawSeven()
    visitor.tap(.submit)
    _ = visitor.booth.saved(Visitor.saved, Scoreboard(prompt: 3, own: 1), at: visitor.now)
    visitor.drawSeven()
    #expect(visitor.booth.message == .saved(Visitor.saved))
    visitor.wait(20_000)
    #expect(visitor.booth.message == .none)
  }

  @Test("a display of another size keeps the drawing")
  func resize() {
    var visitor = Visitor(width: 800, height: 480)
    visitor.drawSeven()
    let (strokes, canvas) = (visitor.booth.sketch.strokes, visitor.booth.sketch.canvas)
    _ = visitor.booth.resize(Layout(width: 1280, height: 800, canvasScale: 2))
    #expect(visitor.booth.sketch.strokes == strokes)
    #expect(visitor.booth.sketch.canvas == canvas)
    #expect(visitor.booth.sketch.shown.width == 560)
  }

  @Test("before the store is open nothing can be drawn or submitted")
  func starting() {
    var visitor = Visitor(prompt: nil)
    visitor.drawSeven()
    visitor.tap(.submit)
    #expect(visitor.booth.sketch.isEmpty)
    #expect(visitor.submitted == 0)
  }
}
