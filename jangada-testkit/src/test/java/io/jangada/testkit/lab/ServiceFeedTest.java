package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a service is told of commits and snapshots, and what a snapshot of the node holds of it. */
class ServiceFeedTest {

    /** One server: what it was told is a list. Its commands stand at every second entry of the log. */
    private static final class Server {
        final List<String> told = new ArrayList<>();
        final ServiceFeed feed;

        Server(long restored) throws IOException {
            ApplyChannel channel = new ApplyChannel() {
                @Override
                public void put(ApplyMsg message) {
                    told.add(message.commandValid() ? text(message.command()) + message.commandIndex() : name(message));
                }

                @Override
                public void close() {}
            };
            feed = new ServiceFeed(channel, new CommandNumbers(new Persister(0).openLog()), restored);
        }

        private static String name(ApplyMsg snapshot) {
            return text(snapshot.snapshot()) + snapshot.snapshotIndex() + "/" + snapshot.snapshotTerm();
        }

        Server apply(long from, long to) {
            for (long number = from; number <= to; number++) {
                assertThat(feed.apply(2 * number, 1 + number / 10, bytes("c"))).isEqualTo(number);
            }
            return this;
        }

        byte[] snapshot() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            feed.snapshot().orElseThrow().writeTo(out);
            return out.toByteArray();
        }

        void restore(long command, byte[] snapshot) throws IOException {
            feed.restore(2 * command, 1, new ByteArrayInputStream(snapshot));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ServiceSnapshot read(byte[] snapshot) throws IOException {
        return ServiceSnapshot.readFrom(new ByteArrayInputStream(snapshot));
    }

    /** A node's snapshot with the service's up to command 3 of term 1, and commands 4 and 5. */
    private static byte[] threeAndTwo() throws IOException {
        Server server = new Server(0).apply(1, 5);
        assertThat(server.feed.snapshotUpTo(3, bytes("s"))).isTrue();
        return server.snapshot();
    }

    @Test
    void commandsAreTheirOwnNumbers() throws IOException {
        assertThat(new Server(0).apply(1, 3).told).containsExactly("c1", "c2", "c3");
    }

    @Test
    void aSnapshotHoldsTheServicesOwnAndTheCommandsAfterIt() throws IOException {
        ServiceSnapshot snapshot = read(threeAndTwo());
        assertThat(snapshot.index()).isEqualTo(3);
        assertThat(snapshot.term()).isEqualTo(1);
        assertThat(text(snapshot.bytes())).isEqualTo("s");
        assertThat(snapshot.tail()).hasSize(2).allSatisfy(command -> assertThat(text(command.payload()))
                .isEqualTo("c"));
        assertThat(snapshot.lastCommand()).isEqualTo(5);
    }

    @Test
    void aSnapshotBeforeTheServiceHasMadeOneHoldsAllCommands() throws IOException {
        ServiceSnapshot snapshot = read(new Server(0).apply(1, 4).snapshot());
        assertThat(snapshot.index()).isZero();
        assertThat(snapshot.bytes()).isEmpty();
        assertThat(snapshot.lastCommand()).isEqualTo(4);
    }

    @Test
    void aSnapshotIsOfItsMomentWhateverComesLater() throws IOException {
        Server server = new Server(0).apply(1, 4);
        var held = server.feed.snapshot().orElseThrow();
        byte[] own = bytes("s");
        assertThat(server.apply(5, 6).feed.snapshotUpTo(6, own)).isTrue();
        own[0] = 'x';
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        held.writeTo(out);
        held.close();
        assertThat(read(out.toByteArray()).lastCommand()).isEqualTo(4);
        assertThat(text(read(server.snapshot()).bytes())).isEqualTo("s");
        assertThat(read(server.snapshot()).tail()).isEmpty();
    }

    @Test
    void aSnapshotThatIsNotNewIsNotTaken() throws IOException {
        Server server = new Server(0).apply(1, 5);
        assertThat(server.feed.snapshotUpTo(4, bytes("four"))).isTrue();
        assertThat(server.feed.snapshotUpTo(4, bytes("again"))).isFalse();
        assertThat(server.feed.snapshotUpTo(2, bytes("two"))).isFalse();
        assertThat(server.feed.snapshotUpTo(0, bytes("none"))).isFalse();
        assertThat(text(read(server.snapshot()).bytes())).isEqualTo("four");
    }

    @Test
    void aSnapshotBeyondWhatWasDeliveredIsRefused() throws IOException {
        Server server = new Server(0).apply(1, 5);
        assertThatThrownBy(() -> server.feed.snapshotUpTo(6, bytes("six")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a snapshot up to command 6, but only 5 have been delivered");
        assertThat(server.feed.snapshotUpTo(5, bytes("five"))).isTrue();
        assertThatThrownBy(() -> server.feed.snapshotUpTo(6, bytes("six")))
                .hasMessage("a snapshot up to command 6, but only 5 have been delivered");
    }

    /** A service that makes a snapshot as soon as it has started was told that it had got nothing. */
    @Test
    void aServiceThatHasRestoredItselfKnowsThatMuch() throws IOException {
        Server server = new Server(3);
        assertThat(server.feed.snapshotUpTo(3, bytes("s"))).isFalse();
        assertThatThrownBy(() -> server.feed.snapshotUpTo(4, bytes("s")))
                .hasMessage("a snapshot up to command 4, but only 3 have been delivered");
        server.restore(5, threeAndTwo());
        assertThat(server.told).containsExactly("c4", "c5");
        assertThat(server.feed.snapshotUpTo(3, bytes("x"))).isFalse();
        assertThat(server.feed.snapshotUpTo(4, bytes("t"))).isTrue();
    }

    @Test
    void aServiceThatIsBehindGetsTheSnapshotAndTheCommandsAfterIt() throws IOException {
        Server server = new Server(0).apply(1, 2);
        server.restore(5, threeAndTwo());
        assertThat(server.told).containsExactly("c1", "c2", "s3/1", "c4", "c5");
        assertThat(server.apply(6, 6).told).endsWith("c5", "c6");
    }

    @Test
    void aServiceThatIsBetweenTheSnapshotAndItsEndGetsTheRestOnly() throws IOException {
        for (long has = 3; has <= 4; has++) {
            Server server = new Server(0).apply(1, has);
            server.restore(5, threeAndTwo());
            assertThat(server.apply(6, 6).told).containsExactly("c1", "c2", "c3", "c4", "c5", "c6");
        }
    }

    @Test
    void aServiceThatIsAheadGetsNothingTwice() throws IOException {
        Server server = new Server(7);
        server.restore(5, threeAndTwo());
        assertThat(server.told).isEmpty();
        assertThat(server.apply(6, 8).told).containsExactly("c8");
    }

    @Test
    void whatWasRestoredIsInTheNextSnapshot() throws IOException {
        Server server = new Server(0);
        server.restore(5, threeAndTwo());
        ServiceSnapshot next = read(server.apply(6, 6).snapshot());
        assertThat(next.index()).isEqualTo(3);
        assertThat(text(next.bytes())).isEqualTo("s");
        assertThat(next.lastCommand()).isEqualTo(6);
    }

    @Test
    void aSnapshotThatIsCutOffIsNotRestored() throws IOException {
        byte[] whole = threeAndTwo();
        Server server = new Server(0);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> server.restore(5, cut)).isInstanceOf(EOFException.class);
        }
        assertThat(server.told).isEmpty();
    }
}
