package io.jangada.testkit.lab.defects;

import io.jangada.testkit.lab.LabMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Our code once more, with some source files edited: those are copied, edited and compiled, and everything else is loaded anew around them, so that nothing is shared with what
 * runs otherwise.
 */
final class DefectiveCopy extends ClassLoader {
    private static final String OURS = "io.jangada.";
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path TARGET = Path.of("target", "defects");

    private final Path classes;

    private DefectiveCopy(Path classes) {
        super(DefectiveCopy.class.getClassLoader());
        this.classes = classes;
    }

    /** A copy with these edits; what is written goes to a folder of this name. */
    static DefectiveCopy of(String name, List<Edit> edits) {
        Path sources = TARGET.resolve(name).resolve("sources");
        Path classes = TARGET.resolve(name).resolve("classes");
        try {
            deleteAll(TARGET.resolve(name));
            Files.createDirectories(classes);
            compile(name, write(edits, sources), classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new DefectiveCopy(classes);
    }

    private static void deleteAll(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static List<Path> write(List<Edit> edits, Path folder) throws IOException {
        Map<String, String> edited = new LinkedHashMap<>();
        for (Edit edit : edits) {
            String present = edited.get(edit.file());
            edited.put(
                    edit.file(), edit.applyTo(present == null ? Files.readString(ROOT.resolve(edit.file())) : present));
        }
        List<Path> written = new ArrayList<>();
        for (Map.Entry<String, String> each : edited.entrySet()) {
            Path file = folder.resolve(each.getKey());
            Files.createDirectories(file.getParent());
            written.add(Files.writeString(file, each.getValue()));
        }
        return written;
    }

    private static void compile(String name, List<Path> sources, Path classes) {
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-encoding", "UTF-8"));
        arguments.addAll(List.of("-classpath", System.getProperty("java.class.path"), "-proc:none", "-nowarn"));
        sources.forEach(source -> arguments.add(source.toString()));
        StringWriter complaints = new StringWriter();
        PrintWriter writer = new PrintWriter(complaints);
        ToolProvider compiler = ToolProvider.findFirst("javac")
                .orElseThrow(() -> new IllegalStateException("this Java has no compiler; run the tests with a JDK"));
        if (compiler.run(writer, writer, arguments.toArray(new String[0])) != 0) {
            throw new IllegalArgumentException("the defect " + name + " does not compile:\n" + complaints);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        try {
            byte[] bytes = read(path);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private byte @Nullable [] read(String path) throws IOException {
        Path edited = classes.resolve(path);
        if (Files.exists(edited)) {
            return Files.readAllBytes(edited);
        }
        try (InputStream original = getParent().getResourceAsStream(path)) {
            return original == null ? null : original.readAllBytes();
        }
    }

    /** Plays a scenario in this copy; what {@link Examination#examine} says. */
    String examine(String scenario, LabMode mode, long seed, long limitSeconds) {
        try {
            Method examine = Class.forName(Examination.class.getName(), true, this)
                    .getDeclaredMethod("examine", String.class, String.class, long.class, long.class);
            examine.setAccessible(true);
            return String.valueOf(examine.invoke(null, scenario, mode.name(), seed, limitSeconds));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot examine a copy", e);
        }
    }
}
