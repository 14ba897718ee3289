package io.jangada.testkit.sim;

import io.jangada.api.RaftNode;
import io.jangada.api.error.ChangeRefusedException;
import io.jangada.api.error.RaftException;
import io.jangada.api.error.TransferFailedException;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import io.jangada.testkit.check.Digest;
import io.jangada.testkit.check.SafetyViolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who runs the simulated cluster: changes its membership, hands leadership over, asks leaders to step down and nodes for snapshots. */
final class SimOperator {
    private final SimWorld world;
    private final List<SimNode> nodes;
    private final SimRandom chance;
    private final ChangeDraw draw;
    private final List<Activity> activities;
    private final List<CompletableFuture<?>> answers = new ArrayList<>();
    private boolean stopped;
    private boolean removing;

    SimOperator(SimWorld world, List<SimNode> nodes) {
        this.world = world;
        this.nodes = nodes;
        this.chance = world.chance().fork("operator");
        this.draw = new ChangeDraw(world, nodes, chance);
        List<Activity> all = new ArrayList<>();
        for (Activity activity : List.of(
                Activity.CHANGES,
                Activity.CHANGES,
                Activity.CHANGES,
                Activity.TRANSFERS,
                Activity.STEP_DOWNS,
                Activity.MANUAL_SNAPSHOTS)) {
            if (world.plan().has(activity)) {
                all.add(activity);
            }
        }
        this.activities = List.copyOf(all);
    }

    void start() {
        if (!activities.isEmpty()) {
            planNext();
        }
    }

    /** Nothing new is begun. */
    void stop() {
        stopped = true;
    }

    /** Throws whatever went wrong in taking an answer: a bug of the simulator, which must not pass for silence. */
    void requireOrderlyAnswers() {
        for (CompletableFuture<?> answer : answers) {
            if (answer.isCompletedExceptionally()) {
                answer.join();
            }
        }
    }

    private void planNext() {
        world.scheduler().after(1 + chance.exponential(world.plan().operations().intervalNanos()), () -> {
            if (!stopped) {
                act(chance.pick(activities));
                planNext();
            }
        });
    }

    private void act(Activity activity) {
        List<SimNode> up = nodes.stream().filter(SimNode::isUp).toList();
        if (up.isEmpty()) {
            return;
        }
        SimNode node = chance.pick(up);
        SimNode leader = chance.chance(0.9)
                ? up.stream().filter(SimNode::leads).findFirst().orElse(node)
                : node;
        switch (activity) {
            case CHANGES -> change(chance.chance(0.5) ? leader : node);
            case TRANSFERS -> transfer(leader);
            case STEP_DOWNS -> stepDown(leader);
            case MANUAL_SNAPSHOTS -> snapshot(node);
            default -> throw new IllegalArgumentException(activity + " is not the operator's");
        }
    }

    private Duration timeouts(long times) {
        return Duration.ofNanos(times * world.plan().timing().electionTimeoutMaxNanos());
    }

    private void change(SimNode at) {
        MembershipChange change = draw.change(at);
        if (change != null) {
            ask(at, change, () -> {});
        }
    }

    /** Asks for the removal of a member that will never come back, unless that is being asked already. */
    void remove(SimNode at, NodeId lost) {
        if (!removing) {
            removing = true;
            ask(at, MembershipChange.of(new MembershipStep.Remove(lost)), () -> removing = false);
            // Nobody answers for a node that has died meanwhile.
            world.scheduler().after(timeouts(13).toNanos(), () -> removing = false);
        }
    }

    private void ask(SimNode at, MembershipChange change, Runnable ended) {
        long asked = world.checks().membership().index();
        take(at, "change " + change, node -> node.changeMembership(change, timeouts(12)), (result, failure) -> {
            ended.run();
            if (result != null) {
                world.checks().changed(change, result, asked);
                world.stats().deed(Deed.MEMBERSHIP_CHANGED);
                retireLater(result.membership());
            } else if (failure instanceof ChangeRefusedException) {
                world.stats().deed(Deed.CHANGE_REFUSED);
            }
        });
    }

    /** Who is no member any more is switched off some time later, or never. */
    private void retireLater(Membership membership) {
        for (SimNode node : nodes) {
            if (!membership.isMember(node.id()) && node.isUp() && chance.chance(0.3)) {
                world.scheduler().after(chance.exponential(timeouts(10).toNanos()), () -> {
                    boolean back = world.checks().membership().membership().isMember(node.id());
                    if (!stopped
                            && !back
                            && node.isUp()
                            && !node.knownMembership().isNone()) {
                        node.retire();
                    }
                });
            }
        }
    }

    private void transfer(SimNode at) {
        List<NodeId> voters = at.knownMembership().voters();
        NodeId target = voters.isEmpty() || chance.chance(0.4) ? NodeId.NONE : chance.pick(voters);
        Duration timeout = Duration.ofNanos(1 + chance.between(0, timeouts(3).toNanos()));
        take(at, "transfer to " + target, node -> node.transferLeadership(target, timeout), (leader, failure) -> {
            if (leader != null) {
                world.stats().deed(Deed.TRANSFER_DONE);
            } else if (failure instanceof TransferFailedException) {
                world.stats().deed(Deed.TRANSFER_FAILED);
            }
        });
        if (chance.chance(0.15)) {
            world.scheduler().after(chance.exponential(timeout.toNanos() / 4), () -> {
                RaftNode<Long> node = at.reachable();
                if (node != null) {
                    world.trace().on(at.id(), 6, () -> "operator aborts the transfer");
                    node.abortTransfer();
                }
            });
        }
    }

    private void stepDown(SimNode at) {
        take(at, "step down", RaftNode::stepDown, (nothing, failure) -> {
            if (failure == null) {
                world.stats().deed(Deed.STEPPED_DOWN);
            }
        });
    }

    private void snapshot(SimNode at) {
        take(at, "take a snapshot", RaftNode::takeSnapshot, (snapshot, failure) -> {});
    }

    private <T> void take(
            SimNode at,
            String what,
            Function<RaftNode<Long>, CompletableFuture<T>> call,
            BiConsumer<@Nullable T, @Nullable Throwable> then) {
        RaftNode<Long> node = at.reachable();
        if (node == null) {
            return;
        }
        world.trace().on(at.id(), Digest.of(what), () -> "operator: " + what + "?");
        answers.add(call.apply(node).handle((result, failure) -> {
            Throwable cause = failure == null ? null : SimClients.causeOf(failure);
            if (cause != null && !(cause instanceof RaftException)) {
                world.checks()
                        .report(new SafetyViolation(
                                "NoFailure", "node " + at.id() + " answers '" + what + "' with " + cause));
            }
            String end = cause == null ? " done: " + result : " " + cause;
            world.trace().on(at.id(), Digest.of(what + (cause == null)), () -> "operator: " + what + end);
            then.accept(result, cause);
            return cause == null;
        }));
    }
}
