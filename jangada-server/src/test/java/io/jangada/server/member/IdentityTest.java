package io.jangada.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.ClusterId;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.server.config.ConfigReader;
import io.jangada.server.config.Setting;
import io.jangada.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identities: the same seen from every founder, different where the cluster is another one, and kept in the folder. */
class IdentityTest {

    @Test
    void allFoundersComputeTheSame() {
        Identity first = identity("n1", "n1=http://a:1,n2=http://a:2,n3=http://a:3", "t");
        Identity second = identity("n2", "n3=http://a:3,n2=http://a:2,n1=http://a:1", "t");
        assertThat(second.cluster()).isEqualTo(first.cluster());
        assertThat(second.initial()).isEqualTo(first.initial());
        assertThat(second.self()).isNotEqualTo(first.self());
        assertThat(first.initial().voters()).hasSize(3).contains(first.self(), second.self());
        assertThat(first.initial().infoOf(second.self())).isEqualTo(MemberInfo.at("name=n2 peers=http://a:2"));
    }

    @Test
    void identitiesArePinned() {
        Identity identity = identity("n1", "n1=http://a:1,n2=http://a:2", "t");
        assertThat(identity.cluster()).hasToString("7a860fc0c4dba633");
        assertThat(identity.self()).hasToString("805a84c5b476dfbb");
    }

    @Test
    void anotherAddressIsTheSameMemberAndAnotherTokenOrNameAnotherCluster() {
        Identity one = identity("n1", "n1=http://a:1,n2=http://a:2", "t");
        Identity moved = identity("n1", "n1=http://b:7,n2=http://a:2", "t");
        assertThat(moved.cluster()).isEqualTo(one.cluster());
        assertThat(moved.self()).isEqualTo(one.self());
        assertThat(identity("n1", "n1=http://a:1,n2=http://a:2", "u").cluster()).isNotEqualTo(one.cluster());
        assertThat(identity("n1", "n1=http://a:1,n4=http://a:2", "t").cluster()).isNotEqualTo(one.cluster());
    }

    @Test
    void theFolderKeepsIt(@TempDir Path folder) throws IOException {
        IdentityFile file = new IdentityFile(folder);
        assertThat(file.read()).isEmpty();
        Identity founder = identity("n1", "n1=http://a:1,n2=http://a:2", "t");
        file.write(founder);
        assertThat(file.read()).contains(founder);
        Identity joined =
                new Identity(new ClusterId(-2), NodeId.of(0xfedc_ba98_7654_3210L), "n4", "t", Membership.NONE);
        file.write(joined);
        assertThat(file.read()).contains(joined);
        assertThat(folder.resolve("MEMBER.tmp")).doesNotExist();
    }

    @Test
    void aDamagedFileIsRefusedByName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("MEMBER");
        Files.writeString(file, "format=2\n");
        assertThatThrownBy(() -> new IdentityFile(folder).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " has format '2'");
        Files.writeString(file, "format=1\nmembership=\ncluster=1\nname=a\n");
        assertThatThrownBy(() -> new IdentityFile(folder).read())
                .hasMessageContaining(file + " is damaged (there is no member)");
    }

    private static Identity identity(String name, String cluster, String token) {
        Settings flags = new Settings();
        flags.put(Setting.NAME, name, "test");
        flags.put(Setting.INITIAL_CLUSTER, cluster, "test");
        flags.put(Setting.INITIAL_CLUSTER_TOKEN, token, "test");
        return Identity.ofFounder(ConfigReader.read(null, flags, Map.of()));
    }
}
