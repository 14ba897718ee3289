/** Who may be voted for, who has voted, and when to stand. */
@NullMarked
package io.jangada.core.election;

import org.jspecify.annotations.NullMarked;
