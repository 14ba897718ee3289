package io.jangada.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabCluster;
import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.Scenario.Outcome;
import io.jangada.testkit.lab.course.Labs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The command {@code lab} as a user types it: with a real scenario, and with some that end as a test needs it. */
class LabCommandTest {
    private static final Scenario REAL_ONE =
            Labs.all().find("BasicAgree").stream().findFirst().orElseThrow();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;
    private Ansi ansi = Ansi.OFF;
    private Labs labs = Labs.all();

    LabCommandTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static Scenario scenario(LabPart part, String name, Function<LabCluster.Setting, Outcome> text) {
        return new Scenario(part, name, "a scenario for this test", 3, text);
    }

    private static Scenario passing(LabPart part, String name, long rpcs, long bytes, long agreements) {
        return scenario(part, name, setting -> new Outcome(rpcs, bytes, agreements));
    }

    private static Scenario failing(String name) {
        return scenario(LabPart.PERSISTENCE, name, setting -> {
            throw new LabFailure("no leader in 5 s");
        });
    }

    @Test
    void aScenarioOfTheCourseIsPlayedAndGetsItsLine() {
        assertThat(run("basicagree", "--seed", "7")).isZero();
        assertThat(out.toString())
                .startsWith("Virtual time, seed 7. Again: ./jangada lab basicagree --seed 7")
                .containsPattern("3B the log +peers +seconds +RPCs +bytes +agreements\\R")
                .containsPattern("BasicAgree +3 +\\d+\\.\\d +\\d+ +[\\d,]+ +3\\R")
                .containsPattern("1 of 1 passed: \\d+\\.\\d virtual seconds in \\d+\\.\\d s\\.");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        assertThat(run("BasicAgree", "--seed", "11")).isZero();
        String first = rowOf("BasicAgree");
        out.getBuffer().setLength(0);
        assertThat(run("BasicAgree", "--seed", "11")).isZero();
        assertThat(rowOf("BasicAgree")).isEqualTo(first);
    }

