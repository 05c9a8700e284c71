/// Something in a configuration file that cannot be taken as it stands; the default holds in its place.
///
/// It prints as one sentence: `panel.ini line 12: unknown key 'ratation' in [display]; did you mean 'rotate'?`
public struct SettingsFinding: Equatable, Sendable, CustomStringConvertible {
  /// The file's name.
  public let file: String
  /// The line, counted from 1; 0 for the file as a whole.
  public let line: Int
  public let sentence: String

  public init(file: String, line: Int, sentence: String) {
    self.file = file
    self.line = line
    self.sentence = sentence
  }

  public var description: String {
    line > 0 ? "\(file) line \(line): \(sentence)" : "\(file): \(sentence)"
  }
}

/// The word of `words` that `word` was most likely meant to be, or nil when none is near.
///
/// The measure is the number of letters to change, add, leave out or exchange with their neighbour (Damerau's
/// distance); a word is near when that is at most half of the longer one.
func nearest(to word: String, in words: [String]) -> String? {
  let ranked = words.map { (word: $0, distance: distance(Array(word.lowercased()), Array($0))) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance * 2 <= max(word.count, best.word.count) ? best.word : nil
}

private func distance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
      row.append(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
