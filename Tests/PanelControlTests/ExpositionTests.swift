import Testing

@testable import PanelControl

@Suite("Prometheus' text format")
struct ExpositionTests {
  @Test("a metric is its help, its type and its samples")
  func metric() {
    var page = Exposition()
    page.add("panel_a", .gauge, "What it is.", .init(3), nil, .init(0.5, ("x", "y"), suffix: "_sum"))
    #expect(
      page.text == "# HELP panel_a What it is.\n# TYPE panel_a gauge\npanel_a 3\npanel_a_sum{x=\"y\"} 0.5\n")
  }

  @Test("one that is not known is left out, and none comes twice")
  func unknown() {
    var page = Exposition()
    page.add("panel_a", .gauge, "A.", nil)
    #expect(page.text == "" && page.names == [])
    page.add("panel_a", .gauge, "A.", .init(true))
    page.add("panel_a", .gauge, "A.", .init(false))
    #expect(page.names == ["panel_a"] && page.text.hasSuffix("panel_a 1\n"))
  }

  @Test("backslash, quotation mark and line's end are escaped, each where the format says so")
  func escaping() {
    let words = "a\\b\"c\nd é"
    #expect(Exposition.escaped(words, quote: true) == "a\\\\b\\\"c\\nd é")
    #expect(Exposition.escaped(words, quote: false) == "a\\\\b\"c\\nd é")
  }

  @Test("numbers are written as Go reads them")
  func numbers() {
    #expect(Exposition.Sample(-4).value == "-4")
    #expect(Exposition.Sample(Double.nan).value == "NaN")
    #expect(Exposition.Sample(-Double.infinity).value == "-Inf")
    #expect(Exposition.Sample(Double.infinity).value == "+Inf")
    #expect(Exposition.Sample(1e-7).value == "1e-07")
  }
}
