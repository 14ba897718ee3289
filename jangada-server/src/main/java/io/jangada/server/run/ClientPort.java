package io.jangada.server.run;

import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.jangada.server.api.ApiServices;
import io.jangada.server.api.Backend;
import io.jangada.server.api.Refusals;
import io.jangada.server.config.HttpUrl;
import io.jangada.server.http.HealthEndpoint;
import io.jangada.server.http.MetricsEndpoint;
import io.jangada.server.http.VersionEndpoint;
import io.jangada.server.metrics.ServerMetrics;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Where clients connect: gRPC over HTTP/2 and plain HTTP/1.1, told apart by their first bytes, on one port. */
public final class ClientPort implements AutoCloseable {
    private final Server server;
    private final EventLoopGroup eventLoops;

    private ClientPort(Server server, EventLoopGroup eventLoops) {
        this.server = server;
        this.eventLoops = eventLoops;
    }

    /** Listens at all of the URLs, or throws {@link StartException}. */
    public static ClientPort open(Backend backend, List<HttpUrl> urls) {
        EventLoopGroup eventLoops = EventLoopGroups.newEventLoopGroup(eventLoopCount(), "jangada-client", true);
        Duration timeout = backend.limits().requestTimeout();
        Refusals refusals = new Refusals();
        ServerBuilder builder = Server.builder()
                .workerGroup(eventLoops, false)
                // Each gRPC method limits its messages itself, and each call its time.
                .maxRequestLength(0)
                .requestTimeout(Duration.ZERO)
                .gracefulShutdownTimeout(Duration.ZERO, Duration.ofSeconds(2))
                .http2MaxStreamsPerConnection(Integer.MAX_VALUE)
                // A client that gives up is no event of this server; what is one is logged where it is noticed.
                .unloggedExceptionsReportInterval(Duration.ZERO)
                .service(ApiServices.of(backend, refusals))
                .service("/version", VersionEndpoint.create())
                .service("/metrics", MetricsEndpoint.create(ServerMetrics.of(backend, refusals)))
                .service("/health", HealthEndpoint.create(backend.node(), backend.gateway(), timeout));
        for (HttpUrl url : urls) {
            builder.http(new InetSocketAddress(url.bareHost(), url.port()));
        }
        ClientPort port = new ClientPort(builder.build(), eventLoops);
        try {
            port.server.start().join();
            return port;
        } catch (CompletionException e) {
            port.close();
            throw new StartException("cannot listen at " + urls + " (--listen-client-urls): " + e.getCause(), e);
        }
    }

    /** The port that is listened at; of several one. */
    public int number() {
        return server.activeLocalPort();
    }

    /** A timer that lives as long as this. */
    ScheduledExecutorService timer() {
        return eventLoops.next();
    }

    /** Takes no more requests, lets those under way end for two seconds at most, and closes all connections. */
    @Override
    public void close() {
        server.stop().join();
        eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** One event loop for each core, up to four: they move bytes and read single keys. */
    private static int eventLoopCount() {
        return Math.min(4, Math.max(1, Runtime.getRuntime().availableProcessors()));
    }
}
