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
    private final Roster roster;

    HelloRules(TransportContext context) {
        this.config = context.config();
        this.roster = context.roster();
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
        if (hello.sender().isNone() || hello.sender().equals(config.self())) {
            return new Refusal(
                    RefusalReason.UNKNOWN_SENDER,
                    "it says that it is node " + hello.sender() + ", and "
                            + (hello.sender().isNone()
                                    ? "node id 0 is reserved for 'no node'"
                                    : "that is the node that answers here")
                            + "; give each node of a cluster an id of its own");
        }
        if (ConnectionKind.ofCode(hello.kindCode()) == null) {
            return new Refusal(
                    RefusalReason.UNKNOWN_KIND,
                    "node " + hello.sender() + " wants a connection of kind " + hello.kindCode() + ", which " + self
                            + " does not know; run the same version of the software on both");
        }
        String imposture = roster.imposture(hello.sender(), hello.incarnation());
        return imposture == null ? null : new Refusal(RefusalReason.OTHER_INCARNATION, imposture);
    }

    Refusal tooManyUnknown(Hello hello) {
        return new Refusal(
                RefusalReason.UNKNOWN_SENDER,
                "node " + hello.sender() + " is not known to node " + config.self() + ", and neither are "
                        + config.limits().maxUnknownPeers()
                        + " others that have connected lately (maxUnknownPeers); stop nodes that are not members");
    }
}
