package io.jangada.server.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.etcd.admin.AdminGrpc;
import io.jangada.etcd.admin.ChangeRequest;
import io.jangada.etcd.admin.ChangeResponse;
import io.jangada.etcd.admin.MemberState;
import io.jangada.etcd.admin.StateRequest;
import io.jangada.etcd.admin.StateResponse;
import io.jangada.etcd.admin.TransferRequest;
import io.jangada.etcd.admin.TransferResponse;
import io.jangada.server.error.ServerError;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A client for what operators ask of a cluster. Goes on to the next endpoint where a request certainly had no effect: nobody there, a learner, or not the leader where it
 * takes the leader. One thread at a time.
 */
public final class AdminClient {
    private static final Set<String> ASK_ANOTHER =
            Set.of(ServerError.NOT_FOR_LEARNERS.text(), ServerError.NOT_LEADER.text());

    private final List<Endpoint> endpoints;

    public AdminClient(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    /** Where the first member that answers stands. */
    public StateResponse state() {
        return call(stub -> stub.state(StateRequest.getDefaultInstance()), "");
    }

    /** The member with this name, or else this identity in hexadecimal. */
    public MemberState find(String nameOrId) {
        List<MemberState> members = state().getMembership().getMembersList();
        return members.stream()
                .filter(member -> member.getName().equals(nameOrId))
                .findFirst()
                .or(() -> members.stream()
                        .filter(member -> isId(nameOrId) && member.getId() == HexFormat.fromHexDigitsToLong(nameOrId))
                        .findFirst())
                .orElseThrow(() -> new ClientException(
                        ClientException.Kind.FAILED,
                        "there is no member '" + nameOrId + "'; there are "
                                + members.stream().map(AdminClient::nameOf).collect(Collectors.joining(", "))));
    }

    /** How people call a member. */
    public static String nameOf(MemberState member) {
        return member.getName().isEmpty() ? Long.toHexString(member.getId()) : member.getName();
    }

    private static boolean isId(String text) {
        return text.matches("[0-9a-fA-F]{1,16}");
    }

    /** Changes the membership. */
    public ChangeResponse change(ChangeRequest request) {
        return call(
                stub -> stub.change(request),
                "; whether the change has been made is unknown: look at 'jangada member list' before you repeat it");
    }

    /** Makes another member lead: the one with this identity, or the best for 0. */
    public TransferResponse transfer(long target) {
        TransferRequest request = TransferRequest.newBuilder().setTarget(target).build();
        return call(stub -> stub.transfer(request), "; see with 'jangada status' who leads");
    }

    private <T> T call(Function<AdminGrpc.AdminBlockingStub, T> action, String unknownNote) {
        List<String> problems = new ArrayList<>();
        boolean reached = false;
        for (Endpoint endpoint : endpoints) {
            try {
                return action.apply(endpoint.admin());
            } catch (StatusRuntimeException e) {
                String text = String.valueOf(e.getStatus().getDescription());
                if (ClusterClient.neverSent(e)) {
                    problems.add(endpoint + ": no server there");
                } else if (ASK_ANOTHER.contains(text)) {
                    reached = true;
                    problems.add(endpoint + ": " + text);
                } else {
                    throw failed(endpoint, e, unknownNote);
                }
            }
        }
        if (reached) {
            throw new ClientException(
                    ClientException.Kind.FAILED,
                    "none of the endpoints could do that (--endpoints must name the leader, or for changes a voter): "
                            + String.join("; ", problems));
        }
        throw new ClientException(
                ClientException.Kind.UNREACHABLE,
                "no server at " + endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(", "))
                        + ": start a cluster with './jangada dev', or name one with --endpoints");
    }

    private static ClientException failed(Endpoint endpoint, StatusRuntimeException e, String unknownNote) {
        Status.Code code = e.getStatus().getCode();
        if (code == Status.Code.UNIMPLEMENTED) {
            return new ClientException(
                    ClientException.Kind.FAILED, endpoint + " is no server of Jangada, or one of an older version");
        }
        boolean late = code == Status.Code.DEADLINE_EXCEEDED;
        String text = late
                ? endpoint + " did not answer in time (--timeout)"
                : String.valueOf(e.getStatus().getDescription());
        boolean unknown = late
                || text.equals(ServerError.TIMED_OUT.text())
                || text.equals(ServerError.LEADER_FAILED.text())
                || text.equals(ServerError.STOPPED.text());
        return new ClientException(
                ClientException.Kind.FAILED, text + " (" + code + ")" + (unknown ? unknownNote : ""));
    }
}
