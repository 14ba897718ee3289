package io.jangada.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.testkit.history.HistoryRecorder;
import io.jangada.testkit.history.LinearizabilityChecker;
import io.jangada.testkit.history.VersionedRegisterModel;
import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import io.jangada.verify.process.MemberChannels;
import io.jangada.verify.process.RealCluster;
import io.jangada.verify.process.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A leader that is cut off, deaf or was asleep answers nothing it cannot know: real processes, real sockets, a proxy on every link. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class PartitionTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    /** What asks the cut-off node waits in vain, so it must not wait long. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private static final Duration CALL = Duration.ofSeconds(3);
    private static final ByteString KEY = ByteString.copyFromUtf8("key");

    private final RealCluster cluster;
    private final MemberChannels channels;

    PartitionTest(@TempDir Path folder) {
        cluster = RealCluster.startWithLinks(3, folder);
        channels = new MemberChannels(cluster.endpoints());
    }

    @AfterEach
    void end() {
        channels.close();
        cluster.close();
    }

    @Test
    void aLeaderThatIsCutOffNeitherReadsNorWrites() {
        int old = cluster.awaitLeader(channels, LONG);
        int other = (old + 1) % 3;
        put(old, "before", LONG);

        cluster.isolate(old);
        List<AtomicBoolean> answered = askAtOnce(old);
        Waiting.until("the majority goes on", LONG, () -> canPut(other, "after"), cluster::logs);
        // The majority has moved on; whatever the old leader answers now as linearizable would be wrong.
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> read(old, false, CALL))
                .satisfies(PartitionTest::saysUnavailable);
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> put(old, "lost", CALL))
                .satisfies(PartitionTest::saysUnavailable);
        assertThat(answered)
                .as("requests at the old leader from the moment of the cut")
                .noneMatch(AtomicBoolean::get);
        assertThat(read(old, true, CALL))
                .as("a serializable read still answers")
                .isEqualTo("before");

        cluster.heal();
        Waiting.until("all converge", LONG, this::allReadTheSame, cluster::logs);
        assertThat(read(old, false, LONG)).isEqualTo(read(other, false, LONG));
    }

    @Test
    void historiesThroughAPartitionAreLinearizable() {
        HistoryRecorder<Op, Answer> recorder = new HistoryRecorder<>(System::nanoTime);
        try (Workload load = Workload.start(channels, recorder, 8, SHORT)) {
            for (int round = 0; round < 3; round++) {
                load.beginRound(round);
                awaitChanges(load, 50);
                cluster.isolate(cluster.awaitLeader(channels, LONG));
                awaitChanges(load, 50);
                cluster.heal();
                awaitChanges(load, 50);
            }
            load.stop();
        }
        assertThat(new LinearizabilityChecker<>(new VersionedRegisterModel()).check(recorder.history()))
                .satisfies(result -> assertThat(result.linearizable())
                        .as(result.explanation())
                        .isTrue());
    }

    /** It still reaches the others, so they never stand for election; it must notice by itself (check-quorum). */
    @Test
    void aLeaderThatHearsNobodyGivesUp() {
        int old = cluster.awaitLeader(channels, LONG);
        int other = (old + 1) % 3;
        put(other, "before", LONG);
        cluster.deafen(old);
        Waiting.until("the others go on", LONG, () -> canPut(other, "after"), cluster::logs);
        cluster.heal();
        Waiting.until("all converge", LONG, this::allReadTheSame, cluster::logs);
        assertThat(read(old, false, LONG)).isEqualTo("after");
    }

    /** The others have elected somebody while the leader's process stood still; it wakes up believing that it leads. */
    @Test
    void aLeaderThatWasAsleepServesNoStaleRead() {
        int old = cluster.awaitLeader(channels, LONG);
        int other = (old + 1) % 3;
        put(old, "before", LONG);
        cluster.nodes().get(old).pause();
        Waiting.until("the others go on", LONG, () -> canPut(other, "after"), cluster::logs);
        List<String> values = new ArrayList<>();
        cluster.nodes().get(old).resume();
        for (int i = 0; i < 50; i++) {
            try {
                values.add(read(old, false, CALL));
            } catch (StatusRuntimeException e) {
                saysUnavailable(e);
            }
        }
        assertThat(values).isNotEmpty().allMatch("after"::equals);
    }

    /** Reads and puts that set out at the very moment of the cut; each remembers whether it was answered with success. */
    private List<AtomicBoolean> askAtOnce(int member) {
        List<AtomicBoolean> answered = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean reads = i % 2 == 0;
            AtomicBoolean success = new AtomicBoolean();
            answered.add(success);
            Thread thread = new Thread(
                    () -> {
                        try {
                            if (reads) {
                                read(member, false, LONG);
                            } else {
                                put(member, "never", LONG);
                            }
                            success.set(true);
                        } catch (StatusRuntimeException e) {
                            success.set(false);
                        }
                    },
                    "asks-at-once-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        return answered;
    }

    private void awaitChanges(Workload load, long changes) {
        long enough = load.acknowledgedChanges() + changes;
        Waiting.until(changes + " changes", LONG, () -> load.acknowledgedChanges() >= enough, cluster::logs);
    }

    private static void saysUnavailable(StatusRuntimeException failure) {
        assertThat(failure.getStatus().getCode())
                .as(failure.toString())
                .isIn(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);
    }

    private boolean canPut(int member, String value) {
        try {
            put(member, value, CALL);
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private boolean allReadTheSame() {
        try {
            List<String> values = new ArrayList<>();
            for (int member = 0; member < channels.size(); member++) {
                values.add(read(member, false, CALL));
            }
            return values.stream().distinct().count() == 1;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private void put(int member, String value, Duration limit) {
        PutRequest request = PutRequest.newBuilder()
                .setKey(KEY)
                .setValue(ByteString.copyFromUtf8(value))
                .build();
        assertThat(channels.kv(member, limit).put(request).getHeader().getRevision())
                .isPositive();
    }

    private String read(int member, boolean serializable, Duration limit) {
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(KEY)
                .setSerializable(serializable)
                .build();
        return channels.kv(member, limit).range(request).getKvs(0).getValue().toStringUtf8();
    }
}
