package io.jangada.server.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.jangada.kv.model.KvError;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The complete table of codes and texts: what clients compare with, to the letter. */
class ServerErrorTest {

    @Test
    void everyErrorOfTheStoreHasItsCode() {
        Map<KvError, String> table = new EnumMap<>(KvError.class);
        table.put(KvError.EMPTY_KEY, "INVALID_ARGUMENT etcdserver: key is not provided");
        table.put(KvError.KEY_NOT_FOUND, "INVALID_ARGUMENT etcdserver: key not found");
        table.put(KvError.VALUE_PROVIDED, "INVALID_ARGUMENT etcdserver: value is provided");
        table.put(KvError.LEASE_PROVIDED, "INVALID_ARGUMENT etcdserver: lease is provided");
        table.put(KvError.TOO_MANY_OPS, "INVALID_ARGUMENT etcdserver: too many operations in txn request");
        table.put(KvError.DUPLICATE_KEY, "INVALID_ARGUMENT etcdserver: duplicate key given in txn request");
        table.put(KvError.INVALID_SORT_OPTION, "INVALID_ARGUMENT etcdserver: invalid sort option");
        table.put(KvError.LEASE_NOT_FOUND, "NOT_FOUND etcdserver: requested lease not found");
        table.put(KvError.COMPACTED, "OUT_OF_RANGE etcdserver: mvcc: required revision has been compacted");
        table.put(KvError.FUTURE_REVISION, "OUT_OF_RANGE etcdserver: mvcc: required revision is a future revision");

        assertThat(table.keySet()).isEqualTo(EnumSet.allOf(KvError.class));
        table.forEach(
                (error, text) -> assertThat(text(ServerError.statusOf(error))).isEqualTo(text));
    }

    @Test
    void everyErrorOfTheServerHasItsCode() {
        Map<ServerError, String> table = new EnumMap<>(ServerError.class);
        table.put(ServerError.NO_LEADER, "UNAVAILABLE etcdserver: no leader");
        table.put(ServerError.STOPPED, "UNAVAILABLE etcdserver: server stopped");
        table.put(ServerError.TIMED_OUT, "UNAVAILABLE etcdserver: request timed out");
        table.put(
                ServerError.LEADER_FAILED,
                "UNAVAILABLE etcdserver: request timed out, possibly due to previous leader failure");
        table.put(ServerError.REQUEST_TOO_LARGE, "INVALID_ARGUMENT etcdserver: request is too large");
        table.put(ServerError.TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED etcdserver: too many requests");
        table.put(ServerError.NO_SPACE, "RESOURCE_EXHAUSTED etcdserver: mvcc: database space exceeded");
        table.put(ServerError.INVALID_CLIENT_API_VERSION, "INVALID_ARGUMENT etcdserver: invalid client api version");
        table.put(ServerError.BAD_MEMBER_URLS, "INVALID_ARGUMENT etcdserver: given member URLs are invalid");
        table.put(ServerError.MEMBER_EXISTS, "FAILED_PRECONDITION etcdserver: member ID already exist");
        table.put(ServerError.PEER_URL_EXISTS, "FAILED_PRECONDITION etcdserver: Peer URLs already exists");
        table.put(ServerError.MEMBER_NOT_FOUND, "NOT_FOUND etcdserver: member not found");
        table.put(
                ServerError.NOT_ENOUGH_STARTED,
                "FAILED_PRECONDITION etcdserver: re-configuration failed due to not enough started members");
        table.put(ServerError.UNHEALTHY, "UNAVAILABLE etcdserver: unhealthy cluster");
        table.put(ServerError.NOT_A_LEARNER, "FAILED_PRECONDITION etcdserver: can only promote a learner member");
        table.put(
                ServerError.LEARNER_BEHIND,
                "FAILED_PRECONDITION etcdserver: can only promote a learner member which is in sync with leader");
        table.put(ServerError.NOT_FOR_LEARNERS, "FAILED_PRECONDITION etcdserver: rpc not supported for learner");
        table.put(ServerError.NOT_LEADER, "FAILED_PRECONDITION etcdserver: not leader");
        table.put(ServerError.BAD_TRANSFEREE, "FAILED_PRECONDITION etcdserver: bad leader transferee");
        table.put(
                ServerError.TRANSFER_TIMED_OUT,
                "UNAVAILABLE etcdserver: request timed out, leader transfer took too long");

        assertThat(table.keySet()).isEqualTo(EnumSet.allOf(ServerError.class));
        table.forEach((error, text) -> assertThat(text(error.status())).isEqualTo(text));
    }

    private static String text(Status status) {
        return status.getCode() + " " + status.getDescription();
    }
}
