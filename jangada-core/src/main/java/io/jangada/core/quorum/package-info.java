/** The arithmetic of majorities. */
@NullMarked
package io.jangada.core.quorum;

import org.jspecify.annotations.NullMarked;
