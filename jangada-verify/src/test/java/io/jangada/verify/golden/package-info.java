/**
 * What clients of the etcd v3 API see of the key-value service, told once and asked twice: of Debian's etcd, which judges the expectations,
 * and of a cluster of our own processes, which must answer the same.
 */
@NullMarked
package io.jangada.verify.golden;

import org.jspecify.annotations.NullMarked;
