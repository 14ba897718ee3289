package io.jangada.testkit.lab.kv;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabTime.LabThread;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Five clients append to one key over an unreliable network: whatever was sent twice must be there once. */
final class SharedKey {
    private static final int SERVERS = 3;
    private static final int CLIENTS = 5;
    private static final int APPENDS = 10;
    private static final String KEY = "k";

    private SharedKey() {}

    static Scenario scenario() {
        return new Scenario(
                LabPart.KV,
                "UnreliableOneKey4A",
                "concurrent append to same key, unreliable",
                SERVERS,
                setting -> play(new KvLab(setting, KvLab.Setup.of(SERVERS, false, KvServer.NO_SNAPSHOTS))));
    }

    static Outcome play(KvLab lab) {
        Clerk first = lab.clerk();
        first.put(KEY, "");
        List<LabThread> threads = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            int me = client;
            threads.add(lab.time().spawn("client-" + me, () -> append(lab.clerk(), me)));
        }
        threads.forEach(LabThread::join);
        String text = first.get(KEY);
        int length = 0;
        for (int client = 0; client < CLIENTS; client++) {
            Appended.check(text, client, APPENDS);
            for (int number = 0; number < APPENDS; number++) {
                length += Appended.piece(client, number).length();
            }
        }
        lab.require(text.length() == length, "there is more in the key than was appended: \"" + text + "\"");
        return lab.end();
    }

    private static void append(Clerk clerk, int client) {
        for (int number = 0; number < APPENDS; number++) {
            clerk.append(KEY, Appended.piece(client, number));
        }
    }
}
