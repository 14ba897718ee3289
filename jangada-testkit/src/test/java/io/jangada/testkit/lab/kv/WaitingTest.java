package io.jangada.testkit.lab.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final KvReply ELSEWHERE = new KvReply.WrongLeader();
    private static final KvReply MINE = new KvReply.Done("mine");
    private static final KvReply OTHERS = new KvReply.Done("another's");

    private final Waiting waiting = new Waiting(0);
    private final List<KvReply> answers = new ArrayList<>();

    private void add(long index, long term, long tag) {
        waiting.coming();
        waiting.add(new Waiting.Client(index, term, tag, answers::add));
    }

    @Test
    void aClientIsAnsweredByItsOwnCommandOnly() {
        add(1, 1, 11);
        add(2, 1, 12);
        waiting.applied(1, 11, MINE);
        waiting.applied(2, 99, OTHERS);
        assertThat(answers).containsExactly(MINE, ELSEWHERE);
    }

    @Test
    void aCommandThatWasAppliedBeforeItsPlaceWasKnownIsAnsweredStill() {
        waiting.coming();
        waiting.applied(1, 11, MINE);
        waiting.add(new Waiting.Client(1, 1, 11, answers::add));
        assertThat(answers).containsExactly(MINE);

        add(1, 1, 11);
        assertThat(answers).as("nothing is kept when nobody is about to wait").containsExactly(MINE, ELSEWHERE);
    }

    @Test
    void whoeverWaitsForALeadershipThatIsOverIsSentElsewhere() {
        add(1, 1, 11);
        add(2, 2, 12);
        waiting.leadership(2, true);
        assertThat(answers).containsExactly(ELSEWHERE);
        waiting.leadership(2, false);
        assertThat(answers).containsExactly(ELSEWHERE, ELSEWHERE);
        waiting.applied(1, 11, MINE);
        assertThat(answers).as("nobody is answered twice").hasSize(2);
    }

    @Test
    void whatASnapshotCoversIsUnknown() {
        add(3, 1, 11);
        add(5, 1, 12);
        waiting.covered(4);
        assertThat(answers).containsExactly(ELSEWHERE);
        waiting.applied(5, 12, MINE);
        assertThat(answers).containsExactly(ELSEWHERE, MINE);
    }

    @Test
    void aPlaceThatIsPromisedAgainIsLostToTheFirst() {
        add(1, 1, 11);
        add(1, 2, 12);
        waiting.applied(1, 12, MINE);
        assertThat(answers).containsExactly(ELSEWHERE, MINE);
    }
}
