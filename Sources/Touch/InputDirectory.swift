import Glibc
import Kernel

/// The directory of the event nodes (/dev/input), watched for nodes that come, go, or change their permissions.
///
/// It may itself come and go: devtmpfs takes it away with its last node. So its parent is watched as well.
struct InputDirectory: ~Copyable {
  enum Change: Equatable {
    /// A node that is new or may be open to us now.
    case appeared(String)
    case disappeared(String)
    /// Whatever is known may be wrong: look at all nodes again.
    case all
  }

  let path: String
  private let poll: Poll
  private let parent: DirectoryWatch
  private let nameInParent: String
  private var watch: DirectoryWatch?

  /// Readable (by epoll) when something changed.
  var descriptor: Int32 { poll.raw }

  /// - Parameter path: absolute, without a slash at its end.
  init(_ path: String) throws(KernelError) {
    let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
    let above = cut == path.startIndex ? "/" : String(path[..<cut])
    let poll = try Poll()
    let parent = try DirectoryWatch(above)
    try poll.add(parent.raw, tag: 0)
    self.path = path
    nameInParent = String(path[path.utf8.index(after: cut)...])
    self.poll = poll
    self.parent = parent
    watch = nil
    rewatch()
  }

  /// All changes since the last call.
  mutating func changes() -> [Change] {
    var found: [Change] = []
    for change in parent.changes() where change == .overflow || change == .appeared(nameInParent) {
      rewatch()
      found.append(.all)
    }
    guard let nodes = watch?.changes() else { return found }
    for node in nodes {
      switch node {
      case .appeared(let name) where name.hasPrefix("event"): found.append(.appeared("\(path)/\(name)"))
      case .disappeared(let name) where name.hasPrefix("event"): found.append(.disappeared("\(path)/\(name)"))
      case .overflow: found.append(.all)
      default: break
      }
    }
    return found
  }

  /// The paths of all event nodes, in the order of their numbers.
  func nodes() -> [String] { Directory.nodes(at: path, prefix: "event") }

  /// Watches the directory that now bears the name; without one the parent tells when there is.
  private mutating func rewatch() {
    // Closing the old one takes it out of the poll.
    watch = nil
    guard let new = try? DirectoryWatch(path), (try? poll.add(new.raw, tag: 1)) != nil else { return }
    watch = consume new
  }
}
