import JSON
import Testing

@Suite("JSON as others read it")
struct JSONTests {
  @Test("members keep their order, and nothing is between them")
  func order() {
    let value: JSON = ["b": 1, "a": [true, .null, 2.5], "c": "x"]
    #expect(value.text == #"{"b":1,"a":[true,null,2.5],"c":"x"}"#)
  }

  @Test("quotation marks, backslashes and control characters are escaped, other text is not")
  func escapes() {
    #expect(JSON.string("a\"b\\c\n\u{1b}[2J\u{7f}\u{2028}é😀").text == #""a\"b\\c\n\u001b[2J\u007f\u2028é😀""#)
  }

  @Test("a number that JSON cannot say is null", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) {
    #expect(JSON.number(value).text == "null")
  }

  @Test("a number reads back the same", arguments: [0.1, 1e-7, 123456789.125, -0.0, 5e300])
  func roundTrip(value: Double) {
    #expect(Double(JSON.number(value).text) == value)
  }
}
