package io.jangada.transport;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as text, "host:port", IPv6 addresses in brackets. */
final class AddressText {
    private static final int MAX_PORT = 65_535;

    private AddressText() {}

    static String of(InetSocketAddress address) {
        return of(address, address.getPort());
    }

    /** With another port. */
    static String of(InetSocketAddress address, int port) {
        String host = address.getHostString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** Null for whatever is no such text; it may come from anybody. */
    static @Nullable InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return null;
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            return null;
        }
        int port = port(text.substring(colon + 1));
        boolean printable = host.chars().allMatch(character -> character > ' ' && character < 0x7f);
        return host.isEmpty() || port == 0 || !printable ? null : InetSocketAddress.createUnresolved(host, port);
    }

    /** From 1 to 65,535, or 0 for what is no port. */
    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5) {
            return 0;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port <= MAX_PORT ? port : 0;
    }

    /**
     * Where a peer can be reached that has told this address: who listens on all addresses of its machine may have told "0.0.0.0", and is then
     * where its connection comes from.
     */
    static @Nullable InetSocketAddress told(String text, InetAddress from) {
        InetSocketAddress address = parse(text);
        return address == null || !isWildcard(address.getHostString())
                ? address
                : InetSocketAddress.createUnresolved(from.getHostAddress(), address.getPort());
    }

    private static boolean isWildcard(String host) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal == null) {
            return false;
        }
        for (byte part : literal) {
            if (part != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether both lead to the same place, as far as can be said without looking names up. */
    static boolean same(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort() && one.getHostString().equals(other.getHostString());
    }
}
