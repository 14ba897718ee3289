/** What the course has on offer: its labs by part and by name, and the figures that it has published for them. */
@NullMarked
package io.jangada.testkit.lab.course;

import org.jspecify.annotations.NullMarked;
