package io.jangada.testkit.lab.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How labs are found by what people type. */
class LabsTest {
    private static final Scenario BASIC = scenario(LabPart.LOG, "BasicAgree");
    private static final Scenario BACKUP = scenario(LabPart.LOG, "Backup");
    private static final Scenario SPEED = scenario(LabPart.KV, "Speed4A");
    private static final Scenario SPEED_WITH_SNAPSHOTS = scenario(LabPart.KV_SNAPSHOTS, "Speed4B");

    private final Labs labs = new Labs(List.of(BASIC, BACKUP, SPEED, SPEED_WITH_SNAPSHOTS));

    private static Scenario scenario(LabPart part, String name) {
        return new Scenario(part, name, "a lab for this test", 3, setting -> {
            throw new LabFailure("it is never played");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"BasicAgree", "basicagree", "BASICAGREE", "BasicAgree3B", "TestBasicAgree3B", "testbasicagree"})
    void aScenarioIsFoundByItsNameAndByTheNameThatTheCourseGivesIt(String word) {
        assertThat(labs.find(word)).containsExactly(BASIC);
    }

    @Test
    void theNameItselfComesBeforeWhatTheCourseWritesAroundIt() {
        assertThat(labs.find("speed4b")).containsExactly(SPEED_WITH_SNAPSHOTS);
        assertThat(labs.find("TestSpeed4B")).containsExactly(SPEED_WITH_SNAPSHOTS);
        assertThat(labs.find("TestSpeed4A")).containsExactly(SPEED);
    }

    @Test
    void aPartIsFoundByItsLabel() {
        assertThat(labs.find("3B")).containsExactly(BASIC, BACKUP);
        assertThat(labs.find("3b")).containsExactly(BASIC, BACKUP);
        assertThat(labs.find("3A")).isEmpty();
    }

    @Test
    void whatMeansNothingIsAnsweredWithWhatWasMeant() {
        assertThat(labs.find("BasicAgre")).isEmpty();
        assertThat(labs.suggestions("BasicAgrre")).containsExactly("BasicAgree");
        assertThat(labs.suggestions("backpu")).containsExactly("Backup");
        assertThat(labs.suggestions("speed")).containsExactly("Speed4A", "Speed4B");
        assertThat(labs.suggestions("3E")).hasSize(1).allMatch(name -> name.startsWith("3"));
        assertThat(labs.suggestions("photosynthesis")).isEmpty();
    }

    @Test
    void aNameLeadsToOneScenarioOnly() {
        Scenario again = scenario(LabPart.SNAPSHOTS, "basicAgree");
        assertThatThrownBy(() -> new Labs(List.of(BASIC, again)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two labs named 'basicAgree'");
        Scenario part = scenario(LabPart.SNAPSHOTS, "3d");
        assertThatThrownBy(() -> new Labs(List.of(part))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(LabPart.class)
    void everyPartSaysWhatItIsAbout(LabPart part) {
        assertThat(Labs.about(part)).isNotBlank();
    }

    @Test
    void allLabsHaveNamesThatLeadToThem() {
        Labs all = Labs.all();
        assertThat(all.scenarios()).isNotEmpty().allSatisfy(scenario -> assertThat(all.find(scenario.name()))
                .containsExactly(scenario));
    }
}
