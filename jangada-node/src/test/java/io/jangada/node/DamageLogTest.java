package io.jangada.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jangada.core.model.Damage;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What people read about a damaged disk: each line once when something changes, and every ten seconds what is still missing and what helps. */
final class DamageLogTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_000 * SECOND;
    private static final NodeId SELF = NodeId.of(1);
    private static final Promised PROMISED = new Promised(new LogPosition(20, 3), new LogPosition(25, 4));

    private final Logger logger = (Logger) LoggerFactory.getLogger(DamageLog.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final DamageLog log = new DamageLog(SELF);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    @Test
    void anIntactDiskIsNoNews() {
        log.observe(Damage.NONE, START);
        log.observe(Damage.NONE, START + 60 * SECOND);
        assertThat(lines()).isEmpty();
    }

    @Test
    void aGapIsNamedOnceAndThenItsEnd() {
        log.observe(gap(7, 9), START);
        log.observe(gap(7, 9), START + SECOND);
        log.observe(gap(8, 9), START + 2 * SECOND);
        assertThat(lines())
                .containsExactly("WARN entries 7..9 are damaged on the disk of node " + SELF
                        + "; getting them from the other members");
        log.observe(Damage.NONE, START + 3 * SECOND);
        assertThat(lines())
                .containsExactly(
                        "INFO node " + SELF + " has done with the damaged entries up to 9",
                        "INFO node " + SELF + " has everything again that its damaged disk had lost");
        log.observe(Damage.NONE, START + 60 * SECOND);
        assertThat(lines()).isEmpty();
    }

    @Test
    void theNextGapIsNamedWhenTheFirstIsDoneWith() {
        log.observe(gap(7, 9), START);
        lines();
        log.observe(gap(15, 15), START + SECOND);
        assertThat(lines())
                .containsExactly(
                        "INFO node " + SELF + " has done with the damaged entries up to 9",
                        "WARN entries 15..15 are damaged on the disk of node " + SELF
                                + "; getting them from the other members");
    }

    @Test
    void aGapThatStaysSaysEveryTenSecondsWhoLacksItAndWhoIsSilent() {
        Damage stuck = new Damage(7, 9, Promised.NOTHING, List.of(NodeId.of(2)), List.of(NodeId.of(3)));
        log.observe(gap(7, 9), START);
        lines();
        log.observe(stuck, START + 10 * SECOND - 1);
        assertThat(lines()).isEmpty();
        log.observe(stuck, START + 10 * SECOND);
        assertThat(lines())
                .containsExactly("WARN node " + SELF + " still lacks entries 7..9; not there on " + stuck.lacking()
                        + ", no answer from " + stuck.silent()
                        + ". It goes on when a member that has them is back, or a leader that is elected without them;"
                        + " if neither can be, see 'jangada recover'");
        log.observe(stuck, START + 20 * SECOND - 1);
        assertThat(lines()).isEmpty();
        log.observe(stuck, START + 20 * SECOND);
        assertThat(lines()).hasSize(1);
    }

    @Test
    void aDamagedEndSaysWhatWasPerhapsAcknowledgedAndWhatHelps() {
        Damage end = new Damage(0, 0, PROMISED, List.of(), List.of());
        log.observe(end, START);
        assertThat(lines())
                .containsExactly("WARN the end of the log of node " + SELF
                        + " is damaged: it may have acknowledged entries up to 25 of term 4, and votes as if it had"
                        + " them until a leader has sent them again");
        log.observe(end, START + 10 * SECOND);
        assertThat(lines())
                .containsExactly("WARN node " + SELF + " still waits for a leader that has what it acknowledged,"
                        + " entry 20 of term 3 for certain and 25 of term 4 perhaps; bring back the missing members,"
                        + " or see 'jangada recover'");
        log.observe(Damage.NONE, START + 11 * SECOND);
        assertThat(lines())
                .containsExactly("INFO node " + SELF + " has everything again that its damaged disk had lost");
    }

    @Test
    void aGapBeforeADamagedEndLeavesTheEndToWaitFor() {
        log.observe(new Damage(7, 9, PROMISED, List.of(), List.of()), START);
        assertThat(lines()).singleElement().asString().startsWith("WARN entries 7..9 are damaged");
        log.observe(new Damage(0, 0, PROMISED, List.of(), List.of()), START + SECOND);
        assertThat(lines()).containsExactly("INFO node " + SELF + " has done with the damaged entries up to 9");
        log.observe(new Damage(0, 0, PROMISED, List.of(), List.of()), START + 11 * SECOND);
        assertThat(lines()).singleElement().asString().contains("still waits for a leader");
        log.observe(Damage.NONE, START + 12 * SECOND);
        assertThat(lines()).singleElement().asString().contains("has everything again");
    }

    private static Damage gap(long first, long last) {
        return new Damage(first, last, Promised.NOTHING, List.of(), List.of());
    }

    /** The lines since the last look, "LEVEL text". */
    private List<String> lines() {
        List<String> lines = appender.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
        appender.list.clear();
        return lines;
    }
}
