package io.jangada.testkit.lab;

/** How far a leader of this term has committed, as somebody has said. */
record CommitNews(long term, long commit) {
    static final CommitNews NONE = new CommitNews(0, 0);

    boolean isOlderThan(CommitNews other) {
        return other.term > term || (other.term == term && other.commit > commit);
    }
}
