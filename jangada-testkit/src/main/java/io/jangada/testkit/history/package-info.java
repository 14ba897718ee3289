/** What clients asked and were told, and whether one machine that does one thing at a time could have answered so. */
@NullMarked
package io.jangada.testkit.history;

import org.jspecify.annotations.NullMarked;
