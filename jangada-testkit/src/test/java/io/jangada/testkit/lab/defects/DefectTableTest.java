package io.jangada.testkit.lab.defects;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.LabMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of docs/lab-defects.md says what is tested, and nothing else. */
class DefectTableTest {
    private static final Path TABLE = Path.of("..", "docs", "lab-defects.md");

    @Test
    void theTableHasALineForEachDefect() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("| `")) {
                String[] cells = line.split("\\|", -1);
                // Defect, its classes, scenario and seed, and what it says; the description is for people.
                lines.add(String.join("|", cells[1].strip(), cells[3].strip(), cells[4].strip(), cells[5].strip()));
            }
        }
        List<String> expected = new ArrayList<>();
        for (Defect defect : Defect.values()) {
            String run = defect.mode() == LabMode.VIRTUAL ? "seed " + defect.seed() : "real time";
            expected.add("`" + defect + "`|" + String.join(", ", defect.classes()) + "|" + defect.scenario() + ", "
                    + run + "|… " + defect.complaint() + " …");
        }
        assertThat(lines).isEqualTo(expected);
    }
}
