package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.ApplyMsg;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabRaft;
import io.jangada.testkit.lab.LabService;
import io.jangada.testkit.lab.LabTime;

/** The service of the labs without snapshots: writes down what it is told, and checks it. */
final class PlainService implements LabService {
    private final LabTime time;
    private final Ledger.Applied applied;

    PlainService(LabTime time, Ledger ledger, int server) {
        this.time = time;
        this.applied = ledger.begin(server);
    }

    @Override
    public void attached(LabRaft raft) {
        // It never asks anything of it.
    }

    @Override
    public void accept(ApplyMsg message) {
        try {
            if (message.snapshotValid()) {
                throw new LabFailure("a service that makes no snapshots was told one: " + message);
            }
            applied.command(message.commandIndex(), Command.of(message.command()));
        } catch (LabFailure e) {
            time.fail(e);
        }
    }
}
