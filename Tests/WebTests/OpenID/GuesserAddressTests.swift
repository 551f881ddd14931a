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

    @Test func `differs between networks`() {
        #expect(DoorContext.network("2001:db8:1:2::9") != DoorContext.network("2001:db8:1:3::9"))
        #expect(DoorContext.network("203.0.113.7") != DoorContext.network("203.0.113.8"))
    }
}
