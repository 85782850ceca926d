package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.util.Optional;

/**
 * A path on which two trees differ.
 *
 * @param before the entry of the first tree; empty if it has none
 * @param after the entry of the second tree; empty if it has none
 */
public record TreeDifference(
    RelativePath path, Optional<TreeEntry> before, Optional<TreeEntry> after) {}
