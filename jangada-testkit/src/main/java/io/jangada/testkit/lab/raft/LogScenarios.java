package io.jangada.testkit.lab.raft;

import static io.jangada.testkit.lab.raft.RaftLab.ELECTION_MILLIS;

import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.LabTime.LabThread;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Start;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Part 3B: the log (lab facts, 4.2). */
final class LogScenarios {
    /** How often a scenario that needs one leader throughout may begin anew, since no Raft can promise that. */
    private static final int ATTEMPTS = 5;

    private LogScenarios() {}

    static List<Scenario> all() {
        return List.of(
                scenario("BasicAgree", "basic agreement", 3, LogScenarios::basicAgree),
                scenario("RPCBytes", "RPC byte count", 3, LogScenarios::rpcBytes),
                scenario("FollowerFailure", "follower failure", 3, LogScenarios::followerFailure),
                scenario("LeaderFailure", "leader failure", 3, LogScenarios::leaderFailure),
                scenario("FailAgree", "follower reconnects", 3, LogScenarios::failAgree),
                scenario("FailNoAgree", "too many disconnect", 5, LogScenarios::failNoAgree),
                scenario("ConcurrentStarts", "concurrent starts", 3, LogScenarios::concurrentStarts),
                scenario("Rejoin", "rejoin", 3, LogScenarios::rejoin),
                scenario("Backup", "fast back-up", 5, LogScenarios::backup),
                scenario("Count", "RPC counts", 3, LogScenarios::count));
    }

    private static Scenario scenario(String name, String title, int servers, Consumer<RaftLab> text) {
        return RaftLab.scenario(LabPart.LOG, name, title, new RaftLab.Shape(servers, true, false), text);
    }

    private static void basicAgree(RaftLab lab) {
        for (int i = 1; i <= 3; i++) {
            lab.require(lab.committed(i) == 0, "somebody has committed index " + i + " before anything was started");
            long index = lab.one(Command.of(100L * i), 3);
            lab.require(index == i, "got index " + index + ", expected " + i);
            lab.note(100 * i + " is at index " + i + " on all servers");
        }
    }

    private static void rpcBytes(RaftLab lab) {
        int commands = 10;
        int commandBytes = 5_000;
        lab.one(Command.of(99), 3);
        long before = lab.bytes();
        lab.note("10 commands of 5000 bytes");
        for (int i = 0; i < commands; i++) {
            long index = lab.one(text(lab, commandBytes), 3);
            lab.require(index == i + 2, "got index " + index + ", expected " + (i + 2));
        }
        long sent = lab.bytes() - before;
        // Once to each of two followers is the least, and says that counting works.
        long least = 2L * commands * commandBytes;
        long most = 3L * commands * commandBytes + 50_000;
        lab.note(sent + " bytes were sent, " + most + " are allowed");
        lab.require(
                sent >= least && sent <= most,
                "10 commands of 5000 bytes took " + sent + " bytes, expected " + least + " to " + most);
    }

