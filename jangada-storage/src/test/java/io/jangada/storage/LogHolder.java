package io.jangada.storage;

import io.jangada.api.ClusterId;
import io.jangada.core.model.NodeId;
import java.io.IOException;
import java.nio.file.Path;

/** A process that has a log open until its standard input ends. */
final class LogHolder {
    private LogHolder() {}

    public static void main(String[] arguments) throws IOException {
        LogIdentity owner = new LogIdentity(new ClusterId(0xc1), NodeId.of(7));
        try (SegmentedLog log =
                SegmentedLog.open(Path.of(arguments[0]), owner, LogOptions.DEFAULT.withSegmentBytes(64 << 10))) {
            System.out.println(log.recovered().lastIndex() == 0 ? "open" : "open, not empty");
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }
}
