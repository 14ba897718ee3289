@NullMarked
package io.jangada.kv;

import org.jspecify.annotations.NullMarked;
