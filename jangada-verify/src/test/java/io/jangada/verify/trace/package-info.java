/** The page of a lab run in a real browser. */
@NullMarked
package io.jangada.verify.trace;

import org.jspecify.annotations.NullMarked;
