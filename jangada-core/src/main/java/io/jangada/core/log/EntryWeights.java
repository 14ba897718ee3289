package io.jangada.core.log;

/** What entries have weighed on average lately: the newest 65,536 or so count, older ones fade. */
final class EntryWeights {
    private static final int REMEMBERED = 1 << 16;

    private long sum;
    private int count;

    void add(int weight) {
        sum += weight;
        count++;
        if (count == REMEMBERED) {
            sum /= 2;
            count /= 2;
        }
    }

    /** 0 if there was none. */
    long average() {
        return count == 0 ? 0 : sum / count;
    }
}
