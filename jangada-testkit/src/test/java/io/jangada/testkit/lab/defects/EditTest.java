package io.jangada.testkit.lab.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Defects must not rot silently: what they change has to be there. */
class EditTest {
    private static final String TEXT =
            "For people.\n\n@@ frame a/B.java\n one\n-two\n+2\n@@ defect a/C.java\n\n+three\n";

    @Test
    void readsLinesToKeepToTakeAwayAndToPutIn() {
        List<Edit> edits = Edit.parse("x.edits", TEXT);
        assertThat(edits)
                .containsExactly(
                        new Edit(Edit.Part.FRAME, "a/B.java", "one\ntwo\n", "one\n2\n"),
                        new Edit(Edit.Part.DEFECT, "a/C.java", "\n", "\nthree\n"));
        assertThat(edits.get(0).applyTo("zero\none\ntwo\nthree\n")).isEqualTo("zero\none\n2\nthree\n");
    }

    @Test
    void complainsIfTheRuleHasBeenRewritten() {
        Edit edit = Edit.parse("x.edits", TEXT).get(0);
        assertThatThrownBy(() -> edit.applyTo("one\nthree\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not found in a/B.java");
        assertThatThrownBy(() -> edit.applyTo("one\ntwo\none\ntwo\n")).hasMessageContaining("more than once");
    }

    @Test
    void complainsAboutWhatItCannotRead() {
        assertThatThrownBy(() -> Edit.parse("x.edits", "@@ frame a/B.java\n-one\n"))
                .hasMessageContaining("no edit that begins with '@@ defect FILE'");
        assertThatThrownBy(() -> Edit.parse("x.edits", "@@ defect a/B.java\none\n"))
                .hasMessageContaining("begins with none of");
        assertThatThrownBy(() -> Edit.parse("x.edits", "@@ defect a/B.java extra\n-one\n"))
                .hasMessageContaining("should read");
        assertThatThrownBy(() -> Edit.parse("x.edits", "@@ defect a/B.java\n+one\n"))
                .hasMessageContaining("keeps or takes away no line");
    }
}
