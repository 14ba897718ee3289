package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * The scenario that most of the key-value labs are: clients at work three times five seconds, while the network and the servers fail as they are told. {@link GenericPlay} plays it.
 *
 * @param maxRaftState see {@link KvServer.Rules}
 */
record GenericScenario(
        int clients, int servers, Net net, Restarts restarts, Partitions partitions, int maxRaftState, Keys keys) {

    /** Whether messages are delayed and lost. */
    enum Net {
        RELIABLE,
        UNRELIABLE
    }

    /** Whether all servers crash after each iteration. */
    enum Restarts {
        NONE,
        CRASH
    }

    /** Whether the servers are divided at random again and again. */
    enum Partitions {
        NONE,
        RANDOM
    }

    /** Whether each client keeps to a key of its own. */
    enum Keys {
        OWN,
        RANDOM
    }

    /** As the row of the course's table. */
    Scenario named(LabPart part, String name) {
        return new Scenario(
                part, name, title(), servers, setting -> new GenericPlay(this, new KvLab(setting, setup())).play());
    }

    private KvLab.Setup setup() {
        return KvLab.Setup.of(servers, net == Net.RELIABLE, maxRaftState);
    }

    private String title() {
        List<String> words = new ArrayList<>();
        addIf(net == Net.UNRELIABLE, "unreliable net", words);
        addIf(restarts == Restarts.CRASH, "restarts", words);
        addIf(partitions == Partitions.RANDOM, "partitions", words);
        addIf(maxRaftState != KvServer.NO_SNAPSHOTS, "snapshots", words);
        addIf(keys == Keys.RANDOM, "random keys", words);
        words.add(clients == 1 ? "one client" : "many clients");
        return String.join(", ", words);
    }

    private static void addIf(boolean holds, String word, List<String> words) {
        if (holds) {
            words.add(word);
        }
    }
}
