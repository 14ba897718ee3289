package io.jangada.testkit.lab.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jangada.testkit.lab.LabFailure;
import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published figures: that the table was copied right, and that each scenario finds its row. */
class PublishedTest {
    private static Scenario scenario(LabPart part, String name) {
        return new Scenario(part, name, "a lab for this test", 3, setting -> {
            throw new LabFailure("it is never played");
        });
    }

    @Test
    void theLargestFigureOfEachKindMayComeFromDifferentEditions() {
        assertThat(Published.of(scenario(LabPart.LOG, "Rejoin")))
                .extracting(Published.Sample::edition)
                .containsExactly("2022-24", "2025", "2026");
        assertThat(Published.largest(scenario(LabPart.LOG, "Rejoin")))
                .isEqualTo(new Published.Largest(
                        OptionalDouble.of(7.8), OptionalLong.of(216), OptionalLong.of(37_021), OptionalLong.of(4)));
    }

    @Test
    void whatNoEditionShowsIsEmpty() {
        assertThat(Published.largest(scenario(LabPart.LOG, "FollowerFailure")).bytes())
                .isEmpty();
        assertThat(Published.of(scenario(LabPart.LOG, "SomethingOfMyOwn"))).isEmpty();
        assertThat(Published.largest(scenario(LabPart.ELECTION, "Rejoin")).seconds())
                .isEmpty();
    }

    @Test
    void thePartBehindANameChangesNothing() {
        assertThat(Published.largest(scenario(LabPart.KV, "Speed4A")).rpcs()).hasValue(3_022);
        assertThat(Published.largest(scenario(LabPart.KV, "Speed")).rpcs()).hasValue(3_022);
        assertThat(Published.largest(scenario(LabPart.KV_SNAPSHOTS, "Speed4B")).rpcs())
                .hasValue(3_025);
    }

    /** The edition of 2026 counts what happens between its tests, too. */
    @ParameterizedTest
    @CsvSource({
        "2022-24, ELECTION, 16.3, 0.2",
        "2022-24, LOG, 35.6, 0.2",
        "2022-24, PERSISTENCE, 123.6, 0.2",
        "2022-24, SNAPSHOTS, 293.5, 0.2",
        "2025, ELECTION, 19.8, 0.5",
        "2025, LOG, 48.4, 0.5",
        "2025, PERSISTENCE, 126.1, 0.5",
        "2025, SNAPSHOTS, 195.0, 0.5",
        "2026, ELECTION, 22.1, 6",
        "2026, LOG, 71.7, 6",
        "2026, PERSISTENCE, 181.0, 6",
        "2026, SNAPSHOTS, 301.4, 6"
    })
    void theRowsAddUpToThePublishedSums(String edition, LabPart part, double published, double allowance) {
        double sum = Published.names(part).stream()
                .flatMap(name -> Published.of(scenario(part, name)).stream())
                .filter(sample -> sample.edition().equals(edition))
                .mapToDouble(Published.Sample::seconds)
                .sum();
        assertThat(sum).isCloseTo(published, within(allowance));
        assertThat(Published.seconds(part)).isGreaterThanOrEqualTo(published);
    }

    @ParameterizedTest
    @CsvSource({"KV, 290, 2", "KV_SNAPSHOTS, 162, 2"})
    void theRowsOfTheKeyValueLabsAddUp(LabPart part, double published, double allowance) {
        double sum = Published.names(part).stream()
                .flatMap(name -> Published.of(scenario(part, name)).stream())
                .mapToDouble(Published.Sample::seconds)
                .sum();
        assertThat(sum).isCloseTo(published, within(allowance));
        assertThat(Published.seconds(part)).isEqualTo(published);
    }

    @Test
    void everyPartHasAllItsRows() {
        Map<LabPart, Integer> rows = Map.of(
                LabPart.ELECTION,
                3,
                LabPart.LOG,
                10,
                LabPart.PERSISTENCE,
                8,
                LabPart.SNAPSHOTS,
                7,
                LabPart.KV,
                14,
                LabPart.KV_SNAPSHOTS,
                9);
        rows.forEach((part, count) ->
                assertThat(Published.names(part)).as("rows of %s", part).hasSize(count));
    }

    @Test
    void everyScenarioHasARow() {
        assertThat(Labs.all().scenarios()).isNotEmpty().allSatisfy(scenario -> assertThat(Published.of(scenario))
                .as("samples of %s", scenario.name())
                .isNotEmpty());
    }
}
