package io.jangada.testkit.lab.course;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The sample outputs on the pages of the course, by scenario: what a run of the teachers' own solution took.
 *
 * <p>The editions differ: the samples of 2022 to 2024 are the same ones; that of 2025 gives no bytes and no agreements; that of 2026 was made with the race detector and one
 * process for each server, and counts the operations of clients where the others count commands. Of the key-value labs only the edition of 2024 is here: those of later years are
 * other labs. Where a lab of the course prints three lines for what is one scenario here, they are added up.
 */
public final class Published {

    /**
     * What one edition shows for one scenario.
     *
     * @param edition the years of the course's page, e.g. {@code 2022-24}
     * @param rpcs calls that were sent
     * @param bytes of them; empty where the page shows none
     * @param agreements commands agreed upon, or operations of clients; empty where the page shows none
     */
    public record Sample(String edition, double seconds, long rpcs, OptionalLong bytes, OptionalLong agreements) {}

    /** The largest figure of each kind among the samples of a scenario; empty where no page shows one. */
    public record Largest(OptionalDouble seconds, OptionalLong rpcs, OptionalLong bytes, OptionalLong agreements) {}

    private static final String EDITION_2024 = "2022-24";
    private static final String EDITION_2025 = "2025";
    private static final String EDITION_2026 = "2026";

    private static final Map<String, List<Sample>> SAMPLES = samples();

    private Published() {}

    /** The samples of a scenario, oldest first; none if its name and part are not the course's. */
    public static List<Sample> of(Scenario scenario) {
        return SAMPLES.getOrDefault(key(scenario.part(), scenario.name()), List.of());
    }

    /** The largest figures among the samples of a scenario. */
    public static Largest largest(Scenario scenario) {
        List<Sample> samples = of(scenario);
        return new Largest(
                samples.stream().mapToDouble(Sample::seconds).max(),
                samples.stream().mapToLong(Sample::rpcs).max(),
                largest(samples, Sample::bytes),
                largest(samples, Sample::agreements));
    }

    private static OptionalLong largest(Collection<Sample> samples, Function<Sample, OptionalLong> figure) {
        return samples.stream().map(figure).flatMapToLong(OptionalLong::stream).max();
    }

    /** The names of the rows of a part, in small letters. */
    static List<String> names(LabPart part) {
        String prefix = key(part, "");
        return SAMPLES.keySet().stream()
                .filter(row -> row.startsWith(prefix))
                .map(row -> row.substring(prefix.length()))
                .toList();
    }

    /** The largest published sum of the seconds of a part. */
    public static double seconds(LabPart part) {
        return switch (part) {
            case ELECTION -> 22.1;
            case LOG -> 71.7;
            case PERSISTENCE -> 181.0;
            case SNAPSHOTS -> 301.4;
            case KV -> 290;
            case KV_SNAPSHOTS -> 162;
        };
    }

    /** The course puts the part behind some names and not behind others; here it is never there. */
    private static String key(LabPart part, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String label = part.label().toLowerCase(Locale.ROOT);
        return label + " " + (lower.endsWith(label) ? lower.substring(0, lower.length() - label.length()) : lower);
    }

    private static Map<String, List<Sample>> samples() {
        Rows rows = new Rows();
        election(rows);
        log(rows);
        persistence(rows);
        snapshots(rows);
        keyValue(rows);
        keyValueWithSnapshots(rows);
        return Map.copyOf(rows.samples);
    }

    private static void election(Rows rows) {
        rows.part(LabPart.ELECTION)
                .row("InitialElection", of2024(3.5, 58, 16_840, 0), of2025(3.6, 106), of2026(3.5, 32, 0))
                .row("ReElection", of2024(5.4, 118, 25_269, 0), of2025(7.6, 304), of2026(6.2, 68, 0))
                .row("ManyElections", of2024(7.3, 624, 138_014, 0), of2025(8.4, 954), of2026(9.8, 684, 0));
    }

    private static void log(Rows rows) {
        rows.part(LabPart.LOG)
                .row("BasicAgree", of2024(0.9, 16, 4_572, 3), of2025(1.3, 18), of2026(1.6, 18, 3))
                .row("RPCBytes", of2024(1.7, 48, 114_536, 11), of2025(2.8, 56), of2026(3.3, 50, 11))
                .row("FollowerFailure", of2025(5.3, 188), of2026(5.4, 58, 3))
                .row("LeaderFailure", of2025(6.4, 378), of2026(6.5, 110, 3))
                .row("FailAgree", of2024(3.6, 78, 22_131, 7), of2025(5.9, 176), of2026(6.0, 61, 7))
                .row("FailNoAgree", of2024(3.8, 172, 40_935, 3), of2025(4.3, 288), of2026(4.0, 107, 2))
                .row("ConcurrentStarts", of2024(1.1, 24, 7_379, 6), of2025(1.5, 32), of2026(1.4, 12, 0))
                .row("Rejoin", of2024(5.1, 152, 37_021, 4), of2025(5.3, 216), of2026(7.8, 120, 4))
                .row("Backup", of2024(17.2, 2_080, 1_587_388, 102), of2025(12.1, 1_528), of2026(27.7, 1_370, 102))
                .row("Count", of2024(2.2, 60, 20_119, 12), of2025(3.1, 106), of2026(2.7, 32, 0));
    }

