package io.jangada.server.member;

import io.jangada.server.config.HttpUrl;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a cluster of servers knows of a member, in the text that the membership carries as its address ({@link io.jangada.core.model.MemberInfo#address}):
 *
 * <pre>{@code name=n1 peers=http://10.0.0.1:2380 clients=http://10.0.0.1:2379,http://n1.example:2379}</pre>
 *
 * Fields in any order, a space between two; each at most once. What later versions add is overlooked.
 *
 * @param name empty as long as a member that was added has not been started
 * @param peerUrls where the other members reach it, at least one; the first is used
 * @param clientUrls where clients reach it; empty until it has told
 */
public record MemberAddress(String name, List<HttpUrl> peerUrls, List<HttpUrl> clientUrls) {
    private static final String NAME = "name";
    private static final String PEERS = "peers";
    private static final String CLIENTS = "clients";

    public MemberAddress {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
        if (!name.matches("[A-Za-z0-9._-]{0,64}")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name of a member; use up to 64 letters, digits, '.', '_' or '-'");
        }
        if (peerUrls.isEmpty()) {
            throw new IllegalArgumentException("a member needs a URL at which the others reach it");
        }
    }

    /** The text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (!name.isEmpty()) {
            text.append(NAME).append('=').append(name).append(' ');
        }
        text.append(PEERS).append('=').append(join(peerUrls));
        if (!clientUrls.isEmpty()) {
            text.append(' ').append(CLIENTS).append('=').append(join(clientUrls));
        }
        return text.toString();
    }

    /** Reads the text. Throws {@link IllegalArgumentException} with what is wrong. */
    public static MemberAddress parse(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : text.strip().split("\\s+", -1)) {
            int equals = field.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not the address of a member, like name=n1 peers=http://127.0.0.1:2380");
            }
            if (fields.put(field.substring(0, equals), field.substring(equals + 1)) != null) {
                throw new IllegalArgumentException(
                        "'" + text + "' says '" + field.substring(0, equals) + "' more than once");
            }
        }
        return new MemberAddress(
                fields.getOrDefault(NAME, ""),
                urls(fields.getOrDefault(PEERS, "")),
                urls(fields.getOrDefault(CLIENTS, "")));
    }

    /** Reads the text if it is one of ours; a membership may have been made with others. */
    public static Optional<MemberAddress> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<HttpUrl> urls(String text) {
        return Arrays.stream(text.split(",", -1))
                .filter(url -> !url.isEmpty())
                .map(HttpUrl::parse)
                .toList();
    }

    private static String join(List<HttpUrl> urls) {
        return urls.stream().map(HttpUrl::toString).collect(Collectors.joining(","));
    }
}
