package io.jangada.core.step;

/** How a transfer of leadership, or a step-down on request, has ended. */
public enum TransferOutcome {
    /** This node leads no more: the target has been told to stand, and somebody leads a later term; or the node has stepped down as asked. */
    DONE("done"),
    /** This node does not lead. */
    NOT_LEADER("this node does not lead; ask the leader"),
    /** The target is no voter of the group, or is not allowed to lead. */
    BAD_TARGET("the target is not a voter of the group that may lead; choose one of the voters"),
    /** No other voter has been heard of lately. */
    NO_TARGET("no other voter can be reached; start one, then ask again"),
    /** Another transfer is under way. */
    BUSY("another transfer of leadership is under way; wait for its end or abort it"),
    /** A change of the voters is under way. */
    CHANGE_OPEN("a membership change is under way; wait until it is finished"),
    /** The target did not catch up, or did not take over, in time. This node goes on to lead. */
    TIMED_OUT("the target did not take over in time; this node still leads. Look at the target, then ask again"),
    /** Somebody asked to abort it. This node goes on to lead. */
    ABORTED("the transfer was aborted; this node still leads");

    private final String advice;

    TransferOutcome(String advice) {
        this.advice = advice;
    }

    /** What it means and what to do, for people. */
    public String advice() {
        return advice;
    }
}
