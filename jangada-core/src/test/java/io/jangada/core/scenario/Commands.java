package io.jangada.core.scenario;

import io.jangada.core.RaftStatus;
import io.jangada.core.message.Message;
import io.jangada.core.model.Entry;
import io.jangada.core.model.Membership;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.PeerProgress;
import io.jangada.core.step.Event;
import io.jangada.core.step.Proposal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The commands of scenario files; {@code docs/scenarios.md} describes each of them. */
final class Commands {
    private final ScenarioWorld world = new ScenarioWorld();
    private final Map<String, Consumer<Words>> commands = new TreeMap<>();

    Commands() {
        cluster();
        time();
        network();
        clients();
        views();
    }

    ScenarioWorld world() {
        return world;
    }

    /** Runs one command and returns what it made happen. */
    List<String> run(String line) {
        Words words = new Words(line);
        Transcript.Detail detail = Transcript.Detail.ALL;
        if (words.take("quiet")) {
            detail = Transcript.Detail.CHANGES;
        } else if (words.take("silent")) {
            detail = Transcript.Detail.NOTHING;
        }
        world.transcript().begin(detail);
        String name = words.next();
        Consumer<Words> command = commands.get(name);
        if (command == null) {
            throw new IllegalArgumentException("unknown command '" + name + "'; known are " + commands.keySet());
        }
        command.accept(words);
        if (!words.isEmpty()) {
            throw new IllegalArgumentException("'" + words.rest() + "' makes no sense behind '" + name + "'");
        }
        return world.transcript().lines();
    }

    private ScenarioNode node(Words words) {
        return world.node(words.node());
    }

    private static Predicate<Message> pattern(Words words) {
        return MessagePattern.parse(words.all());
    }

    private void answer(String line) {
        world.transcript().answer(line);
    }

    private void cluster() {
        commands.put("group", words -> world.group(new GroupOptions(words)));
        commands.put("join", words -> world.start(words.node(), true));
        commands.put("crash", words -> {
            ScenarioNode node = node(words);
            if (words.take("torn")) {
                node.crashInWrite();
            } else {
                node.crash((int) words.numberOr(0));
            }
        });
        commands.put("restart", words -> node(words).restart());
        commands.put("wipe", words -> world.wipe(words.node(), words.take("joins")));
        commands.put("disk", words -> {
            ScenarioNode node = node(words);
            String what = words.next();
            node.diskHeld = switch (what) {
                case "hold" -> true;
                case "release" -> false;
                default -> throw new IllegalArgumentException("write: disk 2 hold, or disk 2 release");
            };
        });
        commands.put("sync", words -> node(words).sync((int) words.numberOr(Integer.MAX_VALUE)));
        commands.put("work", words -> world.work(node(words)));
        commands.put("recover", words -> {
            ScenarioNode node = node(words);
            List<NodeId> voters =
                    Words.numbers(words.next()).stream().map(NodeId::of).toList();
            node.forceMembership(Membership.ofVoters(voters));
        });
        commands.put("damage", words -> {
            ScenarioNode node = node(words);
            node.damage(Words.numbers(words.next()), words.take("doubtful"));
        });
        commands.put("forget-snapshots", words -> node(words).forgetOlderSnapshots());
        commands.put("snapshot", words -> node(words).takeSnapshot());
        commands.put("elect", words -> {
            ScenarioNode node = node(words);
            world.timeOut(node);
            world.settle();
            if (!node.raft().status().leads()) {
                answer("  " + node.id() + " is not elected");
            }
        });
    }

    private void time() {
        commands.put("tick", words -> world.tick(node(words)));
        commands.put("timeout", words -> world.timeOut(node(words)));
        commands.put("pass", words -> world.pass(words.nanos()));
        commands.put("clock", words -> world.moveClock(words.nanos()));
        commands.put("settle", words -> world.settle());
    }

