/** What the tests of the whole house share. */
@NullMarked
package io.jangada.verify;

import org.jspecify.annotations.NullMarked;
