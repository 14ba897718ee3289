/** What goes into the core (events) and what comes out of it (effects). */
@NullMarked
package io.jangada.core.step;

import org.jspecify.annotations.NullMarked;
