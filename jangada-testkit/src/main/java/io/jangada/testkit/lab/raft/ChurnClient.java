package io.jangada.testkit.lab.raft;

import io.jangada.testkit.lab.Start;
import io.jangada.testkit.sim.SimRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A client of the churn: starts commands wherever it can, and remembers those that it has seen committed. Runs in a thread of its own. */
final class ChurnClient implements Runnable {
    private static final long[] LOOK_AGAIN_MILLIS = {10, 20, 50, 100, 200};

    private final RaftLab lab;
    private final int number;
    private final BooleanSupplier isStopped;
    private final SimRandom chance;
    private final List<Command> seen = new ArrayList<>();

    ChurnClient(RaftLab lab, int number, BooleanSupplier isStopped) {
        this.lab = lab;
        this.number = number;
        this.isStopped = isStopped;
        this.chance = lab.chance().fork("client " + number);
    }

    @Override
    public void run() {
        while (!isStopped.getAsBoolean()) {
            Command command = Command.of(chance.next() >>> 1);
            long index = 0;
            for (int server = 0; server < lab.size(); server++) {
                Start start = lab.start(server, command);
                index = start.isLeader() ? start.index() : index;
            }
            if (index == 0) {
                lab.sleep(79 + 17L * number);
            } else {
                lookAt(index, command);
            }
        }
    }

    private void lookAt(long index, Command command) {
        for (long pause : LOOK_AGAIN_MILLIS) {
            if (lab.committed(index) > 0) {
                if (lab.commandAt(index).filter(command::equals).isPresent()) {
                    seen.add(command);
                }
                return;
            }
            lab.sleep(pause);
        }
    }

    /** What it has seen committed; to be asked when it has ended. */
    List<Command> seen() {
        return seen;
    }
}
