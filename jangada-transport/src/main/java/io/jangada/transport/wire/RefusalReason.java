package io.jangada.transport.wire;

/** Why a responder refuses a connection. The codes are part of the wire format: never reuse one. */
public enum RefusalReason {
    /** The dialer speaks a version that the responder does not. */
    UNSUPPORTED_VERSION(1),
    /** The dialer asks for a kind of connection that the responder does not know. */
    UNKNOWN_KIND(2),
    /** The dialer belongs to another cluster. */
    OTHER_CLUSTER(3),
    /** The dialer takes the responder for another node. */
    WRONG_RECEIVER(4),
    /** The dialer has no identity, or the responder's own, or is one unknown node more than the responder takes. */
    UNKNOWN_SENDER(5),
    /** The dialer's greeting is damaged. */
    MALFORMED(6),
    /** The dialer's data folder is not the one by which the cluster knows it: its disk was wiped or replaced. */
    OTHER_INCARNATION(7);

    private final int code;

    RefusalReason(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
