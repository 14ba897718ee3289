package io.jangada.verify.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.testkit.lab.trace.TraceEvent;
import io.jangada.testkit.lab.trace.TraceEvent.Note;
import io.jangada.testkit.lab.trace.TraceEvent.Sent;
import io.jangada.testkit.lab.trace.TracePage;
import io.jangada.testkit.lab.trace.TraceRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens the page of a long run in a real browser and asks what it shows.
 *
 * <p>With {@code -Dtrace.picture=FILE.png} it also leaves a picture of the first view there, with {@code -Dtrace.page=FILE.html} and
 * {@code -Dtrace.hash=#...} one of that page and view.
 */
class TracePageTest {
    private final Path folder;

    private final SyntheticRun run = SyntheticRun.of(7);

    TracePageTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void showsTheBeginningAndKnowsAllMessages() throws Exception {
        Dom dom = look(page(), "");
        assertThat(run.sent()).isGreaterThan(5_000);
        assertThat(dom.number("messages")).isEqualTo(run.sent());
        assertThat(dom.number("events")).isEqualTo(run.events().size());
        assertThat(dom.number("matching")).isEqualTo(run.sent());
        // Few enough to read, and the first election among them.
        assertThat(dom.number("shown")).isBetween(50L, 200L).isEqualTo(dom.number("arrows"));
        assertThat(Double.parseDouble(dom.attribute("from"))).isLessThan(0.32);
        assertThat(Double.parseDouble(dom.attribute("to"))).isGreaterThan(0.37);
        assertThat(dom.title()).isEqualTo("Synthetic elections");
        assertThat(dom.status()).matches("\\d+ of 5,\\d{3} messages shown, 0\\.\\d+–0\\.\\d+ s");
    }

    @Test
    void theAddressDecidesWhatIsShown() throws Exception {
        List<Dom> seen = visit(
                "#from=0&to=99",
                "#from=0&to=99&arrows=1",
                "#from=0&to=99&kinds=VoteRequest,VoteResponse",
                "#from=0&to=99&kinds=",
                "#from=0&to=99&servers=0,3",
                "#from=0&to=99&lost=1",
                "#from=0&to=99&q=T2%20append",
                "#from=4&to=4.25");
        Dom whole = seen.get(0);
        assertThat(whole.number("shown")).isEqualTo(run.sent());
        assertThat(whole.attribute("counted")).isEqualTo("heartbeat,append");
        assertThat(whole.number("arrows"))
                .isEqualTo(count(
                        sent -> sent.kind().contains("Vote") || sent.kind().contains("Snapshot")));
        assertThat(seen.get(1).number("arrows")).isEqualTo(run.sent());
        assertThat(seen.get(1).attribute("counted")).isEmpty();
        assertThat(seen.get(2).number("matching"))
                .isEqualTo(count(sent -> sent.kind().startsWith("Vote")))
                .isPositive();
        assertThat(seen.get(3).number("shown")).isZero();
        assertThat(seen.get(4).number("matching"))
                .isEqualTo(count(sent -> sent.from() % 3 == 0 && sent.to() % 3 == 0))
                .isPositive();
        assertThat(seen.get(5).number("shown")).isEqualTo(run.lost()).isPositive();
        assertThat(seen.get(6).number("matching"))
                .isEqualTo(count(
                        sent -> sent.kind().startsWith("Append") && sent.text().startsWith("t2 ")))
                .isPositive();
        assertThat(seen.get(7).number("shown"))
                .as("what was under way in this span of time")
                .isEqualTo(underWay(4_000_000_000L, 4_250_000_000L))
                .isPositive();
    }

    private long underWay(long from, long to) {
        Map<Long, Long> ends = run.events().stream()
                .filter(event -> event instanceof TraceEvent.Delivered || event instanceof TraceEvent.Lost)
                .collect(Collectors.toMap(
                        event -> event instanceof TraceEvent.Delivered arrived
                                ? arrived.message()
                                : ((TraceEvent.Lost) event).message(),
                        TraceEvent::atNanos));
        return count(sent -> sent.atNanos() <= to && ends.getOrDefault(sent.message(), 0L) >= from);
    }

    @Test
    void stepsToAnEventAndShowsTheServersAtThatMoment() throws Exception {
        List<TraceEvent> events = run.events();
        int crash = 0;
        while (!(events.get(crash) instanceof TraceEvent.Life life && life.change() == TraceEvent.Change.CRASHED)) {
            crash++;
        }
        List<Dom> seen = visit("#from=0&to=1&at=" + (crash + 1), "#at=" + (crash - 1));
        assertThat(seen.get(0).number("at")).isEqualTo(crash + 1);
        assertThat(seen.get(0).event()).contains("server 3 crashed").contains("6.500000 s");
        assertThat(seen.get(0).states()).contains("3 down – – –").contains("1 follower 2");
        // It was outside, so the view has gone there.
        assertThat(Double.parseDouble(seen.get(0).attribute("from"))).isBetween(5.5, 6.5);
        assertThat(seen.get(1).states()).contains("3 leader 2");
    }

    @Test
    void keysAndWheelStepZoomAndFilterAndTheAddressSaysSo() throws Exception {
        List<Dom> seen = visit(
                "#from=0&to=1 key('j'); key('j'); key('ArrowDown'); key('k')",
                "#from=0.3&to=0.5 key('n')",
                "#from=0.3&to=0.6 key('f'); key('l')",
                "#from=4&to=8 key('+'); key('+')",
                "#from=4&to=8&theme=light wheel(0, -200)",
                "#lost=1&q=vote&kinds=VoteRequest&servers=1,2 document.getElementById('everything').click()");
        assertThat(seen.get(0).number("at")).isEqualTo(2);
        assertThat(seen.get(0).attribute("address")).isEqualTo("#from=0&to=1&at=2");
        assertThat(seen.get(1).event()).contains("server 1 is pre-candidate in term 0");
        assertThat(seen.get(2).number("shown")).isEqualTo(run.lost());
        assertThat(seen.get(2).attribute("address")).endsWith("&lost=1");
        assertThat(seen.get(3).attribute("from")).isEqualTo("5.500000000");
        assertThat(seen.get(3).attribute("to")).isEqualTo("6.500000000");
        assertThat(Double.parseDouble(seen.get(4).attribute("to"))).isLessThan(7.5);
        assertThat(seen.get(5).number("matching")).isEqualTo(run.sent());
    }

    @Test
    void noTextCanBreakThePage() throws Exception {
        String evil = "</script><script>throw 1</script><!-- <script> ]]> & \u2028 \u2029 \" \\ ' \uD83D <b>bold</b>";
        TraceRun hostile = new TraceRun(
                evil,
                evil,
                Long.MIN_VALUE,
                2,
                evil,
                List.of(new Sent(1, 1, 0, 1, evil, evil, 9), new Note(2, evil)),
                77);
        StringWriter html = new StringWriter();
        TracePage.write(html, hostile);
        assertThat(html.toString().split("</script>", -1))
                .as("three scripts end")
                .hasSize(4);

        Path page = folder.resolve("hostile.html");
        TracePage.write(page, hostile);
        Dom dom = look(page, "#at=1");
        assertThat(dom.number("messages")).isEqualTo(1);
        assertThat(dom.number("events")).isEqualTo(2);
        assertThat(dom.title()).startsWith("&lt;/script&gt;&lt;script&gt;throw 1");
        assertThat(dom.event()).contains("&lt;b&gt;bold&lt;/b&gt;");
        assertThat(dom.html())
                .contains("the 77 events after that are not in this page")
                .contains("seed -9223372036854775808");
    }

    @Test
    void aRunInWhichNothingHappenedHasAPageToo() throws Exception {
        Path page = folder.resolve("empty.html");
        TracePage.write(page, new TraceRun("Nothing", "virtual time", 1, 1, "passed", List.of(), 0));
        assertThat(look(page, "").status()).startsWith("0 of 0 messages shown");
    }

    @Test
    void anErrorIsSaidInThePage() throws Exception {
        Path page = folder.resolve("broken.html");
        StringWriter html = new StringWriter();
        TracePage.write(html, run.asRun());
        Files.writeString(page, html.toString().replace("\"events\":[", "\"events\":[" + "[\"r\",0,99,\"LEADER\",1],"));
        Dom dom = new Dom(Chromium.inFolder(folder).dom(page, ""));
        assertThat(dom.error()).startsWith("The page could not draw the run: ");
    }

    @Test
    void drawsLanesInTheColoursOfTheirTerms() throws Exception {
        BufferedImage whole = picture(page(), "#from=0&to=99&theme=light", folder.resolve("whole.png"));
        assertThat(whole.getWidth()).isEqualTo(1440);
        // Leaders of terms 1, 2 and 4, the cross of the crash, and the text.
        assertThat(pixels(whole, 0xe69f00)).isGreaterThan(1_000);
        assertThat(pixels(whole, 0x009e73)).isGreaterThan(1_000);
        assertThat(pixels(whole, 0x56b4e9)).isGreaterThan(1_000);
        assertThat(pixels(whole, 0xd1240b)).isGreaterThan(20);
    }

    @Test
    void theFirstViewIsDrawnInLightAndDark() throws Exception {
        keepThePictureOfTheDocumentation();
        BufferedImage light = picture(page(), "#theme=light", folder.resolve("light.png"));
        assertThat(pixels(light, 0xffffff)).as("ground").isGreaterThan(200_000);
        assertThat(pixels(light, 0xe69f00)).as("leader of term 1").isGreaterThan(1_000);
        BufferedImage dark = picture(page(), "#theme=dark", folder.resolve("dark.png"));
        assertThat(pixels(dark, 0x11151c)).as("ground").isGreaterThan(200_000);
        assertThat(pixels(dark, 0xf0b02e)).as("leader of term 1").isGreaterThan(1_000);
    }

    @Test
    void drawsTheWholeRunFastEnoughToMoveIn() throws Exception {
        Path page = page();
        Dom dom = new Dom(Chromium.inFolder(folder).domInRealTime(page, "#measure=20"));
        double millis = Double.parseDouble(dom.attribute("redraw-ms"));
        Dom arrows = new Dom(Chromium.inFolder(folder).domInRealTime(page, "#measure=20&arrows=1"));
        System.out.println("TracePageTest: the whole run of " + run.sent() + " messages is drawn in " + millis
                + " ms as bars, " + arrows.attribute("redraw-ms") + " ms as arrows");
        // A machine may be busy; only what nobody could move in is wrong.
        assertThat(millis).isBetween(0.01, 2_000.0);
        assertThat(Double.parseDouble(arrows.attribute("redraw-ms"))).isBetween(0.01, 4_000.0);
    }

    private void keepThePictureOfTheDocumentation() throws Exception {
        String kept = System.getProperty("trace.picture", "");
        if (!kept.isEmpty()) {
            String page = System.getProperty("trace.page", "");
            BufferedImage taken = picture(
                    page.isEmpty() ? page() : Path.of(page).toAbsolutePath(),
                    System.getProperty("trace.hash", "#theme=light"),
                    folder.resolve("kept.png"));
            assertThat(ImageIO.write(
                            withFewerColours(taken), "png", Path.of(kept).toFile()))
                    .isTrue();
        }
    }

    /** Nobody sees the difference, and the file is little more than half as large. */
    private static BufferedImage withFewerColours(BufferedImage picture) {
        BufferedImage fewer = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int colour = 0;
                for (int shift = 16; shift >= 0; shift -= 8) {
                    int part = (picture.getRGB(x, y) >> shift & 0xff) + 4 & ~7;
                    colour |= Math.min(part, 0xff) << shift;
                }
                fewer.setRGB(x, y, colour);
            }
        }
        return fewer;
    }

    private Path page() throws IOException {
        Path page = folder.resolve("run.html");
        TracePage.write(page, run.asRun());
        return page;
    }

    /**
     * Goes to one view of the page after the other, in one browser because a browser is slow to start. A view is the part of the address
     * from # on, and after a space what a reader does there; what the page says afterwards is copied, when it has had time to settle.
     */
    private List<Dom> visit(String... views) throws Exception {
        StringBuilder steps = new StringBuilder();
        for (String view : views) {
            String[] parts = view.split(" ", 2);
            steps.append("  { hash: \"")
                    .append(parts[0])
                    .append("\", act() { ")
                    .append(parts.length > 1 ? parts[1] : "")
                    .append(" } },\n");
        }
        String reader = """
                <script>
                const key = name => document.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
                const wheel = (y, by) => document.getElementById("diagram").dispatchEvent(
                    new WheelEvent("wheel", { clientY: y, deltaY: by, cancelable: true }));
                const wait = millis => new Promise(done => setTimeout(done, millis));
                (async () => {
                  let seen = "";
                  for (const view of [
                %s  ]) {
                    location.hash = view.hash;
                    await wait(300);
                    view.act();
                    await wait(500);
                    document.getElementById("status").dataset.address = location.hash;
                    seen += "<hr class='view'>" + ["error", "status", "event", "states"].map(
                        id => document.getElementById(id).outerHTML).join("");
                  }
                  document.body.insertAdjacentHTML("beforeend", seen);
                })();
                </script>
                </body>
                """;
        StringWriter html = new StringWriter();
        TracePage.write(html, run.asRun());
        Path page = folder.resolve("visited.html");
        Files.writeString(page, html.toString().replace("</body>", reader.formatted(steps)));
        String[] parts = Chromium.inFolder(folder).dom(page, "").split("<hr class=\"view\">", -1);
        assertThat(parts).as("views").hasSize(views.length + 1);
        List<Dom> seen = Stream.of(parts).skip(1).map(Dom::new).toList();
        seen.forEach(dom -> assertThat(dom.error()).isEmpty());
        return seen;
    }

    private Dom look(Path page, String hash) throws Exception {
        Dom dom = new Dom(Chromium.inFolder(folder).dom(page, hash));
        assertThat(dom.error()).isEmpty();
        return dom;
    }

    private BufferedImage picture(Path page, String hash, Path file) throws Exception {
        Chromium.inFolder(folder).picture(page, hash, file);
        return ImageIO.read(file.toFile());
    }

    private long count(Predicate<Sent> which) {
        return run.events().stream()
                .filter(event -> event instanceof Sent sent && which.test(sent))
                .count();
    }

    private static long pixels(BufferedImage picture, int colour) {
        long found = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                if ((picture.getRGB(x, y) & 0xffffff) == colour) {
                    found++;
                }
            }
        }
        return found;
    }
}
