package io.jangada.server.cli;

import io.jangada.etcd.admin.MemberState;
import io.jangada.etcd.admin.StateResponse;

/** The members of a cluster as a table. */
final class MemberTable {
    private MemberTable() {}

    static TextTable of(StateResponse state) {
        TextTable table = new TextTable("id", "name", "role", "peers at", "clients at");
        for (MemberState member : state.getMembership().getMembersList()) {
            table.row(
                    Long.toHexString(member.getId()),
                    member.getName().isEmpty() ? "-" : member.getName(),
                    role(member, state),
                    orDash(String.join(",", member.getPeerUrlsList())),
                    orDash(String.join(",", member.getClientUrlsList())));
        }
        return table;
    }

    /** What a member may do, in words. */
    static String role(MemberState member, StateResponse state) {
        if (member.getId() == state.getLeader()) {
            return "leader";
        }
        if (member.getPromoting()) {
            return member.getReplaces() == 0
                    ? "learner, will vote"
                    : "learner, will replace " + nameOf(member.getReplaces(), state);
        }
        if (member.getOutgoing() && !member.getVoter()) {
            return "voter, leaving";
        }
        return member.getVoter() ? "voter" : "learner";
    }

    /** How people call a member. */
    static String nameOf(long id, StateResponse state) {
        return state.getMembership().getMembersList().stream()
                .filter(member -> member.getId() == id && !member.getName().isEmpty())
                .map(MemberState::getName)
                .findFirst()
                .orElse(Long.toHexString(id));
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
