package io.jangada.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * {@code ./jangada bench log}: what the log makes of a disk, as a share of what a bare file does.
 *
 * <p>Disks have good and bad minutes, and other users: so the three are measured in turns, several rounds of them. The median of all batches says what the log costs, the mean also what it costs to
 * go on to the next segment.
 */
public final class LogBench {
    private static final List<String> BENCHMARKS = List.of("bare", "fresh", "recycled");
    private static final List<String> SIZES = List.of("1", "64", "1024");
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private final PrintStream out;
    private final String folder;
    private final int rounds;
    private final int seconds;
    /** Microseconds for each synchronised batch: the median in each round, by size and benchmark. */
    private final Map<String, List<Double>> medians = new TreeMap<>();

    private final Map<String, List<Double>> means = new TreeMap<>();
    private final Map<String, Double> allocated = new TreeMap<>();

    private LogBench(PrintStream out, String folder, int rounds, int seconds) {
        this.out = out;
        this.folder = folder;
        this.rounds = rounds;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws RunnerException {
        List<String> given = Arrays.asList(args);
        boolean known = given.size() % 2 == 0;
        for (int i = 0; i < given.size(); i += 2) {
            known &= List.of("--folder", "--rounds", "--seconds").contains(given.get(i));
        }
        if (!known) {
            System.err.println(
                    "jangada bench log: " + String.join(" ", given)
                            + " is not understood; it takes --folder FOLDER (on the disk to measure), --rounds N and --seconds N");
            System.exit(2);
        }
        String folder = valueOf("--folder", given, "target");
        int rounds = Integer.parseInt(valueOf("--rounds", given, "5"));
        int seconds = Integer.parseInt(valueOf("--seconds", given, "2"));
        new LogBench(System.out, Path.of(folder).toAbsolutePath().toString(), rounds, seconds).run();
    }

    private static String valueOf(String option, List<String> given, String otherwise) {
        int at = given.indexOf(option);
        return at < 0 ? otherwise : given.get(at + 1);
    }

    private void run() throws RunnerException {
        out.println("Entries of " + LogBenchmark.ENTRY_BYTES + " bytes, a synchronisation after each batch, in "
                + folder + "; " + rounds + " rounds");
        for (int round = 0; round < rounds; round++) {
            for (String size : SIZES) {
                for (int turn = 0; turn < BENCHMARKS.size(); turn++) {
                    measure(BENCHMARKS.get((round + turn) % BENCHMARKS.size()), size);
                }
            }
            out.println("round " + (round + 1) + " of " + rounds + " done");
        }
        print();
    }

    private void measure(String benchmark, String size) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(LogBenchmark.class.getName() + "." + benchmark + "$")
                .param("size", size)
                .forks(1)
                .warmupIterations(1)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(1)
                .measurementTime(TimeValue.seconds(seconds))
                .jvmArgsAppend("-Xmx512m", "-XX:+UseSerialGC", "-D" + BenchFolder.PROPERTY + "=" + folder)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        for (RunResult result : new Runner(options.build()).run()) {
            String key = key(benchmark, size);
            Statistics statistics = result.getPrimaryResult().getStatistics();
            medians.computeIfAbsent(key, unused -> new ArrayList<>()).add(statistics.getPercentile(50));
            means.computeIfAbsent(key, unused -> new ArrayList<>()).add(statistics.getMean());
            result.getSecondaryResults().forEach((name, value) -> {
                if (name.endsWith(ALLOCATION)) {
                    allocated.put(key, value.getScore());
                }
            });
        }
    }

    private static String key(String benchmark, String size) {
        return size + " " + benchmark;
    }

    /** The middle one of the rounds. */
    private static double middle(Map<String, List<Double>> micros, String benchmark, String size) {
        List<Double> sorted = new ArrayList<>(micros.getOrDefault(key(benchmark, size), List.of()));
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private void print() {
        out.println();
        out.println(
                "entries   |           |  median batch | of the    |    mean batch | of the    | entries    | bytes allocated");
        out.println(
                "per batch | benchmark |            us | bare file |            us | bare file | per second | per batch");
        for (String size : SIZES) {
            for (String benchmark : BENCHMARKS) {
                double median = middle(medians, benchmark, size);
                double mean = middle(means, benchmark, size);
                out.println(String.format(
                        Locale.ROOT,
                        "%9s | %-9s | %13.1f | %7.1f %% | %13.1f | %7.1f %% | %10.0f | %15.0f",
                        size,
                        benchmark,
                        median,
                        100 * middle(medians, "bare", size) / median,
                        mean,
                        100 * middle(means, "bare", size) / mean,
                        Integer.parseInt(size) / mean * 1e6,
                        allocated.getOrDefault(key(benchmark, size), 0.0)));
            }
        }
    }
}
