package io.jangada.server.member;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.NodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code MEMBER} of a data folder: the {@link Identity} of the server that it belongs to. One {@code key=value} on a line. Written once, at the first start, so
 * that later starts need no list of members, which may have changed meanwhile.
 */
public final class IdentityFile {
    private static final String FILE = "MEMBER";
    private static final String FORMAT = "1";

    private final Path file;

    public IdentityFile(Path folder) {
        this.file = folder.resolve(FILE);
    }

    /** The identity, or empty in a folder that has none yet. Throws {@link IOException} that says what is wrong with the file. */
    public Optional<Identity> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        String format = fields.getOrDefault("format", "");
        if (!format.equals(FORMAT)) {
            throw new IOException("the file " + file + " has format '" + format + "', but this program reads only "
                    + FORMAT + ": run the version that wrote it, or restore the file");
        }
        try {
            String membership = field(fields, "membership");
            return Optional.of(new Identity(
                    new ClusterId(HexFormat.fromHexDigitsToLong(field(fields, "cluster"))),
                    NodeId.of(HexFormat.fromHexDigitsToLong(field(fields, "member"))),
                    field(fields, "name"),
                    field(fields, "token"),
                    membership.isEmpty()
                            ? Membership.NONE
                            : MembershipCodec.decode(HexFormat.of().parseHex(membership))));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the file " + file + " is damaged (" + e.getMessage()
                            + "): restore it, or remove this member and add a new one",
                    e);
        }
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return value;
    }

    /** Writes the identity, whole or not at all, and durably. */
    public void write(Identity identity) throws IOException {
        String membership =
                identity.initial().isNone() ? "" : HexFormat.of().formatHex(MembershipCodec.encode(identity.initial()));
        String text = "format=" + FORMAT
                + "\ncluster=" + identity.cluster()
                + "\nmember=" + identity.self()
                + "\nname=" + identity.name()
                + "\ntoken=" + identity.token()
                + "\nmembership=" + membership + "\n";
        Path staged = file.resolveSibling(FILE + ".tmp");
        try (FileChannel out = FileChannel.open(
                staged, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
