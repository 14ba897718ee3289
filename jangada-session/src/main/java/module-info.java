/** Client sessions: commands that take effect exactly once. Start with {@link io.jangada.session.SessionStateMachine}. */
module io.jangada.session {
    requires transitive io.jangada.api;
    requires static transitive org.jspecify;

    exports io.jangada.session;
}
