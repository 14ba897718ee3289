package io.jangada.verify.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of the house that class files can show. The same objects judge the built modules and the planted violations. */
final class HouseRules {
    static final int MAX_FIELDS = 15;

    /** Packages of the core from top to bottom: a package may use those of later lines, never its own line's neighbours above. */
    static final List<Set<String>> CORE_ORDER = List.of(
            Set.of("io.jangada.core"),
            Set.of("io.jangada.core.role"),
            Set.of(
                    "io.jangada.core.log",
                    "io.jangada.core.quorum",
                    "io.jangada.core.membership",
                    "io.jangada.core.election",
                    "io.jangada.core.replication",
                    "io.jangada.core.read",
                    "io.jangada.core.repair",
                    "io.jangada.core.snapshot"),
            Set.of("io.jangada.core.step"),
            Set.of("io.jangada.core.message"),
            Set.of("io.jangada.core.config"),
            Set.of("io.jangada.core.model"));

    /** An allow-list, not a deny-list: whatever Java or a library adds tomorrow is forbidden too. */
    static final ArchRule CORE_USES_ALMOST_NOTHING = classes()
            .that()
            .resideInAPackage("io.jangada.core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.jangada.core..", "java.lang", "java.util", "java.util.function", "org.jspecify.annotations")
            .because("the core has no threads, clocks, I/O, logging or randomness of its own");

    static final ArchRule MODULE_ARROWS = classes()
            .that()
            .resideInAPackage("io.jangada..")
            .should(new UseOnlyAllowedModules())
            .because("only the bundle, the server and tests wire modules together");

    /** {@code jangada lab} and the classes beside it that do its work. */
    static final ArchRule ONLY_THE_LABS_USE_THE_TESTKIT = noClasses()
            .that()
            .resideInAPackage("io.jangada..")
            .and()
            .resideOutsideOfPackage("io.jangada.testkit..")
            .and()
            .haveNameNotMatching("io\\.jangada\\.server\\.cli\\.Lab[A-Z]\\w*(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.jangada.testkit..")
            .because("a server that serves must not need what lies to it");

    static final ArchRule CORE_PACKAGE_ORDER = classes()
            .that()
            .resideInAPackage("io.jangada.core..")
            .should(new KeepTheOrderOfTheCore())
            .because("the core is read from the bottom upwards");

    static final ArchRule NO_PACKAGE_CYCLES =
            slices().matching("io.jangada.(**)").should().beFreeOfCycles();

    static final ArchRule FEW_FIELDS = classes()
            .that()
            .resideInAPackage("io.jangada..")
            .should(new HaveFewFields())
            .because("a class with more fields answers more than one question");

    static final ArchRule NO_EMPTY_NAMES = noClasses()
            .that()
            .resideInAPackage("io.jangada..")
            .should()
            .haveNameMatching(".*(Manager|Util|Utils|Helper|Impl)(\\$.*)?")
            .because("such a name does not say which question the class answers");

    static final ArchRule NO_STANDARD_STREAMS = noClasses()
            .that()
            .resideInAPackage("io.jangada..")
            .and()
            .resideOutsideOfPackages("io.jangada.server.cli..")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
            .because("only the command line talks to the terminal; everything else logs or throws");

    static final ArchRule NO_SLEEP = noClasses()
            .that()
            .resideInAPackage("io.jangada..")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("nothing polls: who waits is woken");

    static final ArchRule NO_OTHER_LOGGING =
            GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.because("the house logs through SLF4J");

    private HouseRules() {}

    private static final class UseOnlyAllowedModules extends ArchCondition<JavaClass> {
        UseOnlyAllowedModules() {
            super("use only the modules that the table of the architecture allows");
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            Optional<HouseModule> from = HouseModule.ofPackage(item.getPackageName());
            if (from.isEmpty()) {
                events.add(SimpleConditionEvent.violated(item, item.getName() + " belongs to no module of the house"));
                return;
            }
            for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                HouseModule.ofPackage(dependency
                                .getTargetClass()
                                .getBaseComponentType()
                                .getPackageName())
                        .filter(to -> !from.get().mayUse(to))
                        .ifPresent(to -> events.add(SimpleConditionEvent.violated(
                                dependency, from.get() + " may not use " + to + ": " + dependency.getDescription())));
            }
        }
    }

    private static final class KeepTheOrderOfTheCore extends ArchCondition<JavaClass> {
        KeepTheOrderOfTheCore() {
            super("use only packages further down in " + CORE_ORDER);
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            String from = item.getPackageName();
            int height = height(from);
            if (height < 0) {
                events.add(SimpleConditionEvent.violated(item, item.getName() + " is in a package without a place"));
                return;
            }
            for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                String to = dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (!to.equals(from) && height(to) >= 0 && height(to) < height) {
                    events.add(SimpleConditionEvent.violated(
                            dependency, from + " may not use " + to + ": " + dependency.getDescription()));
                }
            }
        }

        private static int height(String packageName) {
            for (int i = 0; i < CORE_ORDER.size(); i++) {
                if (CORE_ORDER.get(i).contains(packageName)) {
                    return i;
                }
            }
            return -1;
        }
    }

    private static final class HaveFewFields extends ArchCondition<JavaClass> {
        HaveFewFields() {
            super("have at most " + MAX_FIELDS + " fields, constants not counted");
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            long fields =
                    item.getFields().stream().filter(HaveFewFields::counts).count();
            if (fields > MAX_FIELDS) {
                events.add(SimpleConditionEvent.violated(item, item.getName() + " has " + fields + " fields"));
            }
        }

        private static boolean counts(JavaField field) {
            Set<JavaModifier> modifiers = field.getModifiers();
            boolean constant = modifiers.contains(JavaModifier.STATIC) && modifiers.contains(JavaModifier.FINAL);
            return !constant && !modifiers.contains(JavaModifier.SYNTHETIC);
        }
    }
}