    private String rowOf(String name) {
        return out.toString()
                .lines()
                .filter(line -> line.contains(" " + name + " ") && !line.contains("Again"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutASeedAFreshOneIsDrawnAndSaid() {
        labs = new Labs(List.of(passing(LabPart.LOG, "One", 1, 2, 3)));
        assertThat(run()).isZero();
        assertThat(out.toString()).containsPattern("seed (\\d+)\\. Again: \\./jangada lab --seed \\1\\R");
    }

    @Test
    void partsAreAddedUp() {
        labs = new Labs(List.of(
                passing(LabPart.ELECTION, "One", 1_000, 20_000, 3),
                passing(LabPart.ELECTION, "Two", 234, 5, 4),
                passing(LabPart.LOG, "Three", 1, 1, 1)));
        assertThat(run()).isZero();
        assertThat(out.toString())
                .containsPattern("together +0\\.0 +1,234 +20,005 +7\\R")
                .containsOnlyOnce("together")
                .contains("3A leader election", "3B the log", "3 of 3 passed");
    }

    @Test
    void eachIsPlayedAsOftenAsAsked() {
        labs = new Labs(List.of(REAL_ONE, passing(LabPart.PERSISTENCE, "Other", 5, 6, 7)));
        assertThat(run("--seed", "5", "--times", "3")).isZero();
        assertThat(out.toString())
                .contains("Again: ./jangada lab --seed 5 --times 3")
                .containsPattern("BasicAgree +3 +3 of 3 ")
                .containsPattern("Other +3 +3 of 3 +0\\.0 +5 +6 +7\\R")
                .contains("6 of 6 passed", "Seeds 5 to 7 of 2 scenarios.");
    }

    @Test
    void aFailureTellsItsReasonAndHowToSeeItAgain() {
        labs = new Labs(List.of(failing("Broken"), passing(LabPart.PERSISTENCE, "Well", 1, 1, 1)));
        assertThat(run("3c", "--seed", "42")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains(
                        "seed 42: no leader in 5 s",
                        "the same again: ./jangada lab Broken --seed 42",
                        "with a page of what happened: ./jangada lab Broken --seed 42 --trace Broken.html",
                        "1 of 2 passed",
                        "Failed: Broken, 1 of 1; ./jangada lab Broken --seed 42")
                .containsPattern("Broken +3 +0\\.0 +- +- +-\\R");
    }

    @Test
    void ofManyFailuresAFewAreExplainedAndAllSeedsNamed() {
        labs = new Labs(List.of(failing("Broken")));
        assertThat(run("--seed", "1", "--times", "5")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("seed 3: no leader", "all seeds that failed: 1 2 3 4 5", "Failed: Broken, 5 of 5;")
                .doesNotContain("seed 4: no leader")
                .containsPattern("Broken +3 +0 of 5 ");
    }

    @Test
    void anErrorThatNoScenarioLookedForShowsItsPlace() {
        labs = new Labs(List.of(scenario(LabPart.LOG, "Bug", setting -> {
            throw new IllegalStateException("a bug", new IOException("below it"));
        })));
        assertThat(run("--seed", "1")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString())
                .contains("seed 1: java.lang.IllegalStateException: a bug", "at io.jangada.server.cli.LabCommandTest")
                .contains("caused by java.io.IOException: below it");
    }

    @Test
    void inRealTimeThePublishedFiguresStandBesideOurs() {
        labs = new Labs(List.of(
                passing(LabPart.LOG, "BasicAgree", 20, 4_000, 3), passing(LabPart.LOG, "MyOwn", 1_234, 5_000, 3)));
        assertThat(run("--real", "--seed", "9")).isZero();
        assertThat(out.toString())
                .contains("Real time, seed 9. Again: ./jangada lab --seed 9 --real")
                .containsPattern("BasicAgree +3 +\\d\\.\\d / +1\\.6 +20 / +18 +4,000 / +4,572 +3 / +3\\R")
                .containsPattern("MyOwn +3 +\\d\\.\\d / +- +1,234 / +- +5,000 / +- +3 / +-\\R")
                .containsPattern("together +\\d\\.\\d / +71\\.7 ")
                .containsPattern("2 of 2 passed: \\d+\\.\\d s, with \\d+\\.\\d s of CPU\\.")
                .contains("Above the largest published count: BasicAgree, 20 RPCs > 18.");
    }

    @Test
    void inRealTimeItIsSaidWhenNoCountIsAboveThePublishedOnes() {
        labs = new Labs(List.of(passing(LabPart.LOG, "BasicAgree", 18, 4_572, 3)));
        assertThat(run("--real")).isZero();
        assertThat(out.toString()).contains("No count of RPCs or bytes is above the largest published one.");
    }

    @Test
    void countsOfClientsThatDoWhatTheyCanAreNotCompared() {
        labs = new Labs(List.of(passing(LabPart.KV, "Basic4A", 1_000_000, 4_572, 3)));
        assertThat(run("--real")).isZero();
        assertThat(out.toString()).contains("1,000,000 /  4,576").doesNotContain("published count", "published one");
    }

    @Test
    void aTerminalShowsColoursAndWhatIsGoingOn() {
        ansi = Ansi.ON;
        labs = new Labs(List.of(failing("Broken"), passing(LabPart.PERSISTENCE, "Well", 1, 1, 1)));
        assertThat(run("--seed", "1")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("\u001B[31m", "\u001B[32m", "\r\u001B[K    Broken ... 0 s");
        ansi = Ansi.OFF;
        out.getBuffer().setLength(0);
        assertThat(run("--seed", "1")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).doesNotContain("\u001B", "\r\u001B", "...");
    }

    @Test
    void labsAreListedPartByPart() {
        labs = new Labs(List.of(passing(LabPart.LOG, "Two", 1, 1, 1), passing(LabPart.ELECTION, "One", 1, 1, 1)));
        assertThat(run("--list")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "  part  name  peers  what it is about",
                        "  3A    One   3      a scenario for this test",
                        "  3B    Two   3      a scenario for this test",
                        "",
                        "  3A is leader election.",
                        "  3B is the log.");
        out.getBuffer().setLength(0);
        assertThat(run("--list", "two")).isZero();
        assertThat(out.toString()).contains("Two").doesNotContain("One");
    }

    @Test
    void wrongCommandLinesAreRefusedShortly() {
        assertThat(run("BasikAgree")).isEqualTo(ExitCode.USAGE);
        assertThat(run("photosynthesis")).isEqualTo(ExitCode.USAGE);
        assertThat(run("--times", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(run("--seed", "soon")).isEqualTo(ExitCode.USAGE);
        assertThat(run("--list", "--real")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("there is no lab 'BasikAgree'; did you mean BasicAgree?")
                .contains("there is no lab 'photosynthesis'; './jangada lab --list' names them all")
                .contains("--times 0 cannot be used: it must be from 1 to 1000000")
                .contains("--list only lists");
        assertThat(err.toString().lines().count()).isLessThan(10);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aTraceIsOfOneRun() throws IOException {
        labs = new Labs(List.of(REAL_ONE, failing("Broken")));
        String page = folder.resolve("page.html").toString();
        assertThat(run("--trace", page)).isEqualTo(ExitCode.USAGE);
        assertThat(run("Broken", "--times", "2", "--trace", page)).isEqualTo(ExitCode.USAGE);
        assertThat(run("Broken", "--trace", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run("Broken", "--trace", folder.resolve("none/page.html").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("--trace draws one scenario that is played once, not 2")
                .contains(folder + " is a folder; name a file, e.g. --trace " + folder.resolve("Broken.html"))
                .contains("there is no folder " + folder.resolve("none") + "; make it first");
        assertThat(out.toString()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aPageIsWrittenOfARunThatPassed() throws IOException {
        Path page = Files.writeString(folder.resolve("page.html"), "of an earlier run");
        assertThat(run("BasicAgree", "--seed", "3", "--trace", page.toString())).isZero();
        assertThat(out.toString()).containsPattern("What happened, \\d+ events, is drawn in .*page\\.html\\.");
        assertThat(Files.readString(page))
                .startsWith("<!doctype html>")
                .contains("\"scenario\":\"BasicAgree\"", "\"seed\":\"3\"", "\"outcome\":\"passed\"", "virtual time")
                .doesNotContain("of an earlier run");
    }

    @Test
    void aPageIsWrittenOfARunThatFailed() throws IOException {
        labs = new Labs(List.of(failing("Broken")));
        Path page = folder.resolve("page.html");
        assertThat(run("Broken", "--seed", "3", "--trace", page.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(Files.readString(page)).contains("\"outcome\":\"no leader in 5 s\"");
        assertThat(out.toString()).contains("seed 3: no leader in 5 s", "is drawn in " + page);
    }

    private int run(String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = "lab";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        CommandLine line = Main.commandLine(new LabCommand(() -> labs));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
        return line.execute(words);
    }
}
