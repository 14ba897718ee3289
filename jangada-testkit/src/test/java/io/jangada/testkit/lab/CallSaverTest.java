package io.jangada.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.CommitNotice;
import io.jangada.core.message.HeartbeatRequest;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What leaves for one server, and when, in milliseconds of the lab. */
class CallSaverTest {
    private static final NodeId ME = NodeId.of(1);
    private static final NodeId PEER = NodeId.of(2);
    private static final long PACE_NANOS = 10_000_000;

    private final VirtualTime time = new VirtualTime(1);
    private final List<String> sent = new ArrayList<>();
    private long spareNanos;

    private List<String> played(Consumer<CallSaver> story) {
        time.run(() -> {
            time.sleep(100);
            CallSaver saver = new CallSaver(
                    time, PACE_NANOS, CallSaverTest::isOpen, () -> spareNanos, message -> sent.add(words(message)));
            story.accept(saver);
            time.sleep(100);
        });
        return sent;
    }

    private static boolean isOpen(AppendRequest append) {
        return append.leaderCommit() < CallSaver.lastIndexOf(append);
    }

    private String words(Message message) {
        long millis = time.elapsedNanos() / 1_000_000 - 100;
        if (message instanceof AppendRequest append) {
            return millis + ": append " + append.prevLogIndex() + "+"
                    + append.entries().size() + " c" + append.leaderCommit();
        }
        return millis + ": "
                + (message instanceof CommitNotice notice ? "commit " + notice.commitIndex() : "heartbeat");
    }

    private static AppendRequest append(long prevIndex, long commit) {
        Entry entry = Entry.command(prevIndex + 1, 1, new byte[] {1});
        return new AppendRequest(ME, PEER, 1, prevIndex, prevIndex == 0 ? 0 : 1, List.of(entry), commit);
    }

    private static AppendRequest appendWith(long prevIndex, long commit) {
        return CallSaver.withCommit(append(prevIndex, 0), commit);
    }

    private static CommitNotice commit(long index) {
        return new CommitNotice(ME, PEER, 1, index);
    }

    private static HeartbeatRequest heartbeat(long commit) {
        return new HeartbeatRequest(ME, PEER, 1, 1, commit);
    }

    @Test
    void anAppendWaitsForThoseThatFollowAtOnceAndABurstBehindItForThePace() {
        assertThat(played(saver -> {
                    saver.send(append(0, 0));
                    time.sleep(1);
                    saver.send(append(1, 0));
                    time.sleep(4);
                    saver.send(append(2, 1));
                    time.sleep(3);
                    saver.send(append(3, 1));
                    time.sleep(30);
                    saver.send(append(4, 4));
                }))
                .containsExactly("2: append 0+2 c0", "12: append 2+2 c1", "40: append 4+1 c4");
    }

    @Test
    void newsGoesAtOnceAndInAStreamWaitsForTheNextAppend() {
        assertThat(played(saver -> {
                    for (int i = 0; i < 4; i++) {
                        saver.send(append(i, i));
                        time.sleep(11);
                        saver.send(commit(i + 1));
                    }
                    saver.send(append(4, 4));
                    time.sleep(12);
                    saver.send(commit(5));
                }))
                .containsExactly(
                        "2: append 0+1 c0",
                        "11: commit 1",
                        "13: append 1+1 c1",
                        "22: commit 2",
                        "24: append 2+1 c2",
                        "33: commit 3",
                        "35: append 3+1 c3",
                        "46: append 4+1 c4",
                        "65: commit 5");
    }

    @Test
    void newsThatNothingElseTellsGoesByItself() {
        assertThat(played(saver -> {
                    for (int i = 0; i < 4; i++) {
                        saver.send(append(i, 0));
                        time.sleep(11);
                    }
                    saver.send(commit(1));
                    saver.send(commit(2));
                }))
                .endsWith("35: append 3+1 c0", "53: commit 2");
    }

    @Test
    void anAppendThatIsNotNeededForTheCommitWaitsForItAndBringsTheNews() {
        spareNanos = 20_000_000;
        assertThat(played(saver -> {
                    saver.send(append(0, 0));
                    time.sleep(5);
                    saver.committed(1, 1);
                    saver.answered(appendWith(0, 1));
                    saver.send(commit(1));
                    time.sleep(30);
                    saver.send(append(1, 1));
                    time.sleep(30);
                    saver.send(append(2, 3));
                }))
                .containsExactly("5: append 0+1 c1", "57: append 1+1 c1", "67: append 2+1 c3");
    }

    @Test
    void whatIsCommittedInAnotherTermOrBelowReleasesNothing() {
        spareNanos = 20_000_000;
        assertThat(played(saver -> {
                    saver.send(append(4, 2));
                    time.sleep(5);
                    saver.committed(2, 5);
                    saver.committed(1, 4);
                }))
                .containsExactly("22: append 4+1 c4");
    }

    @Test
    void nothingOvertakesAnAppendThatWaits() {
        assertThat(played(saver -> {
                    saver.send(append(0, 0));
                    saver.send(append(1, 0));
                    saver.send(heartbeat(1));
                }))
                .containsExactly("0: append 0+2 c0", "0: heartbeat");
    }

    @Test
    void appendsThatDoNotFollowEachOtherStayTwo() {
        assertThat(played(saver -> {
                    saver.send(append(0, 0));
                    saver.send(append(4, 0));
                    saver.send(append(1, 0));
                }))
                .containsExactly("0: append 0+1 c0", "0: append 4+1 c0", "10: append 1+1 c0");
    }

    @Test
    void withoutAPaceEachAppendGoesAsItComes() {
        time.run(() -> {
            time.sleep(100);
            CallSaver saver =
                    new CallSaver(time, 0, CallSaverTest::isOpen, () -> 0, message -> sent.add(words(message)));
            saver.send(append(0, 0));
            saver.send(append(1, 0));
        });
        assertThat(sent).containsExactly("0: append 0+1 c0", "0: append 1+1 c0");
    }

    @Test
    void whatIsCommittedAlreadyWaitsForNothing() {
        assertThat(played(saver -> saver.send(appendWith(0, 1)))).containsExactly("0: append 0+1 c1");
    }

    @Test
    void knowsWhatHasBeenSaidAndWhen() {
        List<Boolean> news = new ArrayList<>();
        List<Long> millis = new ArrayList<>();
        played(saver -> {
            millis.add(saver.uncalledNanos() / 1_000_000);
            news.add(saver.isNews(heartbeat(0)));
            saver.send(commit(3));
            news.add(saver.isNews(heartbeat(3)));
            news.add(saver.isNews(heartbeat(4)));
            time.sleep(7);
            millis.add(saver.uncalledNanos() / 1_000_000);
        });
        assertThat(news).containsExactly(true, false, true);
        assertThat(millis).containsExactly(190L, 7L);
    }
}
