package io.jangada.server.cli;

import io.jangada.etcd.admin.ChangeResponse;
import io.jangada.etcd.admin.MemberState;
import io.jangada.etcd.admin.Membership;
import io.jangada.etcd.admin.Progress;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.etcd.admin.TransferResponse;
import io.jangada.server.http.JsonText;
import java.util.List;
import java.util.stream.Collectors;

/** Members and where they stand, as JSON. Names are etcdctl's where it has the same thing; identities are unsigned numbers. */
final class MemberJson {
    private MemberJson() {}

    static String state(StateResponse state) {
        return "{\"header\":" + JsonOutput.header(state.getHeader())
                + ",\"role\":\"" + state.getRole() + "\",\"leader\":" + Long.toUnsignedString(state.getLeader())
                + ",\"firstIndex\":" + state.getFirstIndex()
                + ",\"lastIndex\":" + state.getLastIndex()
                + ",\"commitIndex\":" + state.getCommitIndex()
                + ",\"appliedIndex\":" + state.getAppliedIndex()
                + ",\"snapshotIndex\":" + state.getSnapshotIndex()
                + "," + membership(state.getMembership()) + "}";
    }

    static String change(ChangeResponse response) {
        return "{\"header\":" + JsonOutput.header(response.getHeader()) + ",\"ID\":"
                + Long.toUnsignedString(response.getId()) + "," + membership(response.getMembership()) + "}";
    }

    static String transfer(TransferResponse response) {
        return "{\"header\":" + JsonOutput.header(response.getHeader()) + ",\"leader\":"
                + Long.toUnsignedString(response.getLeader()) + "}";
    }

    private static String membership(Membership membership) {
        return membership.getMembersList().stream()
                .map(MemberJson::member)
                .collect(Collectors.joining(
                        ",",
                        "\"membershipIndex\":" + membership.getIndex() + ",\"joint\":" + membership.getJoint()
                                + ",\"members\":[",
                        "]"));
    }

    private static String member(MemberState member) {
        StringBuilder json = new StringBuilder("{\"ID\":").append(Long.toUnsignedString(member.getId()));
        json.append(",\"name\":\"").append(JsonText.escape(member.getName())).append('"');
        json.append(",\"peerURLs\":").append(texts(member.getPeerUrlsList()));
        json.append(",\"clientURLs\":").append(texts(member.getClientUrlsList()));
        json.append(",\"isLearner\":").append(!member.getVoter() && !member.getOutgoing());
        json.append(",\"voter\":").append(member.getVoter());
        json.append(",\"outgoing\":").append(member.getOutgoing());
        json.append(",\"promoting\":").append(member.getPromoting());
        json.append(",\"priority\":").append(member.getPriority());
        if (member.hasProgress()) {
            Progress progress = member.getProgress();
            json.append(",\"progress\":{\"state\":\"").append(progress.getState());
            json.append("\",\"matchIndex\":").append(progress.getMatchIndex());
            json.append(",\"nextIndex\":").append(progress.getNextIndex());
            json.append(",\"unheardForMillis\":")
                    .append(progress.getUnheardForMillis())
                    .append('}');
        }
        return json.append('}').toString();
    }

    private static String texts(List<String> texts) {
        return texts.stream()
                .map(text -> "\"" + JsonText.escape(text) + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
