package io.jangada.server.cli;

import com.google.protobuf.ByteString;
import io.jangada.server.config.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The key or keys a command is about. */
final class KeyRange {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

    @Parameters(index = "0", paramLabel = "KEY", description = "The key, or where the range begins.")
    private String key = "";

    @Parameters(
            index = "1",
            paramLabel = "RANGE_END",
            arity = "0..1",
            description = "Where the range ends; itself not part of it.")
    private @Nullable String rangeEnd;

    @Option(names = "--prefix", description = "All keys that begin with KEY.")
    private boolean prefix;

    @Option(names = "--from-key", description = "All keys from KEY on.")
    private boolean fromKey;

    ByteString begin() {
        return key.isEmpty() && (prefix || fromKey) ? ZERO : ByteString.copyFromUtf8(key);
    }

    ByteString end() {
        if ((prefix && fromKey) || (rangeEnd != null && (prefix || fromKey))) {
            throw new ConfigException("give only one of RANGE_END, --prefix and --from-key");
        }
        if (fromKey || (prefix && key.isEmpty())) {
            return ZERO;
        }
        if (prefix) {
            return afterPrefix(ByteString.copyFromUtf8(key));
        }
        return rangeEnd == null ? ByteString.EMPTY : ByteString.copyFromUtf8(rangeEnd);
    }

    /** The first key after all that begin with the prefix. */
    private static ByteString afterPrefix(ByteString prefix) {
        byte[] bytes = prefix.toByteArray();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] != (byte) 0xff) {
                bytes[i]++;
                return ByteString.copyFrom(bytes, 0, i + 1);
            }
        }
        return ZERO;
    }
}
