package io.jangada.verify.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The built modules keep the rules of the house. */
final class HouseRulesTest {
    private static final JavaClasses HOUSE = HouseClasses.ofAllModules();

    static Stream<Named<ArchRule>> rules() {
        return Stream.of(
                Named.of("the core uses almost nothing", HouseRules.CORE_USES_ALMOST_NOTHING),
                Named.of("module arrows", HouseRules.MODULE_ARROWS),
                Named.of("only the labs use the testkit", HouseRules.ONLY_THE_LABS_USE_THE_TESTKIT),
                Named.of("package order of the core", HouseRules.CORE_PACKAGE_ORDER),
                Named.of("no package cycles", HouseRules.NO_PACKAGE_CYCLES),
                Named.of("few fields", HouseRules.FEW_FIELDS),
                Named.of("no empty names", HouseRules.NO_EMPTY_NAMES),
                Named.of("no standard streams", HouseRules.NO_STANDARD_STREAMS),
                Named.of("no sleep", HouseRules.NO_SLEEP),
                Named.of("no other logging", HouseRules.NO_OTHER_LOGGING));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theHouseKeepsTheRule(ArchRule rule) {
        rule.check(HOUSE);
    }

    /** A rule that sees no classes holds trivially: so every module must have been seen. */
    @Test
    void everyModuleIsJudged() {
        Set<HouseModule> seen = HOUSE.stream()
                .map(JavaClass::getPackageName)
                .flatMap(name -> HouseModule.ofPackage(name).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(seen).containsExactlyElementsOf(EnumSet.complementOf(EnumSet.of(HouseModule.ETCD)));
    }
}
