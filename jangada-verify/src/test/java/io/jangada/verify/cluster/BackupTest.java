package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.verify.process.ChildProcess;
import io.jangada.verify.process.EtcdProcess;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.ServerCommand;
import io.jangada.verify.process.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup taken from a cluster under load, and a new cluster made of it: all real processes, by commands as an operator types them. */
final class BackupTest {
    private static final int WRITERS = 3;
    private static final int WRITES_BEFORE = 150;
    private static final long BIG_VALUE = 1 << 20;
    private static final long BIG_STORE = 96 * BIG_VALUE;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Small enough that the cluster takes snapshots of its own meanwhile. */
    private static final List<String> SMALL_LOG =
            List.of("--snapshot-count", "200", "--snapshot-catchup-entries", "50");

    private final Path folder;

    BackupTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** One client that puts one key after the other at one member; the revisions that were acknowledged, in order. */
    private static final class Writer {
        private final List<Long> revisions = new ArrayList<>();
        private final MemberChannels channels;
        private final int member;
        private final Thread thread;
        private volatile boolean stopped;

        Writer(MemberChannels channels, int member) {
            this.channels = channels;
            this.member = member;
            this.thread = new Thread(this::run, "writer-" + member);
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                for (int number = 0; !stopped; number++) {
                    long revision = channels.kv(member, LIMIT)
                            .put(PutRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8(key(member, number)))
                                    .setValue(ByteString.copyFromUtf8(value(member, number)))
                                    .build())
                            .getHeader()
                            .getRevision();
                    synchronized (revisions) {
                        revisions.add(revision);
                    }
                }
            } catch (StatusRuntimeException e) {
                // Its last write failed: nothing is expected of that, and the count of the others tells.
                stopped = true;
            }
        }

        List<Long> acknowledged() {
            synchronized (revisions) {
                return List.copyOf(revisions);
            }
        }

        void stop() {
            stopped = true;
            try {
                thread.join(LIMIT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(thread.isAlive()).as("writer %d", member).isFalse();
        }
    }

    private static String key(int member, int number) {
        return String.format("w%d/%06d", member, number);
    }

    private static String value(int member, int number) {
        return "value " + number + " of " + member + " " + "x".repeat(300);
    }

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void aClusterComesBackFromABackupThatWasTakenUnderLoad() throws Exception {
        Path file = folder.resolve("backup");
        Path old = Files.createDirectory(folder.resolve("old"));
        List<List<Long>> before = new ArrayList<>();
        List<List<Long>> all = new ArrayList<>();
        long oldCluster;
        try (RealCluster cluster = RealCluster.start(3, 0, old, SMALL_LOG);
                MemberChannels channels = new MemberChannels(cluster.endpoints())) {
            List<Writer> writers = new ArrayList<>();
            for (int member = 0; member < WRITERS; member++) {
                writers.add(new Writer(channels, member));
            }
            Waiting.until(
                    "enough has been written",
                    LIMIT,
                    () -> writers.stream()
                            .allMatch(writer -> writer.acknowledged().size() >= WRITES_BEFORE),
                    cluster::logs);
            writers.forEach(writer -> before.add(writer.acknowledged()));
            jangada(
                    "snapshot",
                    "save",
                    file.toString(),
                    "--endpoints",
                    cluster.endpoints().get(1));
            etcdctlSaves(cluster.endpoints().get(2));
            writers.forEach(Writer::stop);
            writers.forEach(writer -> all.add(writer.acknowledged()));
            oldCluster = channels.status(0, LIMIT).getHeader().getClusterId();
        }
        long revision = number(jangada("snapshot", "status", "-w", "json", file.toString()), "revision");
        report(before, all, revision, Files.size(file));

        Path fresh = Files.createDirectory(folder.resolve("new"));
        try (RealCluster cluster = RealCluster.startPrepared(3, fresh, flags -> restore(file, flags));
                MemberChannels channels = new MemberChannels(cluster.endpoints())) {
            for (int member = 0; member < 3; member++) {
                RangeResponse found = readAll(channels, member, 0);
                assertThat(found.getHeader().getRevision()).isEqualTo(revision);
                assertThat(found.getHeader().getClusterId()).isNotEqualTo(oldCluster);
                judge(found.getKvsList(), before, all, revision);
            }
            RangeResponse past = readAll(channels, 0, revision / 2);
            assertThat(past.getKvsList()).allMatch(kv -> kv.getModRevision() <= revision / 2);
            long next = channels.kv(2, LIMIT)
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("after"))
                            .build())
                    .getHeader()
                    .getRevision();
            assertThat(next).isEqualTo(revision + 1);
        }
    }

    /** The client stands still in the middle, so that the server certainly dies before the end. */
    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void aServerThatDiesWhileItSendsABackupLeavesNoneBehind() throws Exception {
        Path file = folder.resolve("broken");
        Path part = folder.resolve("broken.part");
        try (RealCluster cluster = RealCluster.start(1, folder);
                MemberChannels channels = new MemberChannels(cluster.endpoints())) {
            fill(channels);
            String endpoint = cluster.endpoints().get(0);
            Path log = folder.resolve("save.log");
            List<String> save = ServerCommand.jangada("snapshot", "save", file.toString(), "--endpoints", endpoint);
            try (ChildProcess client = ChildProcess.start(save, folder, Map.of(), log)) {
                Waiting.until("the backup has begun to arrive", LIMIT, () -> size(part) > BIG_VALUE, client::log);
                client.pause();
                assertThat(size(part))
                        .as("arrived before the kill: %s", client.log())
                        .isBetween(1L, BIG_STORE / 2);
                cluster.nodes().get(0).kill9();
                client.resume();
                assertThat(client.awaitExit(LIMIT)).as(client.log()).isEqualTo(1);
                assertThat(client.log())
                        .contains("the backup from " + endpoint + " broke off: the connection was lost")
                        .doesNotContain("Saved", "\tat ");
            }
        }
        assertThat(file).doesNotExist();
        assertThat(part).doesNotExist();
        ChildProcess.Finished status =
                ChildProcess.run(ServerCommand.jangada("snapshot", "status", file.toString()), folder, "", LIMIT);
        assertThat(status.exitCode()).as(status.output()).isEqualTo(1);
        assertThat(status.output()).contains("there is no file " + file);
    }

    /** With what no compression makes smaller. */
    private static void fill(MemberChannels channels) {
        Random random = new Random(7);
        byte[] value = new byte[(int) BIG_VALUE];
        for (int number = 0; number < BIG_STORE / BIG_VALUE; number++) {
            random.nextBytes(value);
            channels.kv(0, LIMIT)
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("big/" + number))
                            .setValue(ByteString.copyFrom(value))
                            .build());
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was acknowledged before the backup began is there, what is there was acknowledged or under way, and there are no gaps. */
    private static void judge(List<KeyValue> found, List<List<Long>> before, List<List<Long>> all, long revision) {
        for (int member = 0; member < WRITERS; member++) {
            String prefix = "w" + member + "/";
            List<KeyValue> ofWriter = found.stream()
                    .filter(kv -> kv.getKey().toStringUtf8().startsWith(prefix))
                    .toList();
            assertThat(ofWriter.size())
                    .as("writes of %d", member)
                    .isBetween(before.get(member).size(), all.get(member).size() + 1);
            for (int number = 0; number < ofWriter.size(); number++) {
                KeyValue kv = ofWriter.get(number);
                assertThat(kv.getKey().toStringUtf8()).isEqualTo(key(member, number));
                assertThat(kv.getValue().toStringUtf8()).isEqualTo(value(member, number));
                assertThat(kv.getModRevision()).isLessThanOrEqualTo(revision);
                if (number < all.get(member).size()) {
                    assertThat(kv.getModRevision()).isEqualTo(all.get(member).get(number));
                }
            }
        }
    }

    /** With the flags that the server will be started with. */
    private void restore(Path file, List<String> flags) {
        List<String> words = new ArrayList<>(List.of("snapshot", "restore", file.toString()));
        words.addAll(flags);
        assertThat(jangada(words.toArray(String[]::new))).contains("of the new cluster");
    }

    /** Debian's etcdctl saves it too, and finds the digest that it looks for; the file is one of ours. */
    private void etcdctlSaves(String endpoint) {
        Path etcdctl = EtcdProcess.programNamed("etcdctl").orElse(null);
        if (etcdctl == null) {
            System.out.println("etcdctl is not installed (package etcd-client); its 'snapshot save' was not tried");
            return;
        }
        String file = folder.resolve("by-etcdctl").toString();
        List<String> save =
                List.of("env", "ETCDCTL_API=3", etcdctl.toString(), "--endpoints", endpoint, "snapshot", "save", file);
        ChildProcess.Finished saved = ChildProcess.run(save, folder, "", LIMIT);
        assertThat(saved.exitCode()).as(saved.output()).isZero();
        assertThat(number(jangada("snapshot", "status", "-w", "json", file), "totalKey"))
                .isGreaterThanOrEqualTo(WRITERS * WRITES_BEFORE);
    }

    private static RangeResponse readAll(MemberChannels channels, int member, long revision) {
        return channels.kv(member, LIMIT)
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFrom(new byte[1]))
                        .setRangeEnd(ByteString.copyFrom(new byte[1]))
                        .setRevision(revision)
                        .build());
    }

    private String jangada(String... words) {
        ChildProcess.Finished finished = ChildProcess.run(ServerCommand.jangada(words), folder, "", LIMIT);
        assertThat(finished.exitCode())
                .as("%s: %s", String.join(" ", words), finished.output())
                .isZero();
        return finished.output();
    }

    private static long number(String json, String name) {
        return Long.parseLong(json.replaceAll("(?s).*\"" + name + "\":(\\d+).*", "$1"));
    }

    private static void report(List<List<Long>> before, List<List<Long>> all, long revision, long bytes) {
        System.out.printf(
                "backup under load: %d writes acknowledged before, %d at the end, saved at revision %d, %d bytes%n",
                before.stream().mapToInt(List::size).sum(),
                all.stream().mapToInt(List::size).sum(),
                revision,
                bytes);
    }
}
