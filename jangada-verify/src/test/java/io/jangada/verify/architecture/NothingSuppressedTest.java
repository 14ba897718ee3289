package io.jangada.verify.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.verify.SourceTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No rule of the build is switched off anywhere: not by an annotation, a comment, a list, a flag or a disabled test. */
final class NothingSuppressedTest {
    private static final Pattern IN_SOURCES = Pattern.compile(
            "@Suppress" + "Warnings|@Suppress" + "FBWarnings|CHECK" + "STYLE|NO" + "SONAR|//\\s*no" + "inspection"
                    + "|spotless" + ":off|@format" + "ter:off|@Dis" + "abled|@Null" + "Unmarked|cast" + "ToNonNull");
    private static final Pattern IN_LIMITS =
            Pattern.compile("Suppress\\w*Filter|Suppress" + "WarningsHolder|severity=\"ignore\"");
    private static final Pattern IN_POMS = Pattern.compile("<checkstyle.skip>true|<spotless.\\w+.skip>true|<skip>true"
            + "|<skipTests>|maven.test.skip|maven.test.failure.ignore|testFailureIgnore|<failsOnError>false"
            + "|<failOnViolation>false|<suppressionsLocation>|rerunFailingTestsCount|<failOnWarning>false");

    /** Checks of Error Prone that may be off, and categories of javac's lint; the reasons are in docs/decisions/0001. */
    private static final Set<String> CHECKS_OFF = Set.of("StringSplitter", "RedundantControlFlow");

    private static final Set<String> LINT_OFF = Set.of(
            "processing", "missing-explicit-ctor", "requires-automatic", "requires-transitive-automatic", "classfile");

    @Test
    void noSourceSwitchesARuleOff() {
        assertThat(matches(SourceTree.files(".java"), IN_SOURCES)).isEmpty();
    }

    @Test
    void checkstyleHasNoSuppressions() {
        List<Path> files = List.of(SourceTree.root().resolve("config/checkstyle.xml"));
        assertThat(matches(files, IN_LIMITS)).isEmpty();
        assertThat(SourceTree.files(".xml"))
                .noneMatch(file -> file.getFileName().toString().contains("suppress"));
    }

    @Test
    void noPomSwitchesARuleOff() {
        List<String> found = matches(SourceTree.files("pom.xml"), IN_POMS);
        // The profile that repairs the formatting builds nothing else, so it need not check the limits.
        assertThat(found).containsExactly("pom.xml: <checkstyle.skip>true");
        assertThat(SourceTree.read(SourceTree.root().resolve("pom.xml"))).contains("<id>format</id>");
    }

    @Test
    void onlyTheListedChecksAreOff() {
        Set<String> checksOff = new TreeSet<>();
        Set<String> lintOff = new TreeSet<>();
        for (Path pom : SourceTree.files("pom.xml")) {
            String text = SourceTree.read(pom);
            collect(Pattern.compile("-Xep:(\\w+):(OFF|WARN)"), text, checksOff);
            collect(Pattern.compile("-XepDisable(AllChecks|AllWarnings)"), text, checksOff);
            for (String lint : found(Pattern.compile("-Xlint:([\\w,-]+)"), text)) {
                for (String part : lint.split(",", -1)) {
                    if (part.startsWith("-")) {
                        lintOff.add(part.substring(1));
                    }
                }
            }
        }
        assertThat(CHECKS_OFF).containsAll(checksOff);
        assertThat(LINT_OFF).containsAll(lintOff);
        assertThat(SourceTree.read(SourceTree.root().resolve("pom.xml")))
                .contains("<arg>-Werror</arg>")
                .contains("-Xlint:all")
                .contains("-Xep:NullAway:ERROR");
    }

    /** The one module that compiles without the rules holds nothing that a person wrote. */
    @Test
    void onlyGeneratedCodeCompilesWithoutTheRules() {
        Pattern loosened = Pattern.compile("-Xlint:none|combine\\.self=\"override\"|<compilerArgs");
        List<String> loose = matches(SourceTree.files("pom.xml"), loosened).stream()
                .map(line -> line.substring(0, line.indexOf(':')))
                .distinct()
                .toList();
        assertThat(loose).containsExactlyInAnyOrder("pom.xml", "jangada-etcd-proto/pom.xml");
        assertThat(SourceTree.files(".java"))
                .filteredOn(file -> file.toString().contains("jangada-etcd-proto"))
                .allMatch(file -> file.endsWith("module-info.java"));
    }

    /** The pattern itself: what it is meant to find, it finds. */
    @Test
    void aPlantedSuppressionIsFound() {
        assertThat(IN_SOURCES.matcher("@Suppress" + "Warnings(\"x\")").find()).isTrue();
        assertThat(IN_SOURCES.matcher("@Dis" + "abled").find()).isTrue();
        assertThat(IN_LIMITS.matcher("<module name=\"SuppressionFilter\">").find())
                .isTrue();
        assertThat(IN_POMS.matcher("<failOnViolation>false<").find()).isTrue();
    }

    private static List<String> matches(List<Path> files, Pattern pattern) {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            Matcher matcher = pattern.matcher(SourceTree.read(file));
            while (matcher.find()) {
                found.add(SourceTree.root().relativize(file) + ": " + matcher.group());
            }
        }
        return found;
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        collect(pattern, text, found);
        return found;
    }

    private static void collect(Pattern pattern, String text, Collection<String> into) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            into.add(matcher.group(1));
        }
    }
}
