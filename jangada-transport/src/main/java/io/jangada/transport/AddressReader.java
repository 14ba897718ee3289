package io.jangada.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Finds where peers reach a member in the text that a membership has as its address ({@link io.jangada.core.model.MemberInfo#address}). */
@FunctionalInterface
public interface AddressReader {

    /** Takes the whole text for "host:port", IPv6 addresses in brackets. */
    AddressReader HOST_AND_PORT = AddressText::parse;

    /**
     * The address in the text, best unresolved, for names are looked up anew for each attempt to connect; null if there is none in it. Any thread; must be quick.
     */
    @Nullable
    InetSocketAddress read(String text);
}
