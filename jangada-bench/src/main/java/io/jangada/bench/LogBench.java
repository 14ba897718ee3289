package io.jangada.bench;

import java.io.IOException;
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

/**
 * {@code ./jangada bench log}: what the log makes of a disk, as a share of what a bare file does.
 *
 * <p>Both are measured in turns, batch by batch ({@link Turns}), and what is printed is the middle one of several rounds.
 */
public final class LogBench {
    private static final List<String> BENCHMARKS = List.of("fresh", "recycled");
    private static final List<String> SIZES = List.of("1", "64", "1024");
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private final PrintStream out;
    private final String folder;
    private final int rounds;
    private final int seconds;
    /** What each round has measured, by size, benchmark and quantity. */
    private final Map<String, List<Double>> measured = new TreeMap<>();

    private LogBench(PrintStream out, String folder, int rounds, int seconds) {
        this.out = out;
        this.folder = folder;
        this.rounds = rounds;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws RunnerException, IOException {
        BenchArguments asked;
        try {
            asked = BenchArguments.of(Arrays.asList(args));
        } catch (IllegalArgumentException e) {
            System.err.println("jangada bench log: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (asked.help()) {
            System.out.print(BenchArguments.USAGE);
            return;
        }
        String absolute = Path.of(asked.folder()).toAbsolutePath().toString();
        new LogBench(System.out, absolute, asked.rounds(), asked.seconds()).run();
        RecoveryBench.run(System.out, absolute);
    }

    private void run() throws RunnerException {
        out.println("Entries of " + LogBenchmark.ENTRY_BYTES + " bytes, a synchronisation after each batch, in "
                + folder + "; " + rounds + " rounds");
        for (int round = 0; round < rounds; round++) {
            for (String size : SIZES) {
                for (String benchmark : BENCHMARKS) {
                    measure(benchmark, size);
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
                .jvmArgsAppend(optionsOfFork())
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        for (RunResult result : new Runner(options.build()).run()) {
            result.getSecondaryResults().forEach((name, value) -> measured.computeIfAbsent(
                            key(benchmark, size, name), unused -> new ArrayList<>())
                    .add(value.getScore()));
        }
    }

    /**
     * The heap is touched before anything is measured: the operating system gives out each of its pages when that is written for the first time, and would do so all through a
     * measurement of two seconds. Most of them go to the batches, which are the benchmark's and not the log's.
     */
    private String[] optionsOfFork() {
        return new String[] {
            "-Xms512m",
            "-Xmx512m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            "-D" + BenchFolder.PROPERTY + "=" + folder
        };
    }

    private static String key(String benchmark, String size, String quantity) {
        return size + " " + benchmark + " " + quantity;
    }

    /** The middle one of the rounds. */
    private double middle(String benchmark, String size, String quantity) {
        List<Double> sorted = new ArrayList<>(measured.getOrDefault(key(benchmark, size, quantity), List.of(0.0)));
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private void print() {
        out.println();
        out.println(
                "          |          |     median, us of a batch     |      mean, us of a batch      | entries    | bytes allocated");
        out.println(
                "  entries |          |     bare |      log |  share  |     bare |      log |  share  | per second | per batch");
        for (String size : SIZES) {
            for (String benchmark : BENCHMARKS) {
                double bareMedian = middle(benchmark, size, "bareMedian");
                double logMedian = middle(benchmark, size, "logMedian");
                double bareMean = middle(benchmark, size, "bareMean");
                double logMean = middle(benchmark, size, "logMean");
                out.println(String.format(
                        Locale.ROOT,
                        "%9s | %-8s | %8.1f | %8.1f | %5.1f %% | %8.1f | %8.1f | %5.1f %% | %10.0f | %15.0f",
                        size,
                        benchmark,
                        bareMedian / 1e3,
                        logMedian / 1e3,
                        100 * bareMedian / logMedian,
                        bareMean / 1e3,
                        logMean / 1e3,
                        100 * bareMean / logMean,
                        Integer.parseInt(size) / logMean * 1e9,
                        middle(benchmark, size, ALLOCATION)));
            }
        }
    }
}
