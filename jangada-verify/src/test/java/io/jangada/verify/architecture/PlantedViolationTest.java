package io.jangada.verify.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every rule of the house reports a violation planted for it, and lets its lawful twin pass. */
final class PlantedViolationTest {
    private final Path folder;

    PlantedViolationTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theCoreMayNotReadAClockOrStartAThread() {
        assertCaught(
                HouseRules.CORE_USES_ALMOST_NOTHING,
                Map.of("io.jangada.core.model.Clocked", "class Clocked { java.time.Instant at; }"),
                "java.time.Instant");
        assertCaught(
                HouseRules.CORE_USES_ALMOST_NOTHING,
                Map.of("io.jangada.core.step.Locked", "class Locked { java.util.concurrent.locks.Lock lock; }"),
                "java.util.concurrent.locks.Lock");
        assertCaught(
                HouseRules.CORE_USES_ALMOST_NOTHING,
                Map.of("io.jangada.core.Logged", "class Logged { org.slf4j.Logger log; }"),
                "org.slf4j.Logger");
    }

    /** All pairs of modules: what the table allows passes, everything else is reported. */
    @Test
    void onlyTheArrowsOfTheTableExist() {
        Map<String, String> sources = new LinkedHashMap<>();
        for (HouseModule to : HouseModule.values()) {
            sources.put(to.rootPackage() + ".PlantedTarget", "public class PlantedTarget {}");
            for (HouseModule from : HouseModule.values()) {
                String name = "Planted" + from + "Uses" + to;
                sources.put(
                        from.rootPackage() + "." + name,
                        "class " + name + " { " + to.rootPackage() + ".PlantedTarget[] targets; }");
            }
        }
        List<String> report = violations(HouseRules.MODULE_ARROWS, PlantedClasses.compile(folder, sources));
        for (HouseModule from : HouseModule.values()) {
            for (HouseModule to : HouseModule.values()) {
                String arrow = from + " may not use " + to + ": ";
                assertThat(report.stream().anyMatch(line -> line.startsWith(arrow)))
                        .as("a report of %s using %s", from, to)
                        .isEqualTo(!from.mayUse(to));
            }
        }
    }

    @Test
    void aPackageOutsideEveryModuleIsReported() {
        assertCaught(
                HouseRules.MODULE_ARROWS,
                Map.of("io.jangada.common.Anything", "class Anything {}"),
                "belongs to no module of the house");
    }

    /** The lines of the order that matter most in the "never" list, as themselves. */
    @Test
    void theForbiddenArrowsAreForbidden() {
        assertThat(HouseModule.CORE.mayUse(HouseModule.API)).isFalse();
        assertThat(HouseModule.API.mayUse(HouseModule.NODE)).isFalse();
        assertThat(HouseModule.API.mayUse(HouseModule.STORAGE)).isFalse();
        assertThat(HouseModule.API.mayUse(HouseModule.TRANSPORT)).isFalse();
        assertThat(HouseModule.NODE.mayUse(HouseModule.STORAGE)).isFalse();
        assertThat(HouseModule.NODE.mayUse(HouseModule.TRANSPORT)).isFalse();
        assertThat(HouseModule.STORAGE.mayUse(HouseModule.TRANSPORT)).isFalse();
        assertThat(HouseModule.TRANSPORT.mayUse(HouseModule.STORAGE)).isFalse();
        for (HouseModule module : HouseModule.values()) {
            assertThat(module == HouseModule.TESTKIT
                            || module == HouseModule.SERVER
                            || !module.mayUse(HouseModule.TESTKIT))
                    .as("main code of %s without the testkit", module)
                    .isTrue();
        }
    }

    /** The server may use the testkit, but only where it plays the labs. */
    @Test
    void theTestkitIsForTheLabsOfTheCommandLineOnly() {
        String target = "public class Liar {}";
        String body = " { io.jangada.testkit.sim.Liar liar; }";
        for (String name : List.of("run.Assembly", "cli.PutCommand", "cli.Collaborator", "cli.MainLab", "LabCommand")) {
            String simple = name.substring(name.lastIndexOf('.') + 1);
            assertCaught(
                    HouseRules.ONLY_THE_LABS_USE_THE_TESTKIT,
                    Map.of(
                            "io.jangada.testkit.sim.Liar",
                            target,
                            "io.jangada.server." + name,
                            "class " + simple + body),
                    "io.jangada.server." + name);
        }
        JavaClasses lawful = PlantedClasses.compile(
                folder.resolve("lawful"),
                Map.of(
                        "io.jangada.testkit.sim.Liar",
                        target,
                        "io.jangada.testkit.lab.Other",
                        "class Other" + body,
                        "io.jangada.server.cli.LabCommand",
                        "class LabCommand" + body + " class LabReport" + body));
        assertThat(violations(HouseRules.ONLY_THE_LABS_USE_THE_TESTKIT, lawful)).isEmpty();
    }

