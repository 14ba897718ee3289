package io.jangada.testkit.lab.course;

import io.jangada.testkit.lab.LabPart;
import io.jangada.testkit.lab.Scenario;
import io.jangada.testkit.lab.kv.KvScenarios;
import io.jangada.testkit.lab.raft.RaftScenarios;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The scenarios that can be played, found by their part or by their name, in capitals or not. Immutable; any thread. */
public final class Labs {
    private static final int MAX_SUGGESTIONS = 6;

    private final List<Scenario> scenarios;

    /**
     * Labs of one's own.
     *
     * @param scenarios in the order in which they are to be played
     * @throws IllegalArgumentException if two have the same name, or one has the name of a part
     */
    public Labs(List<Scenario> scenarios) {
        this.scenarios = List.copyOf(scenarios);
        Set<String> names = new HashSet<>();
        for (LabPart part : LabPart.values()) {
            names.add(lower(part.label()));
        }
        for (Scenario scenario : scenarios) {
            if (!names.add(lower(scenario.name()))) {
                throw new IllegalArgumentException(
                        "there are two labs named '" + scenario.name() + "'; a name must lead to one of them");
            }
        }
    }

    /** All that the course has and that this project plays, in the order of the course. */
    public static Labs all() {
        return new Labs(Stream.concat(RaftScenarios.all().stream(), KvScenarios.all().stream())
                .toList());
    }

    /** All of them, in order. */
    public List<Scenario> scenarios() {
        return scenarios;
    }

    /** The scenarios of a part, in order. */
    public List<Scenario> of(LabPart part) {
        return scenarios.stream().filter(scenario -> scenario.part() == part).toList();
    }

    /**
     * What this word means: a part, e.g. {@code 3b}, or the name of a scenario, as it is here ({@code BasicAgree}) or with what the course writes around it
     * ({@code TestBasicAgree3B}).
     *
     * @return nothing if it means nothing
     */
    public List<Scenario> find(String word) {
        String wanted = lower(word);
        for (LabPart part : LabPart.values()) {
            if (wanted.equals(lower(part.label()))) {
                return of(part);
            }
        }
        return first(scenario -> wanted.equals(lower(scenario.name())))
                .or(() -> first(scenario -> coursesNames(scenario).contains(wanted)))
                .stream()
                .toList();
    }

    private Optional<Scenario> first(Predicate<Scenario> isMeant) {
        return scenarios.stream().filter(isMeant).findFirst();
    }

    private static Set<String> coursesNames(Scenario scenario) {
        String name = lower(scenario.name());
        String label = lower(scenario.part().label());
        String bare = name.endsWith(label) ? name.substring(0, name.length() - label.length()) : name;
        return Set.of(bare, bare + label, "test" + bare, "test" + bare + label);
    }

    /** Names that somebody may have meant by a word that means nothing: those that hold it, or else the nearest one if it is near. */
    public List<String> suggestions(String word) {
        String wanted = lower(word);
        List<String> holding = names().filter(
                        name -> wanted.length() >= 2 && lower(name).contains(wanted))
                .limit(MAX_SUGGESTIONS)
                .toList();
        if (!holding.isEmpty()) {
            return holding;
        }
        Optional<String> nearest = names().min(Comparator.comparingInt(name -> edits(wanted, lower(name))));
        return nearest.filter(name -> edits(wanted, lower(name)) <= Math.max(1, name.length() / 3)).stream()
                .toList();
    }

    private Stream<String> names() {
        return Stream.concat(
                Arrays.stream(LabPart.values()).map(LabPart::label),
                scenarios.stream().map(Scenario::name));
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    /** How many characters must be put in, taken out or exchanged to get from one word to the other. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, column -> column);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int exchanged = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    /** What a part is about, in a few words. */
    public static String about(LabPart part) {
        return switch (part) {
            case ELECTION -> "leader election";
            case LOG -> "the log";
            case PERSISTENCE -> "persistence";
            case SNAPSHOTS -> "snapshots";
            case KV -> "key-value service";
            case KV_SNAPSHOTS -> "key-value service with snapshots";
        };
    }
}
