package io.jangada.verify.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.verify.SourceTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the pages name is there: files they link to, classes they speak of. */
final class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");
    private static final Pattern CLASS = Pattern.compile("`(?:[a-z]+\\.)*([A-Z][A-Za-z]*[a-z][A-Za-z]*)[.A-Za-z…]*`");

    private static final Pattern DECLARATION = Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w*)");

    /** Words of others that look like classes of ours. */
    private static final Set<String> NOT_CLASSES = Set.of(
            "Unimplemented",
            "Manager",
            "Util",
            "Helper",
            "Impl",
            "System",
            "Thread",
            "StringSplitter",
            "RedundantControlFlow");

    @Test
    void linksLeadSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Path page : SourceTree.files(".md")) {
            Matcher link = LINK.matcher(SourceTree.read(page));
            while (link.find()) {
                String target = link.group(1);
                Path folder = page.getParent();
                if (!target.contains("://") && folder != null && !Files.exists(folder.resolve(target))) {
                    broken.add(SourceTree.root().relativize(page) + " -> " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void classesInTheMapsExist() {
        Set<String> classes = SourceTree.files(".java").stream()
                .flatMap(file -> DECLARATION.matcher(SourceTree.read(file)).results())
                .map(declared -> declared.group(1))
                .collect(Collectors.toSet());
        List<String> missing = new ArrayList<>();
        for (String page : List.of(
                "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/paper-map.md", "docs/decisions/0001-house-rules.md")) {
            Matcher name = CLASS.matcher(SourceTree.read(SourceTree.root().resolve(page)));
            while (name.find()) {
                if (!classes.contains(name.group(1)) && !NOT_CLASSES.contains(name.group(1))) {
                    missing.add(page + ": " + name.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
    }
}