    private void network() {
        commands.put("deliver", words -> world.deliver(pattern(words)));
        commands.put("drop", words -> {
            Predicate<Message> which = pattern(words);
            world.network().stream().filter(which).forEach(m -> world.transcript()
                    .traffic(MessageText.of(m) + "  (dropped)"));
            world.network().removeIf(which);
        });
        commands.put("repeat", words -> {
            Predicate<Message> which = pattern(words);
            world.network().addAll(world.network().stream().filter(which).toList());
        });
        commands.put("delay", words -> {
            Predicate<Message> which = pattern(words);
            world.delayed().addAll(world.network().stream().filter(which).toList());
            world.network().removeIf(which);
        });
        commands.put("copy", words -> world.delayed()
                .addAll(world.network().stream().filter(pattern(words)).toList()));
        commands.put("undelay", words -> {
            world.network().addAll(world.delayed());
            world.delayed().clear();
        });
        commands.put("cut", words -> {
            String name = words.rest();
            world.cuts().put(name, pattern(new Words(name)));
        });
        commands.put("heal", words -> {
            if (words.isEmpty()) {
                world.cuts().clear();
            } else {
                world.cuts().remove(words.rest());
            }
        });
        commands.put("network", words -> {
            world.network().forEach(message -> answer(MessageText.of(message)));
            world.delayed().forEach(message -> answer(MessageText.of(message) + "  (delayed)"));
        });
        commands.put("connect", words -> {
            ScenarioNode node = node(words);
            ScenarioNode peer = node(words);
            world.step(
                    node,
                    new Event.PeerConnected(peer.id(), peer.config().options().incarnation()));
        });
    }

    private void clients() {
        commands.put("propose", words -> {
            ScenarioNode node = node(words);
            List<Proposal> proposals = new ArrayList<>();
            for (String command : words.all()) {
                proposals.add(new Proposal(world.request(), command.getBytes(StandardCharsets.UTF_8)));
            }
            world.step(node, new Event.Propose(proposals));
        });
        commands.put("bulk", this::bulk);
        commands.put("read", words -> world.step(node(words), new Event.Read(List.of(world.request()))));
        commands.put("lease-read", words -> world.step(node(words), new Event.LeaseRead(List.of(world.request()))));
        commands.put(
                "change",
                words -> world.step(node(words), new Event.ChangeMembership(world.request(), Steps.parse(words))));
        commands.put("transfer", this::transfer);
        commands.put("abort", words -> world.step(node(words), new Event.AbortTransfer()));
        commands.put("step-down", words -> world.step(node(words), new Event.StepDown(world.request())));
    }

    /** {@code bulk 1 20 30}: 20 commands of 30 bytes, one after the other. */
    private void bulk(Words words) {
        ScenarioNode node = node(words);
        long count = words.number();
        int size = (int) words.number();
        for (long i = 0; i < count; i++) {
            String text = String.format(Locale.ROOT, "%0" + size + "d", i);
            world.step(
                    node,
                    new Event.Propose(List.of(new Proposal(world.request(), text.getBytes(StandardCharsets.UTF_8)))));
        }
    }

    /** {@code transfer 1 to 2 within 1s}; without a target to the best one. */
    private void transfer(Words words) {
        ScenarioNode node = node(words);
        NodeId target = words.take("to") ? words.node() : NodeId.NONE;
        long timeout = words.take("within") ? words.nanos() : 1_000_000_000L;
        world.step(node, new Event.Transfer(world.request(), target, timeout));
    }

    private void views() {
        commands.put("status", words -> {
            for (ScenarioNode node : words.isEmpty() ? world.all() : List.of(node(words))) {
                answer(status(node));
            }
        });
        commands.put("log", words -> {
            for (Entry entry : node(words).log().entries()) {
                answer("  " + Text.entry(entry));
            }
        });
        commands.put(
                "members",
                words -> answer(
                        "  " + Text.membership(node(words).raft().status().membership())));
        commands.put(
                "state", words -> answer("  " + String.join(" ", node(words).state())));
        commands.put("progress", words -> {
            for (PeerProgress peer : node(words).raft().progress(world.now())) {
                answer("  " + peer.node() + " " + peer.state().name().toLowerCase(Locale.ROOT) + " match "
                        + peer.matchIndex() + " next " + peer.nextIndex() + " unheard for "
                        + peer.unheardForNanos() / 1_000_000 + " ms");
            }
        });
    }

    private static String status(ScenarioNode node) {
        if (node.down()) {
            return "  " + node.id() + " is down, durable " + node.disk().lastIndex() + Text.losses(node.disk());
        }
        RaftStatus status = node.raft().status();
        return "  " + node.id() + " is " + Text.role(status) + ", log " + status.firstIndex() + ".."
                + status.lastIndex()
                + (status.persistedIndex() == status.lastIndex() ? "" : " (durable " + status.persistedIndex() + ")")
                + ", commit " + status.commitIndex() + ", applied " + node.applied()
                + (status.snapshotIndex() == 0 ? "" : ", snapshot " + status.snapshotIndex())
                + Text.damage(status.damage())
                + (node.parked() == 0 ? "" : ", " + node.parked() + " promises wait for the disk");
    }
}
