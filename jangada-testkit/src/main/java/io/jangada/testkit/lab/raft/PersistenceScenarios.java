package io.jangada.testkit.lab.raft;

import static io.jangada.testkit.lab.raft.RaftLab.ELECTION_MILLIS;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabTime.LabThread;
import io.jangada.testkit.lab.Scenario;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Part 3C: persistence, and networks that lose and reorder (lab facts, 4.3). */
final class PersistenceScenarios {
    private static final int FIGURE_8_ROUNDS = 1_000;

    private PersistenceScenarios() {}

    static List<Scenario> all() {
        return List.of(
                scenario("Persist1", "persist 1", 3, true, PersistenceScenarios::persist1),
                scenario("Persist2", "persist 2", 5, true, PersistenceScenarios::persist2),
                scenario("Persist3", "persist 3", 3, true, PersistenceScenarios::persist3),
                scenario("Figure8", "figure 8", 5, true, PersistenceScenarios::figure8),
                scenario("UnreliableAgree", "unreliable agreement", 5, false, PersistenceScenarios::unreliableAgree),
                scenario("Figure8Unreliable", "figure 8 unreliable", 5, false, PersistenceScenarios::figure8Unreliable),
                scenario("ReliableChurn", "churn", 5, true, PersistenceScenarios::churn),
                scenario("UnreliableChurn", "unreliable churn", 5, false, PersistenceScenarios::churn));
    }

    private static Scenario scenario(String name, String title, int servers, boolean reliable, Consumer<RaftLab> text) {
        return RaftLab.scenario(LabPart.PERSISTENCE, name, title, new RaftLab.Shape(servers, reliable, false), text);
    }

    private static void persist1(RaftLab lab) {
        lab.oneOrAgain(Command.of(11), 3);
        lab.crashAndRestartAll();
        lab.oneOrAgain(Command.of(12), 3);

        int first = lab.oneLeader();
        lab.note("crash the leader, " + first + ", and start it again");
        lab.restart(first);
        lab.oneOrAgain(Command.of(13), 3);

        int second = lab.oneLeader();
        lab.note("crash the leader, " + second + ", and go on without it");
        lab.crash(second);
        lab.oneOrAgain(Command.of(14), 2);
        lab.note("start " + second + " again, which must catch up");
        lab.restart(second);
        lab.await(4, 3);

        int follower = lab.after(lab.oneLeader(), 1);
        lab.note("crash a follower, " + follower + ", and go on without it");
        lab.crash(follower);
        lab.oneOrAgain(Command.of(15), 2);
        lab.restart(follower);
        lab.oneOrAgain(Command.of(16), 3);
    }

    private static void persist2(RaftLab lab) {
        int next = 11;
        for (int round = 0; round < 5; round++) {
            lab.oneOrAgain(Command.of(next++), 5);
            int leader = lab.oneLeader();
            int one = lab.after(leader, 1);
            int two = lab.after(leader, 2);
            int three = lab.after(leader, 3);
            int four = lab.after(leader, 4);
            lab.note("crash two followers of " + leader + ", " + one + " and " + two);
            lab.crash(one, two);
            lab.oneOrAgain(Command.of(next++), 3);

            lab.note("crash the others, and start " + one + " and " + two + ", which are no majority");
            lab.crash(leader, three, four);
            lab.restart(one, two);
            lab.sleep(ELECTION_MILLIS);
            lab.note("start " + three + ": a majority, in which only it knows the last command");
            lab.restart(three);
            lab.oneOrAgain(Command.of(next++), 3);
            lab.note("start the others");
            lab.restart(four, leader);
        }
        lab.oneOrAgain(Command.of(1_000), 5);
    }

    private static void persist3(RaftLab lab) {
        lab.oneOrAgain(Command.of(101), 3);
        int leader = lab.oneLeader();
        int one = lab.after(leader, 1);
        int two = lab.after(leader, 2);
        lab.note("disconnect " + two);
        lab.disconnect(two);
        lab.oneOrAgain(Command.of(102), 2);

        lab.note("crash " + leader + " and " + one + ", connect " + two + " and start " + leader);
        lab.crash(leader, one);
        lab.connect(two);
        lab.restart(leader);
        lab.oneOrAgain(Command.of(103), 2);
        lab.note("start " + one);
        lab.restart(one);
        lab.oneOrAgain(Command.of(104), 3);
    }

    /** Gives a command to every server that is up; the last connected one that took it. */
    private static OptionalInt startEverywhere(RaftLab lab, Supplier<Command> commands) {
        OptionalInt last = OptionalInt.empty();
        for (int server = 0; server < lab.size(); server++) {
            boolean taken = lab.cluster().isUp(server)
                    && lab.start(server, commands.get()).isLeader();
            if (taken && lab.cluster().isConnected(server)) {
                last = OptionalInt.of(server);
            }
        }
        return last;
    }

