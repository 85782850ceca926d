package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;

/** How large a change set may be. Lines count text files only. */
public record ChangeLimits(
    int filesChanged,
    int linesAdded,
    int linesRemoved,
    ByteCount fileSize,
    ByteCount totalSize,
    int pathLength,
    int depth) {}
