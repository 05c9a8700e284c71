import Glibc
import Testing

@testable import Kernel

@Suite("Who asks")
struct PeerCredentialsTests {
  @Test("the kernel tells who is at the other end")
  func own() throws {
    let path = "/tmp/kernel-peer-\(getpid())"
    defer { unlink(path) }
    let server = try UnixSocket.listen(at: path)
    let client = try UnixSocket.connect(to: path, timeout: 5)
    let connection = server.accept()
    guard let connection else {
      Issue.record("this process may not ask itself")
      return
    }
    let peer = try #require(PeerCredentials(of: connection.raw))
    #expect(peer.user == geteuid() && peer.group == getegid())
    var groups = [gid_t](repeating: 0, count: 1024)
    let count = getgroups(Int32(groups.count), &groups)
    #expect(Set(peer.groups) == Set(groups.prefix(Int(max(0, count)))))
    #expect(PeerCredentials(of: -1) == nil)
    _ = client.raw
  }

  @Test("root, the same user and members of the group may ask; nobody else")
  func rights() {
    func may(_ user: uid_t, _ group: gid_t, _ groups: [gid_t] = []) -> Bool {
      PeerCredentials(user: user, group: group, groups: groups).mayAsk(user: 990, group: 980)
    }
    #expect(may(0, 0) && may(990, 1) && may(1000, 980) && may(1000, 1000, [4, 980]))
    #expect(!may(1000, 1000, [4, 44]) && !may(65534, 65534))
  }
}
