package io.jangada.node;

/** The workers beside the loop. */
record Workers<R>(Journal journal, Applier<R> applier, Background background) {}
