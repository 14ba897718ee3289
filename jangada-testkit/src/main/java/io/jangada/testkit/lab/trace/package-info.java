/** What happened in a run of a lab, event by event, and the page that draws it. */
@NullMarked
package io.jangada.testkit.lab.trace;

import org.jspecify.annotations.NullMarked;
