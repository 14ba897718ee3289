package io.jangada.server.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import io.jangada.server.metrics.ServerMetrics;

/** {@code /metrics}: the figures of this member, in the text format that every Prometheus reads whatever it says it prefers. */
public final class MetricsEndpoint {
    private static final MediaType TEXT = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

    private MetricsEndpoint() {}

    public static HttpService create(ServerMetrics metrics) {
        return new GetOnly(context -> HttpResponse.of(HttpStatus.OK, TEXT, metrics.text()));
    }
}
