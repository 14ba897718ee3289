/** What somebody who embeds the library meets: the example of the README, on the class path and on the module path. */
@NullMarked
package io.jangada.verify.library;

import org.jspecify.annotations.NullMarked;
