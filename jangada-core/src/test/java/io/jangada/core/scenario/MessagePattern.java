package io.jangada.core.scenario;

import io.jangada.core.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which messages a command means: the beginning of a kind's name, a direction, or both. {@code AppendR 1->3}, {@code *->2}, {@code 1-2} (both ways),
 * {@code 3} (to or from it); several directions are separated by commas. {@code ~3@4}: the message's line has this in it.
 */
final class MessagePattern {

    private MessagePattern() {}

    static Predicate<Message> parse(List<String> words) {
        Predicate<Message> all = message -> true;
        for (String word : words) {
            all = all.and(word(word));
        }
        return all;
    }

    private static Predicate<Message> word(String word) {
        if (word.startsWith("~")) {
            return message -> MessageText.of(message).contains(word.substring(1));
        }
        return Character.isLetter(word.charAt(0)) ? kind(word) : directions(word);
    }

    private static Predicate<Message> kind(String word) {
        return message -> message.getClass().getSimpleName().startsWith(word);
    }

    private static Predicate<Message> directions(String word) {
        List<Predicate<Message>> any = new ArrayList<>();
        for (String part : word.split(",", -1)) {
            any.add(direction(part));
        }
        return message -> any.stream().anyMatch(one -> one.test(message));
    }

    private static Predicate<Message> direction(String part) {
        if (part.contains("->")) {
            String[] ends = part.split("->", -1);
            return message -> end(ends[0], message.from().value())
                    && end(ends[1], message.to().value());
        }
        if (part.contains("-")) {
            String[] ends = part.split("-", -1);
            return direction(ends[0] + "->" + ends[1]).or(direction(ends[1] + "->" + ends[0]));
        }
        return direction(part + "->*").or(direction("*->" + part));
    }

    private static boolean end(String word, long node) {
        return word.equals("*") || Long.parseLong(word) == node;
    }
}
