package io.jangada.core.role;

import io.jangada.core.election.Grant;
import io.jangada.core.election.VoteRules;
import io.jangada.core.message.AppendRequest;
import io.jangada.core.message.AppendResponse;
import io.jangada.core.message.ChangeRequest;
import io.jangada.core.message.ChangeResponse;
import io.jangada.core.message.ForwardOutcome;
import io.jangada.core.message.ForwardRequest;
import io.jangada.core.message.ForwardResponse;
import io.jangada.core.message.PreVoteRequest;
import io.jangada.core.message.PreVoteResponse;
import io.jangada.core.message.ReadIndexRequest;
import io.jangada.core.message.ReadIndexResponse;
import io.jangada.core.message.VoteRequest;
import io.jangada.core.message.VoteResponse;
import io.jangada.core.model.NodeId;
import io.jangada.core.step.Event;
import io.jangada.core.step.Proposal;
import io.jangada.core.step.Refusal;
import io.jangada.core.step.TransferOutcome;

/** The answers that several roles give alike: no to what only a leader does, and to who asks for a vote. */
final class Declines {
    private final Context context;

    Declines(Context context) {
        this.context = context;
    }

    void propose(Event.Propose event) {
        for (Proposal proposal : event.proposals()) {
            context.out().refuse(proposal.requestId(), Refusal.NOT_LEADER, NodeId.NONE);
        }
    }

    void read(Event.Read event) {
        for (long requestId : event.requestIds()) {
            context.out().refuse(requestId, Refusal.NOT_LEADER, NodeId.NONE);
        }
    }

    /** "Not taken" is said only where it is certain; silence means that the outcome is unknown. */
    void forward(ForwardRequest request) {
        if (context.forwards.neverTaken(request)) {
            context.promiseTerm(new ForwardResponse(
                    context.self(),
                    request.from(),
                    context.term(),
                    request.requestId(),
                    ForwardOutcome.NOT_LEADER,
                    0,
                    0));
        }
    }

    void readIndex(ReadIndexRequest request) {
        context.promiseTerm(
                new ReadIndexResponse(context.self(), request.from(), context.term(), request.requestId(), false, 0));
    }

    void change(Event.ChangeMembership event) {
        context.out().refuse(event.requestId(), Refusal.NOT_LEADER, NodeId.NONE);
    }

    /** As {@link #forward}. */
    void change(ChangeRequest request) {
        if (context.forwards.neverTaken(request)) {
            context.promiseTerm(new ChangeResponse(
                    context.self(),
                    request.from(),
                    context.term(),
                    request.requestId(),
                    ForwardOutcome.NOT_LEADER,
                    null,
                    0));
        }
    }

    void transfer(Event.Transfer event) {
        context.out().transferEnded(event.requestId(), TransferOutcome.NOT_LEADER);
    }

    void stepDown(Event.StepDown event) {
        context.out().transferEnded(event.requestId(), TransferOutcome.NOT_LEADER);
    }

    /** Whether nothing but the vote itself forbids to give it: a promise to a leader, or a disk that would not keep the vote. */
    boolean mayVote(VoteRequest request) {
        return !context.disk.hangs(context.now())
                && (request.transfer() || !context.leaderPromise.binds(context.now()));
    }

    /** The vote of this term is gone, or the asker's log is not good enough. */
    void vote(VoteRequest request) {
        context.promiseTerm(new VoteResponse(context.self(), request.from(), context.term(), false));
    }

    /** Two leaders in one term cannot be: whoever claims it gets no cooperation. */
    void append(AppendRequest request) {
        context.promiseTerm(
                AppendResponse.refused(context.self(), request.from(), context.term(), request.prevLogIndex(), 0, 0));
    }

    void refusePreVote(PreVoteRequest request) {
        context.promiseTerm(new PreVoteResponse(context.self(), request.from(), request.term(), context.term(), false));
    }

    /** Not a refusal as such: the rule decides. Names the present term, so it waits until that is durable. */
    void preVote(PreVoteRequest request, boolean leaderIsLive) {
        boolean bound = leaderIsLive || context.disk.hangs(context.now()) || context.leaderPromise.binds(context.now());
        Grant grant = VoteRules.preVote(context.hardState(), context.log, request, bound);
        context.promiseTerm(new PreVoteResponse(
                context.self(),
                request.from(),
                request.term(),
                context.term(),
                grant.isGiven(),
                grant == Grant.DOUBTFUL));
    }
}
