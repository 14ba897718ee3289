package io.jangada.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import org.junit.jupiter.api.Test;

class InflightsTest {
    private final Inflights inflights = new Inflights(new Limits(100, 100, 3, 1_000, 1_000, 0, 1));

    @Test
    void isBoundedByCount() {
        inflights.add(1, 1, 0);
        inflights.add(2, 1, 0);
        assertThat(inflights.isFull()).isFalse();
        inflights.add(3, 1, 0);
        assertThat(inflights.isFull()).isTrue();
        inflights.acknowledge(1);
        assertThat(inflights.isFull()).isFalse();
    }

    @Test
    void isBoundedByBytes() {
        inflights.add(5, 1_000, 0);
        assertThat(inflights.isFull()).isTrue();
        inflights.acknowledge(4);
        assertThat(inflights.isFull()).isTrue();
        inflights.acknowledge(5);
        assertThat(inflights.isFull()).isFalse();
        assertThat(inflights.isEmpty()).isTrue();
    }

    @Test
    void anAnswerAcknowledgesEverythingBeforeIt() {
        inflights.add(1, 1, 10);
        inflights.add(2, 1, 20);
        inflights.add(3, 1, 30);
        inflights.acknowledge(2);
        assertThat(inflights.oldestIsOlderThan(9, 40)).isTrue();
        assertThat(inflights.oldestIsOlderThan(10, 40)).isFalse();
        inflights.clear();
        assertThat(inflights.oldestIsOlderThan(0, 1_000)).isFalse();
    }
}