    /** Mostly too short for an agreement, sometimes long enough for an election. */
    private static void sleepShortOrLong(RaftLab lab) {
        lab.sleep(
                lab.chance().chance(0.1)
                        ? lab.chance().between(0, ELECTION_MILLIS / 2 - 1)
                        : lab.chance().between(0, 12));
    }

    private static void figure8(RaftLab lab) {
        lab.oneOrAgain(lab.random(), 1);
        int up = lab.size();
        for (int round = 0; round < FIGURE_8_ROUNDS; round++) {
            OptionalInt leader = startEverywhere(lab, lab::random);
            sleepShortOrLong(lab);
            if (leader.isPresent()) {
                lab.note("crash the leader, " + leader.getAsInt());
                lab.crash(leader.getAsInt());
                up--;
            }
            int any = up < 3 ? lab.anyServer() : 0;
            if (up < 3 && !lab.cluster().isUp(any)) {
                lab.restart(any);
                up++;
            }
        }
        lab.note("bring back all");
        lab.bringBackAll();
        lab.oneOrAgain(lab.random(), 5);
    }

    private static void unreliableAgree(RaftLab lab) {
        List<LabThread> clients = new ArrayList<>();
        for (int round = 1; round < 50; round++) {
            for (int client = 0; client < 4; client++) {
                Command command = Command.of(100L * round + client);
                clients.add(lab.time().spawn("client " + command, () -> lab.oneOrAgain(command, 1)));
            }
            lab.oneOrAgain(Command.of(round), 1);
        }
        lab.note("the network is reliable from now on");
        lab.setReliable(true);
        clients.forEach(LabThread::join);
        lab.oneOrAgain(Command.of(100), 5);
    }

    private static void figure8Unreliable(RaftLab lab) {
        Supplier<Command> commands = () -> Command.of(lab.chance().below(10_000));
        lab.oneOrAgain(commands.get(), 1);
        int up = lab.size();
        for (int round = 0; round < FIGURE_8_ROUNDS; round++) {
            if (round == 200) {
                lab.note("replies are held for up to 2 s from now on");
                lab.cluster().network().setLongReordering(true);
            }
            OptionalInt leader = startEverywhere(lab, commands);
            sleepShortOrLong(lab);
            if (leader.isPresent() && lab.chance().chance(0.5)) {
                lab.note("disconnect the leader, " + leader.getAsInt());
                lab.disconnect(leader.getAsInt());
                up--;
            }
            int any = up < 3 ? lab.anyServer() : 0;
            if (up < 3 && !lab.cluster().isConnected(any)) {
                lab.connect(any);
                up++;
            }
        }
        lab.note("connect all");
        lab.bringBackAll();
        lab.oneOrAgain(commands.get(), 5);
    }

    private static void churn(RaftLab lab) {
        AtomicBoolean stopped = new AtomicBoolean();
        List<ChurnClient> clients = new ArrayList<>();
        List<LabThread> threads = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            ChurnClient client = new ChurnClient(lab, number, stopped::get);
            clients.add(client);
            threads.add(lab.time().spawn("client-" + number, client));
        }
        for (int round = 0; round < 20; round++) {
            disturb(lab);
            lab.sleep(ELECTION_MILLIS * 7 / 10);
        }
        lab.sleep(ELECTION_MILLIS);
        lab.note("bring back all, on a reliable network");
        lab.setReliable(true);
        lab.bringBackAll();
        stopped.set(true);
        threads.forEach(LabThread::join);
        lab.sleep(ELECTION_MILLIS);

        long last = lab.oneOrAgain(lab.random(), 5);
        Set<Command> log = new HashSet<>();
        for (long index = 1; index <= last; index++) {
            log.add(lab.await(index, lab.size()));
        }
        lab.note("the log has " + last + " commands on all servers");
        for (ChurnClient client : clients) {
            for (Command command : client.seen()) {
                lab.require(log.contains(command), "a client saw " + command + " committed, but it is not in the log");
            }
        }
    }

    private static void disturb(RaftLab lab) {
        if (lab.chance().chance(0.2)) {
            lab.disconnect(lab.anyServer());
        }
        if (lab.chance().chance(0.5)) {
            int any = lab.anyServer();
            if (lab.cluster().isUp(any)) {
                lab.connect(any);
            } else {
                lab.restart(any);
            }
        }
        if (lab.chance().chance(0.2)) {
            // Nothing happens to one that is down already.
            lab.crash(lab.anyServer());
        }
    }
}
