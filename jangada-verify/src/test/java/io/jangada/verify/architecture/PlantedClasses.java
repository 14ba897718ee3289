package io.jangada.verify.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/**
 * Classes compiled at test time from source text, to show that a rule catches what it forbids.
 *
 * <p>They cannot be ordinary test sources: the compiler's own strictness would refuse some of them first.
 */
final class PlantedClasses {
    private PlantedClasses() {}

    /** Compiles the sources, by class name, into {@code folder} and reads the class files back as the rules do. */
    static JavaClasses compile(Path folder, Map<String, String> sources) {
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        sources.forEach((name, text) -> arguments.add(write(folder, name, text).toString()));
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("the planted classes must compile").isZero();
        return HouseClasses.in(folder);
    }

    private static Path write(Path folder, String name, String text) {
        int dot = name.lastIndexOf('.');
        Path file = folder.resolve("src").resolve(name.replace('.', '/') + ".java");
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, "package " + name.substring(0, dot) + ";\n" + text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
