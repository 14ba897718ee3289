package io.jangada.node;

import io.jangada.api.error.NotLeaderException;
import io.jangada.api.error.OutcomeUnknownException;
import io.jangada.api.error.RaftException;
import io.jangada.core.RaftStatus;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Effects;
import io.jangada.core.step.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands this node's clients have proposed, from arrival to outcome: each one ends, with a result or with an exception that says what is known.
 *
 * <p>A command that no leader takes is held and submitted again when one is known, because a refusal means that nothing has happened. One that was
 * submitted and then lost its leader has an unknown outcome and is never repeated from here.
 */
final class Proposals<R> {
    private final Map<Long, Request.Propose<R>> open = new LinkedHashMap<>();
    private final Map<Long, Request.Propose<R>> byIndex = new HashMap<>();
    private final boolean holdUntilLeader;
    private final long retryNanos;
    private final int maxOpen;
    private final long maxCommandBytes;
    private long commandBytes;
    private long nextScanNanos = Long.MIN_VALUE / 2;

    Proposals(NodeConfig config) {
        this.holdUntilLeader = config.raft().options().forwardProposals();
        this.retryNanos = config.raft().timing().electionTimeoutMinNanos();
        this.maxOpen = config.inboxCapacity();
        this.maxCommandBytes = config.raft().limits().maxUncommittedBytes();
    }

    /** Whether one more may be opened; those that no leader has taken yet hold their commands in memory. */
    boolean hasRoom() {
        return open.size() < maxOpen && commandBytes < maxCommandBytes;
    }

    void arrived(long id, Request.Propose<R> proposal) {
        proposal.id = id;
        open.put(id, proposal);
        commandBytes += proposal.command().length;
    }

    /** Gives a held command a new number, so that a late answer to its last submission cannot be taken for one to the next. */
    void renumber(long id, Request.Propose<R> proposal) {
        open.remove(proposal.id);
        proposal.id = id;
        open.put(id, proposal);
    }

    private void letGoOfCommand(Request.Propose<R> proposal) {
        commandBytes -= proposal.command().length;
        proposal.forgetCommand();
    }

    /** The leader has put a command into its log. {@code appliedTo} is what has been handed to the state machine already. */
    void appended(Effects.Appended position, long appliedTo) {
        Request.Propose<R> proposal = open.get(position.requestId());
        if (proposal == null || proposal.index != 0) {
            return;
        }
        if (position.index() <= appliedTo) {
            end(
                    proposal,
                    new OutcomeUnknownException(
                            "the leader's answer came after the command's place in the log had passed"));
            return;
        }
        // It is in a leader's log and never submitted again from here: its bytes need not stay.
        letGoOfCommand(proposal);
        proposal.at(position.index(), position.term());
        Request.Propose<R> displaced = byIndex.put(position.index(), proposal);
        if (displaced != null) {
            open.remove(displaced.id);
            displaced.fail(lost(displaced));
        }
    }

    /** The command that waits for this position, if a client of this node proposed it; it is the caller's from now on. */
    Request.@Nullable Propose<R> takeAt(long index) {
        Request.Propose<R> proposal = byIndex.remove(index);
        if (proposal != null) {
            open.remove(proposal.id);
        }
        return proposal;
    }

    /** Whether any command has a position that is still to come. */
    boolean awaitsPosition() {
        return !byIndex.isEmpty();
    }

    /** A snapshot stands for everything up to here: what became of the commands below is not told by it (trap 27). */
    void covered(long toIndex) {
        for (Request.Propose<R> proposal : List.copyOf(byIndex.values())) {
            if (proposal.index <= toIndex) {
                end(
                        proposal,
                        new OutcomeUnknownException("a snapshot took the place of the log up to index " + toIndex
                                + ", which covers index " + proposal.index + ", where the command was put"));
            }
        }
    }

    void refused(Effects.Refused refused, long nowNanos) {
        Request.Propose<R> proposal = open.get(refused.requestId());
        if (proposal == null || proposal.index != 0) {
            return;
        }
        // A leader that hands over has a successor soon: waiting for it is not forwarding.
        if (refused.reason() == Refusal.NOT_NOW || (refused.reason() == Refusal.NOT_LEADER && holdUntilLeader)) {
            proposal.held(nowNanos);
        } else {
            end(proposal, Refusals.of(refused));
        }
    }

    /** Term, role or leader has changed: what was submitted before is lost from sight. Returns the held ones if there is a leader to take them. */
    List<Request.Propose<R>> leadershipChanged(RaftStatus status) {
        List<Request.Propose<R>> again = new ArrayList<>();
        for (Iterator<Request.Propose<R>> all = open.values().iterator(); all.hasNext(); ) {
            Request.Propose<R> proposal = all.next();
            if (proposal.isHeld()) {
                if (!status.leader().isNone()) {
                    again.add(proposal);
                }
            } else if (proposal.term != status.term() || status.leader().isNone()) {
                all.remove();
                letGoOfCommand(proposal);
                forgetPosition(proposal);
                proposal.fail(lost(proposal));
            }
        }
        return again;
    }

    /** Ends what has waited too long; returns held ones that may be submitted again. */
    List<Request.Propose<R>> expire(NodeId leader, long nowNanos) {
        while (!open.isEmpty()) {
            Request.Propose<R> oldest = open.values().iterator().next();
            if (nowNanos - oldest.deadlineNanos < 0) {
                break;
            }
            expire(oldest, leader);
        }
        if (open.isEmpty() || nowNanos - nextScanNanos < 0) {
            return List.of();
        }
        // Looking at all of them in every turn would cost more than the turn.
        nextScanNanos = nowNanos + retryNanos / 4;
        List<Request.Propose<R>> again = new ArrayList<>();
        for (Request.Propose<R> proposal : List.copyOf(open.values())) {
            if (nowNanos - proposal.deadlineNanos >= 0) {
                // One with a new number stands behind younger ones.
                expire(proposal, leader);
            } else if (!leader.isNone() && proposal.isHeld() && nowNanos - proposal.movedAtNanos >= retryNanos) {
                again.add(proposal);
            }
        }
        return again;
    }

    private void expire(Request.Propose<R> proposal, NodeId leader) {
        end(
                proposal,
                proposal.isHeld()
                        ? new NotLeaderException(leader)
                        : new OutcomeUnknownException("the command was not applied here in time; it may be later"));
    }

    /** The node stops: nothing stays open. */
    void endAll(Supplier<RaftException> untouched) {
        for (Request.Propose<R> proposal : open.values()) {
            proposal.fail(proposal.isHeld() ? untouched.get() : lost(proposal));
        }
        open.clear();
        byIndex.clear();
        commandBytes = 0;
    }

    private void end(Request.Propose<R> proposal, RaftException why) {
        open.remove(proposal.id);
        letGoOfCommand(proposal);
        forgetPosition(proposal);
        proposal.fail(why);
    }

    private void forgetPosition(Request.Propose<R> proposal) {
        if (proposal.index != 0) {
            byIndex.remove(proposal.index, proposal);
        }
    }

    private static OutcomeUnknownException lost(Request.Propose<?> proposal) {
        return new OutcomeUnknownException("leadership changed after the command was submitted in term " + proposal.term
                + "; it may or may not take effect");
    }

    long nextDeadline(long nowNanos) {
        return open.isEmpty()
                ? Long.MAX_VALUE
                : Math.min(nowNanos + retryNanos, open.values().iterator().next().deadlineNanos);
    }
}
