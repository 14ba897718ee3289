package io.jangada.core.scenario;

import io.jangada.core.model.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The words of one command, taken from the front. */
final class Words {
    private final Deque<String> words;

    Words(String line) {
        List<String> found = new ArrayList<>();
        for (String word : line.trim().split("\\s+", -1)) {
            if (!word.isEmpty()) {
                found.add(word);
            }
        }
        words = new ArrayDeque<>(found);
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    String next() {
        String word = words.poll();
        if (word == null) {
            throw new IllegalArgumentException("the command ends too early");
        }
        return word;
    }

    /** Takes the next word if it is this one. */
    boolean take(String word) {
        boolean there = word.equals(words.peek());
        if (there) {
            words.remove();
        }
        return there;
    }

    long number() {
        return Long.parseLong(next());
    }

    long numberOr(long otherwise) {
        return isEmpty() ? otherwise : number();
    }

    NodeId node() {
        return NodeId.of(number());
    }

    /** A time such as {@code 600ms} or {@code 2s}. */
    long nanos() {
        String word = next();
        if (word.endsWith("ms")) {
            return Long.parseLong(word.substring(0, word.length() - 2)) * 1_000_000;
        }
        if (word.endsWith("s")) {
            return Long.parseLong(word.substring(0, word.length() - 1)) * 1_000_000_000;
        }
        throw new IllegalArgumentException("'" + word + "' is no time; write 600ms or 2s");
    }

    /** All that is left, as one text. */
    String rest() {
        String rest = String.join(" ", words);
        words.clear();
        return rest;
    }

    List<String> all() {
        List<String> rest = new ArrayList<>(words);
        words.clear();
        return rest;
    }

    /** A list of numbers such as {@code 1,1,4}. */
    static List<Long> numbers(String list) {
        List<Long> numbers = new ArrayList<>();
        for (String number : list.split(",", -1)) {
            numbers.add(Long.parseLong(number));
        }
        return numbers;
    }
}
