/** The example of the README, as a user would write it. */
@NullMarked
package counter;

import org.jspecify.annotations.NullMarked;
