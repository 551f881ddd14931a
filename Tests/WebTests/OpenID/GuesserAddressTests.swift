import Testing
import Web

/// Checklist H8: tries are counted by who makes them, not by how many addresses he has.
@Suite struct `The address of a guesser` {
    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8::9", "2001:db8:0:0::/64"), ("2001::", "2001:0:0:0::/64"), ("2001:db8:1:2:ffff::%eth0", "2001:db8:1:2::/64"),
    ])
    func `is that of the network an IPv6 holder is given whole`(address: String, network: String) {
        #expect(DoorContext.network(address) == network)
    }

    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"), ("100.63.255.255", "100.63.255.255"),
        ("100.128.0.1", "100.128.0.1"), ("172.32.0.1", "172.32.0.1"), ("2001:db8::9", "2001:db8:0:0::/64"),
    ])
    func `counts where it says who is there`(address: String, network: String) {
        #expect(DoorContext.publicNetwork(address) == network)
    }

    @Test(arguments: [
        "127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.1.1", "172.16.0.1", "172.31.255.255", "100.64.0.1", "100.100.0.1",
        "100.127.255.255", "0.0.0.0", "::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:10.1.2.3", "::ffff:100.100.0.1", "/run/socket", "",
    ])
    func `counts not where everybody of a proxy or a network has the same`(address: String) {
        #expect(DoorContext.publicNetwork(address) == nil)
    }

    @Test func `differs between networks`() {
        #expect(DoorContext.network("2001:db8:1:2::9") != DoorContext.network("2001:db8:1:3::9"))
        #expect(DoorContext.network("203.0.113.7") != DoorContext.network("203.0.113.8"))
    }
}
