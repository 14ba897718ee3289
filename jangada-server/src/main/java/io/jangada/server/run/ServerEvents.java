package io.jangada.server.run;

/** Takes what happens to a running server. Called on threads of the node, one call at a time; must not block. */
public interface ServerEvents {

    /** Reads and writes work from now on, for the first time. */
    void serving();

    /** The leader has changed; {@code leader} is a member's name, empty while there is none. */
    void leader(String leader, long term);

    /** This member has been removed from its cluster. */
    void removed();

    /** The node has stopped and will not work again without a restart. */
    void failed(Throwable cause);
}