    private static Command text(RaftLab lab, int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            text.append((char) ('a' + lab.chance().below(26)));
        }
        return new Command.Text(text.toString());
    }

    private static void followerFailure(RaftLab lab) {
        lab.one(Command.of(101), 3);
        int follower = lab.after(lab.oneLeader(), 1);
        lab.note("disconnect a follower, " + follower);
        lab.disconnect(follower);
        lab.one(Command.of(102), 2);
        lab.sleep(ELECTION_MILLIS);
        lab.one(Command.of(103), 2);

        int leader = lab.oneLeader();
        lab.note("disconnect the followers of " + leader);
        lab.disconnect(lab.after(leader, 1), lab.after(leader, 2));
        long index = lab.mustStart(leader, Command.of(104)).index();
        lab.require(index == 4, "got index " + index + ", expected 4");
        lab.sleep(2 * ELECTION_MILLIS);
        requireUncommitted(lab, 4);
    }

    private static void leaderFailure(RaftLab lab) {
        lab.one(Command.of(101), 3);
        int first = lab.oneLeader();
        lab.note("disconnect the leader, " + first);
        lab.disconnect(first);
        lab.one(Command.of(102), 2);
        lab.sleep(ELECTION_MILLIS);
        lab.one(Command.of(103), 2);

        int second = lab.oneLeader();
        lab.note("disconnect the next leader, " + second + ", and give all servers a command");
        lab.disconnect(second);
        for (int server = 0; server < lab.size(); server++) {
            lab.start(server, Command.of(104));
        }
        lab.sleep(2 * ELECTION_MILLIS);
        requireUncommitted(lab, 4);
    }

    private static void requireUncommitted(RaftLab lab, long index) {
        int servers = lab.committed(index);
        lab.require(servers == 0, servers + " servers have committed index " + index + " without a majority");
        lab.note("index " + index + " is not committed, as it must be");
    }

    private static void failAgree(RaftLab lab) {
        lab.one(Command.of(101), 3);
        int follower = lab.after(lab.oneLeader(), 1);
        lab.note("disconnect a follower, " + follower);
        lab.disconnect(follower);
        lab.one(Command.of(102), 2);
        lab.one(Command.of(103), 2);
        lab.sleep(ELECTION_MILLIS);
        lab.one(Command.of(104), 2);
        lab.one(Command.of(105), 2);

        lab.note("connect " + follower);
        lab.connect(follower);
        lab.oneOrAgain(Command.of(106), 3);
        lab.sleep(ELECTION_MILLIS);
        lab.oneOrAgain(Command.of(107), 3);
    }

    private static void failNoAgree(RaftLab lab) {
        lab.one(Command.of(10), 5);
        int first = lab.oneLeader();
        int[] three = {lab.after(first, 1), lab.after(first, 2), lab.after(first, 3)};
        lab.note("disconnect " + three[0] + ", " + three[1] + " and " + three[2] + ": no majority is left");
        lab.disconnect(three);
        long index = lab.mustStart(first, Command.of(20)).index();
        lab.require(index == 2, "got index " + index + ", expected 2");
        lab.sleep(2 * ELECTION_MILLIS);
        requireUncommitted(lab, 2);

        lab.note("connect all");
        lab.connect(three);
        // The command at index 2 is overwritten if its server does not lead any more, and stays if it does.
        long next = lab.mustStart(lab.oneLeader(), Command.of(30)).index();
        lab.require(next == 2 || next == 3, "got index " + next + ", expected 2 or 3");
        lab.oneOrAgain(Command.of(1_000), 5);
    }

    /** Plays a scenario that is true only if one leader leads throughout, until it does. */
    private static void inOneTerm(RaftLab lab, Predicate<RaftLab> attempt) {
        for (int i = 0; i < ATTEMPTS; i++) {
            if (i > 0) {
                lab.note("the leader has changed: once more");
                lab.sleep(3_000);
            }
            if (attempt.test(lab)) {
                return;
            }
        }
        throw new LabFailure("the leader changed in each of " + ATTEMPTS + " attempts, though nothing failed");
    }

    private static void concurrentStarts(RaftLab lab) {
        inOneTerm(lab, LogScenarios::areConcurrentStartsCommitted);
    }

    private static boolean areConcurrentStartsCommitted(RaftLab lab) {
        int leader = lab.oneLeader();
        Start first = lab.start(leader, Command.of(1));
        if (!first.isLeader()) {
            return false;
        }
        lab.note("5 threads start a command each");
        Queue<Long> indexes = new ConcurrentLinkedQueue<>();
        List<LabThread> threads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Command command = Command.of(100 + i);
            threads.add(lab.time().spawn("client-" + i, () -> {
                Start start = lab.start(leader, command);
                if (start.isLeader() && start.term() == first.term()) {
                    indexes.add(start.index());
                }
            }));
        }
        threads.forEach(LabThread::join);
        if (!lab.areAllIn(first.term())) {
            return false;
        }
        Set<Command> committed = new HashSet<>();
        for (long index : indexes) {
            Optional<Command> command = lab.awaitInTerm(index, lab.size(), first.term());
            if (command.isEmpty()) {
                return false;
            }
            committed.add(command.get());
        }
        for (int i = 0; i < 5; i++) {
            Command command = Command.of(100 + i);
            lab.require(committed.contains(command), command + " is not among the committed ones: " + committed);
        }
        return true;
    }

    private static void rejoin(RaftLab lab) {
        lab.oneOrAgain(Command.of(101), 3);
        int first = lab.oneLeader();
        lab.note("disconnect the leader, " + first + ", and give it three commands that cannot be committed");
        lab.disconnect(first);
        for (int i = 102; i <= 104; i++) {
            lab.start(first, Command.of(i));
        }
        lab.oneOrAgain(Command.of(103), 2);

        int second = lab.oneLeader();
        lab.note("disconnect the next leader, " + second + ", and connect " + first);
        lab.disconnect(second);
        lab.connect(first);
        lab.oneOrAgain(Command.of(104), 2);

        lab.note("connect all");
        lab.connect(second);
        lab.oneOrAgain(Command.of(105), 3);
    }

    private static void backup(RaftLab lab) {
        lab.oneOrAgain(lab.random(), 5);
        int first = lab.oneLeader();
        int[] majority = {lab.after(first, 2), lab.after(first, 3), lab.after(first, 4)};
        lab.note(
                "leave the leader, " + first + ", with one follower, and give it 50 commands that cannot be committed");
        lab.disconnect(majority);
        startFifty(lab, first);
        lab.sleep(ELECTION_MILLIS / 2);

        lab.note("the other three instead: 50 commands that are committed");
        lab.disconnect(first, lab.after(first, 1));
        lab.connect(majority);
        agreeOnFifty(lab);

        int second = lab.oneLeader();
        int other = lab.after(first, 2) == second ? lab.after(second, 1) : lab.after(first, 2);
        lab.note("leave their leader, " + second + ", with one follower, and 50 commands that cannot be committed");
        lab.disconnect(other);
        startFifty(lab, second);
        lab.sleep(ELECTION_MILLIS / 2);

        lab.note("bring back the first leader, its follower and " + other + ": 50 commands that are committed");
        for (int server = 0; server < lab.size(); server++) {
            lab.disconnect(server);
        }
        lab.connect(first, lab.after(first, 1), other);
        agreeOnFifty(lab);

        lab.note("connect all");
        lab.bringBackAll();
        lab.oneOrAgain(lab.random(), 5);
    }

    private static void startFifty(RaftLab lab, int server) {
        for (int i = 0; i < 50; i++) {
            lab.start(server, lab.random());
        }
    }

    private static void agreeOnFifty(RaftLab lab) {
        for (int i = 0; i < 50; i++) {
            lab.oneOrAgain(lab.random(), 3);
        }
    }

    private static void count(RaftLab lab) {
        lab.oneLeader();
        int election = lab.received();
        lab.note(election + " calls for the first election");
        lab.require(
                election >= 1 && election <= 30,
                "servers received " + election + " calls up to the first leader, expected 1 to 30");
        inOneTerm(lab, LogScenarios::areFewCallsEnough);

        int before = lab.received();
        lab.sleep(ELECTION_MILLIS);
        int idle = lab.received() - before;
        lab.note(idle + " calls in an idle second");
        lab.require(idle <= 3 * 20, "servers received " + idle + " calls in an idle second, expected 60 at most");
    }

    private static boolean areFewCallsEnough(RaftLab lab) {
        int agreements = 10;
        int leader = lab.oneLeader();
        int before = lab.received();
        Start first = lab.start(leader, Command.of(1));
        if (!first.isLeader()) {
            return false;
        }
        List<Command> commands = new ArrayList<>();
        for (int i = 1; i <= agreements + 1; i++) {
            Command command = Command.of(lab.chance().next() >>> 33);
            commands.add(command);
            Start start = lab.start(leader, command);
            if (!start.isLeader() || start.term() != first.term()) {
                return false;
            }
            lab.require(
                    start.index() == first.index() + i,
                    "got index " + start.index() + ", expected " + (first.index() + i));
        }
        for (int i = 1; i <= agreements; i++) {
            Optional<Command> there = lab.awaitInTerm(first.index() + i, lab.size(), first.term());
            if (there.isEmpty()) {
                return false;
            }
            Command expected = commands.get(i - 1);
            lab.require(
                    there.get().equals(expected),
                    there.get() + " is at index " + (first.index() + i) + ", expected " + expected);
        }
        if (!lab.areAllIn(first.term())) {
            return false;
        }
        int calls = lab.received() - before;
        int most = (agreements + 1 + 3) * 3;
        lab.note(calls + " calls for 12 commands");
        lab.require(calls <= most, "servers received " + calls + " calls for 12 commands, expected at most " + most);
        return true;
    }
}
