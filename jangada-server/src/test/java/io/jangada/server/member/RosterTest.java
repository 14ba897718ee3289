package io.jangada.server.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.server.config.ConfigReader;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.Setting;
import io.jangada.server.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Identities: the same seen from every member, different where the cluster is another one. */
class RosterTest {

    @Test
    void allMembersComputeTheSameIdentities() {
        Roster first = roster("n1", "n1=http://a:1,n2=http://a:2,n3=http://a:3", "t");
        Roster second = roster("n2", "n3=http://a:3,n2=http://a:2,n1=http://a:1", "t");
        assertThat(second.cluster()).isEqualTo(first.cluster());
        assertThat(second.members())
                .extracting(Member::id)
                .containsExactlyElementsOf(
                        first.members().stream().map(Member::id).toList());
        assertThat(second.self()).isNotEqualTo(first.self());
        assertThat(first.nameOf(second.self().id())).isEqualTo("n2");
    }

    @Test
    void identitiesArePinned() {
        Roster roster = roster("n1", "n1=http://a:1,n2=http://a:2", "t");
        assertThat(roster.cluster()).hasToString("CLUSTER");
        assertThat(roster.self().id()).hasToString("MEMBER");
    }

    @Test
    void aMemberMayMove() {
        Roster before = roster("n1", "n1=http://a:1,n2=http://a:2", "t");
        Roster after = roster("n1", "n1=http://b:7,n2=http://a:2", "t");
        assertThat(after.cluster()).isEqualTo(before.cluster());
        assertThat(after.self().id()).isEqualTo(before.self().id());
    }

    @Test
    void anotherTokenOrMemberIsAnotherCluster() {
        Roster one = roster("n1", "n1=http://a:1,n2=http://a:2", "t");
        assertThat(roster("n1", "n1=http://a:1,n2=http://a:2", "u").cluster()).isNotEqualTo(one.cluster());
        assertThat(roster("n1", "n1=http://a:1,n4=http://a:2", "t").cluster()).isNotEqualTo(one.cluster());
    }

    private static Roster roster(String name, String cluster, String token) {
        Settings flags = new Settings();
        flags.put(Setting.NAME, name, "test");
        flags.put(Setting.INITIAL_CLUSTER, cluster, "test");
        flags.put(Setting.INITIAL_CLUSTER_TOKEN, token, "test");
        ServerConfig config = ConfigReader.read(null, flags, Map.of());
        return Roster.of(config);
    }
}
