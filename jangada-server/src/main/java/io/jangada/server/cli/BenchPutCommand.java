package io.jangada.server.cli;

import com.google.protobuf.ByteString;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.server.client.ClientException;
import io.jangada.server.client.ClusterClient;
import io.jangada.server.config.ConfigException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jangada bench put}: puts, one after the other for each client, and how long they took. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        description = "Puts keys under 'bench/', each client one after the other, and prints how long they took. What"
                + " --warm-up says comes first and is not counted.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:a put failed", "2:wrong command line", "3:no server reached"})
final class BenchPutCommand implements Callable<Integer> {
    private static final long MAX_NANOS = 60_000_000_000L;

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Puts (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "1",
            description = "Clients at the same time, each with a connection of its own (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "500",
            description = "Puts before those that are counted (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--value-size",
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "Size of each value (default: ${DEFAULT-VALUE}).")
    private int valueSize;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1 || clients < 1 || clients > 1_000 || valueSize < 0 || warmUp < 0) {
            throw new ConfigException(
                    "--count and --clients must be at least 1, --clients at most 1000, --value-size and --warm-up at least 0");
        }
        PrintWriter out = spec.commandLine().getOut();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<ClusterClient> connections = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                connections.add(client.client());
            }
            run(threads, connections, warmUp);
            long start = System.nanoTime();
            Histogram histogram = run(threads, connections, count);
            double seconds = (System.nanoTime() - start) / 1e9;
            print(out, histogram, seconds);
        } finally {
            threads.shutdownNow();
        }
        return ExitCode.OK;
    }

    private Histogram run(ExecutorService threads, List<ClusterClient> connections, int puts)
            throws InterruptedException {
        List<Future<Histogram>> running = new ArrayList<>();
        for (int i = 0; i < connections.size(); i++) {
            ClusterClient connection = connections.get(i);
            int share = puts / connections.size() + (i < puts % connections.size() ? 1 : 0);
            String prefix = "bench/" + i + "/";
            running.add(threads.submit(() -> puts(connection, prefix, share)));
        }
        Histogram all = new Histogram(MAX_NANOS, 3);
        for (Future<Histogram> one : running) {
            try {
                all.add(one.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ClientException refused) {
                    throw refused;
                }
                throw new IllegalStateException("a client stopped", e.getCause());
            }
        }
        return all;
    }

    private Histogram puts(ClusterClient connection, String prefix, int puts) {
        Histogram histogram = new Histogram(MAX_NANOS, 3);
        ByteString value = ByteString.copyFrom(new byte[valueSize]);
        for (int i = 0; i < puts; i++) {
            PutRequest request = PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(prefix + i))
                    .setValue(value)
                    .build();
            long start = System.nanoTime();
            connection.put(request);
            histogram.recordValue(Math.min(MAX_NANOS, System.nanoTime() - start));
        }
        return histogram;
    }

    private void print(PrintWriter out, Histogram histogram, double seconds) {
        out.printf(
                Locale.ROOT,
                "%d puts of %d bytes by %d client%s in %.2f s: %.0f puts/s%n",
                histogram.getTotalCount(),
                valueSize,
                clients,
                clients == 1 ? "" : "s",
                seconds,
                histogram.getTotalCount() / seconds);
        out.printf(
                Locale.ROOT,
                "latency: p50 %s, p90 %s, p99 %s, p99.9 %s, max %s%n",
                millis(histogram.getValueAtPercentile(50)),
                millis(histogram.getValueAtPercentile(90)),
                millis(histogram.getValueAtPercentile(99)),
                millis(histogram.getValueAtPercentile(99.9)),
                millis(histogram.getMaxValue()));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    }
}
