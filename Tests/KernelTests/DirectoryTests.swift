import CLinux
import Glibc
import Testing

@testable import Kernel

@Suite("What lies in a directory")
struct DirectoryTests {
  /// A directory that goes with its owner.
  private final class Place {
    let path: String

    init() throws {
      var name = Array("/tmp/kernel-directory-XXXXXX".utf8CString)
      path = String(cString: try #require(mkdtemp(&name)))
    }

    deinit { Directory.remove(path) }
  }

  /// The error with which a directory is not listed.
  private func refusal(_ path: String, next: String? = nil) -> KernelError? {
    do throws(KernelError) { _ = try Directory.names(at: path, next: next) } catch { return error }
    return nil
  }

  @Test("all of 1,000 names are told, each once, and neither the directory itself nor the one above")
  func names() throws {
    let place = try Place()
    #expect(try Directory.names(at: place.path) == [])
    let names = (0..<1000).map { "name of a file \($0)" } + [".hidden", "...", "sub"]
    for name in names.dropLast() { try OutputFile.write([], to: "\(place.path)/\(name)") }
    #expect(mkdir(place.path + "/sub", 0o755) == 0)
    #expect(try Directory.names(at: place.path).sorted() == names.sorted())
  }

  @Test("what is missing, no directory or closed is told as one sentence, and what ends in the middle too")
  func refusals() throws {
    let place = try Place()
    let missing = refusal(place.path + "/nothing", next: "look there")
    #expect(missing?.code == ENOENT)
    #expect(
      missing?.description == "cannot list \(place.path)/nothing: no such file or directory; look there")
    try OutputFile.write([], to: place.path + "/file")
    #expect(refusal(place.path + "/file")?.code == ENOTDIR)

    let closed = place.path + "/closed"
    #expect(mkdir(closed, 0o700) == 0 && chmod(closed, 0) == 0)
    // Root may read all: this thread is nobody for a moment, for files only.
    let user = setfsuid(65534)
    let refused = refusal(closed)
    setfsuid(uid_t(user))
    #expect(refused?.code == EACCES)

    // A file in place of the directory behind an open stream: readdir(3) fails as it does on a disk that goes away.
    let stream = try #require(opendir(place.path))
    defer { closedir(stream) }
    let file = try FileDescriptor.open("/dev/null", O_RDONLY)
    #expect(dup2(file.raw, dirfd(stream)) >= 0)
    let cut = #expect(throws: KernelError.self) { try Directory.names(in: stream, of: "it") }
    #expect(cut?.code == ENOTDIR && cut?.operation == "list")
  }

  @Test("a name that is not UTF-8 is told with the sign for what cannot be read, and hides no other")
  func otherNames() throws {
    let place = try Place()
    var odd = Array((place.path + "/gr").utf8CString.dropLast())
    odd += [CChar(truncatingIfNeeded: 0xFC), CChar(truncatingIfNeeded: 0xDF), 0]
    let descriptor = open(odd, O_CREAT | O_WRONLY, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
    try OutputFile.write([], to: place.path + "/grüß")
    let names = try Directory.names(at: place.path)
    // Nobody can remove it by the name that is told.
    withExtendedLifetime(place) { _ = unlink(odd) }
    #expect(names.sorted() == ["gr\u{FFFD}\u{FFFD}", "grüß"].sorted())
  }

  @Test("numbered nodes come in the order of their numbers, without what only looks like one")
  func nodes() throws {
    let place = try Place()
    for name in ["event10", "event9", "event0", "event-1", "event", "event1x", "mouse0", "by-id"] {
      try OutputFile.write([], to: "\(place.path)/\(name)")
    }
    let found = Directory.nodes(at: place.path, prefix: "event")
    #expect(found == ["event0", "event9", "event10"].map { "\(place.path)/\($0)" })
    #expect(Directory.nodes(at: place.path + "/nothing", prefix: "event") == [])
  }

  @Test("a directory is removed with all in it, but not what a link in it leads to")
  func removal() throws {
    let (place, other) = (try Place(), try Place())
    try OutputFile.write([1], to: other.path + "/kept")
    #expect(mkdir(place.path + "/a", 0o755) == 0 && mkdir(place.path + "/a/b", 0o755) == 0)
    try OutputFile.write([], to: place.path + "/a/b/file")
    #expect(symlink(other.path, place.path + "/a/link") == 0)
    Directory.remove(place.path + "/a")
    Directory.remove(place.path + "/nothing")
    #expect(try Directory.names(at: place.path) == [])
    #expect(try Directory.names(at: other.path) == ["kept"])
  }
}
