package io.jangada.transport;

import io.jangada.transport.wire.ConnectionKind;
import io.jangada.transport.wire.Hello;
import io.jangada.transport.wire.Protocol;
import io.jangada.transport.wire.RefusalReason;
import org.jspecify.annotations.Nullable;

/** Which greetings are accepted. The texts reach the operators of both sides, so each says who is who and what to do. */
final class HelloRules {

    /** Why a greeting is refused. */
    record Refusal(RefusalReason reason, String text) {}

    private final TransportConfig config;

    HelloRules(TransportConfig config) {
        this.config = config;
    }

    @Nullable
    Refusal checkVersion(int version) {
        if (version == Protocol.VERSION) {
            return null;
        }
        return new Refusal(
                RefusalReason.UNSUPPORTED_VERSION,
                "it speaks version " + version + " of the peer protocol, node " + config.self() + " speaks "
                        + Protocol.VERSION + "; run versions of the software that share one");
    }

    /** Null if the greeting is accepted. The first thing that does not fit is the one that is told. */
    @Nullable
    Refusal check(Hello hello) {
        String self = "node " + config.self();
        if (!hello.cluster().equals(config.cluster())) {
            return new Refusal(
                    RefusalReason.OTHER_CLUSTER,
                    "it is node " + hello.sender() + " of cluster " + hello.cluster() + ", " + self
                            + " belongs to cluster " + config.cluster()
                            + "; correct the peer addresses, or the cluster id of the node that is meant to join");
        }
        if (!hello.receiver().equals(config.self())) {
            return new Refusal(
                    RefusalReason.WRONG_RECEIVER,
                    "node " + hello.sender() + " looks for node " + hello.receiver() + ", this is " + self
                            + "; correct the address of node " + hello.receiver() + " in the peers of node "
                            + hello.sender());
        }
        if (hello.sender().equals(config.self()) || !config.peers().containsKey(hello.sender())) {
            return new Refusal(
                    RefusalReason.UNKNOWN_SENDER,
                    "node " + hello.sender() + " is not a peer of " + self + ", whose peers are "
                            + config.peers().keySet().stream()
                                    .filter(peer -> !peer.equals(config.self()))
                                    .sorted()
                                    .toList()
                            + "; add it to the peers of " + self + ", or stop it");
        }
        if (hello.kindCode() != ConnectionKind.MESSAGES.code()) {
            return new Refusal(
                    RefusalReason.UNKNOWN_KIND,
                    "node " + hello.sender() + " wants a connection of kind " + hello.kindCode() + ", which " + self
                            + " does not know; run the same version of the software on both");
        }
        return null;
    }
}
