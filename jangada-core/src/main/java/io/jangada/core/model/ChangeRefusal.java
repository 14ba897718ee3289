package io.jangada.core.model;

/** Why a change of the membership was not taken, and what to do about it. Nothing has happened. The codes are part of the wire format. */
public enum ChangeRefusal {
    CHANGE_OPEN(1, "another membership change is under way; wait until it is finished, then ask again"),
    NO_COMMIT_IN_TERM(2, "the leader has not committed an entry of its term yet; ask again in a moment"),
    INDEX_MISMATCH(3, "the membership has changed since it was looked at; look again, then decide again"),
    WOULD_LOSE_QUORUM(
            4,
            "too few of the voters after the change can be reached now, so the group would stop; repair or remove those that are down"
                    + " first, or force the change"),
    ALREADY_MEMBER(5, "the node is a member already; a node that lost its data needs a new identity"),
    NOT_A_MEMBER(6, "the node is not a member"),
    NOT_A_LEARNER(7, "the node is a voter already"),
    NOT_A_VOTER(8, "the node has no vote to lose"),
    LEARNER_BEHIND(9, "the learner is too far behind the leader; wait until it has caught up, then ask again"),
    NO_VOTER_LEFT(10, "no voter would be left"),
    TRANSFER_OPEN(11, "leadership is being transferred; ask the next leader"),
    TOO_LARGE(12, "the membership would be larger than an entry of the log may be"),
    CATCH_UP_FAILED(
            13,
            "the new member did not catch up in the rounds it was given; it stays a learner, promote it when it has caught up"),
    NOTHING_TO_CHANGE(14, "the membership is like that already"),
    NO_QUORUM(15, "the leader hears no majority of the voters at the moment; ask again when it does");

    private final int code;
    private final String advice;

    ChangeRefusal(int code, String advice) {
        this.code = code;
        this.advice = advice;
    }

    public int code() {
        return code;
    }

    /** What it means and what to do, for people. */
    public String advice() {
        return advice;
    }

    /** The reason with this code. Throws {@link IllegalArgumentException} for an unknown one. */
    public static ChangeRefusal ofCode(int code) {
        for (ChangeRefusal refusal : values()) {
            if (refusal.code == code) {
                return refusal;
            }
        }
        throw new IllegalArgumentException("unknown reason " + code + " for refusing a membership change");
    }
}
