package dev.tars.runner.store;

/**
 * A file system.
 *
 * @param freeBytes free for us
 * @param freeInodes free for us, or {@link Long#MAX_VALUE} where the file system has no limit
 * @param type magic number of the kernel
 */
public record FsStat(long freeBytes, long freeInodes, long type, boolean readOnly) {}
