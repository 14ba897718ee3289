package io.jangada.testkit.lab.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabState;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectedStatesTest {
    private static ConnectedStates states(LabState zero, LabState one) {
        return new ConnectedStates(Map.of(0, zero, 1, one, 2, new LabState(1, false)));
    }

    private static LabState leader(long term) {
        return new LabState(term, true);
    }

    private static LabState follower(long term) {
        return new LabState(term, false);
    }

    @Test
    void theLeaderIsTheOneOfTheHighestTerm() {
        assertThat(states(follower(1), leader(1)).leader()).hasValue(1);
        assertThat(states(leader(3), leader(2)).leader()).hasValue(0);
        assertThat(states(leader(2), leader(3)).leader()).hasValue(1);
        assertThat(states(follower(2), follower(3)).leader()).isEmpty();
    }

    @Test
    void twoLeadersInATermFail() {
        assertThatThrownBy(() -> states(leader(2), leader(2)).leader())
                .isInstanceOf(LabFailure.class)
                .hasMessage("servers 0 and 1 both lead in term 2");
    }

    @Test
    void anyLeaderFailsWhereThereMayBeNone() {
        states(follower(1), follower(2)).requireNoLeader();
        assertThatThrownBy(() -> states(follower(1), leader(1)).requireNoLeader())
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("server 1 believes to lead");
    }

    @Test
    void differentTermsFail() {
        assertThat(states(leader(1), follower(1)).sameTerm()).isEqualTo(1);
        assertThatThrownBy(() -> states(leader(1), follower(2)).sameTerm())
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("1 and 2");
        assertThatThrownBy(() -> new ConnectedStates(Map.of()).sameTerm()).isInstanceOf(LabFailure.class);
    }
}
