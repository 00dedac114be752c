package io.cardea.core.outbound;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Whom a URL leads to, told from its letters alone: no name is looked up here, for a name may change its mind. */
public final class Hosts {

    // Not the shorter ways to write an address, such as 2130706433, which nobody uses in good faith.
    private static final Pattern DOTTED_QUAD =
            Pattern.compile("(OCTET\\.){3}OCTET".replace("OCTET", "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"));
    // An address, whatever its notation (WHATWG URL, section 3.5): a name never ends like this.
    private static final Pattern NUMBER_AT_END = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");
    private static final List<String> INTERNAL =
            List.of(".localhost", ".local", ".localdomain", ".internal", ".lan", ".home.arpa");

    private Hosts() {}

    /** Whether secrets may be sent there: https, or http to this very machine. */
    public static boolean isSecure(URI url) {
        return url.getHost() != null
                && url.getUserInfo() == null
                && ("https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && isLoopback(url.getHost())));
    }

    /** Whether it is this very machine: localhost or a loopback address. */
    public static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || (isLiteral(host) && address(host, InetAddress::isLoopbackAddress, false));
    }

    /** Whether it is a host that the whole world does not see: an address of a private range, or a name without a place. */
    public static boolean isPrivate(String host) {
        if (isLiteral(host)) {
            return address(host, Hosts::isPrivate, true);
        }
        String lower = host.toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        return NUMBER_AT_END.matcher(name).matches()
                || name.indexOf('.') < 0
                || INTERNAL.stream().anyMatch(name::endsWith);
    }

    /** Whether a list of names, in which {@code *.} stands for all below one, has this host; an empty list has all. */
    public static boolean isAllowed(Set<String> allowed, String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return allowed.isEmpty()
                || allowed.contains(name)
                || allowed.stream().anyMatch(one -> one.startsWith("*.") && name.endsWith(one.substring(1)));
    }

    /**
     * Whether a name that was looked up has led into this machine or a network of its own. Fewer addresses than of those
     * written out: what VPNs and IPv6 translators answer in place of public ones (RFC 2544, RFC 6598, RFC 6052) is none.
     */
    public static boolean isInternal(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || (address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc); // RFC 4193
    }

    private static boolean isLiteral(String host) {
        return host.startsWith("[") || DOTTED_QUAD.matcher(host).matches();
    }

    private interface Question {
        boolean of(InetAddress address);
    }

    /** An address that cannot be is answered for as the caller fears. */
    private static boolean address(String literal, Question question, boolean feared) {
        try {
            return question.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return feared;
        }
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean special = address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();
        return special
                || (address instanceof Inet4Address
                        ? first == 0
                                || first >= 240
                                || (first == 100 && second >= 64 && second < 128)
                                || (first == 198 && (second == 18 || second == 19))
                                || (first == 192 && second == 0 && bytes[2] == 0)
                        // Unique local addresses (RFC 4193), and those that stand for one of IPv4: all that begin with
                        // a zero (RFC 4291, RFC 6052), and 6to4 (RFC 3056).
                        : (first & 0xfe) == 0xfc || first == 0 || (first == 0x20 && second == 2));
    }
}
