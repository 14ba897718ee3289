package io.jangada.server.run;

import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.NodeId;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.gateway.MembershipGateway;
import io.jangada.server.member.Member;
import io.jangada.server.member.MemberAddress;
import io.jangada.server.member.MemberChanges;
import io.jangada.server.member.Roster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster this member's name and where its clients connect, by a change of the membership, unless it says so already. Tries until that is done, with growing
 * pauses.
 */
final class SelfDescription {
    private static final Logger LOG = LoggerFactory.getLogger(SelfDescription.class);

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Roster roster;
    private final MembershipGateway gateway;
    private final ScheduledExecutorService timer;
    private final MemberAddress wanted;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    SelfDescription(Roster roster, MembershipGateway gateway, ScheduledExecutorService timer, MemberAddress wanted) {
        this.roster = roster;
        this.gateway = gateway;
        this.timer = timer;
        this.wanted = wanted;
    }

    /** Looks now, on the timer's thread. */
    void begin() {
        timer.execute(this::look);
    }

    private void look() {
        Membership now = roster.membership().membership();
        if (!now.isMember(roster.self())) {
            later();
        } else if (!isKnown(now)) {
            Future<?> unused = gateway.change(this::plan, System.nanoTime() + LIMIT.toNanos(), timer)
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            LOG.info("told the cluster this member's name and client URLs");
                        } else {
                            LOG.debug("could not tell the cluster this member's name yet", failure);
                            timer.execute(this::later);
                        }
                    });
        }
    }

    private boolean isKnown(Membership now) {
        Member known = Member.of(roster.self(), now);
        return known.name().equals(wanted.name()) && known.clientUrls().equals(wanted.clientUrls());
    }

    /** Only name and clients are this member's to tell; where its peers reach it is what the membership says. */
    private MembershipChange plan(MembershipAt now) {
        NodeId self = roster.self();
        List<HttpUrl> peerUrls = Member.of(self, now.membership()).peerUrls();
        MemberAddress address =
                peerUrls.isEmpty() ? wanted : new MemberAddress(wanted.name(), peerUrls, wanted.clientUrls());
        return MemberChanges.describe(now.membership(), self, address);
    }

    /** A random part keeps members that start together from getting into each other's way again and again. */
    private void later() {
        long jitter = ThreadLocalRandom.current().nextLong(pauseMillis);
        Future<?> unused = timer.schedule(this::look, pauseMillis + jitter, TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
}
