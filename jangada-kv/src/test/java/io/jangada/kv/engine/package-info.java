@NullMarked
package io.jangada.kv.engine;

import org.jspecify.annotations.NullMarked;
