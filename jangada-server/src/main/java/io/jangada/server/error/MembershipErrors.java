package io.jangada.server.error;

import io.grpc.Status;
import io.jangada.core.model.ChangeRefusal;
import io.jangada.core.step.TransferOutcome;

/** How refused changes of the membership and failed transfers look to clients: as etcd's where etcd has the same, else with the advice as text. */
public final class MembershipErrors {
    private MembershipErrors() {}

    /** What an etcd client gets. */
    public static Status statusOf(ChangeRefusal reason) {
        return switch (reason) {
            case WOULD_LOSE_QUORUM -> ServerError.UNHEALTHY.status();
            case NO_VOTER_LEFT -> ServerError.NOT_ENOUGH_STARTED.status();
            case ALREADY_MEMBER -> ServerError.MEMBER_EXISTS.status();
            case NOT_A_MEMBER -> ServerError.MEMBER_NOT_FOUND.status();
            case NOT_A_LEARNER -> ServerError.NOT_A_LEARNER.status();
            case LEARNER_BEHIND -> ServerError.LEARNER_BEHIND.status();
            case CHANGE_OPEN,
                    NO_COMMIT_IN_TERM,
                    INDEX_MISMATCH,
                    NOT_A_VOTER,
                    TRANSFER_OPEN,
                    NO_QUORUM,
                    TOO_LARGE,
                    CATCH_UP_FAILED,
                    NOTHING_TO_CHANGE -> explained(reason);
        };
    }

    /** What our own command line gets: the advice. */
    public static Status explained(ChangeRefusal reason) {
        Status.Code code = isPassing(reason) || reason == ChangeRefusal.WOULD_LOSE_QUORUM
                ? Status.Code.UNAVAILABLE
                : Status.Code.FAILED_PRECONDITION;
        return code.toStatus().withDescription("etcdserver: " + reason.advice());
    }

    /** Whether the reason goes away by itself, so that the same change may be asked for a moment later. */
    public static boolean isPassing(ChangeRefusal reason) {
        return switch (reason) {
            case CHANGE_OPEN, NO_COMMIT_IN_TERM, TRANSFER_OPEN, NO_QUORUM -> true;
            case INDEX_MISMATCH,
                    WOULD_LOSE_QUORUM,
                    ALREADY_MEMBER,
                    NOT_A_MEMBER,
                    NOT_A_LEARNER,
                    NOT_A_VOTER,
                    LEARNER_BEHIND,
                    NO_VOTER_LEFT,
                    TOO_LARGE,
                    CATCH_UP_FAILED,
                    NOTHING_TO_CHANGE -> false;
        };
    }

    /** What an etcd client gets. */
    public static Status statusOf(TransferOutcome outcome) {
        return switch (outcome) {
            case NOT_LEADER -> ServerError.NOT_LEADER.status();
            case BAD_TARGET -> ServerError.BAD_TRANSFEREE.status();
            case TIMED_OUT -> ServerError.TRANSFER_TIMED_OUT.status();
            case NO_TARGET -> ServerError.UNHEALTHY.status();
            case DONE, BUSY, CHANGE_OPEN, ABORTED -> explained(outcome);
        };
    }

    /** What our own command line gets: the advice. */
    public static Status explained(TransferOutcome outcome) {
        Status.Code code = outcome == TransferOutcome.BAD_TARGET || outcome == TransferOutcome.NOT_LEADER
                ? Status.Code.FAILED_PRECONDITION
                : Status.Code.UNAVAILABLE;
        return code.toStatus().withDescription("etcdserver: " + outcome.advice());
    }
}
