package io.jangada.verify.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.verify.process.ServerCommand;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The descriptors of the built modules: their names, what they show to others, and what they need of the house. */
final class ModuleDescriptorTest {
    private static final Map<String, Set<String>> EXPORTS = Map.of(
            "io.jangada.core",
                    Set.of(
                            "io.jangada.core",
                            "io.jangada.core.config",
                            "io.jangada.core.message",
                            "io.jangada.core.model",
                            "io.jangada.core.step"),
            "io.jangada.api", Set.of("io.jangada.api", "io.jangada.api.error", "io.jangada.api.spi"),
            "io.jangada", Set.of("io.jangada"),
            "io.jangada.session", Set.of("io.jangada.session"),
            "io.jangada.server", Set.of());

    private static final Map<String, Set<String>> HOUSE_REQUIRES = Map.ofEntries(
            requires("io.jangada.core"),
            requires("io.jangada.api", "core"),
            requires("io.jangada.node", "api"),
            requires("io.jangada.storage", "api"),
            requires("io.jangada.transport", "api"),
            requires("io.jangada.session", "api"),
            requires("io.jangada", "api", "node", "storage", "transport", "session"),
            requires("io.jangada.testkit", "core", "api", "node", "storage", "transport", "session"),
            requires("io.jangada.kv", "api"),
            requires("io.jangada.etcd"),
            Map.entry(
                    "io.jangada.server",
                    Set.of("io.jangada", "io.jangada.kv", "io.jangada.etcd", "io.jangada.testkit")));

    /** A library user's module path needs little: only these, of which two come with the JDK, may be required by the library part. */
    private static final Set<String> LIBRARY_REQUIRES =
            Set.of("java.base", "jdk.unsupported", "org.jspecify", "org.slf4j", "org.jctools.core");

    private final Map<String, ModuleDescriptor> modules = modules();

    private static Map.Entry<String, Set<String>> requires(String module, String... ofTheHouse) {
        return Map.entry(
                module, Stream.of(ofTheHouse).map(name -> "io.jangada." + name).collect(Collectors.toSet()));
    }

    private static Map<String, ModuleDescriptor> modules() {
        Path[] ours = ServerCommand.classPath().stream()
                .filter(entry -> entry.toString().contains("jangada-") && !entry.endsWith("test-classes"))
                .toArray(Path[]::new);
        return ModuleFinder.of(ours).findAll().stream()
                .map(ModuleReference::descriptor)
                .filter(descriptor -> descriptor.name().startsWith("io.jangada"))
                .collect(Collectors.toMap(ModuleDescriptor::name, descriptor -> descriptor, (a, b) -> a, TreeMap::new));
    }

    @Test
    void everyModuleHasADescriptorOfItsOwn() {
        assertThat(modules.keySet()).isEqualTo(new TreeSet<>(HOUSE_REQUIRES.keySet()));
        assertThat(modules.values()).noneMatch(ModuleDescriptor::isAutomatic).noneMatch(ModuleDescriptor::isOpen);
    }

    @Test
    void onlyWhatUsersNeedIsExported() {
        EXPORTS.forEach((name, exports) ->
                assertThat(exports(name)).as("exports of %s", name).isEqualTo(exports));
    }

    @Test
    void modulesRequireOfTheHouseWhatTheTableAllows() {
        HOUSE_REQUIRES.forEach((name, allowed) ->
                assertThat(allowed).as("what %s may require of the house", name).containsAll(requires(name, true)));
    }

    @Test
    void theLibraryRequiresNothingButItsFewDependencies() {
        for (String name : Set.of(
                "io.jangada.core", "io.jangada.api", "io.jangada.node", "io.jangada.storage", "io.jangada.session")) {
            assertThat(LIBRARY_REQUIRES).as("what %s may require", name).containsAll(requires(name, false));
        }
        for (String name : Set.of("io.jangada.transport", "io.jangada")) {
            assertThat(requires(name, false))
                    .as("what %s requires", name)
                    .allMatch(required -> LIBRARY_REQUIRES.contains(required) || required.startsWith("io.netty."));
        }
    }

    private Set<String> exports(String module) {
        return descriptor(module).exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }

    private Set<String> requires(String module, boolean ofTheHouse) {
        return descriptor(module).requires().stream()
                .map(ModuleDescriptor.Requires::name)
                .filter(name -> name.startsWith("io.jangada") == ofTheHouse)
                .collect(Collectors.toSet());
    }

    private ModuleDescriptor descriptor(String module) {
        ModuleDescriptor descriptor = modules.get(module);
        assertThat(descriptor).as("descriptor of %s", module).isNotNull();
        return Objects.requireNonNull(descriptor);
    }
}
