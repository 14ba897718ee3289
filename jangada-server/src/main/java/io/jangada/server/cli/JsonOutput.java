package io.jangada.server.cli;

import com.google.protobuf.ByteString;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.etcd.mvcc.KeyValue;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import io.jangada.etcd.rpc.PutResponse;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.etcd.rpc.ResponseHeader;
import io.jangada.etcd.rpc.StatusResponse;
import io.jangada.server.http.JsonText;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Answers as JSON, shaped as etcdctl prints them: keys and values in base64, zero and false left out. */
final class JsonOutput {

    private JsonOutput() {}

    static String put(PutResponse response) {
        StringBuilder json = open(response.getHeader());
        if (response.hasPrevKv()) {
            json.append(",\"prev_kv\":").append(keyValue(response.getPrevKv()));
        }
        return json.append('}').toString();
    }

    static String range(RangeResponse response) {
        StringBuilder json = open(response.getHeader());
        keyValues(json, "kvs", response.getKvsList());
        if (response.getMore()) {
            json.append(",\"more\":true");
        }
        number(json, "count", response.getCount());
        return json.append('}').toString();
    }

    static String delete(DeleteRangeResponse response) {
        StringBuilder json = open(response.getHeader());
        number(json, "deleted", response.getDeleted());
        keyValues(json, "prev_kvs", response.getPrevKvsList());
        return json.append('}').toString();
    }

    /** Answers of several servers, each under its endpoint. */
    static String statuses(Map<String, StatusResponse> statuses, Map<String, StateResponse> states) {
        return statuses.entrySet().stream()
                .map(entry -> "{\"Endpoint\":\"" + JsonText.escape(entry.getKey()) + "\",\"Status\":"
                        + status(entry.getValue())
                        + Optional.ofNullable(states.get(entry.getKey()))
                                .map(state -> ",\"State\":" + MemberJson.state(state))
                                .orElse("")
                        + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String status(StatusResponse response) {
        StringBuilder json = open(response.getHeader());
        json.append(",\"version\":\"").append(response.getVersion()).append('"');
        number(json, "dbSize", response.getDbSize());
        unsigned(json, "leader", response.getLeader());
        unsigned(json, "raftIndex", response.getRaftIndex());
        unsigned(json, "raftTerm", response.getRaftTerm());
        unsigned(json, "raftAppliedIndex", response.getRaftAppliedIndex());
        number(json, "dbSizeInUse", response.getDbSizeInUse());
        if (response.getIsLearner()) {
            json.append(",\"isLearner\":true");
        }
        if (response.getErrorsCount() > 0) {
            json.append(response.getErrorsList().stream()
                    .map(error -> "\"" + JsonText.escape(error) + "\"")
                    .collect(Collectors.joining(",", ",\"errors\":[", "]")));
        }
        return json.append('}').toString();
    }

    private static StringBuilder open(ResponseHeader header) {
        return new StringBuilder("{\"header\":").append(header(header));
    }

    /** Who answered, when. */
    static String header(ResponseHeader header) {
        StringBuilder json = new StringBuilder("{\"cluster_id\":").append(Long.toUnsignedString(header.getClusterId()));
        unsigned(json, "member_id", header.getMemberId());
        number(json, "revision", header.getRevision());
        unsigned(json, "raft_term", header.getRaftTerm());
        return json.append('}').toString();
    }

    private static void keyValues(StringBuilder json, String name, List<KeyValue> kvs) {
        if (!kvs.isEmpty()) {
            json.append(kvs.stream()
                    .map(JsonOutput::keyValue)
                    .collect(Collectors.joining(",", ",\"" + name + "\":[", "]")));
        }
    }

    private static String keyValue(KeyValue kv) {
        StringBuilder json =
                new StringBuilder("{\"key\":\"").append(base64(kv.getKey())).append('"');
        number(json, "create_revision", kv.getCreateRevision());
        number(json, "mod_revision", kv.getModRevision());
        number(json, "version", kv.getVersion());
        if (!kv.getValue().isEmpty()) {
            json.append(",\"value\":\"").append(base64(kv.getValue())).append('"');
        }
        number(json, "lease", kv.getLease());
        return json.append('}').toString();
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static void number(StringBuilder json, String name, long value) {
        if (value != 0) {
            json.append(",\"").append(name).append("\":").append(value);
        }
    }

    private static void unsigned(StringBuilder json, String name, long value) {
        if (value != 0) {
            json.append(",\"").append(name).append("\":").append(Long.toUnsignedString(value));
        }
    }
}
