package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.ApplyMsg;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabRaft;
import io.jangada.testkit.lab.LabService;
import io.jangada.testkit.lab.LabTime;

/** The service of the labs without snapshots: writes down what it is told, and checks it. */
final class PlainService implements LabService {
    private final LabTime time;
    private final Ledger ledger;
    private final int server;

    PlainService(LabTime time, Ledger ledger, int server) {
        this.time = time;
        this.ledger = ledger;
        this.server = server;
    }

    @Override
    public void attached(LabRaft raft) {
        // It never asks anything of it.
    }

    @Override
    public void accept(ApplyMsg message) {
        if (message.commandValid()) {
            try {
                ledger.applied(server, message.commandIndex(), Command.of(message.command()), true);
            } catch (LabFailure e) {
                time.fail(e);
            }
        }
    }
}