    @Test
    void aLowerPackageOfTheCoreMayNotUseAHigherOne() {
        for (int high = 0; high < HouseRules.CORE_ORDER.size(); high++) {
            for (int low = high + 1; low < HouseRules.CORE_ORDER.size(); low++) {
                String above = HouseRules.CORE_ORDER.get(high).iterator().next();
                String below = HouseRules.CORE_ORDER.get(low).iterator().next();
                Path place = folder.resolve(high + "-" + low);
                JavaClasses planted = PlantedClasses.compile(
                        place,
                        Map.of(
                                above + ".Top",
                                "public class Top {}",
                                below + ".Bottom",
                                "public class Bottom { " + above + ".Top top; }"));
                assertThat(violations(HouseRules.CORE_PACKAGE_ORDER, planted))
                        .singleElement()
                        .asString()
                        .contains(below + " may not use " + above);
            }
        }
    }

    @Test
    void aNewPackageOfTheCoreNeedsAPlace() {
        assertCaught(
                HouseRules.CORE_PACKAGE_ORDER,
                Map.of("io.jangada.core.misc.Thing", "class Thing {}"),
                "is in a package without a place");
    }

    @Test
    void aPackageCycleIsReported() {
        assertCaught(
                HouseRules.NO_PACKAGE_CYCLES,
                Map.of(
                        "io.jangada.kv.hen.Hen", "public class Hen { io.jangada.kv.egg.Egg egg; }",
                        "io.jangada.kv.egg.Egg", "public class Egg { io.jangada.kv.hen.Hen hen; }"),
                "Cycle detected");
    }

    @Test
    void aClassWithTooManyFieldsIsReported() {
        String fifteen = "int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o;";
        assertCaught(
                HouseRules.FEW_FIELDS,
                Map.of("io.jangada.node.Wide", "class Wide { " + fifteen + " int p; }"),
                "Wide has 16 fields");
        JavaClasses lawful = PlantedClasses.compile(
                folder.resolve("lawful"),
                Map.of("io.jangada.node.Full", "class Full { static final int LIMIT = 1; " + fifteen + " }"));
        assertThat(violations(HouseRules.FEW_FIELDS, lawful)).isEmpty();
    }

    @Test
    void emptyNamesAreReported() {
        for (String name : List.of("RaftManager", "BytesUtil", "BytesUtils", "TestHelper", "NodeImpl")) {
            assertCaught(HouseRules.NO_EMPTY_NAMES, Map.of("io.jangada.node." + name, "class " + name + " {}"), name);
        }
        assertCaught(
                HouseRules.NO_EMPTY_NAMES,
                Map.of("io.jangada.node.Outer", "class Outer { static class InnerImpl {} }"),
                "InnerImpl");
    }

    @Test
    void writingToTheTerminalIsReportedOutsideTheCommandLine() {
        String body = " { void say() { System.out.println(1); } }";
        assertCaught(HouseRules.NO_STANDARD_STREAMS, Map.of("io.jangada.node.Loud", "class Loud" + body), "System.out");
        assertCaught(
                HouseRules.NO_STANDARD_STREAMS,
                Map.of("io.jangada.kv.Trace", "class Trace { void say(Exception e) { e.printStackTrace(); } }"),
                "printStackTrace");
        JavaClasses lawful = PlantedClasses.compile(
                folder.resolve("lawful"),
                Map.of("io.jangada.server.cli.Prompt", "class Prompt" + body, "io.jangada.kv.Quiet", "class Quiet {}"));
        assertThat(violations(HouseRules.NO_STANDARD_STREAMS, lawful)).isEmpty();
    }

    @Test
    void sleepingIsReported() {
        assertCaught(
                HouseRules.NO_SLEEP,
                Map.of("io.jangada.node.Lazy", "class Lazy { void nap() throws Exception { Thread.sleep(1); } }"),
                "Thread.sleep");
    }

    @Test
    void javaUtilLoggingIsReported() {
        assertCaught(
                HouseRules.NO_OTHER_LOGGING,
                Map.of(
                        "io.jangada.node.OldLog",
                        "class OldLog { java.util.logging.Logger log = java.util.logging.Logger.getGlobal(); }"),
                "OldLog.log");
    }

    private void assertCaught(ArchRule rule, Map<String, String> sources, String report) {
        Path place = folder.resolve(Integer.toHexString(sources.hashCode()));
        assertThat(violations(rule, PlantedClasses.compile(place, sources)))
                .as("violations of: %s", rule.getDescription())
                .isNotEmpty()
                .anyMatch(line -> line.contains(report));
    }

    private static List<String> violations(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().getDetails();
    }
}
