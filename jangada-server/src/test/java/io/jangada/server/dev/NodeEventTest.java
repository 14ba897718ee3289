package io.jangada.server.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server tells its parent arrives as it was said, and nothing else is taken for it. */
class NodeEventTest {

    @Test
    void eventsSurviveTheirLine() {
        for (NodeEvent event :
                List.of(new NodeEvent.Serving(), new NodeEvent.Leader("n2", 7), new NodeEvent.Leader("", 8))) {
            assertThat(NodeEvent.parse(event.line())).contains(event);
        }
    }

    @Test
    void otherTextIsNoEvent() {
        for (String line : List.of("", "leader", "leader x n1", "serving now", "leader 99999999999999999999 n1")) {
            assertThat(NodeEvent.parse(line)).isEmpty();
        }
    }
}
