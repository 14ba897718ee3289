package io.jangada.testkit.history;

import io.jangada.testkit.history.VersionedRegisterModel.Answer;
import io.jangada.testkit.history.VersionedRegisterModel.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The promise that binds the keys of a multi-version store together: no two changes share a revision, and a change that began
 * after somebody had seen a revision gets a higher one.
 */
public final class RevisionOrder {

    private record Seen(long time, long revision) {}

    private RevisionOrder() {}

    /** Says what is wrong with the revisions in this history; empty if nothing is. */
    public static List<String> violations(List<Operation<Op, Answer>> history) {
        List<String> found = new ArrayList<>();
        Map<Long, Operation<Op, Answer>> changes = new HashMap<>();
        List<Seen> seen = new ArrayList<>();
        for (Operation<Op, Answer> each : history) {
            Answer answer = each.output();
            if (answer == null) {
                continue;
            }
            seen.add(new Seen(each.returned(), answer.revision()));
            if (answer.applied()) {
                Operation<Op, Answer> other = changes.put(answer.revision(), each);
                if (other != null) {
                    found.add("revision " + answer.revision() + " was given twice: " + other + " and " + each);
                }
            }
        }
        seen.sort(Comparator.comparingLong(Seen::time));
        List<Operation<Op, Answer>> byInvocation = new ArrayList<>(changes.values());
        byInvocation.sort(Comparator.comparingLong(Operation::invoked));
        int next = 0;
        long highest = 0;
        for (Operation<Op, Answer> each : byInvocation) {
            while (next < seen.size() && seen.get(next).time() < each.invoked()) {
                highest = Math.max(highest, seen.get(next).revision());
                next++;
            }
            Answer answer = each.output();
            if (answer != null && answer.revision() <= highest) {
                found.add("revision " + highest + " had been seen before this began, yet it got a lower one: " + each);
            }
        }
        return found;
    }
}
