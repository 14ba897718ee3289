package io.jangada.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.core.config.Limits;
import io.jangada.core.config.SnapshotLimits;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Cores under a network that loses, doubles and reorders, disks that lag and lose power: Figure 3 holds, and when the storm ends the group serves. */
class RandomRunTest {
    private static final int SEEDS = 300;
    private static final int STEPS = 4_000;
    /** Small, so that windows fill up and the tail forgets. */
    private static final Limits TIGHT = new Limits(64, 100, 3, 200, 400, 150, 20);

    private static final class Run {
        final SplittableRandom random;
        final CoreGroup group;
        final boolean snapshots;
        /** Reads, and what was committed anywhere when they were asked. */
        final Map<Long, Integer> reads = new HashMap<>();

        final boolean changing;

        Run(long seed, boolean changing) {
            random = new SplittableRandom(seed);
            this.changing = changing;
            // In every other run the logs are compacted, now and then beyond what slow followers have.
            snapshots = random.nextBoolean();
            group = new CoreGroup(
                    random.nextInt(1, 6),
                    TIGHT,
                    new SnapshotLimits(random.nextInt(4), 64, random.nextInt(2_000, 200_000)));
            if (changing) {
                group.join(group.nodes.size() + 1);
                group.join(group.nodes.size() + 1);
            }
        }

        CoreNode anyNode() {
            return group.node(random.nextInt(1, group.nodes.size() + 1));
        }

        void somethingHappens() {
            int what = random.nextInt(100);
            if (what < 55 && !group.network.isEmpty()) {
                network();
            } else if (what < 70) {
                disk(anyNode());
            } else if (what < 90) {
                time();
            } else if (what < 94) {
                client(anyNode());
            } else if (what < 98) {
                operator(anyNode());
            } else {
                power(anyNode());
            }
        }

        private void network() {
            // Mostly near the front: reordered, but not beyond measure.
            int place = Math.min(group.network.size() - 1, random.nextInt(4) == 0 ? random.nextInt(30) : 0);
            int fate = random.nextInt(20);
            if (fate == 0) {
                group.network.remove(place);
            } else {
                if (fate == 1) {
                    group.network.add(group.network.get(place));
                }
                group.deliver(place);
            }
        }

        private void disk(CoreNode node) {
            if (node.down) {
                return;
            }
            if (snapshots && random.nextInt(15) == 0) {
                group.takeSnapshot(node);
            } else if (node.hasPieces() && random.nextBoolean()) {
                group.piece(node);
            } else if (!node.loads.isEmpty()) {
                group.load(node);
            } else if (node.hasUnsynced()) {
                group.sync(node, random.nextInt(1, 4));
            }
        }

        private void time() {
            group.nowNanos += random.nextInt(20) * CoreGroup.MILLISECOND;
            CoreNode node = anyNode();
            if (!node.down && node.raft().nextDeadline() - group.nowNanos <= 0) {
                group.tick(node);
            }
        }

        private void client(CoreNode node) {
            if (node.down) {
                return;
            }
            if (random.nextInt(3) > 0) {
                group.propose(node);
            } else {
                int before = group.committed.size();
                reads.put(group.read(node), before);
            }
        }

        private void operator(CoreNode node) {
            if (node.down || !changing) {
                return;
            }
            NodeId other = anyNode().id;
            switch (random.nextInt(10)) {
                case 0 -> node.step(new Event.Transfer(1, other, 500 * CoreGroup.MILLISECOND), group.nowNanos);
                case 1 -> node.step(new Event.StepDown(1), group.nowNanos);
                case 2 -> node.step(new Event.AbortTransfer(), group.nowNanos);
                case 3 -> group.change(node, new MembershipStep.AddLearner(other, MemberInfo.UNKNOWN));
                case 4 -> group.change(node, new MembershipStep.AddVoter(other, MemberInfo.UNKNOWN));
                case 5 -> group.change(node, new MembershipStep.Promote(other));
                case 6 -> group.change(node, new MembershipStep.Demote(other));
                case 7 -> group.change(node, new MembershipStep.Remove(other));
                default -> replace(node, other);
            }
        }

        private void replace(CoreNode node, NodeId joining) {
            NodeId leaving = anyNode().id;
            if (!leaving.equals(joining)) {
                group.change(node, new MembershipStep.Replace(joining, MemberInfo.UNKNOWN, leaving));
            }
        }

        private void power(CoreNode node) {
            if (node.down) {
                group.restart(node, random.nextLong());
            } else if (random.nextInt(3) == 0) {
                group.crash(node, random.nextInt(3));
            } else {
                CoreNode peer = anyNode();
                node.step(new Event.PeerConnected(peer.id), group.nowNanos);
            }
        }

        private String describe() {
            StringBuilder text = new StringBuilder();
            for (CoreNode node : group.all()) {
                text.append("\n  ").append(node.status());
            }
            return text.toString();
        }

        void checkReads() {
            for (CoreNode node : group.all()) {
                for (Effects.ReadReady ready : node.readReady) {
                    assertThat(ready.index())
                            .as("read %s at node %s", ready.requestId(), node.id)
                            .isGreaterThanOrEqualTo(reads.getOrDefault(ready.requestId(), 0));
                }
                node.readReady.clear();
            }
        }

        /** No more faults: within two seconds the group has one leader, and everybody the same log. */
        void calm() {
            group.all().stream().filter(node -> node.down).forEach(node -> group.restart(node, random.nextLong()));
            group.pass(4_000);
            CoreNode leader = group.all().stream()
                    .filter(node -> node.status().leads())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no leader: " + describe()));
            int before = group.committed.size();
            group.propose(leader);
            group.pass(200);
            assertThat(group.committed).hasSize(before + 1);
            Membership membership = leader.status().membership().membership();
            assertThat(membership.isJoint()).isFalse();
            assertThat(membership.promotions()).isEmpty();
            for (NodeId member : membership.members()) {
                CoreNode node = group.node(member.value());
                assertThat(node.written.lastIndex()).isEqualTo(leader.written.lastIndex());
                assertThat(node.appliedTo).isEqualTo(leader.written.lastIndex());
                assertThat(node.state()).isEqualTo(leader.state());
            }
        }
    }

    @Test
    void theFivePropertiesHoldInEveryStormAndTheGroupServesAfterIt() {
        storms(false);
    }

    @Test
    void theyHoldWhileMembersComeAndGoAndLeadersHandOver() {
        storms(true);
    }

    private static void storms(boolean changing) {
        long committed = 0;
        long memberships = 0;
        long installed = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                Run run = new Run(seed, changing);
                for (int step = 0; step < STEPS; step++) {
                    run.somethingHappens();
                    if (step % 50 == 0) {
                        run.group.checkLogs();
                        run.checkReads();
                    }
                }
                committed += run.group.committed.size();
                memberships += run.group.committed.stream()
                        .filter(entry -> entry.type() == EntryType.MEMBERSHIP)
                        .count();
                run.calm();
                run.group.checkLogs();
                installed += run.group.all().stream()
                        .mapToLong(node -> node.installs)
                        .sum();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        // A storm in which nothing is committed would prove nothing.
        assertThat(committed).isGreaterThan(20L * SEEDS);
        assertThat(memberships).isGreaterThanOrEqualTo(changing ? 4L * SEEDS : 0);
        assertThat(installed).isGreaterThan(SEEDS / 4);
    }
}
