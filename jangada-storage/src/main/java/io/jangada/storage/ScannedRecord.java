package io.jangada.storage;

import java.nio.ByteBuffer;

/** A record whose checksums are right; the body is a window into the scanner's memory and good until the scanner moves on. */
record ScannedRecord(long position, RecordHeader header, ByteBuffer body) {}
