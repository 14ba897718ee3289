package io.jangada.testkit.lab;

/** Who wants to see the messages of a network. Called on any thread; must not block. */
public interface NetworkTrace {
    /** Sees nothing. */
    NetworkTrace NONE = new NetworkTrace() {
        @Override
        public long sent(int from, int to, Rpc message) {
            return 0;
        }

        @Override
        public void delivered(long message) {}

        @Override
        public void lost(long message, String why) {}
    };

    /** A request or reply begins its way; its number from now on. */
    long sent(int from, int to, Rpc message);

    /** It has arrived. */
    void delivered(long message);

    /** It will not arrive. */
    void lost(long message, String why);
}
