package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.verify.process.ChildProcess;
import io.jangada.verify.process.Mount;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.ServerCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data folders that a server cannot use: it says so in one line that names the folder and the way out, and ends with code 5. */
final class FolderRefusalTest {
    private static final int CANNOT_START = 5;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final Path data;

    FolderRefusalTest(@TempDir Path folder) {
        this.folder = folder;
        this.data = folder.resolve("n1");
    }

    @BeforeEach
    void aServerHasUsedTheFolder() {
        RealCluster.start(1, folder).close();
    }

    /** The last line that the server prints: what keeps it from starting. */
    private String refusal(String name) {
        ChildProcess.Finished finished = ChildProcess.run(
                ServerCommand.jangada(
                        "server",
                        "--name",
                        name,
                        "--data-dir",
                        data.toString(),
                        "--initial-cluster-token",
                        "verify",
                        "--listen-client-urls",
                        "http://127.0.0.1:0",
                        "--listen-peer-urls",
                        "http://127.0.0.1:0"),
                folder,
                "",
                LIMIT);
        assertThat(finished.exitCode()).as(finished.output()).isEqualTo(CANNOT_START);
        assertThat(finished.output()).doesNotContain("\tat ").doesNotContain("Exception in");
        List<String> lines = finished.output().lines().toList();
        String last = lines.get(lines.size() - 1);
        assertThat(last).startsWith("jangada: ");
        System.out.println("FolderRefusalTest: " + last);
        return last;
    }

    @Test
    void aReadOnlyFolder() {
        try (Mount mount = Mount.readOnly(data)) {
            assertThat(refusal("n1"))
                    .contains(mount.folder().toString(), "--data-dir", "Read-only file system", "may write to");
        }
    }

    @Test
    void aReadOnlyLog() {
        try (Mount mount = Mount.readOnly(data.resolve("raft"))) {
            assertThat(refusal("n1"))
                    .contains(mount.folder().toString(), "Read-only file system", "Mount it for writing");
        }
    }

    @Test
    void theFolderOfAnotherMember() {
        assertThat(refusal("n2")).contains(data.toString(), "belongs to the member 'n1'", "give each its own");
    }

    @Test
    void aLogOfANewerVersion() throws IOException {
        Path identity = data.resolve("raft").resolve("IDENTITY");
        byte[] bytes = Files.readAllBytes(identity);
        ByteBuffer file = ByteBuffer.wrap(bytes);
        // Two copies, each with the checksum of its own 36 bytes behind them (docs/log-format.md).
        for (int copy : new int[] {0, 4096}) {
            file.putInt(copy + 8, 99);
            CRC32C checksum = new CRC32C();
            checksum.update(bytes, copy, 36);
            file.putInt(copy + 36, (int) checksum.getValue());
        }
        Files.write(identity, bytes);
        assertThat(refusal("n1"))
                .contains(
                        data.resolve("raft").toString(),
                        "version 99",
                        "newer release",
                        "give this node another folder");
    }

    @Test
    void aFolderOfANewerVersion() throws IOException {
        Path member = data.resolve("MEMBER");
        String text = Files.readString(member);
        Files.writeString(member, text.replaceFirst("format=\\d+", "format=99"));
        assertThat(refusal("n1")).contains(member.toString(), "format '99'");
    }

    @Test
    void aFolderOfSomethingElse() throws IOException {
        Path raft = data.resolve("raft");
        try (var files = Files.list(raft)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.writeString(raft.resolve("thesis.tex"), "precious");
        assertThat(refusal("n1")).contains(raft.toString(), "thesis.tex", "Name another folder");
        assertThat(raft.resolve("thesis.tex")).hasContent("precious");
    }
}
