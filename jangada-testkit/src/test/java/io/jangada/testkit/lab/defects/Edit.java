package io.jangada.testkit.lab.defects;

import java.util.ArrayList;
import java.util.List;

/**
 * A change of one place in one source file.
 *
 * @param part what it is for
 * @param file from the root of the repository
 * @param before whole lines that occur once in the file
 * @param after what stands there instead
 */
record Edit(Part part, String file, String before, String after) {

    /** What a change is for. */
    enum Part {
        /** Takes away what our code has beyond students' programs and what hides the defect; or adds what they have. Without the defect it is as correct. */
        FRAME,
        /** The defect itself. */
        DEFECT
    }

    /**
     * The edits of a file under {@code lab-defects}: each begins with a line {@code @@ frame FILE} or {@code @@ defect FILE}; then come lines to keep, to
     * take away ({@code -}) and to put in ({@code +}), as in a patch. Lines before the first are for people.
     */
    static List<Edit> parse(String name, String text) {
        List<Edit> edits = new ArrayList<>();
        for (String hunk : ("\n" + text).split("\n@@ ")) {
            if (!edits.isEmpty() || hunk.startsWith("frame ") || hunk.startsWith("defect ")) {
                edits.add(parseHunk(name, hunk));
            }
        }
        if (edits.stream().noneMatch(edit -> edit.part == Part.DEFECT)) {
            throw new IllegalArgumentException(name + " has no edit that begins with '@@ defect FILE'");
        }
        return edits;
    }

    private static Edit parseHunk(String name, String hunk) {
        List<String> lines = hunk.lines().toList();
        String[] head = lines.get(0).split(" ");
        if (head.length != 2 || !(head[0].equals("frame") || head[0].equals("defect"))) {
            throw new IllegalArgumentException(
                    name + ": '@@ " + lines.get(0) + "' should read '@@ frame FILE' or '@@ defect FILE'");
        }
        StringBuilder before = new StringBuilder();
        StringBuilder after = new StringBuilder();
        for (String line : lines.subList(1, lines.size())) {
            char kind = line.isEmpty() ? ' ' : line.charAt(0);
            String code = line.isEmpty() ? "\n" : line.substring(1) + "\n";
            if (kind != ' ' && kind != '-' && kind != '+') {
                throw new IllegalArgumentException(
                        name + ": the line '" + line + "' begins with none of ' ', '-' and '+'");
            }
            before.append(kind == '+' ? "" : code);
            after.append(kind == '-' ? "" : code);
        }
        if (before.length() == 0) {
            throw new IllegalArgumentException(name + ": an edit of " + head[1] + " that keeps or takes away no line");
        }
        return new Edit(
                head[0].equals("frame") ? Part.FRAME : Part.DEFECT, head[1], before.toString(), after.toString());
    }

    /** The source with this edit made; what was there must be there, once. */
    String applyTo(String source) {
        int at = source.indexOf(before);
        if (at < 0 || source.indexOf(before, at + 1) >= 0) {
            throw new IllegalArgumentException(
                    (at < 0 ? "not found in " : "found more than once in ") + file
                            + ":\n" + before
                            + "The rule has been rewritten: write the defect anew against what it says now, and look for a seed again");
        }
        return source.substring(0, at) + after + source.substring(at + before.length());
    }
}
