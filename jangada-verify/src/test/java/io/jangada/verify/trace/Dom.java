package io.jangada.verify.trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be asked of the document that a browser has made of the page. */
record Dom(String html) {

    /** An attribute of the status line, for example {@code shown}; a number that tests compare. */
    long number(String name) {
        return Long.parseLong(attribute(name));
    }

    String attribute(String name) {
        return find("id=\"status\"[^>]* data-" + name + "=\"([^\"]*)\"").replace("&amp;", "&");
    }

    String status() {
        return find("id=\"status\"[^>]*>([^<]*)<");
    }

    /** What the page says about the selected event, without its tags. */
    String event() {
        return find("(?s)<div id=\"event\"[^>]*>(.*?)</div>\\s*<table")
                .replaceAll("<[^>]*>", " ")
                .strip();
    }

    /** The states of all servers, cells divided by a space, servers by a bar. */
    String states() {
        return find("(?s)<tbody>(.*?)</tbody>")
                .replace("</tr>", " | ")
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** The error that the page shows, or nothing. */
    String error() {
        return find("<div id=\"error\" role=\"alert\"[^>]*>([^<]*)<");
    }

    String title() {
        return find("<h1 id=\"title\">([^<]*)<");
    }

    private String find(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(html);
        if (!matcher.find()) {
            throw new AssertionError("the document has nothing like " + pattern + ":\n"
                    + html.substring(0, Math.min(3_000, html.length())));
        }
        return matcher.group(1);
    }
}
