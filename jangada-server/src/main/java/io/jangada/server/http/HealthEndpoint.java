package io.jangada.server.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.jangada.api.NodeStatus;
import io.jangada.api.RaftNode;
import io.jangada.core.model.SpaceLevel;
import io.jangada.server.gateway.RequestGateway;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * {@code /health}: whether this member can serve. Linearizably by default, which takes a majority; {@code ?serializable=true} asks about
 * this member alone. {@code exclude=NOSPACE} overlooks that the disk is nearly full, the only alarm there is.
 */
public final class HealthEndpoint {
    private final RaftNode<?> node;
    private final RequestGateway<?> gateway;
    private final Duration timeout;

    private HealthEndpoint(RaftNode<?> node, RequestGateway<?> gateway, Duration timeout) {
        this.node = node;
        this.gateway = gateway;
        this.timeout = timeout;
    }

    public static HttpService create(RaftNode<?> node, RequestGateway<?> gateway, Duration timeout) {
        return new GetOnly(new HealthEndpoint(node, gateway, timeout)::check);
    }

    private HttpResponse check(ServiceRequestContext context) {
        NodeStatus status = node.status();
        if (status.health() == NodeStatus.Health.FAILED) {
            return unhealthy("NODE FAILED:" + status.failure());
        }
        if (status.health() == NodeStatus.Health.CLOSED) {
            return unhealthy("NODE CLOSED");
        }
        boolean overlook = context.queryParams().getAll("exclude").contains("NOSPACE");
        if (!overlook && status.disk().space().level() != SpaceLevel.AMPLE) {
            return unhealthy("ALARM NOSPACE");
        }
        if ("true".equals(context.queryParam("serializable"))) {
            return healthy();
        }
        if (status.raft().leader().isNone()) {
            return unhealthy("RAFT NO LEADER");
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        return HttpResponse.of(gateway.readBarrier(deadline, context.eventLoop().withoutContext())
                .handle((index, failure) -> failure == null ? healthy() : unhealthy("RANGE ERROR:" + reason(failure))));
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null ? failure.toString() : String.valueOf(cause.getMessage());
    }

    private static HttpResponse healthy() {
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON, "{\"health\":\"true\",\"reason\":\"\"}");
    }

    private static HttpResponse unhealthy(String reason) {
        String body = "{\"health\":\"false\",\"reason\":\"" + JsonText.escape(reason) + "\"}";
        return HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE, MediaType.JSON, body);
    }
}
