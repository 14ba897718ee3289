package io.jangada.core.scenario;

import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.MembershipChange;
import io.jangada.core.model.MembershipStep;
import io.jangada.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;

/** Membership changes as words: {@code add-voter 4 + remove 2 if 3 force}. */
final class Steps {

    private Steps() {}

    static MembershipChange parse(Words words) {
        List<MembershipStep> steps = new ArrayList<>();
        do {
            steps.add(step(words));
        } while (words.take("+"));
        MembershipChange change = new MembershipChange(steps, MembershipChange.ANY, false);
        if (words.take("if")) {
            change = change.ifAt(words.number());
        }
        return words.take("force") ? change.forced() : change;
    }

    private static MembershipStep step(Words words) {
        String verb = words.next();
        NodeId node = words.node();
        return switch (verb) {
            case "add-learner" -> new MembershipStep.AddLearner(node, info(words));
            case "add-voter" -> new MembershipStep.AddVoter(node, info(words));
            case "replace" -> {
                NodeId leaving = node;
                if (!words.take("by")) {
                    throw new IllegalArgumentException("write: replace 2 by 4");
                }
                NodeId coming = words.node();
                yield new MembershipStep.Replace(coming, info(words), leaving);
            }
            case "promote" -> new MembershipStep.Promote(node);
            case "demote" -> new MembershipStep.Demote(node);
            case "remove" -> new MembershipStep.Remove(node);
            case "describe" -> new MembershipStep.Describe(node, info(words));
            default -> throw new IllegalArgumentException("unknown step '" + verb + "'");
        };
    }

    private static MemberInfo info(Words words) {
        String address = words.take("at") ? words.next() : "";
        int priority = words.take("priority") ? (int) words.number() : 0;
        return new MemberInfo(address, priority, 0);
    }

    static String text(MembershipChange change) {
        List<String> steps = new ArrayList<>();
        for (MembershipStep step : change.steps()) {
            steps.add(text(step));
        }
        return String.join(" + ", steps)
                + (change.expectedIndex() == MembershipChange.ANY ? "" : " if " + change.expectedIndex())
                + (change.force() ? " force" : "");
    }

    private static String text(MembershipStep step) {
        if (step instanceof MembershipStep.Replace replace) {
            return "replace " + replace.leaving() + " by " + replace.node();
        }
        StringBuilder verb = new StringBuilder();
        for (char c : step.getClass().getSimpleName().toCharArray()) {
            if (Character.isUpperCase(c) && verb.length() > 0) {
                verb.append('-');
            }
            verb.append(Character.toLowerCase(c));
        }
        return verb + " " + step.node();
    }
}
