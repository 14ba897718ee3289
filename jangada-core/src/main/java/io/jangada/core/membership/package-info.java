/** Who belongs to the group: what the log says about it, and what a change makes of it. */
@NullMarked
package io.jangada.core.membership;

import org.jspecify.annotations.NullMarked;
