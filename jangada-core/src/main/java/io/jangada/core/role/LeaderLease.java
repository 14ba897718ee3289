package io.jangada.core.role;

import io.jangada.core.read.HeartbeatRounds;

/** The time for which this leader may answer reads alone, because nobody else can have been elected (thesis §6.4.1). */
final class LeaderLease {
    private final Context context;
    private final HeartbeatRounds rounds;

    LeaderLease(Context context, HeartbeatRounds rounds) {
        this.context = context;
        this.rounds = rounds;
    }

    /**
     * Until when nobody else can lead, at the earliest; the present time if that is not certain. Counted from the time at which the confirmed messages were sent, shortened by what
     * other clocks may be faster (trap 38). Not given out for longer than a heartbeat interval, because a transfer has to wait for it.
     */
    long untilNanos(boolean leadsUndisputed) {
        if (!context.config.options().leaseReads() || !leadsUndisputed) {
            return context.now();
        }
        long length = context.config.timing().electionTimeoutMinNanos()
                / 100
                * (100 - context.config.options().clockDriftPercent());
        long left = length - rounds.unconfirmedForNanos(context.now());
        return context.now() + Math.min(left, context.config.timing().heartbeatIntervalNanos());
    }
}
