/** The folder a log lives in, as a port: the real file system here, a lying one in the testkit. */
@NullMarked
package io.jangada.storage.disk;

import org.jspecify.annotations.NullMarked;