    private static void persistence(Rows rows) {
        rows.part(LabPart.PERSISTENCE)
                .row("Persist1", of2024(5.0, 86, 22_849, 6), of2025(6.6, 110), of2026(7.6, 58, 6))
                .row("Persist2", of2024(17.6, 952, 218_854, 16), of2025(15.6, 428), of2026(21.6, 287, 16))
                .row("Persist3", of2024(2.0, 34, 8_937, 4), of2025(3.1, 50), of2026(3.8, 30, 4))
                .row("Figure8", of2024(31.2, 580, 130_675, 32), of2025(33.7, 654), of2026(48.5, 499, 2))
                .row("UnreliableAgree", of2024(1.7, 1_044, 366_392, 246), of2025(2.1, 1_076), of2026(5.1, 288, 246))
                .row(
                        "Figure8Unreliable",
                        of2024(33.6, 10_700, 33_695_245, 308),
                        of2025(31.9, 4_400),
                        of2026(53.6, 3_200, 2))
                .row(
                        "ReliableChurn",
                        of2024(16.1, 8_864, 44_771_259, 1_544),
                        of2025(16.8, 4_896),
                        of2026(18.2, 1_701, 1))
                .row(
                        "UnreliableChurn",
                        of2024(16.5, 4_220, 6_414_632, 906),
                        of2025(16.1, 7_204),
                        of2026(17.3, 1_253, 1));
    }

    private static void snapshots(Rows rows) {
        rows.part(LabPart.SNAPSHOTS)
                .row("SnapshotBasic", of2024(11.6, 176, 61_716, 192), of2025(3.3, 522), of2026(8.4, 279, 31))
                .row("SnapshotInstall", of2024(64.2, 878, 320_610, 336), of2025(48.4, 2_710), of2026(59.6, 919, 91))
                .row(
                        "SnapshotInstallUnreliable",
                        of2024(81.1, 1_059, 375_850, 341),
                        of2025(56.1, 3_025),
                        of2026(82.1, 1_083, 91))
                .row(
                        "SnapshotInstallCrash",
                        of2024(53.5, 601, 256_638, 339),
                        of2025(33.3, 1_559),
                        of2026(53.6, 685, 91))
                .row(
                        "SnapshotInstallUnCrash",
                        of2024(63.5, 687, 288_294, 336),
                        of2025(38.1, 1_723),
                        of2026(66.2, 717, 91))
                .row("SnapshotAllCrash", of2024(19.5, 268, 81_352, 58), of2025(11.2, 296), of2026(20.4, 244, 45))
                .row("SnapshotInit", of2025(4.3, 84), of2026(7.4, 79, 14));
    }

    private static void keyValue(Rows rows) {
        rows.part(LabPart.KV)
                .row("Basic", ofKv(15.5, 4_576, 903))
                .row("Speed", ofKv(15.7, 3_022))
                .row("Concurrent", ofKv(15.9, 5_884, 1_160))
                .row("Unreliable", ofKv(19.2, 3_083, 441))
                .row("UnreliableOneKey", ofKv(2.5, 218, 52))
                // Progress in the majority, none in the minority, completion after heal.
                .row("OnePartition", ofKv(1.7 + 1.0 + 1.2, 103 + 102 + 70, 2 + 3 + 3))
                .row("ManyPartitionsOneClient", ofKv(23.8, 4_501, 765))
                .row("ManyPartitionsManyClients", ofKv(23.5, 5_692, 974))
                .row("PersistOneClient", ofKv(22.2, 4_721, 908))
                .row("PersistConcurrent", ofKv(22.5, 5_490, 1_033))
                .row("PersistConcurrentUnreliable", ofKv(26.5, 3_532, 474))
                .row("PersistPartition", ofKv(29.7, 6_122, 1_060))
                .row("PersistPartitionUnreliable", ofKv(32.9, 2_967, 317))
                .row("PersistPartitionUnreliableLinearizable", ofKv(35.0, 8_249, 746));
    }

    private static void keyValueWithSnapshots(Rows rows) {
        rows.part(LabPart.KV_SNAPSHOTS)
                .row("SnapshotRPC", ofKv(4.0, 289, 63))
                .row("SnapshotSize", ofKv(2.6, 2_418, 800))
                .row("Speed", ofKv(3.2, 3_025))
                .row("SnapshotRecover", ofKv(21.9, 29_266, 5_820))
                .row("SnapshotRecoverManyClients", ofKv(21.5, 33_115, 6_420))
                .row("SnapshotUnreliable", ofKv(17.4, 3_233, 482))
                .row("SnapshotUnreliableRecover", ofKv(22.7, 3_337, 471))
                .row("SnapshotUnreliableRecoverConcurrentPartition", ofKv(30.4, 2_725, 274))
                .row("SnapshotUnreliableRecoverConcurrentPartitionLinearizable", ofKv(37.7, 8_378, 681));
    }

    private static Sample of2024(double seconds, long rpcs, long bytes, long agreements) {
        return new Sample(EDITION_2024, seconds, rpcs, OptionalLong.of(bytes), OptionalLong.of(agreements));
    }

    private static Sample of2025(double seconds, long rpcs) {
        return new Sample(EDITION_2025, seconds, rpcs, OptionalLong.empty(), OptionalLong.empty());
    }

    private static Sample of2026(double seconds, long rpcs, long operations) {
        return new Sample(EDITION_2026, seconds, rpcs, OptionalLong.empty(), OptionalLong.of(operations));
    }

    private static Sample ofKv(double seconds, long rpcs) {
        return new Sample(EDITION_2024, seconds, rpcs, OptionalLong.empty(), OptionalLong.empty());
    }

    private static Sample ofKv(double seconds, long rpcs, long operations) {
        return new Sample(EDITION_2024, seconds, rpcs, OptionalLong.empty(), OptionalLong.of(operations));
    }

    /** The table while it is written. */
    private static final class Rows {
        private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
        private LabPart part = LabPart.ELECTION;

        Rows part(LabPart next) {
            part = next;
            return this;
        }

        Rows row(String name, Sample... editions) {
            samples.put(key(part, name), Stream.of(editions).toList());
            return this;
        }
    }
}
