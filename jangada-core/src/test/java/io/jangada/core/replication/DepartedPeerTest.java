package io.jangada.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.config.Options;
import io.jangada.core.config.RaftConfig;
import io.jangada.core.config.Timing;
import io.jangada.core.log.RaftLogs;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.HeartbeatResponse;
import io.jangada.core.message.Message;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has left is sent no heartbeats, so there is no answer to one that could show that it is there again: it is asked all the same, until it is let go. */
class DepartedPeerTest {
    private static final NodeId ME = NodeId.of(1);
    private static final NodeId STAYS = NodeId.of(2);
    private static final NodeId LEAVES = NodeId.of(3);
    private static final long MS = 1_000_000;

    private final Membership before = Membership.ofVoters(ME, STAYS, LEAVES);
    private final RaftConfig config = new RaftConfig(ME, before, Timing.DEFAULT, Limits.DEFAULT, Options.DEFAULT);
    private final Replicator replicator = new Replicator(config, RaftLogs.of(1), 1, new MembershipAt(0, before));

    private List<Message> heartbeat(long round, long unheardMs, long nowMs) {
        Effects out = new Effects();
        replicator.repeatLost(round, node -> unheardMs * MS, nowMs * MS, out);
        return out.messages();
    }

    private static AppendRequest probe(NodeId node) {
        return new AppendRequest(ME, node, 1, 1, 1, List.of(), 0);
    }

    @Test
    void silenceIsNoReasonToStopAskingIt() {
        replicator.sendToAll(0, new Effects());
        assertThat(heartbeat(1, 499, 499)).containsExactly(probe(STAYS), probe(LEAVES));
        assertThat(heartbeat(2, 500, 500)).isEmpty();
        replicator.membershipChanged(new MembershipAt(1, Membership.ofVoters(ME, STAYS)), 500 * MS);
        assertThat(heartbeat(3, 5_000, 550)).containsExactly(probe(LEAVES));
        assertThat(heartbeat(4, 5_000, 2_499)).containsExactly(probe(LEAVES));
        assertThat(heartbeat(5, 5_000, 2_500)).isEmpty();
        Effects answered = new Effects();
        replicator.onHeartbeatResponse(new HeartbeatResponse(STAYS, ME, 1, 5, 1), 2_501 * MS, answered);
        assertThat(answered.messages()).containsExactly(probe(STAYS));
    }
}
