package io.jangada.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether the tests and scenarios that the pages name exist: a page that names a test which is gone promises what nobody holds. */
class PagesTest {
    private static final Path HOUSE = Path.of("..");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern METHOD = Pattern.compile("void (\\w+)\\(");

    /** The test methods of each test class of all modules. */
    private static Map<String, List<String>> tests() throws IOException {
        Map<String, List<String>> tests = new TreeMap<>();
        try (Stream<Path> modules = Files.list(HOUSE)) {
            for (Path module : modules.map(path -> path.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    for (Path file : files.filter(path -> path.toString().endsWith("Test.java"))
                            .toList()) {
                        String name = String.valueOf(file.getFileName()).replace(".java", "");
                        List<String> methods = tests.computeIfAbsent(name, key -> new ArrayList<>());
                        METHOD.matcher(Files.readString(file))
                                .results()
                                .forEach(result -> methods.add(result.group(1)));
                    }
                }
            }
        }
        return tests;
    }

    private static boolean exists(String name, Map<String, List<String>> tests) {
        if (name.endsWith(".txt")) {
            return Files.exists(Path.of("src/test/resources/scenarios", name));
        }
        String start = name.replace("…", "");
        int dot = start.indexOf('.');
        String type = dot < 0 ? "" : start.substring(0, dot);
        String method = start.substring(dot + 1);
        if (type.isEmpty() && method.endsWith("Test")) {
            return tests.containsKey(method);
        }
        Stream<String> candidates = type.isEmpty()
                ? tests.values().stream().flatMap(List::stream)
                : tests.getOrDefault(type, List.of()).stream();
        return candidates.anyMatch(found -> name.endsWith("…") ? found.startsWith(method) : found.equals(method));
    }

    /** In a table, what is in the last column and looks like a test: a class, a method, or the beginning of one. */
    private static List<String> named(Path page) throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            if (!line.startsWith("| ")) {
                continue;
            }
            String[] columns = line.split("\\|", -1);
            Matcher matcher = NAME.matcher(columns[columns.length - 2]);
            while (matcher.find()) {
                String name = matcher.group(1);
                boolean test = name.endsWith(".txt")
                        || name.matches("([A-Z]\\w*Test\\.)?[a-z]+[A-Z0-9]\\w*…?")
                        || name.matches("[A-Z]\\w*Test");
                if (test) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    @Test
    void everyTestThatAPageNamesExists() throws IOException {
        Map<String, List<String>> tests = tests();
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (String page : List.of("paper-map.md", "traps.md", "scenarios.md")) {
            for (String name : named(HOUSE.resolve("docs").resolve(page))) {
                if (exists(name, tests)) {
                    found++;
                } else {
                    missing.add(page + ": " + name);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(200);
    }
}
