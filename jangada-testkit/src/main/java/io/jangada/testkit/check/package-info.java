/** Small checkers, each for one promise of the protocol, fed with what a cluster does while it does it. */
@NullMarked
package io.jangada.testkit.check;

import org.jspecify.annotations.NullMarked;
