package io.jangada.core.scenario;

import io.jangada.core.RaftStatus;
import io.jangada.core.model.Damage;
import io.jangada.core.model.Entry;
import io.jangada.core.model.EntryType;
import io.jangada.core.model.LogPosition;
import io.jangada.core.model.LogState;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.MembershipCodec;
import io.jangada.core.model.NodeId;
import io.jangada.core.model.Promised;
import io.jangada.core.model.Salvage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** How entries, memberships and states look in a transcript. */
final class Text {
    private static final int MOST_ENTRIES = 6;

    private Text() {}

    static String command(byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        return text.length() <= 12 ? "\"" + text + "\"" : "(" + payload.length + " B)";
    }

    static String entry(Entry entry) {
        String at = entry.index() + "@" + entry.term() + " ";
        return at
                + switch (entry.type()) {
                    case NO_OP -> "no-op";
                    case COMMAND -> command(entry.payload());
                    case MEMBERSHIP -> "{" + membership(MembershipCodec.decode(entry.payload())) + "}";
                };
    }

    static String entries(List<Entry> entries) {
        if (entries.isEmpty()) {
            return "nothing";
        }
        boolean plain = entries.stream().noneMatch(entry -> entry.type() == EntryType.MEMBERSHIP);
        if (plain && entries.size() > MOST_ENTRIES) {
            Entry first = entries.get(0);
            Entry last = entries.get(entries.size() - 1);
            return first.index() + "@" + first.term() + " .. " + last.index() + "@" + last.term() + " ("
                    + entries.size() + " entries)";
        }
        return String.join(", ", entries.stream().map(Text::entry).toList());
    }

    static String position(LogPosition position) {
        return position.index() + "@" + position.term();
    }

    /** What a node that runs lacks, behind a comma; nothing if it is whole. */
    static String damage(Damage damage) {
        if (damage.isNone()) {
            return "";
        }
        return (damage.hasGap() ? ", lacks " + damage.firstMissing() + ".." + damage.lastMissing() : "") + ", "
                + promise(damage.promised());
    }

    static String promise(Promised promised) {
        if (promised.isNothing()) {
            return "no promise";
        }
        boolean same = promised.certain().equals(promised.possible());
        return "promised " + (promised.certain().index() == 0 ? "" : position(promised.certain()))
                + (same
                        ? ""
                        : (promised.certain().index() == 0 ? "" : ", ") + "perhaps " + position(promised.possible()));
    }

    /** What is wrong with a disk, behind a comma; nothing if it is whole. */
    static String losses(LogOnDisk disk) {
        LogState state = disk.state();
        StringBuilder text = new StringBuilder();
        if (!state.promised().isNothing()) {
            text.append(", ").append(promise(state.promised()));
        }
        for (Salvage part : state.salvage()) {
            text.append(", intact ").append(part.firstIndex()).append("..").append(part.lastIndex());
        }
        return text.toString();
    }

    static String nodes(Collection<NodeId> nodes) {
        return String.join(" ", nodes.stream().map(NodeId::toString).toList());
    }

    static String membership(Membership membership) {
        if (membership.isNone()) {
            return "nobody";
        }
        List<String> parts = new ArrayList<>();
        parts.add("voters " + nodes(membership.voters()));
        if (membership.isJoint()) {
            parts.add("outgoing " + nodes(membership.outgoing()));
        }
        if (!membership.learners().isEmpty()) {
            parts.add("learners " + nodes(membership.learners()));
        }
        membership
                .promotions()
                .forEach((learner, leaving) ->
                        parts.add("promotes " + learner + (leaving.isNone() ? "" : " for " + leaving)));
        membership.info().forEach((node, info) -> {
            String known = (info.address().isEmpty() ? "" : " at " + info.address())
                    + (info.priority() == 0 ? "" : " priority " + info.priority())
                    + (info.incarnation() == 0 ? "" : " folder " + info.incarnation());
            if (!known.isEmpty()) {
                parts.add(node + known);
            }
        });
        return String.join("; ", parts);
    }

    static String membership(MembershipAt at) {
        return "membership of " + at.index() + ": " + membership(at.membership());
    }

    static String role(RaftStatus status) {
        String name = status.role().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String whom = status.leader().isNone() || status.leads() ? "" : " of " + status.leader();
        return name + whom + " in term " + status.term();
    }
}
