package io.jangada.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.ClusterId;
import io.jangada.core.model.Entry;
import io.jangada.core.model.HardState;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.WriteBatch;
import io.jangada.storage.LogIdentity;
import io.jangada.storage.LogOptions;
import io.jangada.storage.SegmentedLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code jangada log} as a person types it, on a whole log, on a damaged one, and on none. */
class LogCommandTest {
    private static final int SECOND_RECORD_ENTRY = 2;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;

    LogCommandTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        LogOptions options = LogOptions.DEFAULT.withSegmentBytes(64 << 10);
        LogIdentity owner = new LogIdentity(new ClusterId(0xc1), NodeId.of(7));
        try (SegmentedLog log = SegmentedLog.open(raft(), owner, options)) {
            for (int index = 1; index <= 5; index++) {
                HardState state = index == 1 ? new HardState(3, NodeId.of(7)) : null;
                log.write(new WriteBatch(
                        index, state, WriteBatch.KEEP_ALL, List.of(Entry.command(index, 3, new byte[5_000]))));
                log.sync();
            }
        }
    }

    private Path raft() {
        return folder.resolve("raft");
    }

    private int run(String... words) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(words);
    }

    private void damage() throws IOException {
        Path segment = raft().resolve("0000000000000001.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[(8 << 10) + (SECOND_RECORD_ENTRY - 1) * 5_184 + 2_000] ^= 1;
        Files.write(segment, bytes);
    }

    @Test
    void verifyOfAWholeLogSaysSo() {
        assertThat(run("log", "verify", folder.toString())).isZero();
        assertThat(out.toString())
                .contains(
                        "log of node", "0000000000000001.log", "intact", "entries 1..5, term 3", "Nothing is missing.");
    }

    @Test
    void dumpPrintsALineForEachRecord() {
        assertThat(run("log", "dump", raft().toString())).isZero();
        assertThat(out.toString().lines()).hasSize(5);
        assertThat(out.toString()).contains("#1 entries 1..1 of term 3: term 3, vote for ");
        out.getBuffer().setLength(0);
        assertThat(run("log", "dump", "--from", "4", folder.toString())).isZero();
        assertThat(out.toString().lines()).hasSize(2);
    }

    @Test
    void aDamagedRecordIsNamedAndTheDryRunChangesNothing() throws IOException {
        damage();
        assertThat(run("log", "verify", folder.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("1 damaged place", "the checksum of a record body is wrong", "missing: entries 2..2")
                .contains("asks the other members for it");
        byte[] before = Files.readAllBytes(raft().resolve("0000000000000001.log"));
        out.getBuffer().setLength(0);
        assertThat(run("log", "repair", "--dry-run", folder.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("missing: entries 2..2", "nothing has been changed");
        assertThat(Files.readAllBytes(raft().resolve("0000000000000001.log"))).isEqualTo(before);
        assertThat(raft().resolve("0000000000000002.log")).doesNotExist();
        out.getBuffer().setLength(0);
        assertThat(run("log", "repair", folder.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("Done: the log ends with entry 1.");
        assertThat(raft().resolve("0000000000000002.log")).exists();
    }

    @Test
    void aFolderWithoutALogIsRefusedInOneLine() {
        assertThat(run("log", "verify", folder.resolve("nothing").toString())).isEqualTo(5);
        assertThat(err.toString()).startsWith("jangada: ").contains("no file IDENTITY");
        assertThat(err.toString().lines()).hasSize(1);
    }
}
