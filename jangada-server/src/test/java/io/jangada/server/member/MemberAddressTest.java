package io.jangada.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.server.config.HttpUrl;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text that memberships carry: pinned, read tolerantly, refused clearly. */
class MemberAddressTest {
    private static final MemberAddress FULL = new MemberAddress(
            "n1",
            List.of(new HttpUrl("10.0.0.1", 2380), new HttpUrl("[::1]", 2380)),
            List.of(new HttpUrl("10.0.0.1", 2379)));

    @Test
    void theTextIsPinned() {
        assertThat(FULL.text())
                .isEqualTo("name=n1 peers=http://10.0.0.1:2380,http://[::1]:2380 clients=http://10.0.0.1:2379");
        assertThat(new MemberAddress("", List.of(new HttpUrl("a", 1)), List.of()).text())
                .isEqualTo("peers=http://a:1");
        assertThat(MemberAddress.parse(FULL.text())).isEqualTo(FULL);
    }

    @Test
    void fieldsComeInAnyOrderAndNewOnesAreOverlooked() {
        assertThat(MemberAddress.parse(" zone=eu=1  clients=http://b:2 peers=http://a:1 "))
                .isEqualTo(new MemberAddress("", List.of(new HttpUrl("a", 1)), List.of(new HttpUrl("b", 2))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            10.0.0.1:2380                 | is not the address of a member
            name=n1                       | needs a URL
            peers=                        | needs a URL
            peers=a:1                     | 'a:1' is not a URL
            peers=http://a:1 peers=http://a:2 | says 'peers' more than once
            peers=http://a:1 name=n/1     | 'n/1' is no name
            """)
    void whatIsNoneIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> MemberAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
        assertThat(MemberAddress.tryParse(text)).isEmpty();
    }

    @Test
    void aMemberOfAnotherProgramHasNoNameAndNoUrls() {
        NodeId id = NodeId.of(7);
        Membership foreign = Membership.ofVoters(Map.of(id, MemberInfo.at("10.0.0.1:7000")));
        assertThat(Member.of(id, foreign)).isEqualTo(new Member(id, "", List.of(), List.of(), false));
    }
}
