package io.jangada.core.step;

/** Why a request was not taken. In every case nothing has happened and asking again is safe. */
public enum Refusal {
    /** This node does not lead and knows no leader that it could ask. */
    NOT_LEADER,
    /** A limit is reached. */
    OVERLOADED,
    /** The disk of the node that was to take it is nearly full. */
    NO_SPACE,
    /** The command is larger than the limit. */
    TOO_LARGE,
    /** This leader hands over to another one, or cannot be sure to lead at the moment. */
    NOT_NOW
}
