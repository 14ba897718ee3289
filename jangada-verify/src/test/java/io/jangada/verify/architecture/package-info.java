/** The architecture as tests: who may use whom, in what order, and how large; each rule is also shown to catch a planted violation. */
@NullMarked
package io.jangada.verify.architecture;

import org.jspecify.annotations.NullMarked;
