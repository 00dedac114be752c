package io.cardea.core.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1.2.3",
                "127.1",
                "127.0.0.1.",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0X7F.0.0.1",
                "0177.0.0.1",
                "0",
                "0.0.0.0",
                "10.0.0.1",
                "10.1",
                "010.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "192.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.169.254",
                "198.18.0.1",
                "198.19.255.255",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "999.1.1.1",
                "1.2.3.4.5",
                "[::]",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::127.0.0.1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:7f00:1]",
                "[::ffff:0:10.0.0.1]",
                "[64:ff9b::10.0.0.1]",
                "[2002:a00:1::]",
                "[fe80::1]",
                "[fe80::1%25eth0]",
                "[fec0::1]",
                "[fc00::1]",
                "[fd12:3456::1]",
                "[ff02::1]",
                "[nonsense]",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "localhost.localdomain",
                "x.localhost",
                "intranet",
                "intranet.",
                "metadata.internal",
                "metadata.google.internal.",
                "printer.local",
                "nas.lan",
                "nas.home.arpa"
            })
    void what_the_whole_world_does_not_see_is_private(String host) {
        assertThat(Hosts.isPrivate(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "as.example",
                "as.example.",
                "1.as.example",
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "192.0.1.1",
                "198.20.0.1",
                "169.253.0.1",
                "223.255.255.255",
                "[2001:4860:4860::8888]",
                "[::ffff:8.8.8.8]",
                "local.example",
                "internal.example",
                "xlocal.example"
            })
    void what_the_whole_world_sees_is_not(String host) {
        assertThat(Hosts.isPrivate(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "127.0.0.1.",
                "127.0.0.256",
                "127.0.0.01",
                "localhost.",
                "x.localhost",
                "localhost.example",
                "127.0.0.1.example",
                "0.0.0.0",
                "[::]",
                "[::127.0.0.1]",
                "[nonsense]",
                "10.0.0.1",
                ""
            })
    void this_machine_is_known_by_its_plain_names_alone(String host) {
        assertThat(Hosts.isLoopback(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost", "127.0.0.1", "127.255.0.3", "[::1]", "[0:0:0:0:0:0:0:1]"})
    void this_machine_is_this_machine(String host) {
        assertThat(Hosts.isLoopback(host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true",
        "127.9.9.9,true",
        "0.0.0.0,true",
        "10.0.0.1,true",
        "172.16.0.1,true",
        "192.168.1.1,true",
        "169.254.169.254,true",
        "::1,true",
        "::,true",
        "::ffff:10.0.0.1,true",
        "fe80::1,true",
        "fd00::1,true",
        "fc00::1,true",
        "8.8.8.8,false",
        "172.32.0.1,false",
        "100.64.0.1,false",
        "198.18.0.1,false",
        "64:ff9b::8.8.8.8,false",
        "2001:4860:4860::8888,false"
    })
    void a_name_leads_into_a_network_of_its_own_or_to_what_stands_for_the_world(String address, boolean internal)
            throws UnknownHostException {
        assertThat(Hosts.isInternal(InetAddress.getByName(address))).isEqualTo(internal);
    }

    @ParameterizedTest
    @CsvSource({
        "as.example,true",
        "AS.Example,true",
        "api.acme.example,true",
        "a.b.acme.example,true",
        "acme.example,false",
        "evilacme.example,false",
        "acme.example.evil.example,false",
        "x.as.example,false",
        "as.example.,false",
        "evil.example,false"
    })
    void a_list_of_names_allows_these_and_no_others(String host, boolean allowed) {
        assertThat(Hosts.isAllowed(Set.of("as.example", "*.acme.example"), host))
                .isEqualTo(allowed);
    }

    @Test
    void an_empty_list_allows_all() {
        assertThat(Hosts.isAllowed(Set.of(), "evil.example")).isTrue();
    }
}
